import requests
from celery import shared_task


@shared_task
def sync_accounts() -> None:
    requests.post("https://crm.example/sync", json={})  # expect: AG0601 medium
    requests.delete("https://crm.example/lock")  # expect: AG0601 medium
    requests.delete("https://crm.example/queue")  # expect: AG0601 medium
