from common import ask

ask()
