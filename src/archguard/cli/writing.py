"""Where answers go: stdout or a file that is there whole or not at all; everything else to stderr."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click


def answer(content: str | bytes, output: Path | None) -> None:
    """Writes the answer to stdout or to the file."""
    data = content.encode() if isinstance(content, str) else content
    if data and not data.endswith(b"\n"):
        data += b"\n"
    if output is None:
        _to_stdout(data)
    else:
        write_file(output, data)


def write_file(path: Path, content: bytes) -> None:
    """Replaces the file in one step: who reads it meanwhile sees the old or the new, never a half.

    A link is replaced and not followed, for the folder may be a stranger's. A device or a pipe
    (``/dev/null``, ``/dev/stdout``) is written to and stays what it is.
    """
    if _is_special(path):
        path.write_bytes(content)
        return
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, _mode(path))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    if path.is_absolute() and path.parts[1:2] == ("dev",):
        return True
    return path.exists() and not path.is_symlink() and not path.is_file()


def say(message: str, quiet: bool = False) -> None:
    """One line beside the answer."""
    if not quiet:
        click.echo(f"archguard: {message}", err=True)


def _to_stdout(data: bytes) -> None:
    """A reader that has gone (``| head``) changes nothing: the exit status still says what was found."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _mode(path: Path) -> int:
    """The file's own mode, or what a newly made file gets; a temporary file has a stricter one."""
    if path.is_file() and not path.is_symlink():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
