"""Secrets in providers' own formats, put together here so that no scanner takes these files for a leak."""

from __future__ import annotations

import pytest

from archguard.model.finding import Finding
from archguard.rules.configuration.hardcoded_secret import check
from tests.support.programs import program_of

LIVE = {
    "aws": "AKIA" + "Q3EGRT5ZJ2XKWOPL",
    "github": "ghp_" + "a8Fk2LmQ9xTz4RbVn7WcYd1HsJ3PgE6uXo0i",
    "gitlab": "glpat-" + "x9Kq2mZt7LwPvR4sNb3c",
    "openai": "sk-proj-" + "Ab3dEf6hIj9kLmN0pQrStUv",
    "anthropic": "sk-ant-" + "api03-Kq2mZt7LwPvR4sNb3cQe6uTfHj",
    "google": "AIza" + "SyD8x7Kq2mZt9LwPvR4sNb3cQe6uTfHjYoI",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "sendgrid": "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc1s5crQw",
    "discord": "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "telegram": "110201543" + ":AAHdqTcvCH1vGWJxfSe1ofSAs0K5PALDsaw",
    "slack webhook": "https://hooks.slack" + ".com/services/T0A1B2C3D/B0A1B2C3D/x9Kq2mZt7LwPvR4sNb3cQe6u",
    "mailchimp": "343ea45721923ed956e2b38c31db76aa" + "-us30",
    "azure": "DefaultEndpointsProtocol=https;AccountKey="
    + "lJzRc1YdHaAA2KCNJJ1tkYwF+mKK6Ygw" * 2
    + "0NGe170Xu592euJv2wYUtB==",
}
KEY = (
    "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEAy8Dbv8prpJ/0kKhlGeJYozo2t60EG8L0561g13R29LvMR5hy\n"
)

NEARLY = {
    "too short": "AKIA" + "Q3EGRT5Z",
    "typed by hand": "AKIA" + "Z" * 16,
    "in the documentation": "AKIA" + "IOSFODNN7EXAMPLE",
    "publishable": "pk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a name": "sk-learn-classifier-model-name",
    "another prefix": "glpat_" + "hellOworld380_testin",
    "an account's number": "AC" + "9f86d081884c7d659a2feaa0c55ad015",
    "no JSON": "eyJAAAAAAAAA.eyJBBBBBB",
    "only the marker": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "random, nameless": "q8Xw3Lk9Zr5Tn2Vb7Mc4Jd6Hs1Pf0Gy",
    "a digest": "9f86d081884c7d659a2feaa0c55ad015",
}


def found_in(value: str, path: str = "app.py") -> list[Finding]:
    return list(check(program_of({path: f"x = {value!r}\n"})))


@pytest.mark.parametrize("value", [pytest.param(v, id=k) for k, v in LIVE.items()])
def test_a_providers_format_needs_no_name(value: str) -> None:
    (finding,) = found_in(value)
    assert (str(finding.severity), finding.key) == ("critical", "app.x")
    assert value[12:] not in repr(finding)


@pytest.mark.parametrize("value", [pytest.param(v, id=k) for k, v in LIVE.items()])
def test_in_tests_it_is_low(value: str) -> None:
    (finding,) = found_in(value, "tests/test_app.py")
    assert str(finding.severity) == "low"


@pytest.mark.parametrize("value", [pytest.param(v, id=k) for k, v in NEARLY.items()])
def test_what_only_resembles_a_format_is_left_alone(value: str) -> None:
    assert found_in(value) == []


def test_a_private_key_is_one_and_in_tests_a_fixture() -> None:
    assert [str(f.severity) for f in found_in(KEY)] == ["critical"]
    assert found_in(KEY, "tests/test_app.py") == []


def test_equal_names_in_one_scope_are_numbered() -> None:
    program = program_of({"app.py": "password = 'b1lling-m4iler'\npassword = 'b1lling-m4iler-2'\n"})
    assert [f.key for f in check(program)] == ["app.password", "app.password#2"]
