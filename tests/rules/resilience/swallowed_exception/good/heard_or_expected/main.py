import contextlib
import logging
from pathlib import Path

import requests

logger = logging.getLogger(__name__)

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
    except FileNotFoundError:
        pass
    return text


def closing(connection) -> None:
    try:
        connection.close()
    except Exception:
        pass


def at_the_end(work, release) -> None:
    try:
        work()
    finally:
        try:
            release()
        except Exception:
            pass


def several_attempts(url: str) -> str:
    for _ in range(3):
        try:
            return requests.get(url, timeout=3).text
        except requests.RequestException:
            continue
    raise RuntimeError("no attempt succeeded")


def tested_after(url: str) -> str:
    answer = None
    try:
        answer = requests.get(url, timeout=3)
    except requests.RequestException:
        pass
    if answer is None:
        return "unavailable"
    return answer.text
