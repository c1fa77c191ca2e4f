from __future__ import annotations

from typing import get_args

import pytest

from archguard.model.run import Failure, FailureKind
from archguard.output.sarif_notes import KINDS, failure_note


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_every_kind_of_failure_has_a_notification(kind: FailureKind) -> None:
    note = failure_note(Failure(kind, "subject", "reason", fatal=False), {})
    assert list(KINDS)[note.descriptor.index] == kind
