"""Events in evaluation order, each in its region; expressions as small trees."""

from __future__ import annotations

from textwrap import dedent

import pytest

from archguard.extract.files import extract_file
from archguard.model.facts import (
    Attr,
    Await,
    Call,
    Const,
    Container,
    Event,
    Expr,
    Jump,
    Lambda,
    Masked,
    Name,
    Op,
    PythonFacts,
    Raise,
    Read,
    Result,
    Return,
    Scope,
    Text,
    Write,
    Yield,
)


def facts(text: str) -> PythonFacts:
    found = extract_file("python", dedent(text).encode())
    assert isinstance(found, PythonFacts)
    assert found.problem is None
    return found


def scope(text: str, name: str = "") -> Scope:
    return next(s for s in facts(text).scopes if s.name == name)


def shown(value: Expr | None) -> str:
    """An expression as a test can say it: ``$2`` is the result of event 2."""
    match value:
        case None:
            return ""
        case Name(id):
            return id
        case Attr(base, name):
            return f"{shown(base)}.{name}"
        case Result(event):
            return f"${event}"
        case Const(constant):
            return repr(constant)
        case Masked():
            return "***"
        case Text(parts):
            return "f" + "".join(f"<{shown(p)}>" for p in parts)
        case Container(kind, items, keys):
            pairs = (
                [f"{shown(k)}:{shown(i)}" for k, i in zip(keys, items, strict=True)]
                if keys
                else map(shown, items)
            )
            return f"{kind}({', '.join(pairs)})"
        case Op(kind, operands):
            return f"{kind}[{', '.join(map(shown, operands))}]"
        case Lambda(index):
            return f"lambda{index}"
    raise AssertionError(value)


def told(event: Event, regions: list[str]) -> str:
    where = regions[event.region]
    match event:
        case Call():
            words = [*map(shown, event.arguments), *(f"{k}={shown(v)}" for k, v in event.keywords)]
            flags = ("await " if event.awaited else "") + ("drop " if event.discarded else "")
            text = f"{flags}{shown(event.function)}({', '.join(words)})"
        case Read():
            text = f"read {shown(event.value)}"
        case Write():
            note = f": {shown(event.annotation)}" if event.annotation else ""
            text = f"{shown(event.target)}{note} {event.how} {shown(event.value)}".rstrip()
        case Await():
            text = f"await {shown(event.value)}"
        case Return():
            text = f"return {shown(event.value)}".rstrip()
        case Yield():
            text = f"yield{' from' if event.delegated else ''} {shown(event.value)}".rstrip()
        case Jump():
            text = event.how
        case Raise():
            cause = f" from {shown(event.cause)}" if event.cause else ""
            text = f"raise {shown(event.value)}{cause}".rstrip()
    return f"{where}{text}"


def events(text: str, name: str = "") -> list[str]:
    """The events of a scope, each after the kinds of the regions around it."""
    found = scope(text, name)
    paths: list[str] = []
    for region in found.regions:
        outer = paths[region.parent] if region.parent >= 0 else ""
        paths.append(
            "" if region.kind == "scope" else f"{outer}{'async ' if region.is_async else ''}{region.kind}/"
        )
    return [told(e, paths) for e in found.events]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "f(g(a), *b, k=h(), **m)",
            ["read a", "g(a)", "read b", "h()", "read m", "drop f($1, *[b], k=$3, **=m)"],
        ),
        ("x = a.b.c", ["read a.b.c", "x = a.b.c"]),
        ("a.b.c(1).d", ["a.b.c(1)", "read $0.d"]),
        ("x = a.b[0].c", ["read a.b", "read subscript[a.b, 0].c", "x = subscript[a.b, 0].c"]),
        ("a = b = f()", ["f()", "a = $0", "b = $0"]),
        ("a, *b = f()", ["f()", "tuple(a, *[b]) = $0"]),
        ("x.y[k()] = v()", ["v()", "k()", "subscript[x.y, $1] = $0"]),
        ("x.y += f()", ["f()", "x.y aug $0"]),
        ("x: int", ["x: int ="]),
        ("x: A[f()] = g()", ["g()", "f()", "x: subscript[A, $1] = $0"]),
        ("while f():\n    break\nelse: f()", ["while/f()", "while/break", "loop-else/drop f()"]),
        ("for a in b:\n    continue", ["read b", "for/a for b", "for/continue"]),
        ("del a, b[c()]", ["a del", "c()", "subscript[b, $1] del"]),
        ("assert f(), g()", ["f()", "g()"]),
        ("if (n := f()): pass", ["f()", "n := $0"]),
        ("a or b() and not c", ["read a", "b()", "read c"]),
        ("x = 1 if t() else f()", ["t()", "f()", "x = if[$0, 1, $1]"]),
        ("x = f'a{b()!r:>{w()}}c'", ["b()", "w()", "x = f<'a'><$0><'c'>"]),
        ("x = {1: a(), **b()}", ["a()", "b()", "x = dict(1:$0, '**':$1)"]),
        ("x = [1, -2, ~y]", ["read y", "x = list(1, unary-[2], unary~[y])"]),
        ("x = a < b() <= c", ["read a", "b()", "read c", "x = cmp< <=[a, $1, c]"]),
        ("x = a not in b", ["read a", "read b", "x = cmp not in[a, b]"]),
        ("x = a[1:n:2]", ["read a", "read n", "x = subscript[a, slice[1, n, 2]]"]),
        ("x = a @ b % c", ["read a", "read b", "read c", "x = bin%[bin@[a, b], c]"]),
        ("x = ... , b'bytes', 1j", ["x = tuple(None, None, None)"]),
        ("x = 10 ** 30 + 99999999999999999999999", ["x = bin+[bin**[10, 30], None]"]),
        ("x = '\\ud800'", ["x = '?'"]),
        ("len(str(x))", ["read x", "str(x)", "drop len($1)"]),
        ("raise E() from e", ["E()", "read e", "raise $0 from e"]),
        ("f.g()()", ["f.g()", "drop $0()"]),
        ("print('a' 'b')", ["drop print('ab')"]),
        ("'only text'; 1; ...", []),
    ],
)
def test_statements_and_expressions(text: str, expected: list[str]) -> None:
    assert events(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in f(): g(i)\nelse: h()", ["f()", "for/i for $0", "for/drop g(i)", "loop-else/drop h()"]),
        ("while f(): g()\nelse: h()", ["while/f()", "while/drop g()", "loop-else/drop h()"]),
        (
            "with a() as b, c(b): d()",
            ["a()", "with/b with $0", "with/c(b)", "with/with/drop d()"],
        ),
        (
            "try: a()\nexcept E as e: b(e)\nexcept (F, G): c()\nelse: d()\nfinally: h()",
            [
                "try/drop a()",
                "read E",
                "except/e except E",
                "except/drop b(e)",
                "read F",
                "read G",
                "except/drop c()",
                "try-else/drop d()",
                "finally/drop h()",
            ],
        ),
        ("try: a()\nexcept* E: b()", ["try/drop a()", "read E", "except/drop b()"]),
        (
            "if a(): b()\nelif c(): d()\nelse: e()",
            ["a()", "if/drop b()", "else/c()", "else/if/drop d()", "else/else/drop e()"],
        ),
        (
            "match f():\n case 1 | E.x: a()\n case [b, *c] if d(b): e()\n case {'k': v, **r}: pass\n case C(y=z) as w: pass",  # noqa: E501
            [
                "f()",
                "case/read E.x",
                "case/drop a()",
                "case/b match $0",
                "case/c match $0",
                "case/d(b)",
                "case/drop e()",
                "case/v match $0",
                "case/r match $0",
                "case/read C",
                "case/z match $0",
                "case/w match $0",
            ],
        ),
        (
            "x = [g(a, b) for a in f() if h(a) for b in a.k()]",
            [
                "f()",
                "comprehension/a for $0",
                "comprehension/h(a)",
                "comprehension/a.k()",
                "comprehension/comprehension/b for $3",
                "comprehension/comprehension/g(a, b)",
                "x = listcomp[$5]",
            ],
        ),
        (
            "x = {a: 1 for a in y}\nz = a",
            ["read y", "comprehension/a for y", "x = dictcomp[a, 1]", "read a", "z = a"],
        ),
    ],
)
def test_regions(text: str, expected: list[str]) -> None:
    assert events(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await f()", ["await drop f()"]),
        ("x = await f()", ["await f()", "x = await[$0]"]),
        ("await t", ["read t", "await t"]),
        ("return await f()", ["await f()", "return await[$0]"]),
        ("async for i in f(): g()", ["f()", "async for/i for $0", "async for/drop g()"]),
        ("async with a() as b: c()", ["a()", "async with/b with $0", "async with/drop c()"]),
        ("x = [i async for i in f()]", ["f()", "async comprehension/i for $0", "x = listcomp[i]"]),
        ("x = yield v()", ["v()", "yield $0", "x = yield[$0]"]),
        ("return", ["return"]),
        ("raise", ["raise"]),
        ("return p", ["return p"]),
        ("import m; return m", ["return m"]),
        ("for q in p:\n  if prev: f()\n  prev = q", ["for/q for p", "for/if/drop f()", "for/prev = q"]),
        ("global g\ng = g + 1", ["read g", "g = bin+[g, 1]"]),
    ],
)
def test_what_happens_in_functions(body: str, expected: list[str]) -> None:
    indented = body.replace("\n", "\n ")
    assert events(f"async def fn(p):\n {indented}\n", "fn") == expected


def test_a_yield_makes_a_generator() -> None:
    found = scope("def f():\n yield from g()\n", "f")
    assert found.is_generator
    assert events("def f():\n yield from g()\n", "f") == ["g()", "yield from $0"]


def test_a_read_before_its_binding_in_a_loop_is_taken_back_with_all_indexes() -> None:
    text = """
    def f(items):
        for item in items:
            if before:
                g(before)
            h(k(item))
            @deco(n(item))
            def inner(x=m()): pass
            before = item
    """
    assert events(text, "f") == [
        "for/item for items",
        "for/if/drop g(before)",
        "for/k(item)",
        "for/drop h($2)",
        "for/n(item)",
        "for/deco($4)",
        "for/m()",
        "for/before = item",
    ]
    inner = scope(text, "inner")
    assert inner.decorators == (Result(5),)
    assert inner.parameters[0].default == Result(6)
    assert inner.position == 7


def test_the_header_of_a_function_belongs_to_the_scope_around_it() -> None:
    text = """
    @app.get("/x", deps=[d()])
    async def f(a, /, b: "Optional[X]" = one(), *c: int, k: Annotated[S, Depends(g)] = 2, **m) -> "a.B|None":
        '''First line.

        More.'''
    """
    assert events(text) == [
        "d()",
        "app.get('/x', deps=list($0))",
        "one()",
        "read g",
        "Depends(g)",
    ]
    found = scope(text, "f")
    assert [(p.name, p.kind, shown(p.annotation), shown(p.default)) for p in found.parameters] == [
        ("a", "positional", "", ""),
        ("b", "normal", "subscript[Optional, X]", "$2"),
        ("c", "var", "int", ""),
        ("k", "keyword", "subscript[Annotated, tuple(S, $4)]", "2"),
        ("m", "kwargs", "", ""),
    ]
    assert shown(found.returns) == "bin|[a.B, None]"
    assert (found.doc, found.is_async, found.stub, found.position) == ("First line.", True, True, 5)


def test_a_class_is_a_scope_whose_header_belongs_outside() -> None:
    text = """
    @register
    class A(Base, metaclass=M, table=t()):
        x: int = f()
        def m(self): return self.x
    """
    assert events(text) == ["read register", "read Base", "read M", "t()"]
    assert events(text, "A") == ["f()", "x: int = $0"]
    found = scope(text, "A")
    assert [shown(b) for b in found.bases] == ["Base"]
    assert [(k, shown(v)) for k, v in found.keywords] == [("metaclass", "M"), ("table", "$3")]
    assert [s.parent for s in facts(text).scopes] == [-1, 0, 1]


def test_a_lambda_is_a_scope_that_returns() -> None:
    text = "if c:\n x = f(lambda a, b=g(): h(a))\n"
    assert events(text) == ["read c", "if/g()", "if/f(lambda1)", "if/x = $2"]
    assert events(text, "<lambda>") == ["h(a)", "return $0"]
    assert scope(text, "<lambda>").region == 1


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("...", True),
        ("pass", True),
        ("'doc'", True),
        ("raise NotImplementedError('x')", True),
        ("return 1", False),
    ],
)
def test_stubs_do_nothing(body: str, stub: bool) -> None:
    assert scope(f"def f(): {body}\n", "f").stub is stub


def test_names_declared_elsewhere_are_kept() -> None:
    found = scope("def f():\n global a, b\n nonlocal_ = 1\n", "f")
    assert (found.globals, found.nonlocals) == (("a", "b"), ())


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("'X'", "X"),
        ("Optional['a.X']", "subscript[Optional, a.X]"),
        ("Literal['a', 'b']", "subscript[Literal, tuple('a', 'b')]"),
        ("Annotated['X', 'doc']", "subscript[Annotated, tuple(X, 'doc')]"),
        ("'list[\"X\"]'", "subscript[list, X]"),
        ("dict[str, 'X'] | None", "bin|[subscript[dict, tuple(str, X)], None]"),
        ("Callable[['X'], int]", "subscript[Callable, tuple(list(X), int)]"),
        ("'not an annotation'", "'not an annotation'"),
    ],
)
def test_annotations_written_as_text_are_read(annotation: str, expected: str) -> None:
    found = scope(f"x: {annotation}\n").events[0]
    assert isinstance(found, Write)
    assert shown(found.annotation) == expected


def test_long_text_is_cut_but_not_sql() -> None:
    text = f"x = '{'word ' * 100}'\ny = '''\n   -- note\n   select {'a, ' * 100} b'''\n"
    first, second = (e.value for e in scope(text).events if isinstance(e, Write))
    assert isinstance(first, Const)
    assert isinstance(second, Const)
    assert len(str(first.value)) == 200
    assert str(second.value).endswith(" b")


def test_a_deep_expression_is_cut_and_its_calls_are_kept() -> None:
    text = "x = " + "[" * 60 + "f()" + "]" * 60 + "\ny = " + " + ".join(["g()"] * 300) + "\n"
    found = scope(text)
    assert sum(isinstance(e, Call) for e in found.events) == 301
    assert all(shown(e.value).count("[") <= 45 for e in found.events if isinstance(e, Write))
    assert "?[]" in shown(next(e.value for e in found.events if isinstance(e, Write)))


def test_a_long_chain_of_elif_or_calls_is_read() -> None:
    text = "if a: pass\n" + "".join(f"elif a == {n}: f({n})\n" for n in range(900))
    chained = "x = q" + "".join(f".where({n})" for n in range(700)) + "\n"
    assert sum(isinstance(e, Call) for e in scope(text).events) == 900
    assert sum(isinstance(e, Call) for e in scope(chained).events) == 700
