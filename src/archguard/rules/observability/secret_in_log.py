"""A secret is written to the log.

## What it does

Finds calls of loggers (logging, structlog, loguru) and prints of a running service that are given a
password, a token, a key or a DSN by its name: in the message, an f-string, `%` and its arguments,
`.format()`, `extra=` or structlog's keywords. Also whole objects that hold some: the settings,
`os.environ`, a request's headers.

## Why is this bad

Logs are read by more people than the database, go to services of others, and are kept for years. A
password in them is known, and nobody can tell to whom.

## How to fix

Log what identifies the thing (a user's id, the last four characters of a key, whether a token was given).
Of an object log the fields that help. Type secrets as `SecretStr`, which prints stars.

## What it leaves alone

- What is computed from a secret: `len(token)`, `token[:4]`, `bool(password)`, `mask(key)`, comparisons.
- Values typed as `SecretStr` or `Secret`, booleans and numbers, constants, members of classes.
- Names around secrets (`token_type`, `password_field`, `has_password`), counts of tokens.
- Commands, tests and migrations; what is printed where no request and no worker is known to come.

## References

- [CWE-532: Insertion of Sensitive Information into Log File](https://cwe.mitre.org/data/definitions/532.html)
- [OWASP: Logging, data to exclude](https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Const, Container, Expr, Name, Op, Result, Scope, Text, Write
from archguard.model.finding import Confidence, Finding, Fix, Severity
from archguard.model.lookups import comes_only_from, last_name
from archguard.model.program import Class, Context, Function, Program, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.values import ClassRef, External, Instance, Literal, ModuleRef, options_of

META = Meta(
    id="AG0702",
    severity=Severity.CRITICAL,
    surface="alert",
    scope="program",
    effort=Effort(base=1, per_place=0.25),
    impact=("security",),
    risk="Whoever reads the logs, or gets hold of them later, can use the secret.",
    rollout="Change the log line, then change the secrets that stand in the logs that are kept.",
    security=True,
    cwe=532,
)

_METHODS = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "trace", "success")
)
_LIBRARIES = ("logging.", "loguru.", "structlog.")
_QUIET = {"debug", "trace"}
_SECRET = re.compile(
    r"(?P<bare>^token$)|(?:^|_)(?:(?P<high>(?:access|refresh|auth|bearer|api|id|session|bot|jwt|oauth|reset)_?token"
    r"|jwt|authorization)|password|passwd|pwd|passphrase|api_?key|(?:secret|private|signing|encryption|access)_?key"
    r"|(?:client|app|jwt|webhook|shared|signing|session|api)_?secret|credentials|dsn|connection_string)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:has|is|use|uses|no|needs?|requires?|missing|invalid|with|without|hide|show|next|page|csrf|num|max|min|"
    r"new_?line|pad|eos|bos|unk|mask|cls|sep|start|end|stop|special|prev|last|first|current|continuation)_",
    re.IGNORECASE,
)
_SAFE = re.compile(r"(?:^|\.)(?:SecretStr|SecretBytes|Secret|bool|int|float)$")
_HANDED_ON = {
    "str",
    "repr",
    "dict",
    "dumps",
    "model_dump",
    "model_dump_json",
    "json",
    "copy",
    "items",
    "decode",
}
_SERVING = (
    Context.LOOP | Context.STARTUP | Context.THREADPOOL | Context.THREAD | Context.WORKER | Context.UNPROVED
)
_SILENT = Context.CLI | Context.TEST | Context.MIGRATION


def check(program: Program) -> Iterator[Finding]:
    """One finding for each secret that a function logs."""
    for module, scopes in program.scopes.items():
        if module.role == "source":
            for function in scopes:
                seen: set[str] = set()
                for _, call in events_of(function, Call):
                    for label, severity in _logged(program, function, call):
                        if label not in seen:
                            seen.add(label)
                            yield _finding(function, call, label, severity)


def _logged(program: Program, function: Function, call: Call) -> Iterator[tuple[str, Severity]]:
    """What a call writes to the log that is a secret."""
    method = _log_method(program, function, call)
    if not method or not _is_serving(program, function, method):
        return
    values = [
        *call.arguments,
        *(v for name, v in call.keywords if name not in {"exc_info", "file", "sep", "end"}),
    ]
    for value in values:
        for shown in _shown(function.scope, value, 0):
            label, severity = _secret(program, function, shown)
            if label and not (label == "token" and method in _QUIET):  # a parser's, as a rule
                yield label, min(severity, Severity.MEDIUM) if method in _QUIET else severity


def _log_method(program: Program, function: Function, call: Call) -> str:
    """The logger's method that a call is, or ``print``."""
    callee = call.function
    if callee == Name("print"):
        return "print"
    if not isinstance(callee, Attr) or callee.name not in _METHODS:
        return ""
    known = program.types.callee(function, call)
    if isinstance(known, External):
        return callee.name if known.path.startswith(_LIBRARIES) else ""
    holder = last_name(callee.base).lower().strip("_")
    return callee.name if holder.endswith(("logger", "log", "logging")) else ""


def _is_serving(program: Program, function: Function, method: str) -> bool:
    if method == "print":
        return bool(program.contexts.get().of(function) & _SERVING)
    return not comes_only_from(program, function, _SILENT)


# --- what is shown ------------------------------------------------------------------------------------


def _shown(scope: Scope, expr: Expr, depth: int) -> Iterator[Expr]:
    """The expressions whose values stand in what is written."""
    if depth > 6:
        return
    inner: tuple[Expr, ...] = ()
    if isinstance(expr, Text):
        inner = expr.parts
    elif isinstance(expr, Container):
        inner = expr.items
    elif isinstance(expr, Op) and expr.kind in {"bin%", "bin+", "or", "and"}:
        inner = expr.operands
    elif isinstance(expr, Op) and expr.kind == "if":
        inner = expr.operands[1:]
    elif isinstance(expr, Result):
        inner = _through(scope, expr)
    else:
        yield expr
    for each in inner:
        yield from _shown(scope, each, depth + 1)


def _through(scope: Scope, result: Result) -> tuple[Expr, ...]:
    """What a call hands on as it is: ``str(x)``, ``"…".format(x)``, ``settings.model_dump()``."""
    call = scope.events[result.event]
    if not isinstance(call, Call):
        return ()
    name = last_name(call.function)
    values = tuple(value for _, value in call.keywords)
    if name == "format":
        return (*call.arguments, *values)
    if name == "get_secret_value" and isinstance(call.function, Attr):
        return (Attr(call.function.base, "client_secret"),)
    if name not in _HANDED_ON or any(given in {"exclude", "include"} for given, _ in call.keywords):
        return ()
    base = (call.function.base,) if isinstance(call.function, Attr) and not call.arguments else ()
    return (*base, *call.arguments[:1])


def _secret(program: Program, function: Function, shown: Expr) -> tuple[str, Severity]:
    """The name and the weight of what is shown, if it is a secret or an object that holds some."""
    label = _label(shown)
    match = _SECRET.search(label)
    if match and not _ABOUT.match(label) and not _is_safe(program, function, shown):
        return label, Severity.HIGH if match["high"] or match["bare"] else Severity.CRITICAL
    if shown == Attr(Name("os"), "environ"):
        return "os.environ", Severity.HIGH
    if isinstance(shown, Attr) and shown.name == "headers" and last_name(shown.base) in {"request", "req"}:
        return f"{last_name(shown.base)}.headers", Severity.HIGH
    if isinstance(shown, (Name, Attr)) and _is_settings(program, function, shown):
        return last_name(shown), Severity.HIGH
    return "", Severity.LOW


def _label(shown: Expr) -> str:
    if isinstance(shown, Op) and shown.kind == "subscript":
        index = shown.operands[1]
        return index.value if isinstance(index, Const) and isinstance(index.value, str) else ""
    return last_name(shown)


def _is_safe(program: Program, function: Function, shown: Expr) -> bool:
    """Whether its type hides it, or it is a constant or a member of a class or module."""
    if isinstance(shown, Attr):
        base = program.types.value(function, shown.base)
        if any(isinstance(each, ClassRef) for each in options_of(base)):
            return True
    for value in options_of(program.types.value(function, shown)):
        if isinstance(value, (Literal, ModuleRef)):
            return True
        if isinstance(value, Instance) and isinstance(value.of, External) and _SAFE.search(value.of.path):
            return True
    return False


def _is_settings(program: Program, function: Function, shown: Expr) -> bool:
    """Whether it is a settings object with a secret that is not typed as one."""
    for value in options_of(program.types.value(function, shown)):
        if isinstance(value, Instance) and isinstance(value.of, ClassRef):
            above = program.types.ancestors(value.of.cls) or ()
            roles = program.policy.knowledge.roles
            if any(isinstance(base, External) and roles.get(base.path) == "settings" for base in above):
                classes = (value.of.cls, *(base.cls for base in above if isinstance(base, ClassRef)))
                return any(_has_plain_secret(program, cls) for cls in classes)
    return False


def _has_plain_secret(program: Program, cls: Class) -> bool:
    body = program.scope(cls.module, cls.index)
    return any(
        write.annotation is not None
        and _SECRET.search(last_name(write.target))
        and last_name(write.annotation) in {"str", "bytes"}
        for _, write in events_of(body, Write)
    )


def _finding(function: Function, call: Call, label: str, severity: Severity) -> Finding:
    whole = label.endswith(("environ", "headers", "settings", "config"))
    what = (
        f"{label} is written to the log with the secrets in it" if whole else f"{label} is written to the log"
    )
    return Finding(
        META.id,
        f"{function.qualname}:{label}",
        function.module.span(call.place),
        f"{what}: whoever reads the log can use it.",
        severity,
        Confidence.HIGH,
        fix=Fix(
            "Log what helps and is no secret: an id, whether it was given, its last characters."
            if not whole
            else "Log the fields that help, one by one."
        ),
    )
