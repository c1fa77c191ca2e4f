"""Rules as SARIF describes them, with all that code scanning shows and sorts by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archguard.assess.safe_text import safe, safe_line
from archguard.model.finding import Severity
from archguard.model.rule import RuleInfo
from archguard.output.sarif_places import Json
from archguard.output.sarif_result import LEVELS

if TYPE_CHECKING:
    from sarif_om import ReportingDescriptor

MAX_TEXT = 1024
MAX_NAME = 255
MAX_TAGS = 9

_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.5"}


def descriptor(info: RuleInfo) -> ReportingDescriptor:
    """The rule. No text is ever empty, for code scanning refuses that."""
    from sarif_om import MultiformatMessageString, ReportingConfiguration, ReportingDescriptor

    title = safe_line(info.title) or safe_line(info.name) or info.id
    return ReportingDescriptor(
        id=safe_line(info.id),
        name=_name(info),
        short_description=MultiformatMessageString(text=cut(title)),
        full_description=MultiformatMessageString(text=cut(_full(info, title))),
        help=MultiformatMessageString(text=_page(info, title, ""), markdown=_page(info, title, "**")),
        default_configuration=ReportingConfiguration(level=LEVELS[info.meta.severity]),
        properties=_properties(info),
    )


def bare_descriptor(rule: str) -> ReportingDescriptor:
    """A rule of which only the id is known."""
    from sarif_om import MultiformatMessageString, ReportingDescriptor

    name = safe_line(rule) or "unnamed"
    text = MultiformatMessageString(text=name)
    return ReportingDescriptor(id=name, short_description=text, full_description=text, help=text)


def cut(text: str, limit: int = MAX_TEXT) -> str:
    """The text, or as many whole words of it as fit."""
    if len(text) <= limit:
        return text
    return (
        text[: limit - 1].rpartition(" ")[0].rstrip() + "…"
        if " " in text[: limit - 1]
        else text[: limit - 1] + "…"
    )


def _name(info: RuleInfo) -> str | None:
    """The name, unless it would only repeat the id."""
    name = safe_line(info.name)[:MAX_NAME]
    return name if name and name != info.id else None


def _full(info: RuleInfo, title: str) -> str:
    """The title and the first paragraph under it."""
    paragraphs = [safe_line(part) for part in info.doc.split("\n\n")[1:]]
    prose = next((part for part in paragraphs if part and not part.startswith(("#", "```"))), "")
    return f"{title.rstrip('.')}. {prose}" if prose else title


def _page(info: RuleInfo, title: str, mark: str) -> str:
    """The rule's page, and what it means to leave the finding or to fix it."""
    meta = info.meta
    parts = [safe(info.doc).strip() or title]
    if meta.risk:
        parts.append(f"{mark}If nobody acts:{mark} {safe(meta.risk)}")
    if meta.rollout:
        parts.append(f"{mark}Rolling it out:{mark} {safe(meta.rollout)}")
    return "\n\n".join(parts)


def _properties(info: RuleInfo) -> Json:
    """What code scanning sorts and filters by; ``archguard`` is the rule's metadata, to be read back."""
    meta = info.meta
    value: Json = {
        "precision": str(meta.confidence),
        "problem.severity": _PROBLEM[LEVELS[meta.severity]],
        "tags": _tags(info),
    }
    if meta.security:
        value["security-severity"] = _SECURITY[meta.severity]
    value["archguard"] = {
        "area": safe_line(info.area),
        "module": safe_line(info.module),
        "doc": safe(info.doc),
        "meta": msgspec.to_builtins(meta),
    }
    return value


def _tags(info: RuleInfo) -> list[str]:
    meta = info.meta
    tags = [safe_line(info.area), *meta.impact]
    if meta.security:
        tags.insert(0, "security")
    if meta.cwe:
        tags.insert(1, f"external/cwe/cwe-{meta.cwe:03d}")
    return [tag for tag in dict.fromkeys(tags) if tag][:MAX_TAGS]
