import asyncio
from concurrent.futures import ThreadPoolExecutor


def convert(page):
    return page


async def convert_all(pages):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=4) as executor:
        return await asyncio.gather(*(loop.run_in_executor(executor, convert, page) for page in pages))
