"""A rule: its metadata, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, Union

import msgspec

from archguard.model.finding import Confidence, Control, Finding, Severity
from archguard.model.sources import Role

if TYPE_CHECKING:
    from archguard.model.program import Program

Surface = Literal["alert", "report"]
RuleScope = Literal["module", "program"]
Impact = Literal["performance", "maintainability", "scalability", "security", "reliability", "correctness"]

AREAS: tuple[tuple[str, str], ...] = (
    ("structure", "Codebase structure"),
    ("database", "Database"),
    ("api", "API"),
    ("services", "Service layer"),
    ("scalability", "Scalability"),
    ("resilience", "Resilience"),
    ("observability", "Observability"),
    ("configuration", "Configuration"),
    ("concurrency", "Concurrency"),
    ("debt", "Technical debt"),
)
"""The ten areas in the report's order: the folder's name and the title. AG03xx is the third."""


class Effort(msgspec.Struct, frozen=True):
    """Hours to fix, testing and validation included: once, and for each further place."""

    base: float
    per_place: float = 0.0


class Meta(msgspec.Struct, frozen=True):
    """What a rule says of itself; its name and area come from its path.

    ``breaks_callers``: whether the fix can change what callers see, and ``rollout`` how it is then
    brought out without a regression. ``risk`` is what happens if nobody acts. ``security``: the
    finding is a security problem (SARIF's ``security-severity``); ``cwe`` numbers it. ``roles`` are the
    kinds of files in which it is reported: a rule on migrations or on tests names them.
    """

    id: str
    severity: Severity
    surface: Surface
    scope: RuleScope
    effort: Effort
    impact: tuple[Impact, ...]
    risk: str
    rollout: str
    confidence: Confidence = Confidence.HIGH
    breaks_callers: bool = False
    security: bool = False
    cwe: int = 0
    roles: tuple[Role, ...] = ("source",)


Check = Callable[["Program"], Iterator[Union[Finding, Control]]]


class RuleInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule without its code, as indexes and outputs need it.

    ``title`` is the docstring's first line, ``doc`` all of it (markdown), ``module`` where the code is.
    Of another tool's rule ``module`` is empty, and ``topic`` the rule that it amounts to: archguard's, or
    that of the first tool that has one.
    """

    meta: Meta
    name: str
    area: str
    title: str
    doc: str
    module: str
    topic: str = ""

    @property
    def id(self) -> str:
        """The rule's id, ``AG0901``."""
        return self.meta.id
