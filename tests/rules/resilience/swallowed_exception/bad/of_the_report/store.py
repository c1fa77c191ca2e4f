from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession() as session:
        yield session


async def touch(session: AsyncSession) -> None:
    session.add(1)
    await session.commit()
