"""One file in, its facts out: pure, parallel and cached."""

from __future__ import annotations
