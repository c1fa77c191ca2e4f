from concurrent.futures import ThreadPoolExecutor


def convert(page):
    return page


async def convert_all(pages):
    with ThreadPoolExecutor(max_workers=4) as executor:
        return list(executor.map(convert, pages))  # expect: AG0901
