"""The services of a repository: what its deployment files start, each with the folder of its code."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from archguard.discover.commands import masked, split, started
from archguard.discover.deployment import (
    COMPOSE,
    DOCKERFILE,
    PROCFILE,
    Command,
    ComposeService,
    Unreadable,
    combined,
    compose,
    dockerfile,
    procfile,
)
from archguard.discover.modules import Found, Modules
from archguard.discover.projects import Projects, content_of
from archguard.discover.roles import Roles
from archguard.model.program import Service
from archguard.model.run import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archguard.discover.snapshots import Snapshot

_SCRIPT_ENDINGS = (".sh", ".ini", ".conf")
_SETTING = re.compile(r"^\s*(command|module|wsgi)\s*=\s*")
"""What supervisord and uWSGI write before what they start."""

_HINTS = ("ompose", "Procfile", "ockerfile", "ontainerfile")


class Detected(msgspec.Struct, frozen=True):
    """The services, and the deployment files that could not be read."""

    services: tuple[Service, ...]
    notes: tuple[Failure, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """A process whose code is here: the project's root, where its module is, and what to call it."""

    root: str
    found: Found
    application: str
    process: str


def find_services(sources: Snapshot, fallback: str = "service") -> tuple[Service, ...]:
    """The services of a snapshot, by root; ``fallback`` names one that no project file names."""
    return detect(sources, fallback).services


def detect(sources: Snapshot, fallback: str = "service") -> Detected:
    """The services, and what could not be read on the way."""
    notes: list[Failure] = []
    projects = Projects(sources, notes)
    commands = [*_commands(sources, notes), *projects.commands()]
    entries = list(_entries(sources, commands, projects))
    services = [service for group in _groups(entries) for service in _services(group, projects, fallback)]
    if not services:
        services = [Service(projects.first_name() or fallback, "")]
    notes.sort(key=lambda note: note.subject)
    return Detected(tuple(sorted(_distinct(services), key=lambda service: service.root)), tuple(notes))


# --- what is started ------------------------------------------------------------------------------


def _commands(sources: Snapshot, notes: list[Failure]) -> Iterator[Command]:
    """The commands of all deployment files that are not an example's or a test's."""
    built: set[str] = set()
    named = list(_deployment_files(sources.paths))
    for path, name in named:
        if COMPOSE.match(name):
            yield from _of_compose(sources, path, built, notes)
        elif PROCFILE.match(name):
            yield from procfile(path, content_of(sources, path), posixpath.dirname(path))
    for path, name in named:
        if DOCKERFILE.match(name) and path not in built:
            yield dockerfile(path, content_of(sources, path), posixpath.dirname(path))


def _deployment_files(paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Path and name of each; those of tests and examples start nothing that is reviewed."""
    named = [(path, path.rpartition("/")[2]) for path in paths]
    found = [(path, name) for path, name in named if any(hint in name for hint in _HINTS)]
    roles = Roles(paths, _common_folder(paths)) if found else None
    for path, name in found:
        if roles is not None and (roles.of(path) == "source" or "docker" in path.split("/")[:-1]):
            yield path, name


def _common_folder(paths: tuple[str, ...]) -> str:
    """The folder that all of the sorted paths are in: the first and the last decide."""
    return posixpath.commonpath((posixpath.dirname(paths[0]), posixpath.dirname(paths[-1]))) if paths else ""


def _of_compose(sources: Snapshot, path: str, built: set[str], notes: list[Failure]) -> Iterator[Command]:
    try:
        services = compose(content_of(sources, path))
    except Unreadable as error:
        notes.append(Failure("path", path, str(error), fatal=False))
        return
    for service in services:
        label, folder = f"{posixpath.basename(path)} {service.name}", _context(path, service)
        words = combined(service.entrypoint, service.command)
        command = Command(label, folder, words, service.copies)
        if service.context is not None:
            image = posixpath.normpath(posixpath.join(folder, service.dockerfile))
            built.add(image)
            own = dockerfile(image, content_of(sources, image), folder)
            # Compose's own words count, the image's where it says none.
            command = replace(command, words=words or own.words, renamed=own.renamed)
        yield command


def _context(path: str, service: ComposeService) -> str:
    """The folder that a compose service is built from."""
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), service.context or "."))
    return "" if folder == "." else folder


def _entries(sources: Snapshot, commands: Iterable[Command], projects: Projects) -> Iterator[Entry]:
    modules = Modules(sources.paths)
    for command in commands:
        runs = [(command.words, command.text), *((line, line) for line in _scripts_in(sources, command))]
        for words, text in runs:
            for process in started(words, projects.scripts):
                found = modules.find(process.module, command.folder, process.folder)
                if found is None:
                    continue
                copies = f" ({command.copies})" if command.copies else ""
                shown = f"{command.label}: {masked(text)}{copies}"
                yield Entry(projects.root_of(found.base), found, process.application, shown)


def _scripts_in(sources: Snapshot, command: Command) -> Iterator[str]:
    """The commands in the shell scripts, and in the server's configuration, that a command names."""
    words = split(command.words) if isinstance(command.words, str) else command.words
    renamed = dict(command.renamed)
    for word in words:
        name = renamed.get(posixpath.basename(word), word)
        path = _script(sources.paths, name, command.folder) if name.endswith(_SCRIPT_ENDINGS) else None
        if path is not None:
            text = content_of(sources, path).decode("utf-8", "replace").replace("\\\n", " ")
            lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
            yield from (_SETTING.sub("", line) for line in lines)


def _script(paths: tuple[str, ...], word: str, folder: str) -> str | None:
    name = word.rpartition("/")[2]
    found = [path for path in paths if path == name or path.endswith(f"/{name}")]
    return min(found, key=lambda path: (not path.startswith(folder), len(path), path), default=None)


# --- what belongs together ------------------------------------------------------------------------


def _groups(entries: Iterable[Entry]) -> list[list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.root, []).append(entry)
    return [groups[root] for root in sorted(groups)]


def _services(entries: list[Entry], projects: Projects, fallback: str) -> Iterator[Service]:
    """One service a project, or one an application where they share nothing but a plain folder."""
    folders = sorted({entry.found.package for entry in entries if entry.application})
    if len(folders) < 2 or not all(_apart(folder, folders) for folder in folders):
        root = entries[0].root
        yield _service(projects.name(root) or posixpath.basename(root) or fallback, root, entries)
        return
    for folder in folders:
        own = [entry for entry in entries if (entry.found.package + "/").startswith(folder + "/")]
        yield _service(posixpath.basename(folder), folder, own)


def _apart(folder: str, folders: list[str]) -> bool:
    return bool(folder) and not any(other != folder and other.startswith(f"{folder}/") for other in folders)


def _service(name: str, root: str, entries: list[Entry]) -> Service:
    applications = {entry.application for entry in entries if entry.application}
    processes = {entry.process for entry in entries}
    return Service(name, root, tuple(sorted(applications)), tuple(sorted(processes)))


def _distinct(services: list[Service]) -> list[Service]:
    """Names that two services share give way to their roots."""
    names = [service.name for service in services]
    return [
        replace(service, name=service.root or service.name) if names.count(service.name) > 1 else service
        for service in services
    ]
