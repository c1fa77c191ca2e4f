"""Paths in SARIF, made relative to the repository whatever a tool wrote: relative, absolute, with a base."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from archguard.assess.reading_json import at, listed, text, whole
from archguard.model.place import Place, Span

_DRIVE = re.compile(r"/[A-Za-z]:/")


class Paths:
    """Resolves the locations of one SARIF run; ``outside`` are those that lie in no known root.

    ``files`` are paths of the repository known from elsewhere: a tool that ran on another machine wrote
    absolute paths of its own, and the first of them that ends like a known file gives its root away.
    """

    def __init__(self, run: object, root: str = "", files: Collection[str] = ()) -> None:
        self._artifacts = listed(run, "artifacts")
        self._bases = at(run, "originalUriBaseIds")
        working = text(run, "invocations", 0, "workingDirectory", "uri")
        bases = [self._base(name) for name in self._bases] if isinstance(self._bases, dict) else []
        # The one that was given is believed; of those in the file the outermost is the repository.
        roots = [root, *sorted([*bases, _local(working)], key=len)]
        self._roots = [posixpath.normpath(path) for path in roots if path and path.startswith("/")]
        self.outside: list[str] = []
        self._known: dict[tuple[str, str], str] = {}
        if files and (learnt := _root_of(run, files)):
            self._roots.append(learnt)

    def span(self, location: object) -> Span | None:
        """The place of a SARIF location, or None where its path leads outside."""
        physical = at(location, "physicalLocation")
        path = self._path(at(physical, "artifactLocation"))
        return Span(path, place(at(physical, "region"))) if path else None

    def _path(self, artifact: object) -> str:
        index = whole(artifact, "index", default=-1)
        if not text(artifact, "uri") and index >= 0:
            artifact = at(self._artifacts, index, "location")
        uri = text(artifact, "uri")
        if not uri:
            return ""
        written = (uri, text(artifact, "uriBaseId"))
        path = self._known.get(written)
        if path is None:
            path = self._known[written] = self._relative(_local(uri), self._base(written[1]))
        if not path:
            self.outside.append(uri)
        return path

    def _base(self, name: str, depth: int = 0) -> str:
        """The path of a base, itself perhaps relative to another."""
        entry = at(self._bases, name)
        uri = _local(text(entry, "uri"))
        above = text(entry, "uriBaseId")
        if not above or uri.startswith("/") or depth > 8:
            return uri
        return posixpath.join(self._base(above, depth + 1), uri)

    def _relative(self, path: str, base: str) -> str:
        """The path under a root; a relative one that no base explains is taken to be so already."""
        whole_path = posixpath.normpath(posixpath.join(base, path)) if path else ""
        for root in self._roots:
            if whole_path.startswith(root.rstrip("/") + "/"):
                return whole_path[len(root.rstrip("/")) + 1 :]
        if whole_path.startswith("/"):
            whole_path = "" if path.startswith("/") else posixpath.normpath(path)
        return "" if whole_path.startswith("../") or whole_path in {"..", "."} else whole_path


def _root_of(run: object, files: Collection[str]) -> str:
    """The root on the machine that a run comes from; empty where no path tells (one folder has to fit)."""
    for result in listed(run, "results"):
        written = text(result, "locations", 0, "physicalLocation", "artifactLocation", "uri")
        parts = _local(written).split("/")
        for start in range(1, len(parts) - 1 if not parts[0] else 0):
            if "/".join(parts[start:]) in files:
                return "/".join(parts[:start]) or "/"
    return ""


def place(region: object) -> Place:
    """The region; one without a line is the whole file. Numbers that make no sense are mended."""
    found = region if isinstance(region, dict) else {}
    line = _positive(found.get("startLine"), 1)
    column = _positive(found.get("startColumn"), 1)
    end_line = max(_positive(found.get("endLine"), line), line)
    end_column = _positive(found.get("endColumn"), column)
    return Place(line, column, end_line, max(end_column, column) if end_line == line else end_column)


def _positive(number: object, default: int) -> int:
    return number if type(number) is int and number > 0 else default


def _local(uri: str) -> str:
    """The path of a ``file:`` address or of a relative reference; other schemes have none."""
    uri = uri.replace("\\", "/")
    parts = urlsplit(uri) if uri.lower().startswith("file:") else None
    if parts is None and re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", uri):
        return ""
    path = unquote(parts.path if parts else uri, errors="surrogateescape")
    return path[1:] if _DRIVE.match(path) else path
