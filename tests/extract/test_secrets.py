"""A secret's value exists nowhere outside the source, and what is no secret stays readable."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archguard.extract.files import extract_file
from archguard.extract.secret_formats import secret_format
from archguard.extract.secret_names import secret_name
from archguard.extract.secret_values import entropy, features_of
from archguard.model.facts import PythonFacts

PLANTED = "hunter2Zq"


def encoded(text: str) -> bytes:
    facts = extract_file("python", text.encode())
    assert isinstance(facts, PythonFacts)
    assert facts.problem is None
    return msgspec.msgpack.encode(facts)


# Each format once, written in two pieces so that no scanner takes this file for a leak.
FORMATS = {
    "aws-access-key": "AKIA" + "Q3EGRT5ZJ2XKWOPL",
    "github-token": "ghp_" + "a8Fk2LmQ9xTz4RbVn7WcYd1HsJ3PgE6uXo0i",
    "gitlab-token": "glpat-" + "x9Kq2mZt7LwPvR4sNb3c",
    "slack-token": "xoxb-" + "123456789012-abcdefABCDEF",
    "slack-webhook": "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdef123456",
    "stripe-key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "openai-key": "sk-proj-" + "Ab3dEf6hIj9kLmN0pQrStUv",
    "google-api-key": "AIza" + "SyD8x7Kq2mZt9LwPvR4sNb3cQe6uTfHjYoI",
    "sendgrid-key": "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc1s5cr",
    "npm-token": "npm_" + "9f8Gh2Jk4Lm6Np8Qr0St2Uv4Wx6Yz8Ab0Cd",
    "pypi-token": "pypi-" + "AgEIcHlwaS5vcmcCJDg3ZTk0",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
    "url-password": "postgresql://app:" + PLANTED + "@db:5432/app",
    "hex-high-entropy": "9f86d081884c7d65" + "9a2feaa0c55ad015",
    "base64-high-entropy": "q8Xw3Lk9Zr5Tn2Vb7" + "Mc4Jd6Hs1Pf0Gy+/=",
    "stated-password": "ALTER ROLE app PASSWORD '" + PLANTED + "'",
    "authorization-header": "Authorization: Bearer " + "a1b2c3d4e5f6",
}


@pytest.mark.parametrize(("kind", "value"), FORMATS.items())
def test_a_known_format_is_recognised(kind: str, value: str) -> None:
    assert secret_format(value) == kind
    assert secret_format(f"prefix {value} suffix")


CONTEXTS = [
    "password = {v!r}",
    "self.db_password = {v!r}",
    "API_KEY: str = {v!r}",
    "connect(password={v!r})",
    "def f(secret={v!r}): pass",
    "def f(*, auth_token={v!r}): pass",
    "x = {{'password': {v!r}}}",
    "config['SECRET_KEY'] = {v!r}",
    "if password == {v!r}: pass",
    "if {v!r} == user.password: pass",
    "x = os.getenv('DB_PASSWORD', {v!r})",
    "x = os.environ.get('API_TOKEN', default={v!r})",
    "SECRET_KEY = os.environ.get('K', {v!r})",
    "SECRET_KEY = os.environ.get('K') or {v!r}",
    "PASSWORD = {v!r} if debug else None",
    "user, password = 'bob', {v!r}",
    "password = {v!r}.encode()",
    "password = b{v!r}",
    "api_key: SecretStr = SecretStr({v!r})",
    "token: str = Field({v!r}, env='X')",
    "token: str = Field(default={v!r})",
    "secret = f'{v}{{suffix}}'",
    "secret = {v!r} + suffix",
    "passwords = [{v!r}]",
    "SECRETS = {{'stripe': {v!r}}}",
    "setattr(obj, 'password', {v!r})",
    "user.set_password({v!r})",
    "auth = ('bob', {v!r})",
    "headers = {{'Authorization': 'Token ' + {v!r}}}",
    "if (password := {v!r}): pass",
    "engine = create_engine('postgresql://app:{v}@db/app')",
    "engine = create_engine(f'postgresql://{{user}}:{v}@{{host}}/app')",
    "dsn = 'host=db password={v} dbname=x'",
    "db.execute(\"CREATE USER x WITH PASSWORD '{v}'\")",
    "requests.get('https://x.example/?api_key={v}')",
    'body = \'{{"password": "{v}"}}\'',
    "x = 1  # TODO: password={v}",
    "x = 1  # TODO: postgresql://app:{v}@db",
    "def f():\n    '''Uses postgresql://app:{v}@db.'''",
    "def f(x: 'Annotated[str, dict(password=\"{v}\")]'): pass",
    "match password:\n    case {v!r}: pass",
    "lambda password={v!r}: password",
    "hmac.compare_digest(x, {v!r})",
    "def get_password():\n    return {v!r}",
]


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_value_named_as_secret_leaves_no_trace(context: str) -> None:
    assert PLANTED.encode() not in encoded(context.format(v=PLANTED) + "\n")


@pytest.mark.parametrize(
    "context",
    [
        "x = os.environ.get('SECRET_KEY', {v!r})",
        "x = os.environ['A'] or os.getenv('API_TOKEN', {v!r})",
        "PASSWORD = config('DB_PASSWORD', {v!r})",
        "headers.get('token', {v!r})",
    ],
)
def test_a_value_that_reads_like_a_name_is_masked_where_a_name_came_before(context: str) -> None:
    value = "not-so-secret-77"
    assert value.encode() not in encoded(context.format(v=value) + "\n")


@given(
    context=st.sampled_from(CONTEXTS),
    value=st.text(
        st.sampled_from("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"), min_size=12, max_size=40
    ),
)
def test_no_secret_survives_in_any_context(context: str, value: str) -> None:
    value = f"Zq{value}"
    assert value.encode() not in encoded(context.format(v=value) + "\n")


PLACES = [
    "x = {v!r}",
    "f({v!r})",
    "f(a={v!r})",
    "x = [{v!r}]",
    "x = {{{v!r}: 1}}",
    "x = f'{v}{{y}}'",
    "x = 'a ' '{v}' ' b'",
    "x = b{v!r}",
    "assert x != {v!r}",
    "def f(a={v!r}): return {v!r}",
    "x: Literal[{v!r}] = y",
    "x = 'word ' * 60 + {v!r}",
    "x = '" + "word " * 60 + "{v}'",
    "def f():\n    '''{v}'''",
    "x = 1  # noqa {v}",
    "class A:\n    b = {v!r}",
]


@given(
    place=st.sampled_from(PLACES),
    value=st.sampled_from(
        sorted(set(FORMATS.values()) - {FORMATS["stated-password"], FORMATS["private-key"]})
    ),
)
def test_a_secret_format_survives_nowhere(place: str, value: str) -> None:
    assert value.rpartition(" ")[2].encode() not in encoded(place.format(v=value) + "\n")


@given(st.from_regex(r"[0-9a-f]{32,64}", fullmatch=True))
def test_random_hexadecimal_survives_nowhere(value: str) -> None:
    if entropy(value) >= 3 and not value.isdigit():
        assert value.encode() not in encoded(f"x = {value!r}\n")


NAMED = {
    "named-password": ["password", "DB_PASSWORD", "dbPassword", "user_passwd", "pwd", "password_hash"],
    "named-token": ["token", "auth_token", "ACCESS_TOKEN", "refreshToken", "csrf_token"],
    "named-secret": ["secret", "client_secret", "SECRET"],
    "named-secret-key": ["SECRET_KEY", "secret_key", "ENCRYPTION_KEY"],
    "named-api-key": ["api_key", "apikey", "apiKey", "X-API-Key", "STRIPE_API_KEY"],
    "named-access-key": ["AWS_SECRET_ACCESS_KEY", "access_key"],
    "named-private-key": ["private_key", "PRIVATE_KEY"],
    "named-credential": ["credentials", "credential"],
    "named-auth": ["auth", "Authorization", "basic_auth"],
}


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, names in NAMED.items() for n in names])
def test_names_of_secrets(kind: str, name: str) -> None:
    assert secret_name(name) == kind


@pytest.mark.parametrize(
    "name",
    """token_url tokenUrl token_type TOKEN_TYPE password_field secret_name key_path PRIVATE_KEY_PATH api_url
    auth_header AUTH_HEADER next_token nextToken page_token NextToken max_tokens tokenizer token_count
    ACCESS_TOKEN_EXPIRE_MINUTES password_min_length author authority secretary keyboard
    primary_key foreign_key sort_key cache_key password_reset_url token_endpoint
    secret_id has_password use_auth auth_provider auth_backend
    password_validator keys monkey oauth2_scheme username email pwd_context eos_token
    token_prefix""".split(),  # noqa: SIM905
)
def test_names_of_what_surrounds_secrets(name: str) -> None:
    assert secret_name(name) == ""


@pytest.mark.parametrize(
    "value",
    [
        "get_current_active_superuser_from_token",
        "application/vnd.openxmlformats-officedocument",
        "/api/v1/organizations/{organization_id}/members",
        "123e4567-e89b-12d3-a456-426614174000",
        "https://example.com/some/long/path/to/a/resource",
        "postgresql+asyncpg://{user}:{password}@{host}/{name}",
        "postgresql://%s:%s@%s/%s",
        "redis://localhost:6379/0",
        "SELECT * FROM users WHERE password = :password AND token = %s",
        "Invalid password: it must have at least eight characters",
        "Content-Type: application/json; charset=utf-8",
        "OAuth2PasswordRequestFormStrict",
        "========================================",
        "00000000000000000000000000000000",
        "Bearer {token}",
        "Use a Bearer token to authenticate",
        "user@example.com",
        "The quick brown fox jumps over the lazy dog",
        "abcdefghijklmnopqrstuvwxyz",
        "SomeVeryLongClassNameWithManyWords2Factory",
        "MIGRATION_0042_ADD_COLUMN_TO_TABLE",
        "2024-01-01T00:00:00+00:00",
    ],
)
def test_what_is_no_secret_stays_readable(value: str) -> None:
    assert secret_format(value) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("API_KEY = os.environ['API_KEY']", "API_KEY"),
        ("api_key = os.getenv('STRIPE_API_KEY')", "STRIPE_API_KEY"),
        ("token = config['auth']['token']", "auth"),
        ("password = get_secret('db/app')", "db/app"),
        ("x = os.getenv('DB_PASSWORD', 'changeme')", "DB_PASSWORD"),
        ("headers = {'Authorization': f'Bearer {token}'}", "Bearer "),
        ("token_url = 'https://x.example/token'", "https://x.example/token"),
        ("password = ''\ny = 'kept'", "kept"),
        ("token_type = 'bearer'", "bearer"),
        ("scheme = OAuth2PasswordBearer(tokenUrl='auth/login')", "auth/login"),
    ],
)
def test_keys_and_surroundings_stay(text: str, kept: str) -> None:
    assert kept.encode() in encoded(text + "\n")


@pytest.mark.parametrize(
    ("value", "feature"),
    [
        ("changeme", "placeholder"),
        ("<your-token>", "placeholder"),
        ("xxxxxxxx", "placeholder"),
        ("your-secret-key-here", "placeholder"),
        ("secret", "word"),
        ("DB_PASSWORD", "env-name"),
        ("https://x.example", "url"),
        ("abc", "short"),
        ("9f86d081884c7d65", "hex"),
        ("q8Xw3Lk9Zr5Tn2Vb7Mc4", "high-entropy"),
        ("aaaaaaaaab", "low-entropy"),
        ("{{ password }}", "template"),
        ("12345678", "digits"),
    ],
)
def test_features_say_what_a_rule_may_know(value: str, feature: str) -> None:
    assert feature in features_of(value)


@pytest.mark.parametrize(
    "value",
    [
        " " * 50_000 + "x",
        "\n    " * 20_000,
        "a" * 200_000 + " key",
        "key " + "aB3" * 100_000,
        "://" + "a:" * 50_000 + "@",
        "password" * 30_000,
        "-" * 100_000 + "eyJ",
        "sk-" + "a-" * 50_000,
        "#" * 100_000,
        "/* " * 50_000,
        "'" * 50_000 + "PASSWORD '",
        "Bearer " * 30_000,
    ],
    ids=lambda v: v[:8].strip() or "blank",
)
def test_no_text_takes_forever(value: str) -> None:
    assert extract_file("python", f"password = x = {value!r}\ny = {value!r}  # TODO\n".encode()).lines == 2
    assert isinstance(secret_format(value), str)
