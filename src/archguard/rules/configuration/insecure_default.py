"""The service runs with a setting that is for development only.

## What it does

Finds, in code that runs in production:

- debugging that is switched on (`FastAPI(debug=True)`, Flask's `app.debug = True`, Django's `DEBUG = True` in
  settings that are not a developer's), and `debug=True` or `reload=True` where a process of the service is
  started with it;
- CORS that lets every origin send cookies (`allow_origins=["*"]` with `allow_credentials=True`);
- calls that do not verify certificates (`verify=False`, `ssl=False`, `ssl._create_unverified_context()`);
- keys that are drawn anew by each process (`SECRET_KEY = os.urandom(32)`).

## Why is this bad

Debug pages show source and variables to whoever causes an error, Flask's even run code. With every origin
allowed to send cookies each page that a user visits can act in their name. Without verification anybody on
the way reads and changes what is sent. With a key for each process a session is valid in one worker only, and
in none after a restart.

## How to fix

Take these settings from the environment, with the safe value as the default. Name the origins. Give the
client the certificate of the authority (`verify="/etc/ssl/internal.pem"`). Read the key from a secret store.

## What it leaves alone

- `app.run(debug=True)` in a function or under `if __name__ == "__main__"` of a file that no deployment file
  starts; settings of developers and tests; values that come from settings.
- Every origin without credentials; a client that only calls this machine.
- A key drawn for one purpose inside a function, and where an environment variable comes first it is a medium
  finding.

## References

- [Starlette: CORSMiddleware](https://www.starlette.io/middleware/#corsmiddleware)
- [requests: SSL Cert Verification](https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification)
- [Flask: Debug mode](https://flask.palletsprojects.com/en/stable/debugging/)
- [CWE-1188: Initialization with an Insecure Default](https://cwe.mitre.org/data/definitions/1188.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archguard.model.facts import Attr, Call, Const, Container, Expr, Op, Result, Write
from archguard.model.finding import Finding, Fix, Severity
from archguard.model.lookups import around, is_main_guard, last_name, library_calls
from archguard.model.place import Place
from archguard.model.program import Function, Program, events_of
from archguard.model.rule import Effort, Meta
from archguard.model.values import External

META = Meta(
    id="AG0806",
    severity=Severity.HIGH,
    surface="report",
    scope="program",
    effort=Effort(base=1, per_place=0.25),
    impact=("security", "reliability"),
    risk="Attackers get what only developers should: traces, sessions, traffic or the users' cookies.",
    rollout="Set the safe value in production first, by the environment, then make it the default.",
    breaks_callers=True,
    security=True,
    cwe=1188,
)

_APPLICATIONS = {"fastapi.FastAPI", "starlette.applications.Starlette", "flask.Flask"}
_STARTERS = {"uvicorn.run": ("reload", "debug"), "flask.Flask.run": ("debug", "use_reloader")}
_FLASK_CORS = {"flask_cors.CORS", "flask_cors.cross_origin"}
_CORS = "starlette.middleware.cors.CORSMiddleware"
_CLIENTS = ("requests.", "httpx.", "aiohttp.", "urllib3.")
_UNVERIFIED = {"ssl._create_unverified_context"}
_DRAWN = re.compile(
    r"^(?:os\.urandom|secrets\.token_(?:hex|bytes|urlsafe)|uuid\.uuid4|Crypto\.Random\.get_random_bytes"
    r"|django\.core\.management\.utils\.get_random_secret_key|cryptography\.fernet\.Fernet\.generate_key)$"
)
_KEY = re.compile(
    r"(?:^|_)(?:secret_?key|jwt_(?:secret|key)|signing_?key|session_secret|encryption_?key)$", re.I
)
_DEVELOPERS = re.compile(
    r"(?:^|[._/])(?:dev|devel|development|local|tests?|testing|debug|ci|example)(?:[._/]|$)", re.I
)
_LOCAL = re.compile(r"^https?://(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?:[:/]|$)")
_TRUE, _FALSE = Const(True), Const(False)
_Fault = tuple[str, Place, str, str, Severity]
"""What it is called in the key, its place, what is said of it, how it is fixed, how bad it is."""


def check(program: Program) -> Iterator[Finding]:
    """One finding for each such setting in a function or file."""
    for module, scopes in program.scopes.items():
        if module.role != "source" or _DEVELOPERS.search(module.path):
            continue
        for function in scopes:
            seen: set[str] = set()
            for name, place, message, fix, severity in _faults(program, function):
                if name not in seen:
                    seen.add(name)
                    key = f"{function.qualname}:{name}"
                    yield Finding(META.id, key, module.span(place), message, severity, fix=Fix(fix))


def _faults(program: Program, function: Function) -> Iterator[_Fault]:
    for _, call in events_of(function, Call):
        given = dict(call.keywords)
        if given or last_name(call.function) == "_create_unverified_context":
            yield from _of_call(program, function, call, given)
    if function.scope.kind in {"module", "class"}:
        for _, write in events_of(function, Write):
            yield from _of_write(program, function, write)
        yield from _django_cors(function)


# --- calls --------------------------------------------------------------------------------------------


def _of_call(program: Program, function: Function, call: Call, given: dict[str, Expr]) -> Iterator[_Fault]:
    if given.get("debug") == _TRUE or given.get("reload") == _TRUE:
        yield from _debugging(program, function, call, given)
    if given.get("allow_credentials") == _TRUE and _everybody(given.get("allow_origins"), given):
        yield from _starlette_cors(program, function, call)
    known = library_calls(program, function, call)
    cookies = given.get("supports_credentials") == _TRUE
    if cookies and known & _FLASK_CORS and _everybody(given.get("origins", Const("*")), {}):
        yield _cors(call.place, "flask_cors.CORS")
    unverified = next((name for name in ("verify", "ssl", "verify_ssl") if given.get(name) == _FALSE), "")
    if unverified and not _is_local(call) and known and all(path.startswith(_CLIENTS) for path in known):
        yield _certificates(call.place, f"{unverified}=False", min(known))
    if known & _UNVERIFIED:
        yield _certificates(call.place, "an unverified context", min(known))


def _debugging(program: Program, function: Function, call: Call, given: dict[str, Expr]) -> Iterator[_Fault]:
    known = library_calls(program, function, call)
    name = "debug" if given.get("debug") == _TRUE else "reload"
    fix = f"Take {name} from the environment, off by default."
    if known & _APPLICATIONS and name == "debug":
        text = "The application is built with debug=True: an error shows source and variables to its cause."
        yield "debug", call.place, text, fix, Severity.HIGH
    starter = next((path for path in known if path in _STARTERS and name in _STARTERS[path]), "")
    at_once = function.scope.kind == "module" and not _is_guarded(function, call)
    if starter and (at_once or _is_deployed(program, function)):
        text = f"{starter}() starts the service with {name}=True, which is for development."
        yield name, call.place, text, fix, Severity.HIGH


def _is_guarded(function: Function, call: Call) -> bool:
    regions = around(function.scope, call.region)
    return any(each.kind == "if" and is_main_guard(each.subject) for _, each in regions)


def _is_deployed(program: Program, function: Function) -> bool:
    """Whether a deployment file runs this file itself."""
    path, dotted = function.module.path, function.module.name.removesuffix(".__main__")
    name = path.rpartition("/")[2]
    return any(
        re.search(rf"python\S* (?:\S*/)?{re.escape(name)}\b|-m {re.escape(dotted)}(?:\s|$)", process)
        is not None
        for service in program.services
        for process in service.processes
    )


def _starlette_cors(program: Program, function: Function, call: Call) -> Iterator[_Fault]:
    for each in (call.function, *call.arguments[:1]):
        value = program.types.value(function, each)
        if isinstance(value, External) and value.path == _CORS:
            yield _cors(call.place, "CORSMiddleware")


def _everybody(origins: Expr | None, given: dict[str, Expr]) -> bool:
    if origins is None:
        return given.get("allow_origin_regex") in {Const(".*"), Const("^.*$"), Const("https?://.*")}
    if isinstance(origins, Container):
        return Const("*") in origins.items
    return origins == Const("*")


def _cors(place: Place, what: str) -> _Fault:
    text = f"{what} lets every origin send cookies: any page that a user visits can act in their name."
    return "cors", place, text, "Name the origins that may send cookies.", Severity.HIGH


def _is_local(call: Call) -> bool:
    first = call.arguments[0] if call.arguments else None
    return isinstance(first, Const) and isinstance(first.value, str) and bool(_LOCAL.match(first.value))


def _certificates(place: Place, what: str, symbol: str) -> _Fault:
    text = f"{symbol} is called with {what}: anybody on the way can read and change what is sent."
    return "certificates", place, text, "Verify, with the certificate of your authority.", Severity.HIGH


# --- assignments --------------------------------------------------------------------------------------


def _of_write(program: Program, function: Function, write: Write) -> Iterator[_Fault]:
    name = last_name(write.target)
    if write.value == _TRUE and name == "DEBUG" and _is_django(function):
        text = "Django runs with DEBUG = True: an error shows settings and variables to whoever caused it."
        yield "debug", write.place, text, "Take DEBUG from the environment, off by default.", Severity.HIGH
    if write.value is not None and _KEY.search(name):
        drawn, always = _draws(program, function, write.value)
        if drawn:
            text = f"{name} is drawn anew by each process: a session is valid in one worker until it ends."
            severity = Severity.HIGH if always else Severity.MEDIUM
            yield name, write.place, text, f"Read {name} from the environment, without a default.", severity


def _is_django(function: Function) -> bool:
    targets = {last_name(write.target) for _, write in events_of(function, Write)}
    return "INSTALLED_APPS" in targets and "MIDDLEWARE" in targets


def _django_cors(function: Function) -> Iterator[_Fault]:
    written = {last_name(write.target): write for _, write in events_of(function, Write)}
    every = written.get("CORS_ALLOW_ALL_ORIGINS") or written.get("CORS_ORIGIN_ALLOW_ALL")
    cookies = written.get("CORS_ALLOW_CREDENTIALS")
    if every and cookies and every.value == _TRUE and cookies.value == _TRUE:
        yield _cors(every.place, "CORS_ALLOW_ALL_ORIGINS")


def _draws(program: Program, function: Function, value: Expr) -> tuple[bool, bool]:
    """Whether a value is drawn by chance, and whether it always is."""
    if isinstance(value, Op) and value.kind == "or":
        return any(_draws(program, function, each)[0] for each in value.operands[1:]), False
    if isinstance(value, Attr):
        return _draws(program, function, value.base)
    if not isinstance(value, Result):
        return False, False
    call = function.scope.events[value.event]
    if not isinstance(call, Call):
        return False, False
    if any(map(_DRAWN.match, library_calls(program, function, call))):
        return True, True
    if isinstance(call.function, Attr) and isinstance(call.function.base, Result):  # urandom(24).hex()
        return _draws(program, function, call.function.base)
    reads = last_name(call.function) in {"get", "getenv", "config", "env", "b64encode", "str"}
    inside = [each for each in (*call.arguments, *dict(call.keywords).values()) if reads]
    return any(_draws(program, function, each)[0] for each in inside), False
