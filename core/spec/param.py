"""One parameter of a choice, with its bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.errors import FoldlineError
from core.spec.words import Value

LONGEST_SHOWN = 40
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True)
class Param:
    """One parameter of a Spec.

    Attributes:
        name: the keyword that ``make`` takes.
        default: the value when nothing is chosen; its type is the type of the parameter.
        low, high: inclusive bounds of a number, or None for an option, a flag or a free text.
        log: search and slide on a logarithmic scale.
        step: distance between two values of a slider, or None.
        options: the closed list of allowed values, or empty.
        help: what the parameter does to the result, in plain words.
        when: ``(other name, values)``: the parameter counts only while the other has one of these values.
        tune: whether a search changes it unless told otherwise.
        label: what people read instead of the name; empty where the name's own words say it.
    """

    name: str
    default: Value
    low: float | None = None
    high: float | None = None
    log: bool = False
    step: float | None = None
    options: tuple[Value, ...] = ()
    help: str = ""
    when: tuple[str, tuple[Value, ...]] | None = None
    tune: bool = True
    label: str = ""

    def check(self, value: Value, where: str = "") -> Value:
        """The value in the type of the parameter.

        Raises:
            FoldlineError: ``PARAM`` when it is not one of the options, out of bounds or of a wrong type.
        """
        if self.options:
            if value not in self.options:
                choices = ", ".join(map(repr, self.options))
                raise FoldlineError("PARAM", f"{self.name} is {value!r}.", f"Choose one of {choices}.", where)
            return value
        if isinstance(self.default, bool | str) or self.default is None:
            if self.default is not None and not isinstance(value, type(self.default)):
                kind = type(self.default).__name__
                raise FoldlineError("PARAM", f"{self.name} is {value!r}.", f"Give a {kind}.", where)
            return value
        return self._number(value, where)

    def _number(self, value: Value, where: str) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FoldlineError("PARAM", f"{self.name} is {value!r}.", "Give a number.", where)
        if isinstance(value, float) and not math.isfinite(value):
            raise FoldlineError("PARAM", f"{self.name} is {value}.", "Give a finite number.", where)
        whole = isinstance(self.default, int)
        if whole and value != int(value):
            raise FoldlineError("PARAM", f"{self.name} is {value!r}.", "Give a whole number.", where)
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= value <= high:
            shown = repr(value)[:LONGEST_SHOWN]
            hint = f"Give a number from {low:g} to {high:g}."
            raise FoldlineError("PARAM", f"{self.name} is {shown}.", hint, where)
        return int(value) if whole else float(value)
