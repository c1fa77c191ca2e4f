"""Secrets that are recognisable wherever they stand, struck out.

Wider than what rules report: here a false alarm costs a reader a word, a miss shows a secret.
"""

from __future__ import annotations

import re
from math import log2

STAR = "*"

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|\Z)"
)
# Patterns are compiled when a text has one of their hints, which few texts have.
_FORMATS: tuple[tuple[tuple[str, ...], str], ...] = tuple(
    (tuple(hints.split()), pattern)
    for hints, pattern in (
        ("AKIA ASIA AGPA AIDA AROA ANPA ABIA ACCA", r"\bA(?:KI|SI|GP|ID|RO|NP|BI|CC)A[A-Z0-9]{12,}"),
        ("ghp_ gho_ ghu_ ghs_ ghr_", r"\bgh[pousr]_[A-Za-z0-9]{16,}"),
        ("github_pat_", r"\bgithub_pat_\w{20,}"),
        ("glpat- gldt- glptt- glrt- glcbt- glft- glsoat-", r"\bgl[a-z]{2,4}-[\w-]{16,}"),
        ("xox xapp-", r"\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{10,}"),
        ("sk_ rk_ pk_ whsec_", r"\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9+/=]{10,}"),
        ("sk-", r"\bsk-[\w-]{16,}"),
        ("AIza ya29. GOCSPX-", r"\b(?:AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})"),
        ("SG.", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
        ("key- SK AC", r"\b(?:key-|SK|AC)[0-9a-f]{32}"),
        ("npm_ pypi- hf_", r"\b(?:npm_[A-Za-z0-9]{20,}|pypi-[\w-]{16,}|hf_[A-Za-z0-9]{20,})"),
        (
            "_v1_ shp hv AGE-",
            r"\b(?:do[opr]_v1_|shp\w\w_)[0-9a-fA-F]{20,}|\bhv[sb]\.[\w-]{20,}|\bAGE-SECRET-KEY-\w{40,}",
        ),
        ("eyJ", r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"),
        ("hooks.slack.com", r"(?<=hooks\.slack\.com/)\w+/[\w/-]+"),
        ("/api/webhooks/", r"(?<=/api/webhooks/)\d+/[\w-]+"),
        ("earer EARER", r"(?i:(?<=bearer\s))[\w.~+/=-]{8,}"),
        ("asic", r"(?i:(?<=basic\s))(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{8,}=*"),
        ("AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/=]+"),
        ("Signature", r"(?<=SharedAccessSignature=)[^\s\"';]+"),
        (":", r"(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])"),
    )
)
_RUN = re.compile(r"[A-Za-z0-9+/_=.~-]{20,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_USERINFO = re.compile(r"(?<=://)[^\s/\"'@]*:[^\s\"']+(?=@)")
_WHOLE_USERINFO = re.compile(r"(?<=://)[^\s/@]*:\S+(?=@)")
_TEMPLATE = re.compile(r"(?:\{[^{}]*\}|%s|\$\w+|[:*])*\Z")
_VISIBLE = re.compile(r"\S")


def without_keys(text: str) -> str:
    """The text without private keys, the one format that spans lines."""
    return _KEY_BLOCK.sub(_stars, text) if "PRIVATE KEY" in text else text


def without_tokens(text: str) -> str:
    """The text without what its format gives away; it keeps its length in UTF-16 units."""
    text = without_keys(text)
    for hints, pattern in _FORMATS:
        if any(hint in text for hint in hints):
            text = re.sub(pattern, _stars, text)
    return _RUN.sub(lambda match: _without_random(match[0]), text)


def without_userinfo(text: str, whole: bool = False) -> str:
    """The text without the users and passwords of addresses; a template of them stays.

    ``whole``: the text is one literal, so that quotes in it are part of what stands there.
    """
    if "://" not in text or "@" not in text:
        return text
    pattern = _WHOLE_USERINFO if whole else _USERINFO
    return pattern.sub(lambda match: match[0] if _TEMPLATE.match(match[0]) else starred(match[0]), text)


def _without_random(run: str) -> str:
    """Of an address or path only the parts that are random."""
    if run.count("/") > 2:
        return "/".join(starred(part) if looks_random(part) else part for part in run.split("/"))
    return starred(run) if looks_random(run) else run


def _stars(match: re.Match[str]) -> str:
    return starred(match[0])


def starred(text: str, keep: str = "") -> str:
    """Stars for what can be seen, two where UTF-16 needs two; blanks stay, and what is to be kept."""
    return _VISIBLE.sub(lambda m: m[0] if m[0] in keep else STAR * (1 + (ord(m[0]) > 0xFFFF)), text)


def looks_random(word: str) -> bool:
    """Whether a run of characters looks drawn by chance rather than written by a person."""
    core = word.strip("=.-_/~+")
    if len(core) < 20 or not any(c.isdigit() for c in core) or not any(c.isalpha() for c in core):
        return False
    if re.fullmatch(r"(?:[0-9a-f-]+|[0-9A-F-]+)", core):
        return len(core) >= 32 and _entropy(core) > 2.8 and not _UUID.fullmatch(core)
    if re.fullmatch(r"[A-Za-z0-9/+]{40}", core) and core != core.lower() and _entropy(core) > 4.2:
        return True  # the form of a cloud's secret keys
    longest = max(re.split(r"[/_.\-]", core), key=len)
    mixed = any(c.isupper() for c in longest) and any(c.islower() for c in longest)
    digits = sum(c.isdigit() for c in longest)
    return len(longest) >= 16 and digits >= 2 and (mixed or digits >= 4) and _entropy(longest) > 3.2


def _entropy(text: str) -> float:
    shares = [text.count(c) / len(text) for c in set(text)]
    return -sum(share * log2(share) for share in shares)
