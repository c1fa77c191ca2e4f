"""The expressions of GitHub's workflows, as far as ours use them: ``${{ a.b == 'c' || always() }}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Context = Mapping[str, object]
Functions = Mapping[str, Callable[[], bool]]

_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(\d+)|([A-Za-z_][\w.-]*)|(\|\||&&|==|!=|[!()]))")
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def filled(text: str, context: Context, functions: Functions) -> str:
    """A text with its expressions evaluated."""
    return _HOLE.sub(lambda match: shown(evaluate(match.group(1), context, functions)), text)


def holds(condition: str, context: Context, functions: Functions) -> bool:
    """An ``if``; the braces are optional there."""
    whole = _HOLE.fullmatch(condition.strip())
    return bool(evaluate(whole.group(1) if whole else condition, context, functions))


def shown(value: object) -> str:
    """A value as text: nothing is an empty string, truth is written small."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(text: str, context: Context, functions: Functions) -> object:
    """The value of one expression; raises ValueError for what is none."""
    tokens = _tokens(text)
    parser = _Parser(tokens, context, functions)
    value = parser.either()
    if parser.rest():
        raise ValueError(f"not understood: {text!r}")
    return value


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"not understood: {text!r}")
        tokens.append(match.group().strip())
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str], context: Context, functions: Functions) -> None:
        self._tokens = tokens
        self._context = context
        self._functions = functions

    def rest(self) -> list[str]:
        return self._tokens

    def either(self) -> object:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> object:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> object:
        value = self._single()
        for sign in ("==", "!="):
            if self._take(sign):
                same = shown(value).lower() == shown(self._single()).lower()
                return same if sign == "==" else not same
        return value

    def _single(self) -> object:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            value = self.either()
            if not self._take(")"):
                raise ValueError("a parenthesis is not closed")
            return value
        token = self._tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.isdigit():
            return int(token)
        if self._take("("):
            if not self._take(")"):
                raise ValueError(f"{token} with arguments is not understood")
            return self._functions[token]()
        return self._looked_up(token)

    def _looked_up(self, name: str) -> object:
        value: object = self._context
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is None and name.split(".", maxsplit=1)[0] not in self._context:
            raise ValueError(f"there is no context {name.split('.', maxsplit=1)[0]}")
        return value

    def _take(self, token: str) -> bool:
        if self._tokens[:1] == [token]:
            del self._tokens[0]
            return True
        return False
