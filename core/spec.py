"""What may be chosen, as data: a Spec per choice and a Param per setting of it.

Pages draw their widgets from Params, the tuner reads its search space from them, the compiler calls
``make`` and the contract tests walk every entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from core.errors import FoldlineError

Value = bool | int | float | str | None
Kind = Literal["numeric", "categorical", "boolean", "datetime", "text", "id", "constant"]
Role = Literal["feature", "target", "ignore", "group", "time"]
Task = Literal["binary", "multiclass", "regression"]
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression")
CLASSIFICATION: tuple[Task, ...] = ("binary", "multiclass")


@dataclass(frozen=True)
class Param:
    """One setting of a Spec.

    Attributes:
        name: the keyword that ``make`` takes.
        default: the value when nothing is chosen; its type is the type of the setting.
        low, high: inclusive bounds of a number, or None for an option, a flag or a free text.
        log: search and slide on a logarithmic scale.
        step: distance between two values of a slider, or None.
        options: the closed list of allowed values, or empty.
        help: what the setting does to the result, in plain words.
        when: ``(other name, values)``: the setting counts only while the other has one of these values.
        tune: whether a search changes it unless told otherwise.
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

    def check(self, value: Value, where: str = "") -> Value:
        """The value in the type of the setting.

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
        whole = isinstance(self.default, int)
        if whole and value != int(value):
            raise FoldlineError("PARAM", f"{self.name} is {value!r}.", "Give a whole number.", where)
        low = float("-inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if not low <= value <= high:
            raise FoldlineError(
                "PARAM", f"{self.name} is {value!r}.", f"Give a number from {low:g} to {high:g}.", where
            )
        return int(value) if whole else float(value)


@dataclass(frozen=True)
class Spec:
    """One thing that may be chosen.

    Attributes:
        id: snake_case, never changed once released; recipes store it.
        label: the words for people.
        help: what choosing it does to the result.
        make: the real class or function that does the work.
        params: its settings.
        fixed: keywords that ``make`` always gets and nobody edits.
    """

    id: str
    label: str
    help: str
    make: Callable[..., Any]
    params: tuple[Param, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def param(self, name: str) -> Param:
        """The setting of that name.

        Raises:
            FoldlineError: ``PARAM`` when there is none.
        """
        for param in self.params:
            if param.name == name:
                return param
        names = ", ".join(param.name for param in self.params) or "none"
        raise FoldlineError(
            "PARAM", f"{self.label} has no setting {name!r}.", f"Its settings: {names}.", self.id
        )

    def values(self, chosen: Mapping[str, Value]) -> dict[str, Value]:
        """All settings: what was chosen, checked, and the default for the rest.

        Raises:
            FoldlineError: ``PARAM`` for an unknown name or a value out of bounds.
        """
        for name in chosen:
            self.param(name)
        return {p.name: p.check(chosen.get(p.name, p.default), self.id) for p in self.params}

    def active(self, chosen: Mapping[str, Value]) -> tuple[Param, ...]:
        """The settings that count, given what was chosen for the others."""
        values = {p.name: chosen.get(p.name, p.default) for p in self.params}
        return tuple(p for p in self.params if p.when is None or values[p.when[0]] in p.when[1])

    def build(self, chosen: Mapping[str, Value], **more: Any) -> Any:
        """``make`` called with the fixed keywords, the settings that count and ``more``."""
        values = self.values(chosen)
        active = {p.name: values[p.name] for p in self.active(chosen)}
        return self.make(**{**self.fixed, **active, **more})


S = TypeVar("S", bound=Spec)


class Catalog(Generic[S]):
    """The Specs of one kind, by id and in order of display."""

    def __init__(self, name: str, specs: Iterable[S]) -> None:
        self.name = name
        self._specs: dict[str, S] = {}
        for spec in specs:
            if spec.id in self._specs:
                raise ValueError(f"two {name} entries have the id {spec.id!r}")
            self._specs[spec.id] = spec

    def __iter__(self) -> Iterator[S]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, spec_id: object) -> bool:
        return spec_id in self._specs

    def __getitem__(self, spec_id: str) -> S:
        """The entry with that id.

        Raises:
            FoldlineError: ``CATALOG`` when there is none.
        """
        if spec_id not in self._specs:
            known = ", ".join(self._specs)
            raise FoldlineError(
                "CATALOG", f"There is no {self.name} {spec_id!r}.", f"Choose one of: {known}."
            )
        return self._specs[spec_id]

    def ids(self) -> tuple[str, ...]:
        """All ids in order of display."""
        return tuple(self._specs)


@dataclass(frozen=True)
class Needs:
    """What a model must be given; the compiler prepares the table accordingly.

    Attributes:
        scaled: numbers of one scale.
        no_missing: no missing numbers.
        numeric_only: categories turned into numbers that carry meaning (one-hot or target encoding);
            when False the model splits on category codes.
        native_categories: takes the positions of coded category columns.
        dense: cannot take a sparse matrix.
    """

    scaled: bool = True
    no_missing: bool = True
    numeric_only: bool = True
    native_categories: bool = False
    dense: bool = False


@dataclass(frozen=True)
class Model(Spec):
    """A family of models.

    Attributes:
        tasks: what it can be asked.
        needs: what it must be given.
        cost: rough price of a fit, 1 (instant) to 5 (slow); decides the default set.
        simplicity: rank among models, 0 the simplest; the tie badge goes to the lowest.
        max_rows: above that many training rows it is left out by default, or None.
    """

    tasks: tuple[Task, ...] = TASKS
    needs: Needs = Needs()
    cost: int = 1
    simplicity: int = 0
    max_rows: int | None = None


@dataclass(frozen=True)
class Step(Spec):
    """A preparation step for columns of some kinds, at one stage of the preparation.

    Attributes:
        kinds: the column kinds it is offered for.
        stage: ``missing | outliers | transform | scale | encode | dates | text``.
    """

    kinds: tuple[Kind, ...] = ()
    stage: str = ""


@dataclass(frozen=True)
class Feature(Spec):
    """A feature step: adds columns computed from chosen columns.

    Attributes:
        kinds: the kinds that its input columns may have.
        inputs: least and most number of input columns.
        gives: kind of the new columns.
    """

    kinds: tuple[Kind, ...] = ("numeric",)
    inputs: tuple[int, int] = (1, 1)
    gives: Kind = "numeric"


@dataclass(frozen=True)
class Selector(Spec):
    """A step that keeps some of the prepared columns.

    Attributes:
        tasks: what it can be used for.
    """

    tasks: tuple[Task, ...] = TASKS


@dataclass(frozen=True)
class Metric(Spec):
    """A score of predictions, computed by ``core.catalog.metrics.score``; ``make`` takes weighted rows.

    Attributes:
        tasks: where it applies.
        better: whether higher or lower is better.
        needs_proba: takes class probabilities instead of labels.
        unit: ``"share"``, ``"target"`` (units of the target) or ``""``.
        low, high: the least and the most that a score can be.
    """

    tasks: tuple[Task, ...] = TASKS
    better: Literal["higher", "lower"] = "higher"
    needs_proba: bool = False
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Check(Spec):
    """A check of a table or a result; ``make`` gives findings.

    Attributes:
        code: stable upper-case id that findings carry.
        severity: how bad a finding is.
        fix: name of the recipe edit that cures it, or an empty string.
    """

    code: str = ""
    severity: Literal["info", "warn", "error"] = "warn"
    fix: str = ""


@dataclass(frozen=True)
class Search(Spec):
    """A way to search parameter space; ``make`` gives an Optuna sampler."""


@dataclass(frozen=True)
class DriftTest(Spec):
    """A two-sample test of one aspect of a column.

    Attributes:
        kinds: the column kinds it is used for.
        alarm: whether a high or a low effect is the alarm.
    """

    kinds: tuple[Kind, ...] = ()
    alarm: Literal["high", "low"] = "high"
