async def notify(text: str) -> None:
    print(text)


class Mailer:
    async def send(self, text: str) -> None:
        print(text)
