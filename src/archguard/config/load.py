"""Finding the configuration file, and merging what it extends under it."""

from __future__ import annotations

import posixpath

import msgspec

from archguard.config.check import Origin, check, path_problem
from archguard.config.settings import ConfigError, Read, Settings
from archguard.config.toml import parse

_OWN_FILE, _PROJECT_FILE = "archguard.toml", "pyproject.toml"
_APPENDED = ("blocking", "clients", "per_path")


def nearest(read: Read, target: str) -> Settings | None:
    """The settings of the configuration file nearest to ``target``, or None."""
    folder = target.strip("/")
    while True:
        for name in (_OWN_FILE, _PROJECT_FILE):
            found = load_file(read, posixpath.join(folder, name), required=False)
            if found is not None:
                return found
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def load_file(read: Read, path: str, required: bool, seen: tuple[str, ...] = ()) -> Settings | None:
    """The settings that a file holds, with what it extends; None where it holds none and need not."""
    problem = path_problem(path)
    if problem:
        raise ConfigError(path, 0, f"the configuration file {problem}")
    place = posixpath.normpath(path)
    content = _content(read, place, required)
    if content is None:
        return None
    found = _table(place, content)
    if found is None:
        if required:
            raise ConfigError(place, 0, "the file has no [tool.archguard]")
        return None
    table, origin = found
    return _extended(read, table, origin, (*seen, place))


def _content(read: Read, path: str, required: bool) -> bytes | None:
    try:
        return read(path)
    except FileNotFoundError:
        if required:
            raise ConfigError(path, 0, "there is no such file in the repository") from None
        return None
    except OSError as error:
        raise ConfigError(path, 0, f"cannot be read: {error.strerror or error}") from None


def _table(path: str, content: bytes) -> tuple[dict[str, object], Origin] | None:
    """Our table in a file: under ``tool.archguard``, or all of a file that is ours alone."""
    project = posixpath.basename(path) == _PROJECT_FILE
    # Most projects have a pyproject.toml and no word of us in it.
    if project and b"archguard" not in content:
        return None
    values = parse(path, content)
    tool = values.get("tool")
    own = tool.get("archguard") if isinstance(tool, dict) else None
    if own is None:
        return None if project else (values, Origin(path, content, ()))
    origin = Origin(path, content, ("tool", "archguard"))
    if not isinstance(own, dict):
        raise origin.error((), "tool.archguard must be a table")
    return own, origin


# --- extend ---------------------------------------------------------------------------------------


def _extended(read: Read, table: dict[str, object], origin: Origin, seen: tuple[str, ...]) -> Settings:
    folder = posixpath.dirname(origin.path)
    settings = rebased(check(table, origin), folder)
    if not settings.extend:
        return settings
    if settings.extend in seen:
        raise origin.error(("extend",), f"{' extends '.join((*seen, settings.extend))}: a circle")
    try:
        base = load_file(read, settings.extend, required=True, seen=seen)
    except ConfigError as error:
        if error.path == settings.extend and not error.line:
            raise origin.error(("extend",), f"{settings.extend}: {error.message}") from None
        raise
    return _merged(base or Settings(), settings, {name.replace("-", "_") for name in table})


def _merged(base: Settings, own: Settings, stated: set[str]) -> Settings:
    """What ``own`` states over what it extends: tables key by key, lists of tables one after the other."""
    values: dict[str, object] = {name: getattr(own, name) for name in stated}
    for name in stated.intersection(_APPENDED):
        values[name] = (*getattr(base, name), *getattr(own, name))
    if "expected_load" in stated:
        values["expected_load"] = {**base.expected_load, **own.expected_load}
    for name in stated.intersection(("limits", "report")):
        values[name] = _over(getattr(base, name), getattr(own, name))
    return msgspec.structs.replace(base, **values)


def _over(base: msgspec.Struct, own: msgspec.Struct) -> msgspec.Struct:
    changed = {
        field.name: getattr(own, field.name)
        for field in msgspec.structs.fields(own)
        if getattr(own, field.name) != field.default
    }
    return msgspec.structs.replace(base, **changed)


def rebased(settings: Settings, folder: str) -> Settings:
    """Settings of a file in ``folder`` with their paths and globs from the snapshot's top."""
    return msgspec.structs.replace(
        settings,
        src=tuple(_joined(folder, path) for path in settings.src),
        exclude=tuple(_glob(folder, glob) for glob in settings.exclude),
        plans=tuple(_glob(folder, glob) for glob in settings.plans),
        per_path=tuple(
            msgspec.structs.replace(entry, glob=_glob(folder, entry.glob)) for entry in settings.per_path
        ),
        extend=_joined(folder, settings.extend) if settings.extend else "",
    )


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def _glob(folder: str, glob: str) -> str:
    """A glob without a slash matches at any depth, but below its own file only."""
    if not folder:
        return glob
    inner = glob.removeprefix("./")
    anywhere = "" if "/" in inner.rstrip("/") else "**/"
    return posixpath.normpath(f"{folder}/{anywhere}{inner}")
