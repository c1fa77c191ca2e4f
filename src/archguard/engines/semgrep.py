"""semgrep with archguard's own rules, which also read other kinds of files than Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import msgspec
import yaml

from archguard.engines.adapter import Adapter, Answer, BadAnswer, Hit
from archguard.engines.catalogue import EngineRule, Entry, made
from archguard.engines.processes import Absent
from archguard.model.place import Place
from archguard.model.rule import AREAS, Impact
from archguard.model.sources import FileKind, Role
from archguard.rules.catalogue import rules as native

PLACES = (Path(__file__).parents[1] / "semgrep_rules", Path(__file__).parents[3] / "rules" / "semgrep")
"""Where the rules are: in an installed archguard, and in a checkout."""

_SEVERITIES = {
    "CRITICAL": "critical", "ERROR": "high", "HIGH": "high", "WARNING": "medium", "MEDIUM": "medium",
    "INFO": "low", "LOW": "low",
}  # fmt: skip
_VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*|\$\.\.\.[A-Z]+")
_CWE = re.compile(r"cwe-0*(\d+)", re.IGNORECASE)
_SECRET = re.compile(r"secret|password|credential|token|api-?key", re.IGNORECASE)
_RISKS: Mapping[Impact, str] = {
    "security": "Whoever finds it can use it.",
    "reliability": "The service fails when something else does.",
    "correctness": "The service does something else than it says.",
    "performance": "Requests wait for each other.",
    "scalability": "More load needs more than more machines.",
    "maintainability": "The next change costs more than it should.",
}
_UNSPOKEN = ("AG0801", "AG0802", "AG0803", "AG0702")
_BY_AREA_NUMBER = {f"AG{number:02}": name for number, (name, _) in enumerate(AREAS, start=1)}


class _Point(msgspec.Struct):
    line: int
    col: int


class _Item(msgspec.Struct):
    """``extra`` is never read: its message and its lines quote the code."""

    check_id: str
    path: str
    start: _Point
    end: _Point


class _Error(msgspec.Struct):
    """What semgrep could not do; a file that it read in part is no error."""

    level: str = ""
    path: str = ""


class _Output(msgspec.Struct):
    results: list[_Item]
    errors: list[_Error] = []


# --- the rules --------------------------------------------------------------------------------------


def files() -> tuple[Path, ...]:
    """The files of rules; the folder also holds what they are tested on."""
    folder = next((place for place in PLACES if place.is_dir()), None)
    return tuple(sorted(_rule_files(folder))) if folder else ()


def _rule_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.y*ml"):
        if ".test." not in path.name and isinstance(_loaded(path), dict):
            yield path


def _loaded(path: Path) -> object:
    try:
        value = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, OSError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("rules"), list) else None


@cache
def rules() -> Mapping[str, EngineRule]:
    """The rules by id, in archguard's terms."""
    found = {}
    for path in files():
        loaded = _loaded(path)
        for rule in loaded["rules"] if isinstance(loaded, dict) else ():
            if isinstance(rule, dict) and isinstance(rule.get("id"), str):
                found[rule["id"]] = _rule(rule)
    return found


def _rule(rule: dict[str, object]) -> EngineRule:
    """What ``metadata.archguard`` says of a rule; what it leaves out is made from the rest."""
    metadata = _table(rule, "metadata")
    own = _table(metadata, "archguard")
    topic = str(own.get("rule") or "")
    message = " ".join(_VARIABLE.sub("…", str(rule.get("message") or rule["id"])).split())
    title = message.partition(". ")[0].partition("; ")[0].rstrip(".")
    cwe = _CWE.search(str(metadata.get("cwe") or ""))
    secret = topic in _UNSPOKEN or bool(_SECRET.search(str(rule["id"])))
    entry = Entry(
        code=str(rule["id"]),
        name=str(rule["id"]),
        title=title[:200],
        says=message.rstrip("."),
        risk=str(own.get("risk") or "") or _risk(topic, _impact(own)),
        fix=str(own.get("fix") or ""),
        area=_area(own, topic),
        topic=topic,
        severity=_SEVERITIES.get(str(rule.get("severity") or "").upper(), "medium"),
        confidence=_confidence(metadata),
        impact=_impact(own),
        effort=_effort(own),
        secret=secret,
        security=str(metadata.get("category") or "") == "security" or secret,
        cwe=int(cwe[1]) if cwe else 0,
        roles=("source", "migration") if secret else ("source",),
    )
    return made("semgrep", entry, topic)


def _risk(topic: str, impact: tuple[Impact, ...]) -> str:
    """What happens if nobody acts: as archguard's own rule says it, else by what suffers."""
    known = next((info.meta.risk for info in native() if info.id == topic), "")
    return known or next((_RISKS[each] for each in impact), _RISKS["maintainability"])


def _table(holder: Mapping[str, object], name: str) -> dict[str, object]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _area(own: Mapping[str, object], topic: str) -> str:
    area = str(own.get("area") or "")
    return area if area in dict(AREAS) else _BY_AREA_NUMBER.get(topic[:4], "debt")


def _confidence(metadata: Mapping[str, object]) -> str:
    word = str(metadata.get("confidence") or "").lower()
    return word if word in ("low", "medium", "high") else "medium"


def _impact(own: Mapping[str, object]) -> tuple[Impact, ...]:
    stated = own.get("impact")
    words = stated if isinstance(stated, list) else [stated]
    return tuple(impact for impact in get_args(Impact) if impact in words)


def _effort(own: Mapping[str, object]) -> tuple[float, float] | None:
    """Hours, which the metadata may write as texts."""
    stated = own.get("effort")
    parts = (stated.get("base"), stated.get("per_place", 0)) if isinstance(stated, dict) else (stated, 0.25)
    try:
        return float(str(parts[0])), float(str(parts[1]))
    except ValueError:
        return None


# --- running ----------------------------------------------------------------------------------------


def wants(path: str, kind: FileKind, role: Role) -> bool:
    """Code, SQL, and what configures, builds and starts a service."""
    if role not in ("source", "migration", "script"):
        return False
    name = path.rpartition("/")[2].lower()
    return (
        kind != "other"
        or name.endswith((".yml", ".yaml", ".sh", ".js", ".ts", ".toml", ".ini", ".cfg", ".conf", ".tf"))
        or name.startswith((".env", "dockerfile", "docker-compose", "compose", "procfile"))
        or name.endswith((".env", ".dockerfile"))
    )


def command() -> list[str]:
    """Our rules and no others, without the network; every file in the folder, whatever it is called."""
    found = files()
    if not found:
        raise Absent("there are no rules for it in this installation")
    configs = [word for path in found for word in ("--config", str(path))]
    return ["scan", "--json", "--quiet", "--metrics", "off", "--disable-version-check", "--no-git-ignore",
            "--no-rewrite-rule-ids", "--timeout", "10", *configs, "."]  # fmt: skip


def read(output: bytes) -> Answer:
    """The hits, by the rules' own ids, whatever folder semgrep puts before them."""
    try:
        found = msgspec.json.decode(output, type=_Output)
    except msgspec.DecodeError as error:
        raise BadAnswer("its answer is not the JSON that was asked for") from error
    known = rules()
    hits = []
    for item in found.results:
        code = item.check_id if item.check_id in known else item.check_id.rpartition(".")[2]
        if code in known:
            hits.append(
                Hit(item.path, Place(item.start.line, item.start.col, item.end.line, item.end.col), code)
            )
    unread = {error.path for error in found.errors if error.level == "error" and error.path}
    return Answer(tuple(hits), tuple(sorted(unread)))


ADAPTER = Adapter(
    name="semgrep",
    distribution="semgrep",
    extra="semgrep",
    least=(1, 100),
    wants=wants,
    command=command,
    read=read,
    rules=rules,
    columns="characters",
    beside=((".semgrepignore", b"\n"),),
)
