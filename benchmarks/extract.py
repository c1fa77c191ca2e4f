"""How long extraction takes beside parsing, and how large facts are.

``python benchmarks/extract.py FOLDER…``
Each figure is the best of several rounds over the same files in one process, the garbage collector
off as it is in a run.
"""

from __future__ import annotations

import ast
import gc
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec

from archguard.extract.cache import pack, unpack
from archguard.extract.python import extract_python
from archguard.model.facts import PythonFacts

ROUNDS = 5


def best(action: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds of processor time, for other work is going on too."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return min(times)


def measure(folder: Path) -> str:
    """One line of figures for the Python files of a folder."""
    contents = [p.read_bytes() for p in sorted(folder.rglob("*.py")) if p.is_file()]
    contents = [c for c in contents if extract_python(c).problem is None]
    encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(PythonFacts)
    facts = [extract_python(c) for c in contents]
    encoded = [encoder.encode(f) for f in facts]
    groups = [facts[start : start + 32] for start in range(0, len(facts), 32)]
    packed = [pack(group) for group in groups]
    size, lines = sum(map(len, contents)), sum(f.lines for f in facts)
    parse = best(lambda: [ast.parse(c) for c in contents])
    extract = best(lambda: [extract_python(c) for c in contents])
    encode = best(lambda: [encoder.encode(f) for f in facts])
    decode = best(lambda: [decoder.decode(e) for e in encoded])
    compress = best(lambda: [pack(group) for group in groups])
    read = best(lambda: [unpack(blob) for blob in packed])
    per = 25_000 / lines * 1000
    shares = f"extract {extract / parse:.2f} : encode {encode / parse:.3f} : decode {decode / parse:.3f}"
    times = {"parse": parse, "extract": extract, "encode": encode, "decode": decode}
    times |= {"pack": compress, "unpack": read}
    ratios = f"{sum(map(len, encoded)) / size:.2f} of the source, kept {sum(map(len, packed)) / size:.2f}"
    return "\n  ".join(
        [
            f"{folder}: {len(contents)} files, {lines} lines, {size} bytes",
            f"parse 1 : {shares}",
            "ms for 25,000 lines: " + ", ".join(f"{name} {t * per:.1f}" for name, t in times.items()),
            f"encoded {ratios}",
        ]
    )


def main() -> None:
    """Measures each folder named."""
    warnings.simplefilter("ignore")
    gc.disable()
    for folder in sys.argv[1:]:
        sys.stdout.write(measure(Path(folder)) + "\n")


if __name__ == "__main__":
    main()
