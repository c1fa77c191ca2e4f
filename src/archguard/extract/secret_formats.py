"""Secrets that their own format gives away, whatever they are called."""

from __future__ import annotations

import re

from archguard.extract.secret_names import entropy, secret_name

_RUN = re.compile(r"[A-Za-z0-9+/=_-]{20,}")
_PREFIXES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private-key", re.compile(r"-----BEGIN[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")),
    (
        "aws-access-key",
        re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ),
    ("github-token", re.compile(r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}")),
    ("gitlab-token", re.compile(r"gl(?:pat|dt|ptt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{16,}")),
    ("slack-token", re.compile(r"xox[abeoprs]-[A-Za-z0-9-]{8,}|xapp-\d-[A-Za-z0-9-]{8,}")),
    ("slack-webhook", re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,}")),
    ("discord-webhook", re.compile(r"discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]{8,}")),
    ("stripe-key", re.compile(r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{10,}")),
    ("openai-key", re.compile(r"(?<![A-Za-z0-9])sk-(?:[a-z]+-)*[A-Za-z0-9_-]{16,}")),
    (
        "google-api-key",
        re.compile(r"AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}"),
    ),
    ("sendgrid-key", re.compile(r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")),
    ("npm-token", re.compile(r"npm_[A-Za-z0-9]{20,}")),
    ("pypi-token", re.compile(r"pypi-[A-Za-z0-9_-]{16,}")),
    ("twilio-key", re.compile(r"(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])")),
    ("mailgun-key", re.compile(r"(?<![A-Za-z0-9])key-[0-9a-f]{32}(?![A-Za-z0-9])")),
    ("digitalocean-token", re.compile(r"do[opr]_v1_[0-9a-f]{32,}")),
    ("huggingface-token", re.compile(r"hf_[A-Za-z0-9]{20,}")),
    ("jwt", re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?")),
    ("telegram-token", re.compile(r"(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")),
)
_PREFIX_HINT = re.compile(
    "PRIVATE KEY|AKIA|ASIA|ABIA|ACCA|AROA|AIDA|gh[pousr]_|github_pat_|gl[a-z]{2,4}-|xox|xapp-"
    "|hooks\\.slack|discord|[srp]k_|whsec_|sk-"
    "|AIza|ya29|GOCSPX|SG\\.|npm_|pypi-|SK|AC|key-|do[opr]_v1|hf_|eyJ|\\d:[A-Za-z0-9_-]{35}"
)
_USERINFO = re.compile(r"[A-Za-z0-9+.-]://([^\s/@:?#'\"]{0,200}):([^\s/'\"]{1,300})@")
_HOLE = re.compile(r"[\0]|\{[^{}]*\}|\$\{?\w+\}?|%\(?\w*\)?s|<[^<>]*>")
_ASSIGNED = re.compile(
    r"""(?<![\w.-])([A-Za-z][\w.-]{1,80})["']?\s{0,8}(?:=>?|:(?=\s{0,8}["'])|(?<=["'])\s{0,8}:)\s{0,8}["']?([^\s"'&;,)]+)"""
)
_STATED = re.compile(
    r"""\b(?:PASSWORD|IDENTIFIED\s+BY|SECRET|ENCRYPTED)\s*\(?\s*E?'((?:[^']|'')+)'""", re.IGNORECASE
)
_BEARER = re.compile(r"\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/-]{6,}=*)", re.IGNORECASE)
_NOT_VALUE = re.compile(r"[:%${<?@\[(\0*]|(?:None|null|true|false|\.\.\.)$", re.IGNORECASE)
_HINTS = (
    "assw",
    "ASSW",
    "ecret",
    "ECRET",
    "oken",
    "OKEN",
    "pwd",
    "PWD",
    "key",
    "KEY",
    "Key",
    "redential",
    "IDENTIFIED",
    "identified",
    "uth",
    "AUTH",
)
_WORDLIKE = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-f]{20,}|[0-9A-F]{20,}")


def secret_format(value: str) -> str:
    """The kind of secret that a text is or holds, or nothing."""
    if "@" in value and "://" in value and url_password(value):
        return "url-password"
    run = _RUN.search(value)
    if (run or "-----BEGIN" in value or "xox" in value or "eyJ" in value) and (kind := _known(value)):
        return kind
    if _may_state(value) and (kind := stated_secret(value)):
        return kind
    if "earer " in value or "asic " in value or "EARER " in value:
        match = _BEARER.search(value)
        if match and not _plain(match.group(1).strip("._~+/-")):
            return "authorization-header"
    return _random(value) if run else ""


def _may_state(value: str) -> bool:
    """Whether a text could name a secret and its value: what all such texts have in common."""
    if "=" not in value and "'" not in value and '"' not in value:
        return False
    return any(hint in value for hint in _HINTS)


def _known(value: str) -> str:
    if not _PREFIX_HINT.search(value):
        return ""
    return next((kind for kind, pattern in _PREFIXES if pattern.search(value)), "")


def url_password(value: str) -> bool:
    """Whether a URL in the text has a password that is there in full or in part."""
    return any(_HOLE.sub("", match.group(2)) for match in _USERINFO.finditer(value))


def dsn_password_across(skeleton: str) -> str:
    """The kind of secret in an f-string's literal parts taken together; holes are null characters."""
    if "\0" not in skeleton:
        return ""
    if "@" in skeleton and "://" in skeleton and url_password(skeleton):
        return "url-password"
    return ""


def stated_secret(value: str) -> str:
    """Secrets that a text names itself: SQL's ``PASSWORD '…'``, ``password=…``, ``"token": "…"``."""
    if _STATED.search(value):
        return "stated-password"
    for match in _ASSIGNED.finditer(value):
        kind = secret_name(match.group(1).rpartition(".")[2])
        if kind and not _NOT_VALUE.match(match.group(2)):
            return kind.replace("named-", "stated-")
    return ""


def _plain(token: str) -> bool:
    """Whether a token reads as words."""
    return token.isalpha() and (token.islower() or token.istitle())


def _random(value: str) -> str:
    for match in _RUN.finditer(value):
        token = match.group()
        if _UUID.fullmatch(token):
            continue
        kind = _random_token(token)
        if kind:
            return kind
    return ""


def _random_token(token: str) -> str:
    hexadecimal = _HEX.search(token)
    if hexadecimal and not hexadecimal.group().isdigit() and entropy(hexadecimal.group()) >= 2.8:
        return "hex-high-entropy"
    for part in re.split(r"[/=]+", token) if token.count("/") > 2 else [token]:
        if len(part) >= 20 and _is_base64_secret(part):
            return "base64-high-entropy"
    return ""


def _is_base64_secret(token: str) -> bool:
    """Mixed letters and digits that are not words put together."""
    lower = token != token.upper()
    upper = token != token.lower()
    digits = any(map(str.isdigit, token))
    if not (lower and upper and (digits or len(token) >= 32)):
        return False
    words = sum(len(word) for word in _WORDLIKE.findall(token))
    return words < 0.6 * len(token) and entropy(token) >= 3.3
