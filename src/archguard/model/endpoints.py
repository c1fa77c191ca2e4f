"""Endpoints: where they are reached, what takes part in answering, and what the request has to bring."""

from __future__ import annotations

from typing import Literal

import msgspec

from archguard.model.place import Span
from archguard.model.program import Function

UNKNOWN_PREFIX = "…"
"""What a path starts with whose application, or part of whose prefix, is not known."""


class Input(msgspec.Struct, frozen=True):
    """A value of the request that a framework hands to a handler or to one of its dependencies.

    ``name`` as the request carries it; ``source``: ``path``, ``query``, ``header``, ``cookie``, ``body``,
    ``form``, ``file``, or empty where the framework goes by the name. ``function`` declares it, as
    ``parameter``.
    """

    name: str
    source: str
    function: Function
    parameter: str


class Registration(msgspec.Struct, frozen=True):
    """The call that hands a router to another one, or an endpoint to its router."""

    scope: Function
    event: int


Declared = Literal["model", "annotation", "none", ""]
Framework = Literal["fastapi", "starlette", "flask", ""]


class Route(msgspec.Struct, frozen=True):
    """An endpoint. ``path`` is the full one through every include; ``method`` is WS for sockets.

    ``own_path`` is the endpoint's part of it. ``declared``: what says what it answers with, ``none`` for
    an explicit ``response_model=None``. ``hidden``: not in the API's schema. ``inputs`` are what FastAPI
    takes from the request for it; not ``inputs_seen`` where something may read more. ``registered`` leads
    from the application's construction through the includes to the endpoint's own registration.
    """

    method: str
    path: str
    handler: Function
    span: Span
    response_model: str = ""
    status: int = 0
    auth: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    conditional: bool = False
    from_default: bool = False
    own_path: str = ""
    framework: Framework = ""
    response_class: str = ""
    declared: Declared = ""
    hidden: bool = False
    inputs: tuple[Input, ...] = ()
    inputs_seen: bool = True
    registered: tuple[Registration, ...] = ()

    @property
    def name(self) -> str:
        """Method and path, as people name an endpoint."""
        return f"{self.method} {self.path}"
