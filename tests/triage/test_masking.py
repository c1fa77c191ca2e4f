from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.triage.formats import looks_random
from archguard.triage.masking import mask_lines, mask_source, mask_text, mask_values
from tests.triage.snapshots import finding, settled

SECRETS = st.text(
    alphabet=string.ascii_letters + string.digits + "!$%*+,-./:;<=>?@^_|~ é\U0001f600", min_size=4
)

BY_NAME = [
    'os.environ.setdefault("SECRET_KEY", "{}")',
    'os.getenv("DB_PASSWORD", default="{}")',
    'config("SECRET_KEY", cast=str, default="{}")',
    'parser.add_argument("--password", default="{}")',
    'setattr(user, "password", "{}")',
    'if password in ("a", "{}"): pass',
    'jwt.encode(claims, "{}", algorithm="HS256")',
    'PASSWORD = "{}"',
    'DB_PASSWORD: str = Field(default="{}", alias="x")',
    "self.api_key = '{}'",
    'user, password = "bob", "{}"',
    'token = os.getenv("TOKEN", "{}")',
    'connect(user="bob", password="{}")',
    'config["secret_key"] = "{}"',
    'headers = {{"x": 1, "Authorization": "{}"}}',
    'set_password("{}")',
    'x = SecretStr("{}")',
    'if password == "{}": pass',
    'SECRETS = [\n    "a",\n    b"{}",\n]',
    'client_secret = (\n    r"{}"\n    "abc"\n)',
    'PRIVATE_KEY = """\n{}\n"""',
    'if "{}" == self.password: pass',
    "PRIVATE_KEY = f'''\n{}'''",
    'def login(password: str = "{}", other=1): ...',
    'JWT_SECRET = "{}',  # never closed
]


@given(SECRETS.map(lambda s: "hunter" + s + "2"), st.sampled_from(BY_NAME))
def test_no_value_of_a_secrets_name_comes_through(secret: str, code: str) -> None:
    text = code.format(secret)
    masked = mask_source(text, python=True)
    assert secret not in masked
    assert "hunter" not in masked


@given(st.text(alphabet="ab\"'#\\\n=:([{}]), \t\r\u2028é\U0001f600", max_size=80), st.booleans())
def test_masking_moves_no_column_and_no_line(text: str, python: bool) -> None:
    text = "password = " + text
    masked = mask_source(text, python)
    assert len(masked.encode("utf-16-le")) == len(text.encode("utf-16-le"))
    assert [i for i, c in enumerate(masked) if c == "\n"][:1] == [
        i for i, c in enumerate(masked) if c == "\n"
    ][:1]
    assert masked.count("\n") == text.count("\n")


# Written in two parts, so that no scanner takes this file for a leak.
TOKENS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "xoxb-" + "123456789012-abcdefghijkl",
    "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "9f86d081884c7d65" + "9a2feaa0c55ad015",
    "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("code", ['call("{}")', "# see {}", "value: {}", "call(f'x {} y')", '"""\n{}\n"""'])
@pytest.mark.parametrize("python", [True, False])
def test_a_token_is_struck_out_wherever_it_stands(token: str, code: str, python: bool) -> None:
    assert token not in mask_source(code.format(token), python)
    assert token[8:] not in mask_source(code.format(token), python)


@pytest.mark.parametrize("python", [True, False])
def test_the_password_of_an_address_is_struck_out(python: bool) -> None:
    masked = mask_source('create_engine("postgresql://bob:hunter2@db:5432/shop")', python)
    assert masked == 'create_engine("postgresql://***********@db:5432/shop")'


def test_a_password_with_signs_of_its_own_is_struck_out_whole() -> None:
    masked = mask_source('dsn("postgresql://bob:P@ss/w\\"or\'d@db/shop")', python=True)
    assert masked == 'dsn("postgresql://****************@db/shop")'


def test_a_private_key_is_struck_out() -> None:
    kind = "RSA PRIVATE KEY"
    masked = mask_source(
        f'x = """-----BEGIN {kind}-----\nhunter2\n-----END {kind}-----"""\ny = 1', python=True
    )
    assert masked.endswith('"""\ny = 1')
    assert "hunter2" not in masked


READABLE = [
    'url = f"{settings.ticker_url}/quotes/{symbol}"',
    'response = requests.get("https://example.org/v1/quotes", timeout=5)',
    'api_key = os.environ["API_KEY"]',
    'raise HTTPException(401, detail="the token has expired")',
    'connect(password=password, name="shop")',
    'path = "app/services/quote_service_implementation.py"',
    "for token in tokens: print('word')",
    'digest = "sha256"',
    'grant = {"token_type": "bearer"}',
    'token = reply.json().get("access_token")',
    'headers = {"Authorization": f"Bearer {token}"}',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="/api/auth/token")',
    'url = f"postgresql://{user}:{password}@{host}/shop"',
    "# see https://example.org/a/b/c/tree/main/some_module_12/file.py",
    "# some basic sanitization",
    'item_id = "9b2d1c3e-0f8a-4c1d-9e2f-1a2b3c4d5e6f"',
    'token = make_token({"sub": user.id})',
    'cache_key = f"quotes:{symbol}"',
    "response.delete_cookie('access_token')",
    "SELECT id FROM sessions WHERE user_id = $1",
]


@pytest.mark.parametrize("code", READABLE)
def test_what_is_no_secret_stays_readable(code: str) -> None:
    assert mask_source(code, python=True) == code


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("API_KEY=hunter2", "API_KEY=*******"),
        ('password: "hunter2"', 'password: "*******"'),
        ("user: bob", "user: bob"),
        ("CREATE ROLE x PASSWORD 'hunter2'", "CREATE ROLE x PASSWORD *********"),
        ("export TOKEN = hunter2 # x", "export TOKEN = ******* * *"),
    ],
)
def test_files_of_other_languages(line: str, masked: str) -> None:
    assert mask_source(line, python=False) == masked


def test_a_line_of_a_megabyte_takes_no_time() -> None:
    mask_source("a" * 300_000 + " " + "b-" * 200_000 + "x = 1 " * 50_000, python=False)
    mask_text("'" * 100_000)


def test_words_and_paths_are_not_random() -> None:
    assert not looks_random("app/services/quotes_service_module_2")
    assert not looks_random("2026-06-01T12-00-00-000000")
    assert not looks_random("test_that_version_12_is_compatible_34")
    assert looks_random("9f86d081884c7d659a2feaa0c55ad015")


def test_a_secrets_own_line_shows_no_literal_at_all() -> None:
    assert mask_values('connect("bob", "pw")') == 'connect("***", "**")'
    assert mask_values("plain: value") == "plain: *****"
    files = {"a.py": 'x = 1\nconnect(\n    "bob",\n    pw\n)\n'}
    (item,) = settled(files, [finding("a.py", 2, "AG0801", end=5)]).findings
    assert item.excerpt == ("x = 1", "connect(", "    ******", "    **", "*")


def test_a_secret_beside_another_finding_is_not_shown_either() -> None:
    files = {"a.py": 'connect("bob", "pw")\nget(1)\n'}
    result = settled(files, [finding("a.py", 1, "AG0801", "s"), finding("a.py", 2)])
    assert [item.excerpt for item in result.findings] == [('connect("***", "**")', "get(1)")] * 2


SOURCE = st.lists(
    st.sampled_from(
        [
            "def f(password='hunter2'):",
            '    """A docstring',
            "    def class return",
            '    """',
            "    return {",
            "        'password': 'hunter2',",
            "    }",
            "token = (",
            "    'hunter2'",
            ")",
            "x = 'a # b'",
            "# token = hunter2",
        ]
    ),
    min_size=1,
    max_size=14,
)


def _is_nested(source: list[str]) -> bool:
    """Whether brackets open and close in order, and no statement or docstring stands inside them."""
    opened: list[str] = []
    for line in source:
        if opened and (line.startswith("def ") or '"""' in line or "return" in line):
            return False
        for character in line:
            if character in "({":
                opened.append(character)
            elif character in ")}" and (not opened or opened.pop() != {")": "(", "}": "{"}[character]):
                return False
    return not opened


@given(SOURCE, st.integers(1, 14), st.integers(0, 5))
def test_some_lines_are_masked_as_if_all_were(source: list[str], first: int, more: int) -> None:
    text = "\n".join(source)
    first = min(first, len(source))
    last = min(first + more, len(source))
    some = mask_lines(text, True, [(first, last)])
    assert sorted(some) == list(range(first, last + 1))
    if _is_nested(source):
        every = mask_source(text, python=True).split("\n")
        assert [some[n] for n in sorted(some)] == every[first - 1 : last]
