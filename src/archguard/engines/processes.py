"""Programs of others, run on copies: without a shell, the network, their users' settings, or without end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from archguard.engines.adapter import Adapter, BadAnswer, Program

MOST_OUTPUT = 400_000_000
"""Bytes of an answer that are read at most."""

_VERSION = re.compile(r"\d+(?:\.\w+)+")
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: whoever asks the network for something gets no answer."""

_ERROR = re.compile(rb"^(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Interrupt))\b", re.MULTILINE)


class Absent(Exception):
    """The engine cannot be run here; the message says why."""


def locate(engine: Adapter, top: Path) -> Program:
    """The engine beside this Python, else on the PATH; never one out of what is reviewed."""
    program = _beside(engine) or _on_path(engine, top)
    if _numbers(program.version) < engine.least:
        least = ".".join(map(str, engine.least))
        raise Absent(f"version {program.version or 'unknown'} is too old; {least} or newer is needed")
    return program


def _beside(engine: Adapter) -> Program | None:
    from importlib import metadata  # noqa: PLC0415 - it imports half of the library

    path = Path(sys.executable).parent / engine.name
    if os.access(path, os.X_OK):
        with suppress(metadata.PackageNotFoundError):
            return Program(str(path), metadata.version(engine.distribution))
    return None


def _on_path(engine: Adapter, top: Path) -> Program:
    found = shutil.which(engine.name)
    if found is None:
        raise Absent(f"not installed; pip install 'archguard-review[{engine.extra}]'")
    path = Path(found).absolute()
    if path.is_relative_to(top.resolve()) or path.resolve().is_relative_to(top.resolve()):
        raise Absent("only there inside what is reviewed, from where nothing is run")
    return Program(str(path), _version(path))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _version(path: Path) -> str:
    try:
        said = subprocess.run(
            [path, "--version"],
            capture_output=True,
            timeout=30,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment(Path("/nonexistent")),
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Absent(f"cannot be started ({type(error).__name__})") from None
    number = _VERSION.search(said.stdout.decode("utf-8", "replace"))
    return number[0] if number else ""


def environment(home: Path) -> dict[str, str]:
    """What an engine sees of the environment: a home of its own, and no way out."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    own = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUTF8": "1",
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }
    proxies = {name: _NOWHERE for word in ("http", "https", "all") for name in _both(f"{word}_proxy")}
    return {**kept, **own, **proxies, "no_proxy": "", "NO_PROXY": ""}


def _both(name: str) -> tuple[str, str]:
    return name, name.upper()


class Process:
    """One running program; its answer goes to a file, so that it never waits for us."""

    def __init__(self, words: list[str], folder: Path, home: Path) -> None:
        """Starts it in ``folder``; what it writes goes beside that. Raises Absent."""
        self._out = folder.with_suffix(".out")
        self._err = folder.with_suffix(".err")
        self._started = time.time()
        self._limit_from = time.monotonic()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            try:
                self._process = subprocess.Popen(
                    words,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    env=environment(home),
                    start_new_session=True,
                )
            except OSError as error:
                raise Absent(f"cannot be started ({type(error).__name__})") from None

    def finish(self, statuses: frozenset[int], limit: float) -> bytes:
        """What it printed; raises BadAnswer where it did not end well or not in time."""
        left = limit - (time.monotonic() - self._limit_from)
        try:
            status = self._process.wait(max(left, 0.1))
        except subprocess.TimeoutExpired:
            self.stop()
            raise BadAnswer(f"stopped after {limit:.0f} seconds without an answer") from None
        if status not in statuses:
            raise BadAnswer(f"ended with status {status}{self._error()}")
        if self._out.stat().st_size > MOST_OUTPUT:
            raise BadAnswer(f"its answer is larger than {MOST_OUTPUT // 1_000_000} MB")
        return self._out.read_bytes()

    @property
    def seconds(self) -> float:
        """How long it took until its answer was written."""
        return max(self._out.stat().st_mtime - self._started, 0.0)

    def stop(self) -> None:
        """Ends it and what it has started."""
        if self._process.poll() is None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _error(self) -> str:
        """The class of the exception, if Python said one: its text may quote the code."""
        with self._err.open("rb") as file:
            file.seek(max(self._err.stat().st_size - 20_000, 0))
            found = _ERROR.findall(file.read())
        return f" ({found[-1].decode()})" if found else ""
