"""No value of a secret is in any output, cache, log or traceback: planted ones of every kind, looked for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from archguard.extract.files import extract_file
from archguard.model.sources import FileKind
from archguard.pipeline import Request, analyse
from archguard.rules.catalogue import rules
from tests.support.command_line import call, git, repository, write

# Each is unlike every other word of these files; formats are put together so that no scanner takes them
# for leaks.
PLAIN = "Tr0ub4dor"
WORD = "hunterling"
NAMED = "lantern-secret"
KEYED = "q8Xw3Lk9Zr5Tn2Vb7Mc4"
AWS = "AKIA" + "Q3EGRT5ZJ2XKWOPL"
GITHUB = "ghp_" + "a8Fk2LmQ9xTz4RbVn7WcYd1HsJ3PgE6uXo0i"
PEM = "MIIEowIBAAKCAQEAy8Dbv8prpJ0kKhlGeJYozo2t60EG8L0561g13R29LvMR5hy"
VALUES = (PLAIN, WORD, NAMED, KEYED, AWS, GITHUB, PEM)

FILES = {
    "app/main.py": f"""import os
import jwt
import logging
import requests
from fastapi import FastAPI

app = FastAPI(debug=True)
logger = logging.getLogger(__name__)
password = "{PLAIN}"
SECRET_KEY = os.environ.get("SECRET_KEY", "{KEYED}")
holder = Holder(secret=SecretStr("{NAMED}"))
ADMIN_PASSWORD = os.getenv("ADMIN_PASSWORD") or "{WORD}"
DSN = "postgresql://shop:{PLAIN}@db.internal.example.com/shop"
KEYS = {{
    "harmless": 1,
    "password": "{WORD}",
    "anything": ["{AWS}", "{GITHUB}"],
}}
PRIVATE = '''-----BEGIN RSA PRIVATE KEY-----
{PEM}
-----END RSA PRIVATE KEY-----'''


def connect(token="{KEYED}"):  # TODO: password={WORD}
    return requests.get("https://shop:{PLAIN}@example.com", headers={{"X-Api-Key": "{KEYED}"}})


@app.get("/x")
async def show(user):
    logger.info("password={PLAIN}")
    logger.info(f"token={{password}} {GITHUB}")
    if user.password == "{WORD}":
        connect()
    return jwt.encode({{}}, "{WORD}")
""",
    "app/broken.py": f'password = "{PLAIN}"\n  api_key = "{KEYED}" (\n',
    ".env": f"SECRET_KEY={KEYED}\nexport PASSWORD='{WORD}'\nDATABASE_URL=mysql://a:{PLAIN}@db/x\nK={AWS}\n",
    "docker-compose.yml": f"services:\n  a:\n    environment:\n      - PASSWORD={PLAIN}\n"
    f"      API_KEY: {KEYED}\n      TOKEN: {GITHUB} # {GITHUB}\n      DB_PASSWORD: {WORD}\n",
    "Dockerfile": f"FROM python\nENV PASSWORD={PLAIN}\nARG TOKEN {GITHUB}\nCMD serve --password {WORD}\n",
    "web/a.ts": f"const apiKey = '{KEYED}'; // {AWS}\nconst pem = `-----BEGIN PRIVATE KEY-----\n{PEM}\n`;\n",
    "infra/a.tf": f'password = "{PLAIN}"\n',
    "a.sql": f"CREATE ROLE a PASSWORD '{PLAIN}';\nALTER ROLE b PASSWORD '{WORD}' (;\n",
    "a.json": f'{{"token": "{KEYED}", "dsn": "redis://:{PLAIN}@r/0"}}\n',
    "a.sh": f"export PGPASSWORD={PLAIN}\ncurl -H 'Authorization: Bearer {KEYED}' https://a.example\n",
    "tests/test_a.py": f"KEY = '{AWS}'\nPASSWORD = '{WORD}'\n",
}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", FILES)


def leaks(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    return [value for value in VALUES if value.encode() in content]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_no_format_of_a_scan_shows_a_value(
    planted: Path, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    options = ("--format", form, "--surface", "report", "--severity", "low", "--no-cache")
    found = call(capfd, "scan", planted, *options)
    assert "AG0801" in found.out
    assert leaks(found.out + found.err) == []


def test_what_is_new_is_shown_without_its_value(planted: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write(planted, {"app/new.py": f"password = '{PLAIN}'\napi_key = '{KEYED}'\n"})
    git(planted, "add", "-A")
    found = call(capfd, "scan", planted, "--since", "HEAD", "--format", "text", "--severity", "low")
    assert "new.py" in found.out
    assert leaks(found.out + found.err) == []


def test_no_file_of_a_review_holds_a_value(
    planted: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = call(capfd, "review", planted, "--directory", tmp_path / "out", "--no-cache")
    written = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert len(written) >= 4
    assert {path.name: leaks(path.read_bytes()) for path in written} == {path.name: [] for path in written}
    assert leaks(found.out + found.err) == []


def test_no_cache_holds_a_value(planted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    analyse(Request(planted, cache_dir=folder))
    kept = sorted(folder.rglob("*.bin"))
    assert len(kept) == 3  # facts, resolved calls and the outcome
    for path in kept:
        assert leaks(path.read_bytes()) == []


KINDS: list[tuple[FileKind, str]] = [
    ("python", "app/main.py"),
    ("env", ".env"),
    ("config", "docker-compose.yml"),
    ("config", "Dockerfile"),
    ("config", "a.sh"),
    ("script", "web/a.ts"),
    ("script", "a.json"),
    ("script", "infra/a.tf"),
    ("sql", "a.sql"),
]


@pytest.mark.parametrize(("kind", "path"), KINDS)
def test_no_facts_hold_a_value(kind: FileKind, path: str) -> None:
    facts = extract_file(kind, FILES[path].encode())
    assert leaks(msgspec.msgpack.encode(facts)) == []
    assert facts.secrets


def test_a_rule_that_breaks_says_nothing_of_what_it_read(
    planted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from archguard.rules.configuration import hardcoded_secret

    def broken(program: object) -> object:
        raise ValueError(f"{program} {PLAIN} {KEYED}")

    assert any(info.id == "AG0801" for info in rules())
    monkeypatch.setattr(hardcoded_secret, "check", broken)
    found = call(capfd, "scan", planted, "--no-cache", "--format", "text", "--select", "AG0801")
    assert "ValueError" in found.err
    assert leaks(found.out + found.err) == []
