"""What GitHub's code scanning does with an upload: takes it, or refuses it as GitHub would."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.runner import Json, Refused


@dataclass
class CodeScanning:
    """Stands for ``github/codeql-action/upload-sarif``; ``allowed`` is whether token and repository do."""

    allowed: bool = True
    uploads: list[Json] = field(default_factory=list)

    def __call__(self, inputs: Mapping[str, str]) -> None:
        """Takes one file."""
        if not self.allowed:
            raise Refused("Resource not accessible by integration")
        content = Path(inputs["sarif_file"]).read_bytes()
        if len(gzip.compress(content)) > 10_000_000:
            raise Refused("the file is larger than 10 MB")
        log = json.loads(content)
        if log["version"] != "2.1.0" or not 1 <= len(log["runs"]) <= 20:
            raise Refused("not a SARIF file of version 2.1.0 with 1 to 20 runs")
        keys = [_key(run) for run in log["runs"]]
        if len(set(keys)) != len(keys):
            raise Refused("two runs have the same tool and category")
        for run in log["runs"]:
            _accepted(run)
        self.uploads.append(log)


def _key(run: Json) -> str:
    driver = run["tool"]["driver"]
    names = ("name", "fullName", "version", "semanticVersion", "guid")
    return json.dumps([*(driver.get(name) for name in names), run.get("automationDetails", {}).get("id")])


def _accepted(run: Json) -> None:
    if "results" not in run:
        raise Refused("Invalid SARIF. Missing 'results' array")
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver.get("rules", [])]
    if len(set(ids)) != len(ids):
        raise Refused("a rule is there twice")
    category = run.get("automationDetails", {}).get("id", "")
    if "/" not in category:
        raise Refused("the category would be empty")
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        if "://" in uri or uri.startswith("/") or ".." in uri.split("/"):
            raise Refused(f"not relative to the repository: {uri}")
        if not result["message"]["text"] or "primaryLocationLineHash" not in result["partialFingerprints"]:
            raise Refused("a result without message or fingerprint")
