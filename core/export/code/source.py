"""A built, unfitted estimator as readable constructor code."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import BaseCrossValidator

from core.errors import FoldlineError
from core.standalone import MODULE

WIDTH = 100
INDENT = "    "


@dataclass(frozen=True)
class Source:
    """Code that builds an estimator.

    Attributes:
        imports: import statements that the expression needs.
        expression: one Python expression, several lines when it is long.
        own: names out of core/standalone that the expression uses.
    """

    imports: set[str]
    expression: str
    own: set[str]


@dataclass(frozen=True)
class _Call:
    """Brackets with parts between them; each part has a prefix such as ``alpha=``."""

    start: str
    parts: tuple[tuple[str, _Code], ...]
    end: str


_Code = str | _Call


def to_source(estimator: Any) -> Source:
    """The code that builds an equal estimator, with only the parameters that differ from their defaults.

    Args:
        estimator: unfitted, of scikit-learn, LightGBM or core/standalone; nested as deep as you like,
            with splitters of scikit-learn among its parameters.

    Raises:
        FoldlineError: ``SOURCE`` when a parameter has a value that cannot be written as code.
    """
    writer = _Writer()
    code = writer.code(estimator, type(estimator).__name__)
    return Source(writer.imports, render(code), writer.own)


class _Writer:
    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.own: set[str] = set()

    def code(self, value: Any, where: str) -> _Code:
        if isinstance(value, BaseEstimator):
            return self._call(value, value.get_params(deep=False))
        if isinstance(value, BaseCrossValidator):
            return self._call(value, settings_of(value))
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            return f'float("{value}")'
        if isinstance(value, str):
            return _quoted(value)
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        if isinstance(value, list | tuple | dict | set | np.ndarray | slice):
            return self._container(value, where)
        if isinstance(value, type | FunctionType | BuiltinFunctionType | np.ufunc):
            return self.name(value, where)
        raise FoldlineError(
            "SOURCE",
            f"The parameter {where} is a {type(value).__name__}, which cannot be written as code.",
            "Use a plain value or a named function.",
            where,
        )

    def _call(self, thing: Any, parameters: dict[str, Any]) -> _Call:
        name = self.name(type(thing), type(thing).__name__)
        defaults = inspect.signature(type(thing).__init__).parameters
        parts = []
        for key, value in parameters.items():
            default = defaults[key].default if key in defaults else inspect.Parameter.empty
            if default is inspect.Parameter.empty or not same(value, default):
                parts.append((f"{key}=", self.code(value, f"{name}.{key}")))
        return _Call(f"{name}(", tuple(parts), ")")

    def _container(self, value: Any, where: str) -> _Call:
        if isinstance(value, dict):
            pairs = [(f"{render(self.code(k, where))}: ", self.code(v, where)) for k, v in value.items()]
            return _Call("{", tuple(pairs), "}")
        if isinstance(value, slice):
            return _Call("slice(", self._parts((value.start, value.stop, value.step), where), ")")
        if isinstance(value, np.ndarray):
            self.imports.add("import numpy as np")
            return _Call(
                "np.array(", (("", self.code(value.tolist(), where)),), f", dtype={value.dtype.str!r})"
            )
        if isinstance(value, set):
            ordered = sorted(value, key=repr)
            return _Call("{", self._parts(ordered, where), "}") if ordered else _Call("set(", (), ")")
        if isinstance(value, tuple):
            return _Call("(", self._parts(value, where), ",)" if len(value) == 1 else ")")
        return _Call("[", self._parts(value, where), "]")

    def _parts(self, values: Sequence[Any], where: str) -> tuple[tuple[str, _Code], ...]:
        return tuple(("", self.code(value, where)) for value in values)

    def name(self, thing: Any, where: str) -> str:
        """The name of a class or function in the code, after noting where it is imported from."""
        name = str(thing.__name__)
        module = getattr(thing, "__module__", None) or "numpy"
        if module == MODULE or module.startswith("core.standalone."):
            self.own.add(name)
            return name
        if module == "builtins":
            return name
        public = _public_module(thing, module, name)
        if public is None:
            raise FoldlineError(
                "SOURCE",
                f"The parameter {where} uses {name}, which has no importable name.",
                "Name it.",
                where,
            )
        self.imports.add(f"from {public} import {name}")
        return name


def _public_module(thing: Any, module: str, name: str) -> str | None:
    """The shortest package that offers the thing under its name."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        candidate = ".".join(parts[:end])
        if getattr(sys.modules.get(candidate), name, None) is thing:
            return candidate
    return None


def settings_of(splitter: BaseCrossValidator) -> dict[str, Any]:
    """The parameters of a splitter, which keeps them under the names of its arguments."""
    names = list(inspect.signature(type(splitter).__init__).parameters)[1:]
    return {name: getattr(splitter, name) for name in names}


def same(value: Any, other: Any) -> bool:
    """Whether two values are of one type and equal; NaN equals NaN, estimators compare by parameters."""
    if type(value) is not type(other):
        return False
    if isinstance(value, float):
        return value == other or (math.isnan(value) and math.isnan(other))
    if isinstance(value, np.ndarray):
        return value.dtype == other.dtype and np.array_equal(value, other)
    if isinstance(value, list | tuple):
        return len(value) == len(other) and all(map(same, value, other))
    if isinstance(value, dict):
        return list(value) == list(other) and all(same(value[key], other[key]) for key in value)
    if isinstance(value, BaseEstimator):
        return same(value.get_params(deep=False), other.get_params(deep=False))
    if isinstance(value, BaseCrossValidator):
        return same(settings_of(value), settings_of(other))
    return bool(value == other)


def render(code: _Code, depth: int = 0, beside: int = 0) -> str:
    """The code as text: on one line where it fits beside that many characters, else one part a line."""
    if isinstance(code, str):
        return code
    line = _one_line(code)
    if len(line) + depth * len(INDENT) + beside <= WIDTH or not code.parts:
        return line
    hugged = _hugged(code, depth)
    if hugged:
        return hugged
    pad = INDENT * (depth + 1)
    if all(not prefix and isinstance(part, str) for prefix, part in code.parts):
        body = _filled([str(part) for _, part in code.parts], pad)
    else:
        body = "".join(
            f"{pad}{prefix}{render(part, depth + 1, len(prefix) + 1)},\n" for prefix, part in code.parts
        )
    return f"{code.start}\n{body}{INDENT * depth}{code.end.lstrip(', ')}"


def _hugged(code: _Call, depth: int) -> str:
    """The brackets around their one long part without a further level of indentation, or nothing."""
    lines = [prefix + _one_line(part) for prefix, part in code.parts]
    longest = max(range(len(lines)), key=lambda i: len(lines[i]))
    before, after = ", ".join(lines[:longest]), ", ".join(lines[longest + 1 :])
    prefix, part = code.parts[longest]
    if isinstance(part, str) or len(before) + len(after) > WIDTH // 3:
        return ""
    start = f"{code.start}{before}{', ' if before else ''}{prefix}"
    end = f"{', ' if after else ''}{after}{code.end}"
    return start + render(part, depth, len(start) + len(end)) + end


def _quoted(text: str) -> str:
    plain = repr(text)
    return plain if '"' in plain else f'"{plain[1:-1]}"'


def _one_line(code: _Code) -> str:
    if isinstance(code, str):
        return code
    return code.start + ", ".join(f"{prefix}{_one_line(part)}" for prefix, part in code.parts) + code.end


def _filled(words: list[str], pad: str) -> str:
    """Short parts side by side, wrapped at the width."""
    lines, line = [], pad
    for word in words:
        if len(line) > len(pad) and len(line) + len(word) + 2 > WIDTH:
            lines.append(line.rstrip())
            line = pad
        line += f"{word}, "
    return "\n".join([*lines, line.rstrip()]) + "\n"
