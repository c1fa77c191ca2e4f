"""A run in which everything that comes from the code under review tries to be something else."""

from __future__ import annotations

from archguard.model.finding import Control, Finding, Fix, Hop, Member, Severity
from archguard.model.inventory import (
    ClientRow,
    Gap,
    Inventory,
    ModuleRow,
    RouteRow,
    SettingRow,
    TableRow,
    TaskRow,
)
from archguard.model.run import Commit, Failure, Run, Stats, Suppression, Triaged
from tests.assess.made_runs import info, span

HOSTILE = (
    "</summary></details><script>alert(1)</script> ```\n# owned | `x` [a](javascript:1) "
    "<img src=x onerror=y> "
    '![i](http://e.vil/x) **b** &lt; "q"] --> end; %% $a$ \u202egpj.exe www.e.vil https://e.vil ~~s~~ '
    "{{ 7*7 }}"
)
PATH = "app/we`ird |[x](y) \"<b>'&.py"
CODE = "`````\nx = '</script><script>alert(2)</script>'\n~~~ | ``` <b>\n# </pre>"


def hostile_run(text: str = HOSTILE, path: str = PATH, url: str = "javascript:alert(1)") -> Run:
    """The text wherever reviewed code has a say, the path wherever a file is named."""
    place = span(path, 2)
    hop, member = Hop(place, text), Member(text, text, place, (Hop(place, text), Hop(span(path, 3), text)))
    found = Finding(
        rule="AG0901",
        key=text,
        span=place,
        message=text,
        severity=Severity.HIGH,
        members=(member, Member(text + "2", text, place)),
        related=(hop,),
        sources=("archguard", text),
        evidence=((text, text), ("cause", text)),
        fix=Fix(text, CODE),
    )
    triaged = Triaged(found, text, "1" * 16, excerpt=tuple(CODE.split("\n")), excerpt_line=1)
    by = Suppression(place, (text,), text, text)
    return Run(
        target=text,
        tool_version="0.1.0",
        commit=Commit("b" * 40, text, "2026-01-01T00:00:00Z", url),
        rules=(info("AG0901"), info("AG0603")),
        findings=(triaged,),
        suppressed=(_silenced(triaged, by),),
        unused_suppressions=(by,),
        controls=(
            Control("AG0603", text, text, "present", text, (place,)),
            Control("AG0603", text, text, "absent", text, (place,)),
        ),
        inventory=_inventory(text, path),
        failures=(Failure("engine", text, text, False), Failure("file", path, text, False, place)),
        stats=Stats(files=1, lines=4, gaps={text: 3}),
    )


def _silenced(triaged: Triaged, by: Suppression) -> Triaged:
    return Triaged(triaged.finding, triaged.service, "2" * 16, suppressed_by=by)


def _inventory(text: str, path: str) -> Inventory:
    return Inventory(
        modules=tuple(
            ModuleRow(
                file=path,
                line=1,
                name=name,
                role="source",
                lines=400,
                code_lines=4,
                functions=1,
                classes=0,
                imports=("app.b", "app." + text),
            )
            for name in ("app." + text, "app.b", "end.c")
        ),
        routes=(
            RouteRow(
                file=path,
                line=2,
                method="GET",
                path=text,
                kind="http",
                handler=text,
                is_async=True,
                response_model=text,
                auth=(text,),
            ),
        ),
        tables=tuple(
            TableRow(file=path, line=1, name=name, origin=text, references=(text,)) for name in (text, "b")
        ),
        settings=(SettingRow(file=path, line=1, name=text, kind=text, required=True, default=text),),
        clients=(ClientRow(file=path, line=1, library=text, symbol=text, lifetime=text),),
        tasks=(TaskRow(file=path, line=1, kind=text, function=text),),
        gaps=(Gap(kind=text, reason=text, count=1),),
    )
