"""What deployment files say is started: compose files, Dockerfiles, Procfiles, project scripts."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    Node = ScalarNode | SequenceNode | MappingNode

COMPOSE = re.compile(r"^(docker-)?compose([._-][\w.-]+)?\.ya?ml$")
DOCKERFILE = re.compile(r"^((Docker|Container)file([._-][\w.-]+)?|[\w.-]+\.(Docker|docker|Container)file)$")
PROCFILE = re.compile(r"^Procfile([._-][\w.-]+)?$")

_INSTRUCTION = re.compile(r"^\s*(FROM|CMD|ENTRYPOINT|COPY)\s+(.*)$", re.IGNORECASE | re.DOTALL)
_PROCESS = re.compile(r"^([\w.-]+):\s*(\S.*)$")
_SIZE_LIMIT = 500_000
_NESTING_LIMIT = 2_000


class Command(msgspec.Struct, frozen=True):
    """A command that a deployment file runs; ``folder`` is the one its code is in, ``label`` for people."""

    label: str
    folder: str
    words: str | tuple[str, ...]
    copies: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    """Scripts that the image holds under another name: the name there, the path here."""

    @property
    def text(self) -> str:
        """The command as one line."""
        return self.words if isinstance(self.words, str) else " ".join(self.words)


class Unreadable(Exception):
    """A deployment file that says nothing to us; the message is one line."""


# --- Dockerfile and Procfile ----------------------------------------------------------------------


def dockerfile(path: str, content: bytes, folder: str) -> Command:
    """What an image runs: its last stage's entry point with the command as arguments."""
    entry: str | tuple[str, ...] = ()
    command: str | tuple[str, ...] = ()
    renamed: dict[str, str] = {}
    for name, value in _instructions(content.decode("utf-8", "replace")):
        if name == "FROM":
            entry, command = (), ()
        elif name == "CMD":
            command = _form(value)
        elif name == "ENTRYPOINT":
            entry, command = _form(value), ()
        elif len(copied := value.split()) == 2 and copied[0].endswith(".sh"):
            renamed[posixpath.basename(copied[1])] = copied[0]
    words = combined(entry, command)
    return Command(posixpath.basename(path), folder, words, renamed=tuple(renamed.items()))


def combined(entry: str | tuple[str, ...], command: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """An entry point in a shell's form ignores the command; otherwise the command is its arguments."""
    if isinstance(entry, str) or not entry:
        return entry or command
    return (*entry, *((command,) if isinstance(command, str) else command))


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"[\\`]\s*\n", " ", "\n".join(lines))
    for line in joined.splitlines():
        match = _INSTRUCTION.match(line)
        if match:
            yield match[1].upper(), match[2].strip()


def _form(value: str) -> str | tuple[str, ...]:
    """The words of the exec form; a string is the shell form."""
    if value.startswith("["):
        try:
            return msgspec.json.decode(value, type=tuple[str, ...])
        except (msgspec.MsgspecError, RecursionError):
            return value
    return value


def procfile(path: str, content: bytes, folder: str) -> Iterator[Command]:
    """The processes of a Procfile."""
    for line in content.decode("utf-8", "replace").splitlines():
        match = _PROCESS.match(line)
        if match:
            yield Command(f"{posixpath.basename(path)} {match[1]}", folder, match[2])


# --- compose --------------------------------------------------------------------------------------


class ComposeService(msgspec.Struct, frozen=True):
    """One service of a compose file; ``context`` and ``dockerfile`` where it is built here."""

    name: str
    command: str | tuple[str, ...]
    entrypoint: str | tuple[str, ...]
    context: str | None
    dockerfile: str
    copies: str


def compose(content: bytes) -> tuple[ComposeService, ...]:
    """The services of a compose file, by name. Unreadable where it is no such file."""
    services = _get(_document(content), "services")
    return tuple(sorted((_service(name, node) for name, node in _items(services)), key=lambda s: s.name))


def _document(content: bytes) -> Node | None:
    nesting = content.count(b"- -") + content.count(b"[") + content.count(b"{")
    if len(content) > _SIZE_LIMIT or nesting > _NESTING_LIMIT:
        raise Unreadable("too large for a compose file")
    import yaml

    # Nodes only: nothing is constructed, so that no tag and no alias can make it expensive.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(content, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise Unreadable(f"not valid YAML{place}") from None
    return cast("Node | None", node)


def _service(name: str, node: Node) -> ComposeService:
    build = _get(node, "build")
    context = _text(build) if build is not None and _text(build) else _text(_get(build, "context"))
    return ComposeService(
        name=name,
        command=_words(_get(node, "command")),
        entrypoint=_words(_get(node, "entrypoint")),
        context=None if build is None else context or ".",
        dockerfile=_text(_get(build, "dockerfile")) or "Dockerfile",
        copies=_copies(node),
    )


def _copies(node: Node) -> str:
    """How often it runs: containers, and processes in each where the environment says so."""
    replicas = _text(_get(_get(node, "deploy"), "replicas")) or _text(_get(node, "scale"))
    environment = _get(node, "environment")
    workers = _text(_get(environment, "WEB_CONCURRENCY"))
    if environment is not None and environment.id == "sequence":
        lines = (_text(line).partition("=") for line in environment.value)
        workers = next((value for key, _, value in lines if key == "WEB_CONCURRENCY"), "")
    return ", ".join(text for text in (replicas and f"x{replicas}", workers and f"{workers} workers") if text)


def _items(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None and node.id == "mapping":
        yield from ((key.value, value) for key, value in node.value if key.id == "scalar")


def _get(node: Node | None, name: str, depth: int = 4) -> Node | None:
    """A key of a mapping, also of those merged into it with ``<<``."""
    merged: list[Node] = []
    for key, value in _items(node):
        if key == name:
            return value
        if key == "<<" and depth:
            merged.extend(value.value[:16] if value.id == "sequence" else [value])
    found = (_get(other, name, depth - 1) for other in merged)
    return next((value for value in found if value is not None), None)


def _text(node: Node | None) -> str:
    return str(node.value) if node is not None and node.id == "scalar" else ""


def _words(node: Node | None) -> str | tuple[str, ...]:
    if node is not None and node.id == "sequence":
        return tuple(_text(word) for word in node.value)
    return _text(node)
