import subprocess

import requests

VERSION = subprocess.check_output(["git", "describe"])

if __name__ == "__main__":
    print(requests.get("https://rates.example/today").json())
