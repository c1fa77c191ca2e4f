from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Session


def get_session() -> Iterator[Session]:
    with Session() as session:
        yield session


class Connection:
    connection: AsyncConnection

    async def execute(self, query: str) -> None:
        await self.connection.execute(query)
        await self.connection.commit()


class Orders:
    session: Session

    def find(self, number: int) -> None:
        self.session.get("orders", number)

    def remove(self, number: int) -> None:
        self.session.delete(number)
        self.session.commit()
