"""Answers as text: equal where the answers are, in whichever run they were found."""

from __future__ import annotations

import msgspec

from archguard.model.program import Class, Function, Module
from archguard.model.values import ClassRef, External


def spelled(answer: object) -> str:
    """The text of an answer; functions, classes and modules by their names.

    What a name alone does not say of a function, and whoever refers to it may look at, is in its text.
    """
    if isinstance(answer, External):
        return "x" + answer.path
    if isinstance(answer, ClassRef):
        return "r" + spelled(answer.cls)
    if answer is None:
        return "-"
    if isinstance(answer, Function):
        owner = "m" if answer.owner is not None else "f"
        return f"{owner}{answer.scope.kind[0]}{answer.module.path}:{answer.qualname}"
    if isinstance(answer, Class):
        return f"c{answer.module.path}:{answer.qualname}"
    if isinstance(answer, Module):
        return "p" + answer.path
    if isinstance(answer, frozenset):
        return f"{{{' '.join(sorted(map(spelled, answer)))}}}"
    if isinstance(answer, tuple):
        return f"({' '.join(map(spelled, answer))})"
    if isinstance(answer, msgspec.Struct):
        fields = " ".join(spelled(getattr(answer, name)) for name in answer.__struct_fields__)
        return f"{type(answer).__name__}({fields})"
    return repr(answer)
