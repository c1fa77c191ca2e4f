import contextlib

import requests
from sqlalchemy.exc import SQLAlchemyError


def save(session, row) -> None:
    try:
        session.add(row)
        session.commit()
    except SQLAlchemyError:  # expect: AG0606 high
        session.rollback()


def send(message) -> None:
    try:
        requests.post("https://hooks.example.org", json=message, timeout=3)
    except Exception:  # expect: AG0606 medium
        pass


def poll(urls) -> None:
    for url in urls:
        try:
            requests.get(url, timeout=3)
        except requests.RequestException:  # expect: AG0606 medium
            continue


def bare(work) -> None:
    try:
        work()
    except:  # expect: AG0606
        return


def one_of_them(work) -> None:
    try:
        work()
    except (ValueError, Exception):  # expect: AG0606
        pass


def suppressed(work) -> None:
    with contextlib.suppress(Exception):  # expect: AG0606
        work()


def authenticate(work) -> None:
    try:
        work()
    except Exception:  # expect: AG0606 high
        pass
