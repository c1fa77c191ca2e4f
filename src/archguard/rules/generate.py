"""Writes what is generated from the rules: their index, and their pages under docs/rules.

    python -m archguard.rules.generate           writes them
    python -m archguard.rules.generate --check   says which are stale, exit status 1

Works in a checkout: the pages show the rules' first examples, which are tests and are not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

import msgspec

from archguard.model.rule import AREAS, Meta, RuleInfo
from archguard.rules import pages
from archguard.rules.catalogue import INDEX

RULES = Path(__file__).parent
TOP = RULES.parents[2]


def collect() -> tuple[RuleInfo, ...]:
    """Every rule that is on disk, sorted by id."""
    found = [
        read_rule(area, path.stem)
        for area, _ in AREAS
        for path in sorted((RULES / area).glob("*.py"))
        if not path.stem.startswith("_")
    ]
    return tuple(sorted(found, key=lambda info: info.id))


def read_rule(area: str, stem: str) -> RuleInfo:
    """One rule as its module describes it; name and area come from the path."""
    name = f"archguard.rules.{area}.{stem}"
    module = import_module(name)
    meta: Meta = module.META
    doc = cleandoc(module.__doc__ or "")
    title, _, _ = doc.partition("\n")
    return RuleInfo(meta, stem.replace("_", "-"), area, title.rstrip("."), doc, name)


def index(infos: tuple[RuleInfo, ...]) -> bytes:
    """The index file: formatted, so that two branches that each add a rule merge."""
    return msgspec.json.format(msgspec.json.encode(infos), indent=1) + b"\n"


def outputs(top: Path = TOP) -> dict[Path, bytes]:
    """Every generated file with what it has to contain."""
    infos = collect()
    folder = top / "docs" / "rules"
    written = {INDEX: index(infos), folder / "README.md": pages.overview(infos).encode()}
    for info in infos:
        written[folder / f"{info.id}.md"] = pages.page(info, _example(top, info)).encode()
    return written


def stale(top: Path = TOP) -> list[Path]:
    """The generated files that are missing, differ, or belong to no rule."""
    wanted = outputs(top)
    wrong = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    return sorted([*wrong, *_left_over(top, wanted)])


def _left_over(top: Path, wanted: Mapping[Path, bytes]) -> list[Path]:
    return [path for path in (top / "docs" / "rules").glob("*.md") if path not in wanted]


def _example(top: Path, info: RuleInfo) -> pages.Examples:
    folder = top / "tests" / "rules" / info.area / info.module.rpartition(".")[2]
    return pages.Examples(_first_case(folder / "bad"), _first_case(folder / "good"))


def _first_case(folder: Path) -> dict[str, str]:
    cases = sorted(path for path in folder.glob("*") if path.is_dir())
    files = sorted(path for path in cases[0].rglob("*") if path.is_file()) if cases else []
    return {
        path.relative_to(cases[0]).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if "__pycache__" not in path.parts
    }


def write(top: Path = TOP) -> list[Path]:
    """Brings every generated file up to date; the paths that changed."""
    changed = stale(top)
    wanted = outputs(top)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
        else:
            path.unlink()
    return changed


def main(arguments: list[str]) -> int:
    """The command: writes, or checks."""
    if not (TOP / "tests" / "rules").is_dir():
        sys.stderr.write("the rule index is generated in a checkout of archguard, not in an installed one\n")
        return 2
    checking = arguments == ["--check"]
    paths = stale() if checking else write()
    for path in paths:
        sys.stderr.write(f"{'stale' if checking else 'written'}: {path.relative_to(TOP).as_posix()}\n")
    if checking and paths:
        sys.stderr.write("run: python -m archguard.rules.generate\n")
    return 1 if checking and paths else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
