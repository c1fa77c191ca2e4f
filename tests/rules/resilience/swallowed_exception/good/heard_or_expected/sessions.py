import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def scoped() -> Iterator[Session]:
    session = Session()
    yield session
    session.commit()


def saved(session: Session) -> None:
    try:
        session.commit()
    except Exception:
        logging.exception("not saved")
