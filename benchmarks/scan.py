"""How long a scan takes beside parsing the same files, as whole processes.

``python benchmarks/scan.py CHECKOUT [FOLDER] [--file FILE]``

Four commands in turns, several rounds, in a copy of the checkout; printed are the medians of wall and
processor seconds, and the ratio of each to ``ast.parse`` of the same files in one process:

- *cold*: nothing is kept from earlier;
- *again*: the same scan with nothing changed;
- *edited*: one file has changed since the last scan, and only that file is asked about (a hook);
- *parse*: a bare process that reads and parses every file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
PARSE = (
    "import ast,gc,pathlib,sys,warnings;gc.disable();warnings.simplefilter('ignore')\n"
    "for p in pathlib.Path(sys.argv[1]).rglob('*.py'):\n"
    "    try: ast.parse(p.read_bytes())\n"
    "    except SyntaxError: pass\n"
)


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of one process with its children; its output is thrown away."""
    before = os.times()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return after.elapsed - before.elapsed, used


def measure(checkout: Path, target: str, file: str) -> dict[str, list[tuple[float, float]]]:
    """All rounds of the four commands."""
    scan = [sys.executable, "-m", "archguard", "scan"]
    found: dict[str, list[tuple[float, float]]] = {"parse": [], "cold": [], "again": [], "edited": []}
    for number in range(ROUNDS + 1):
        cache = ["--cache-dir", str(checkout / ".benchmark-cache")]
        shutil.rmtree(checkout / ".benchmark-cache", ignore_errors=True)
        row = {"parse": timed([sys.executable, "-c", PARSE, target], checkout)}
        row["cold"] = timed([*scan, target, *cache], checkout)
        row["again"] = timed([*scan, target, *cache], checkout)
        timed([*scan, file, *cache], checkout)
        with (checkout / file).open("a") as edited:
            edited.write(f"# {number}\n")
        row["edited"] = timed([*scan, file, *cache], checkout)
        if number:  # the first round only warms up
            for name, figures in row.items():
                found[name].append(figures)
    return found


def main() -> None:
    """Copy, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("folder", nargs="?", default=".")
    parser.add_argument("--file", required=True, help="the file that is edited, relative to the checkout")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "checkout"
        shutil.copytree(given.checkout, copy, symlinks=True)
        found = measure(copy, given.folder, given.file)
    parse = statistics.median(wall for wall, _ in found["parse"])
    for name, rounds in found.items():
        wall = statistics.median(wall for wall, _ in rounds)
        used = statistics.median(used for _, used in rounds)
        print(f"{name:8} {wall:6.2f} s wall {used:6.2f} s processor {wall / parse:6.2f} × parse")


if __name__ == "__main__":
    main()
