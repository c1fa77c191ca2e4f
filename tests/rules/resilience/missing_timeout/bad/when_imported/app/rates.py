import requests

TODAY = requests.get("https://rates.example/today").json()  # expect: AG0601 medium
