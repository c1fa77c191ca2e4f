SESSIONS = {}


class Registry:
    def __init__(self):
        self.latest = ""
