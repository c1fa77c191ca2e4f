import httpx


async def current_rate() -> float:
    async with httpx.AsyncClient(timeout=None) as client:  # expect: AG0601 high
        answer = await client.get("https://rates.example/eur")
    return float(answer.text)
