"""Secrets in files that are not Python: where they stand, and that what is no value is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.extract.files import extract_file
from archguard.extract.key_values import SIZE_LIMIT
from archguard.model.facts import Secret
from archguard.model.sources import FileKind

V = "q8Xw3Lk9Zr5Tn2Vb7Mc4"
AWS = "AKIA" + "Q3EGRT5ZJ2XKWOPL"


def secrets_of(kind: FileKind, text: str) -> tuple[Secret, ...]:
    return extract_file(kind, text.encode()).secrets


FOUND: list[tuple[FileKind, str, str]] = [
    ("env", "SECRET_KEY={v}", "SECRET_KEY"),
    ("env", "export API_KEY='{v}' # why", "API_KEY"),
    ("env", 'MAIL_PASSWORD="{v}"', "MAIL_PASSWORD"),
    ("env", 'KEY="-----BEGIN\n"\nDB_PASSWORD={v}', "DB_PASSWORD"),
    ("config", "password: {v}", "password"),
    ("config", "  - PASSWORD={v}", "PASSWORD"),
    ("config", '  - "PASSWORD={v}"', "PASSWORD"),
    ("config", "a:\n  - name: DB_PASSWORD\n    value: '{v}'", "DB_PASSWORD"),
    ("config", "spring.datasource.password={v}", "spring.datasource.password"),
    ("config", "password = {v}", "password"),
    ("config", "ENV TOKEN={v}", "TOKEN"),
    ("config", "ARG TOKEN {v}", "TOKEN"),
    ("config", "export PGPASSWORD={v}", "PGPASSWORD"),
    ("script", '{{"apiKey": "{v}"}}', "apiKey"),
    ("script", "const apiKey: string = '{v}';", "apiKey"),
    ("script", "client({{ token: `{v}` }})", "token"),
    ("script", 'password   = "{v}"', "password"),
    ("script", "password => '{v}'", "password"),
]


@pytest.mark.parametrize(("kind", "text", "name"), FOUND)
def test_a_named_value_is_found_at_its_place(kind: FileKind, text: str, name: str) -> None:
    text = text.format(v=V) + "\n"
    (secret,) = secrets_of(kind, text)
    line = text.split("\n")[secret.place.line - 1]
    assert secret.name == name
    assert line[secret.place.column - 1 : secret.place.end_column - 1].strip("'") == V


@pytest.mark.parametrize("kind", ["env", "config", "script"])
@pytest.mark.parametrize(
    ("text", "kind_of_secret"),
    [
        ("anything: 'mysql://shop:Tr0ub4dor@db.example.com/shop'", "url-password"),
        (f"x = '{AWS}'", "aws-access-key"),
        (f"# {AWS}", "aws-access-key"),
        (f"curl -H 'Authorization: Bearer {V}'", "authorization-header"),
        ("cert = '''-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEAy8Dbv8prpJ\n'''", "private-key"),
    ],
)
def test_formats_need_no_name(kind: FileKind, text: str, kind_of_secret: str) -> None:
    assert [secret.kind for secret in secrets_of(kind, text + "\n")] == [kind_of_secret]


NOTHING: list[tuple[FileKind, str]] = [
    ("env", "SECRET_KEY=\nPORT=8000"),
    ("env", "# SECRET_KEY=" + V),
    ("config", "password:"),
    ("config", "password: # later"),
    ("config", "password: |\n  text"),
    ("config", "password: &anchor"),
    ("config", "token: bearer"),
    ("config", "# password: " + V),
    ("script", "password: user.password"),
    ("script", "if (token == '" + V + "') {}"),
    ("script", "checksum = '" + V + "'"),
    ("script", "password = get('')"),
]


@pytest.mark.parametrize(("kind", "text"), NOTHING)
def test_what_is_no_value_of_a_secret_is_left_alone(kind: FileKind, text: str) -> None:
    assert secrets_of(kind, text + "\n") == ()


def test_files_too_large_or_not_text_are_not_searched() -> None:
    text = f"password: {V}\n"
    assert secrets_of("config", "#" * SIZE_LIMIT + "\n" + text) == ()
    assert extract_file("config", b"\0" + text.encode()).secrets == ()


def test_bytes_that_are_no_text_cost_nothing_else() -> None:
    (secret,) = extract_file("config", b"# \xff\xfe\xc4\xb0\r\npassword: " + V.encode() + b"\r\n").secrets
    assert (secret.place.line, secret.place.column) == (2, 11)


@pytest.mark.parametrize("kind", ["env", "config", "script"])
@given(text=st.text(st.sampled_from("aA0 =:'\"\n-_{}$#@/İß\x85\u2028passwordTOKENkey"), max_size=300))
def test_any_text_can_be_read(kind: FileKind, text: str) -> None:
    lines = text.split("\n")
    for secret in secrets_of(kind, text):
        assert 1 <= secret.place.line <= secret.place.end_line <= len(lines)


@pytest.mark.parametrize(
    "text",
    [
        "password: " + "a" * 3_000,
        "key " * 60_000,
        "password=" * 30_000,
        "a" * 290_000,
        '"' * 200_000,
        "token\n" * 40_000,
    ],
)
def test_no_text_takes_forever(text: str) -> None:
    assert extract_file("config", text.encode()).lines
    assert extract_file("script", text.encode()).lines
    assert extract_file("env", text.encode()).lines
