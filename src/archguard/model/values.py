"""What an expression is, as far as facts tell: the small lattice that types, calls and rules share.

External names are dotted paths of public libraries. The result of calling an external function whose
type knowledge does not name is written ``path()``: ``boto3.client()`` is the client that
``boto3.client`` returns, and ``boto3.client().get_object`` its method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

import msgspec

if TYPE_CHECKING:
    from archguard.model.program import Class, Function, Module


class External(msgspec.Struct, frozen=True, gc=False):
    """A name of a library or of the standard library: ``requests.get``, ``requests.Session``."""

    path: str


class ModuleRef(msgspec.Struct, frozen=True, gc=False):
    """A module of the project."""

    module: Module


class ClassRef(msgspec.Struct, frozen=True, gc=False):
    """A class of the project, as an object that can be called or read."""

    cls: Class


class FunctionRef(msgspec.Struct, frozen=True, gc=False):
    """A function of the project; ``receiver`` is what its first parameter is bound to."""

    function: Function
    receiver: Value | None = None


class Instance(msgspec.Struct, frozen=True, gc=False):
    """An object of a class. ``proved``: its construction was seen, not only an annotation.

    ``arguments`` are element types: one for a list, set or iterator, key and value for a dict.
    """

    of: ClassRef | External
    arguments: tuple[Value, ...] = ()
    proved: bool = False


class Awaitable(msgspec.Struct, frozen=True, gc=False):
    """A coroutine or awaitable that has not run; awaiting it gives ``result``."""

    result: Value
    call: FunctionRef | None = None


class Literal(msgspec.Struct, frozen=True, gc=False):
    """A constant whose value is known; None is a value of its own."""

    value: None | bool | int | float | str


class OneOf(msgspec.Struct, frozen=True, gc=False):
    """One of at most four alternatives."""

    options: tuple[Value, ...]


class Unknown(msgspec.Struct, frozen=True, gc=False):
    """Not known, and why: ``parameter``, ``subscript``, ``unresolved-name``, ``depth`` …"""

    reason: str = ""


Value = Union[External, ModuleRef, ClassRef, FunctionRef, Instance, Awaitable, Literal, OneOf, Unknown]


def options_of(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value: itself, or those of a `OneOf`."""
    return value.options if type(value) is OneOf else (value,)
