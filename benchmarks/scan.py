"""How long a scan takes beside parsing the same files, as whole processes.

``python benchmarks/scan.py CHECKOUT [FOLDER] --file FILE``

Four commands in turns, several rounds, in a copy of the checkout; all are run in FOLDER, so that all link the
same files, and FILE is relative to it. Printed are the median wall seconds and the least processor seconds
(other work is going on too), and the ratio of the latter to parsing:

- *parse*: a bare process that reads the Python files that archguard reads, and gives them to ``ast.parse``;
- *cold*: nothing is kept from earlier;
- *again*: the same scan with nothing changed;
- *edited*: one file has changed since the last scan, and only that file is asked about (a hook).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archguard.config.settings import Settings
from archguard.discover.git import top_of
from archguard.discover.snapshots import open_worktree

ROUNDS = 5
PARSE = (
    "import ast,gc,sys,warnings;gc.disable();warnings.simplefilter('ignore')\n"
    "for path in open(sys.argv[1]).read().split('\\n'):\n"
    "    try: ast.parse(open(path,'rb').read())\n"
    "    except SyntaxError: pass\n"
)
Figures = dict[str, list[tuple[float, float]]]


def files_of(folder: Path) -> list[Path]:
    """The Python files that a scan of the folder reads."""
    top = (top_of(folder) or folder).resolve()
    inside = folder.resolve().relative_to(top).as_posix()
    found = open_worktree(top, "" if inside == "." else inside, Settings())
    return [top / file.path for file in found.files if file.kind == "python"]


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of one process with its children; its output is thrown away."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path, file: str, listed: Path, cache: Path) -> Figures:
    """All rounds of the four commands."""
    scan = [sys.executable, "-m", "archguard", "scan", "--fail-on", "never"]
    scan += ["--cache-dir", str(cache)]
    found: Figures = {}
    for number in range(ROUNDS + 1):
        shutil.rmtree(cache, ignore_errors=True)
        row = {"parse": timed([sys.executable, "-c", PARSE, str(listed)], folder)}
        row["cold"] = timed([*scan, "."], folder)
        row["again"] = timed([*scan, "."], folder)
        with (folder / file).open("a") as edited:
            edited.write(f"# {number}\n")
        row["edited"] = timed([*scan, file], folder)
        if number:  # the first round only warms up
            for name, figures in row.items():
                found.setdefault(name, []).append(figures)
    return found


def main() -> None:
    """Copy, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--file", required=True, help="the file that is edited, relative to the folder")
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "checkout"
        shutil.copytree(given.checkout, copy, symlinks=True)
        folder, listed = copy / given.folder, Path(temporary) / "files"
        files = files_of(folder)
        listed.write_text("\n".join(map(str, files)))
        lines = sum(file.read_bytes().count(b"\n") for file in files)
        found = measure(folder, given.file, listed, Path(temporary) / "cache")
    print(f"{len(files)} Python files, {lines} lines")
    parse = min(used for _, used in found["parse"])
    for name, rounds in found.items():
        wall = statistics.median(wall for wall, _ in rounds)
        used = min(used for _, used in rounds)
        print(f"{name:8} {wall:6.2f} s wall {used:6.2f} s processor {used / parse:6.2f} × parse")


if __name__ == "__main__":
    main()
