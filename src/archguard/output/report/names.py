"""How the report refers to its own parts: anchors and short names."""

from __future__ import annotations

from collections.abc import Iterator

from archguard.model.assessment import Assessment, Recommendation
from archguard.model.run import Triaged
from archguard.output.report.document import Jump
from archguard.output.report.escape import slug
from archguard.output.report.plural import first_sentence

NOT_ASSESSED = "not yet assessed"


def name_of(assessment: Assessment) -> str:
    """What was reviewed: the repository's name, with the folder where only that was reviewed."""
    run = assessment.run
    repository = run.commit.url.rstrip("/").removesuffix(".git").rsplit("/", 1)[-1]
    services = run.inventory.services
    only = services[0].name if len(services) == 1 else ""
    named = [part for part in (repository, run.prefix) if part]
    return ", ".join(named) or run.target or only or "this service"


def finding_anchor(triaged: Triaged) -> str:
    """Where the report shows a finding: its identity, which the SARIF file has too."""
    return f"finding-{slug(triaged.fingerprint)}"


def finding_link(triaged: Triaged) -> Jump:
    """A link to a finding, with the sentence that stands alone."""
    return Jump(finding_anchor(triaged), first_sentence(triaged.finding.message.replace("`", "")))


def numbered(assessment: Assessment) -> Iterator[tuple[str, Recommendation]]:
    """The recommendations with their short names, ``R1`` first."""
    for number, made in enumerate(assessment.recommendations, start=1):
        yield f"R{number}", made


def recommendation_link(assessment: Assessment, wanted: Recommendation, title: bool = True) -> Jump:
    """A link to a recommendation by its short name, with its title or without."""
    name = next(name for name, made in numbered(assessment) if made == wanted)
    return Jump(name.lower(), f"{name} {wanted.title}" if title else name)
