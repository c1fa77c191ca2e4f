"""Where a secret stands and what it goes by: the innermost name that is given to it."""

from __future__ import annotations

import pytest

from archguard.extract.files import extract_file
from archguard.model.facts import PythonFacts, Secret
from archguard.model.place import Place

V = "q8Xw3Lk9Zr5Tn2Vb7Mc4"
DSN = "postgresql://app:Tr0ub4dor@db.example.com/app"


def secrets_of(text: str) -> tuple[Secret, ...]:
    facts = extract_file("python", text.encode())
    assert isinstance(facts, PythonFacts)
    return facts.secrets


@pytest.mark.parametrize(
    ("text", "name", "use", "call"),
    [
        (f"password = '{V}'", "password", "assigned", ""),
        (f"a = password = '{V}'", "password", "assigned", ""),
        (f"user, password = 'u', '{V}'", "password", "assigned", ""),
        (f"self.token: str = '{V}'", "token", "assigned", ""),
        (f"app.config['SECRET_KEY'] = '{V}'", "SECRET_KEY", "assigned", ""),
        (f"DATABASES = {{'default': {{'PASSWORD': '{V}'}}}}", "PASSWORD", "key", ""),
        (f"passwords = connect(password='{V}')", "password", "argument", ""),
        (f"def f(password='{V}'): pass", "password", "parameter", ""),
        (f"if user.password == '{V}': pass", "password", "compared", ""),
        (f"if '{V}' == password: pass", "password", "compared", ""),
        (f"k = os.environ.get('API_KEY', '{V}')", "API_KEY", "fallback", "os.environ.get"),
        (f"SECRET_KEY = os.environ.get('K', '{V}')", "SECRET_KEY", "fallback", "os.environ.get"),
        (f"SECRET_KEY = os.environ.get('K') or '{V}'", "SECRET_KEY", "fallback", ""),
        (f"url = os.getenv('DATABASE_URL', '{DSN}')", "DATABASE_URL", "fallback", "os.getenv"),
        (f"secret: str = Field('{V}')", "secret", "assigned", "Field"),
        (f"user.set_password('{V}')", "user.set_password", "argument", "user.set_password"),
        (f"x = jwt.encode(payload, '{V}')", "jwt.encode", "argument", "jwt.encode"),
        (f"engine = create_engine('{DSN}')", "create_engine", "argument", "create_engine"),
        (f"dsn = '{DSN}'", "dsn", "assigned", ""),
        (f"def get_password():\n    return '{V}'", "", "returned", ""),
        (f"match password:\n    case '{V}': pass", "", "compared", ""),
    ],
)
def test_a_secret_goes_by_its_nearest_name(text: str, name: str, use: str, call: str) -> None:
    (secret,) = secrets_of(text + "\n")
    assert (secret.name, secret.use, secret.call) == (name, use, call)


def test_the_place_is_the_literals_own() -> None:
    text = f"SETTINGS = {{\n    'é': 1,\n    'password': '{V}',\n}}\n"
    (secret,) = secrets_of(text)
    assert secret.place == Place(3, 17, 3, 17 + len(V) + 2)


def test_the_scope_is_the_one_that_it_stands_in() -> None:
    first, second = secrets_of(f"password = '{V}'\nclass A:\n    password = '{V}'\n")
    assert (first.scope, second.scope) == (0, 1)


def test_a_name_that_is_itself_a_secret_is_left_out() -> None:
    key = "AKIA" + "Q3EGRT5ZJ2XKWOPL"
    (secret,) = [s for s in secrets_of(f"x = {{'{key}': '{DSN}'}}\n") if s.kind == "url-password"]
    assert key not in repr(secret)


def test_what_makes_up_an_f_string_is_said_to_be_a_part() -> None:
    (secret,) = secrets_of("headers = {'Authorization': f'Gateway {key}'}\n")
    assert "part" in secret.features
