"""Exception handlers: what they take, what they pass on, and what follows them."""

from __future__ import annotations

import pytest

from archguard.model.facts import Region, Scope
from archguard.model.handlers import BROAD, ends_with, goes_on_after, handler_around, names_of, passes_on
from tests.support.programs import program_of

HEAD = "async def f(box):\n    try:\n        await one()\n"


def _scope(source: str) -> Scope:
    return program_of({"m.py": source}).functions["m.f"].scope


def _handler(scope: Scope) -> int:
    return next(index for index, each in enumerate(scope.regions) if each.kind == "except")


def _region(scope: Scope, kind: str) -> Region:
    return next(each for each in scope.regions if each.kind == kind)


@pytest.mark.parametrize(
    ("handler", "names"),
    [
        ("except:", [""]),
        ("except ValueError:", ["ValueError"]),
        ("except (OSError, asyncio.CancelledError):", ["OSError", "CancelledError"]),
        ("except anyio.get_cancelled_exc_class():", ["get_cancelled_exc_class"]),
    ],
)
def test_a_handler_names_what_it_takes(handler: str, names: list[str]) -> None:
    scope = _scope(f"{HEAD}    {handler}\n        pass\n")
    assert names_of(scope, _region(scope, "except")) == names


@pytest.mark.parametrize(
    ("body", "passed"),
    [
        ("raise", True),
        ("raise ValueError from error", True),
        ("box.set_exception(error)", True),
        ("box.last = error", True),
        ("sys.exit(1)", True),
        ("log(error)", False),
        ("box.append(1)", False),
    ],
)
def test_an_exception_is_passed_on_by_raising_keeping_or_ending(body: str, *, passed: bool) -> None:
    scope = _scope(f"{HEAD}    except Exception as error:\n        {body}\n")
    assert passes_on(scope, _handler(scope)) == passed


@pytest.mark.parametrize(
    ("after", "goes_on"),
    [
        ("    await two()\n", True),
        ("    two()\n", False),
        ("    finally:\n        await two()\n", False),
    ],
)
def test_what_is_awaited_after_a_handler_goes_on_but_not_cleaning_up(after: str, *, goes_on: bool) -> None:
    scope = _scope(f"{HEAD}    except Exception:\n        pass\n{after}")
    assert goes_on_after(scope, _handler(scope)) == goes_on


@pytest.mark.parametrize(("inner", "line"), [("KeyError", 7), ("Exception", 5)])
def test_the_innermost_handler_that_takes_it_is_the_one_that_hides_it(inner: str, line: int) -> None:
    scope = _scope(
        f"def f():\n    try:\n        try:\n            one()\n        except {inner}:\n            pass\n"
        "    except Exception:\n        pass\n"
    )
    found = handler_around(scope, scope.events[0].region, BROAD)
    assert found is not None
    assert found.place.line == line
    assert handler_around(scope, scope.events[0].region, frozenset({"OSError"})) is None


@pytest.mark.parametrize(
    ("loop", "body", "ends"),
    [
        ("while True:", "pass", False),
        ("while True:", "break", True),
        ("while True:", "return", True),
        ("while self.running:", "self.running = False", True),
        ("while self.running:", "self.failed = True", False),
        ("if self.running:", "pass", True),
    ],
)
def test_a_coroutine_ends_with_a_handler_that_leaves_its_loop(loop: str, body: str, *, ends: bool) -> None:
    scope = _scope(
        f"async def f(self):\n    {loop}\n        try:\n            await one()\n"
        f"        except Exception:\n            {body}\n"
    )
    assert ends_with(scope, _handler(scope)) == ends
