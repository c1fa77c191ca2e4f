"""What went wrong, or silences nothing, as SARIF notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archguard.assess.safe_text import safe, safe_line
from archguard.model.place import Span
from archguard.model.run import Failure, Suppression
from archguard.output.sarif_places import location

if TYPE_CHECKING:
    from sarif_om import Notification, ReportingDescriptor

KINDS = {
    "rule": ("RuleFailed", "A rule crashed; its findings are missing."),
    "engine": ("EngineFailed", "Another tool did not run; its findings are missing."),
    "file": ("FileNotRead", "A file was not read, or not wholly."),
    "path": ("PathNotRead", "A path given to archguard does not exist or is not readable."),
    "cut": ("ResultsLeftOut", "There were more results than code scanning takes."),
    "suppression": ("SuppressionNotFollowed", "A suppression cannot be read or has expired."),
    "setting": ("SettingWithoutEffect", "A setting of the configuration has no effect."),
    "unused-suppression": ("UnusedSuppression", "A suppression silences nothing."),
}
"""The notifications' ids, their names and what each says, in the order in which SARIF lists them."""


def descriptors() -> list[ReportingDescriptor]:
    """The kinds of notification, for the tool's description."""
    from sarif_om import MultiformatMessageString, ReportingDescriptor

    def descriptor(kind: str, name: str, text: str) -> ReportingDescriptor:
        message = MultiformatMessageString(text=text)
        return ReportingDescriptor(
            id=kind, name=name, short_description=message, full_description=message, help=message
        )

    return [descriptor(kind, name, text) for kind, (name, text) in KINDS.items()]


def failure_note(failure: Failure, rules: dict[str, int]) -> Notification:
    """A failure; ``rules`` are the positions of the rules by id."""
    from sarif_om import ReportingDescriptorReference

    level = "error" if failure.fatal else "warning"
    text = f"{safe_line(failure.subject)}: {safe(failure.reason) or 'failed'}"
    note = _note(failure.kind, level, text, failure.span)
    note.properties = {"subject": safe_line(failure.subject), "reason": safe(failure.reason)}
    if failure.kind == "rule" and failure.subject in rules:
        note.associated_rule = ReportingDescriptorReference(id=failure.subject, index=rules[failure.subject])
    return note


def cut_note(text: str) -> Notification:
    """That results are left out."""
    return _note("cut", "warning", text, None)


def unused_note(suppression: Suppression) -> Notification:
    """That a suppression silences nothing."""
    named = ", ".join(safe_line(rule) for rule in suppression.rules) or "everything"
    text = f"The suppression of {named} silences nothing: remove it."
    note = _note("unused-suppression", "note", text, suppression.span)
    note.properties = {
        "rules": [safe_line(rule) for rule in suppression.rules],
        "reason": safe_line(suppression.reason),
        "until": suppression.until,
    }
    return note


def _note(kind: str, level: str, text: str, span: Span | None) -> Notification:
    from sarif_om import Message, Notification, ReportingDescriptorReference

    return Notification(
        message=Message(text=text),
        level=level,
        descriptor=ReportingDescriptorReference(id=kind, index=list(KINDS).index(kind)),
        locations=[location(span)] if span else None,
    )
