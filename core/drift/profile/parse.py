"""The stored form of a reference profile, checked before it is used: a bundle comes from anybody."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, FiniteFloat, NonNegativeInt, ValidationError, model_validator

from core.data.table import Frozen, Physical
from core.drift.profile.interval import Conformal
from core.errors import FoldlineError
from core.spec import Kind, Task
from core.standalone.counts import counted

HINT = "Give the reference profile that was written when the model was trained."
Score = dict[str, str | FiniteFloat | None]
Counts = dict[str, NonNegativeInt]
Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")]
Design = Annotated[float, Field(ge=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class StoredColumn(Frozen):
    """A column profile as ``ColumnProfile.to_dict`` gives it."""

    name: str
    kind: Kind
    physical: Physical
    format: str
    n: NonNegativeInt
    missing: NonNegativeInt
    distinct: NonNegativeInt
    singletons: NonNegativeInt
    low: FiniteFloat | None
    high: FiniteFloat | None
    rest: NonNegativeInt
    values: list[FiniteFloat]
    weights: list[Weight]
    edges: list[FiniteFloat] = []
    levels: Counts
    parts: dict[str, Counts]
    renewed: Annotated[float, Field(ge=0, le=1)] | None = None
    design: Design | None = None
    design_missing: Design | None = None
    unread: NonNegativeInt = 0

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.missing > self.n:
            raise ValueError(f"{self.name!r} has more missing rows than rows")
        if self.weights and len(self.weights) != len(self.values):
            raise ValueError(
                f"{self.name!r} has {counted(len(self.values), 'value')}, "
                f"{counted(len(self.weights), 'weight')}"
            )
        if self.edges and len(self.edges) != len(self.values) - 1:
            raise ValueError(
                f"{self.name!r} has {counted(len(self.values), 'bin')}, {counted(len(self.edges), 'edge')}"
            )
        if np.any(np.diff(self.values) < 0) or np.any(np.diff(self.edges) < 0):
            raise ValueError(f"the values of {self.name!r} are not sorted")
        if self.kind == "numeric" and not self.values and self.missing < self.n:
            raise ValueError(f"{self.name!r} has no values")
        return self


class StoredPairs(Frozen):
    """Correlations as ``Correlations.to_dict`` gives them."""

    names: list[str]
    values: list[Annotated[float, Field(ge=-1, le=1)] | None]
    rows: list[NonNegativeInt]
    designs: list[Annotated[float, Field(ge=1)]] | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        pairs = len(self.names) * (len(self.names) - 1) // 2
        lengths = {len(self.values), len(self.rows), len(self.rows if self.designs is None else self.designs)}
        if lengths != {pairs} or len(set(self.names)) != len(self.names):
            raise ValueError(f"the correlations are not those of {counted(len(self.names), 'column')}")
        return self


class StoredRepeats(Frozen):
    """Repeats as ``Repeats.to_dict`` gives them."""

    rows: NonNegativeInt
    squares: NonNegativeInt


class StoredProfile(Frozen):
    """A reference profile as ``ReferenceProfile.to_dict`` gives it."""

    version: int
    n: NonNegativeInt
    columns: list[StoredColumn]
    predictions: list[StoredColumn]
    target: StoredColumn | None
    task: Task | Literal[""]
    importance: dict[str, FiniteFloat] | None
    metric: Score | None
    second: Score | None = None
    third: Score | None = None
    hold_out: dict[str, Any] | None = None
    interval: Conformal | str = ""
    seed: NonNegativeInt
    decimal: Literal[".", ","] = "."
    others: list[str] = []
    rows: Digest = ""
    labelled: Digest = ""
    aside: list[str] = []
    pairs: StoredPairs | None = None
    sorted_by: list[str] = []
    refitted: bool | None = None
    repeated: StoredRepeats | None = None
    repeated_labelled: StoredRepeats | None = None
    unlabelled: StoredProfile | None = None
    crossed: bool = False


def checked(facts: Any) -> StoredProfile:
    """Facts that have the form of a stored profile.

    Raises:
        FoldlineError: ``REFERENCE`` when they have not.
    """
    try:
        return StoredProfile.model_validate(facts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        problem = f"The reference profile is damaged: {first['msg']}."
        raise FoldlineError("REFERENCE", problem, HINT, where) from error
