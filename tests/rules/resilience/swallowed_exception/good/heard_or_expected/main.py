import contextlib
import logging
from pathlib import Path

import requests
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from sessions import saved, scoped

logger = logging.getLogger(__name__)
app = FastAPI()

try:
    import orjson
except Exception:
    orjson = None

try:
    import uvloop

    uvloop.install()
except Exception:
    pass


def logged(work) -> None:
    try:
        work()
    except Exception:
        logger.exception("failed")


def raised(work) -> None:
    try:
        work()
    except Exception as error:
        raise RuntimeError("failed") from error


def recorded(work, errors) -> None:
    for each in work:
        try:
            each()
        except Exception as error:
            errors.append(error)


def counted(work) -> int:
    failed = 0
    for each in work:
        try:
            each()
        except Exception:
            failed += 1
    return failed


def answered(work) -> bool:
    try:
        work()
    except Exception:
        return False
    return True


def seen_by_what_is_returned(session: Session) -> bool:
    try:
        session.commit()
        return True
    except Exception:
        session.rollback()
    return False


def seen_by_what_follows(session: Session) -> None:
    try:
        session.commit()
    except Exception:
        session.rollback()
    else:
        logger.info("saved")


def narrow(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        pass
    with contextlib.suppress(KeyError):
        return {"a": 1}[text]
    return None


def default(path: Path) -> str:
    text = ""
    try:
        text = path.read_text()
    except OSError:
        pass
    return text


def there_already(session: Session) -> None:
    try:
        session.commit()
    except IntegrityError:
        session.rollback()


async def column_is_there(session: Session) -> None:
    try:
        session.execute("ALTER TABLE accounts ADD COLUMN email TEXT")
    except OperationalError:
        pass


@app.get("/accounts")
def only_reads(session: Session) -> None:
    try:
        with scoped() as own:
            own.get("accounts", 1)
    except OperationalError:
        pass


@app.post("/accounts")
def guarded_by_the_callee(session: Session) -> None:
    try:
        saved(session)
    except OperationalError:
        pass


def closing(connection) -> None:
    try:
        connection.close()
    except Exception:
        pass


def at_the_end(work, again) -> None:
    try:
        work()
    finally:
        try:
            again()
        except Exception:
            pass


def several_attempts(url: str, session: Session) -> None:
    for _ in range(3):
        try:
            session.commit()
            break
        except Exception:
            continue


def the_last_one_raises(session: Session) -> None:
    for _ in range(3):
        try:
            session.commit()
        except Exception:
            continue
    raise RuntimeError("no attempt succeeded")


def tested_after(url: str) -> str:
    answer = None
    try:
        answer = requests.post(url, timeout=3)
    except requests.RequestException:
        pass
    if answer is None:
        return "unavailable"
    return answer.text


async def cancellation_is_another_rule(work) -> None:
    try:
        await work()
    except:
        pass


def counts(registry, lag) -> None:
    try:
        registry.lag_histogram.record(lag)
    except Exception:
        pass
