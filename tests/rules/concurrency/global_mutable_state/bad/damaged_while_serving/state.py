SESSIONS = {}


async def load(key):
    return 1
