import requests

print(requests.get("https://rates.example/today").json())  # expect: AG0601 low
