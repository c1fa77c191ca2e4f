"""detect-secrets: credentials whose format gives them away.

It takes a minute for 80,000 lines, so it gets only the files that hold something of such a format, which
one expression tells.
"""

from __future__ import annotations

import re

import msgspec

from archguard.engines.adapter import Adapter, Answer, BadAnswer, Hit
from archguard.engines.catalogue import table
from archguard.model.place import Place
from archguard.model.sources import FileKind, Role

_NOISY = (
    "ArtifactoryDetector",
    "Base64HighEntropyString",
    "CloudantDetector",
    "HexHighEntropyString",
    "IbmCloudIamDetector",
    "IbmCosHmacDetector",
    "IPPublicDetector",
    "KeywordDetector",
    "SoftlayerDetector",
)
"""Detectors that tell by randomness, by a name, or by a format that much else has."""

_TEXT = (".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".env", ".sh", ".tf", ".properties", ".json")

_FORMAT = re.compile(
    rb"\b(?:A3T|AKIA|ABIA|ACCA|ASIA)[A-Z0-9]{13}|AccountKey=[\w+/]|://[^\s/:'\"{}<>$]+:[^\s/@'\"{}<>$]+@"
    rb"|gh[pousr]_\w{20}|gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-\w|GR1348941|\beyJ\w{12}"
    rb"|[0-9a-z]{32}-us[0-9]|_authToken|T3BlbkFJ|PRIVATE KEY|PuTTY-User-Key|pypi-Ag|\bSG\.[\w-]{20}"
    rb"|xox[a-z]-[0-9]"
    rb"|hooks\.slack\.com/services/T|sq0csp|k_live_\w|\d{8}:[\w-]{35}|(?:AC|SK)[a-z0-9]{32}"
    rb"|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}",
)
"""What the detectors look for, loosely: a file without any of it has nothing for them."""


class _Item(msgspec.Struct):
    """Neither the hash of the secret is read: of a short one it gives the secret away."""

    type: str
    line_number: int


class _Output(msgspec.Struct):
    results: dict[str, list[_Item]]


def wants(path: str, kind: FileKind, role: Role) -> bool:
    """Code and what configures it."""
    if role not in ("source", "script", "migration"):
        return False
    name = path.rpartition("/")[2].lower()
    return kind == "python" or name.endswith(_TEXT) or name.startswith((".env", "dockerfile"))


def command() -> list[str]:
    """Without asking the services whether the credentials work."""
    off = [word for plugin in _NOISY for word in ("--disable-plugin", plugin)]
    return ["scan", "--all-files", "--no-verify", *off, "."]


def read(output: bytes) -> Answer:
    """The hits; only a line is known."""
    try:
        found = msgspec.json.decode(output, type=_Output)
    except msgspec.DecodeError as error:
        raise BadAnswer("its answer is not the JSON that was asked for") from error
    return Answer(
        tuple(
            Hit(path, Place(item.line_number, 1, item.line_number, 1_000_000), item.type)
            for path, items in found.results.items()
            for item in items
            if item.type in table("detect-secrets").rules
        )
    )


ADAPTER = Adapter(
    name="detect-secrets",
    distribution="detect-secrets",
    extra="engines",
    least=(1, 5),
    wants=wants,
    command=command,
    read=read,
    rules=lambda: table("detect-secrets").rules,
    columns="characters",
    holds=_FORMAT,
    shards=True,
)
