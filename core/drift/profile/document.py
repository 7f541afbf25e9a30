"""The types that describe remembered data: the distribution of a column, and the reference of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.table import Physical
from core.drift.profile.correlations import Correlations
from core.drift.profile.interval import Conformal
from core.drift.profile.parse import HINT, checked
from core.drift.profile.repeats import Repeats
from core.errors import FoldlineError
from core.spec import Kind

Numbers = NDArray[np.float64]
VERSION = 1
GRID = 10_001
MAX_LEVELS = 10_000


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """The distribution of one column.

    Attributes:
        n: rows, the missing ones included.
        missing: rows without a value.
        unread: rows among them whose cell held something that is no value of this type.
        distinct: number of distinct values.
        singletons: number of levels seen exactly once.
        low, high: smallest and largest value (numbers; seconds since 1970 for datetimes), or None.
        values, weights: sorted numbers and how often each counts: all distinct values, or a grid of GRID
            quantiles when there are more; the text lengths of a text or id column.
        edges: between the bins that the values are means of; empty when they are the values themselves.
        levels: level to count, the most frequent first, at most MAX_LEVELS.
        rest: rows of the levels that did not fit, or that are too rare to be told.
        parts: ``hour`` and ``weekday`` of a datetime, ``shape`` of the texts of an id: part to count.
        renewed: share of the later rows whose level the earlier rows do not have; None where it is not known.
        design, design_missing: how many rows count as one independent row in values and in missing ones, as
            rows come in lots that are alike; None where no lots were seen.
    """

    name: str
    kind: Kind
    physical: Physical
    format: str
    n: int
    missing: int
    distinct: int = 0
    singletons: int = 0
    low: float | None = None
    high: float | None = None
    values: Numbers = field(default_factory=lambda: np.empty(0))
    weights: Numbers = field(default_factory=lambda: np.empty(0))
    edges: Numbers = field(default_factory=lambda: np.empty(0))
    levels: Mapping[str, int] = field(default_factory=dict)
    rest: int = 0
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    renewed: float | None = None
    design: float | None = None
    design_missing: float | None = None
    unread: int = 0

    @property
    def effective(self) -> float:
        """For how many independent rows the rows with a value count."""
        return self.present / (self.design or 1.0)

    @property
    def present(self) -> int:
        """Rows with a value."""
        return self.n - self.missing

    @property
    def missing_rate(self) -> float:
        """Share of rows without a value; 0 of an empty table."""
        return self.missing / self.n if self.n else 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; weights that are all 1 are left out."""
        facts = {name: getattr(self, name) for name in ("name", "kind", "physical", "format", "n", "missing")}
        facts |= {name: getattr(self, name) for name in ("distinct", "singletons", "low", "high", "rest")}
        weights = [] if (self.weights == 1).all() else self.weights.astype(int).tolist()
        parts = {part: dict(counts) for part, counts in self.parts.items()}
        return facts | {
            "values": self.values.tolist(),
            "weights": weights,
            "edges": self.edges.tolist(),
            "levels": dict(self.levels),
            "parts": parts,
            "renewed": self.renewed,
            "design": self.design,
            "design_missing": self.design_missing,
            "unread": self.unread,
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> ColumnProfile:
        """The profile that ``to_dict`` was made from, and that was checked."""
        values = np.asarray(facts["values"], dtype=np.float64)
        weights = np.asarray(facts["weights"] or np.ones(len(values)), dtype=np.float64)
        edges = np.asarray(facts.get("edges", ()), dtype=np.float64)  # the first bundles have none
        return cls(**{**facts, "values": values, "weights": weights, "edges": edges})


@dataclass(frozen=True, eq=False)
class ReferenceProfile:
    """What is remembered of the training data, the hold-out predictions and the model.

    Attributes:
        columns: one entry a watched column.
        n: rows.
        predictions: the score and the predicted class of the hold-out, as far as given.
        target: the target column, or None.
        task: ``binary``, ``multiclass``, ``regression`` or empty.
        importance: column to importance for the model, or None when unknown.
        metric: the hold-out score: name, value, low, high; or None.
        second, third: the same of the metrics that stand in where that has no interval.
        decimal: the decimal mark of numbers that are written as text.
        others: names of the columns that the table has and that are not watched.
        rows: digest of the rows of the watched columns (see ``row_digest``), or empty when unknown.
        labelled: the same with the target, or empty.
        aside: names of columns that are watched although the model does not read them.
        pairs: how the inputs that are numbers go together, or None when unknown.
        sorted_by: names of the columns, or the target, that its rows are sorted by, where no group is known.
        refitted: whether the predictions are those of a twin of the model that learned from fewer rows; None
            when unknown.
        hold_out: what the model did on its hold-out, as ``core.watch.decision.window.Baseline``, or None when
            unknown.
        interval: how far predictions may be off, or why nothing is known of that; empty of classes.
        repeated, repeated_labelled: its rows whose inputs, or inputs and target, repeat those of an earlier
            one; None when unknown.
        unlabelled: of the rows of the training file that have no target, which are none of these rows; None
            where there are none, or of an earlier version. Its design effects, repeats and pairs are those
            of all rows of the file.
        crossed: whether the predictions are of all rows, each by a model that had not learned from it, and
            not of the hold-out alone.
    """

    columns: tuple[ColumnProfile, ...]
    n: int
    predictions: tuple[ColumnProfile, ...] = ()
    target: ColumnProfile | None = None
    task: str = ""
    importance: Mapping[str, float] | None = None
    metric: Mapping[str, Any] | None = None
    seed: int = 0
    decimal: str = "."
    others: tuple[str, ...] = ()
    rows: str = ""
    labelled: str = ""
    aside: tuple[str, ...] = ()
    pairs: Correlations | None = None
    sorted_by: tuple[str, ...] = ()
    refitted: bool | None = False
    second: Mapping[str, Any] | None = None
    third: Mapping[str, Any] | None = None
    hold_out: Mapping[str, Any] | None = None
    interval: Conformal | str = ""
    repeated: Repeats | None = None
    repeated_labelled: Repeats | None = None
    unlabelled: ReferenceProfile | None = None
    crossed: bool = False

    @property
    def inputs(self) -> tuple[ColumnProfile, ...]:
        """The columns that the model reads; of a table all."""
        return tuple(column for column in self.columns if column.name not in self.aside)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "version": VERSION,
            "n": self.n,
            "columns": [column.to_dict() for column in self.columns],
            "predictions": [column.to_dict() for column in self.predictions],
            "target": self.target.to_dict() if self.target else None,
            "task": self.task,
            "importance": dict(self.importance) if self.importance is not None else None,
            "metric": dict(self.metric) if self.metric is not None else None,
            "seed": self.seed,
            "decimal": self.decimal,
            "others": list(self.others),
            "rows": self.rows,
            "labelled": self.labelled,
            "aside": list(self.aside),
            "pairs": self.pairs.to_dict() if self.pairs else None,
            "sorted_by": list(self.sorted_by),
            "refitted": self.refitted,
            "second": dict(self.second) if self.second is not None else None,
            "third": dict(self.third) if self.third is not None else None,
            "hold_out": dict(self.hold_out) if self.hold_out is not None else None,
            "interval": self.interval
            if isinstance(self.interval, str)
            else self.interval.model_dump(mode="json"),
            "repeated": self.repeated.to_dict() if self.repeated else None,
            "repeated_labelled": self.repeated_labelled.to_dict() if self.repeated_labelled else None,
            "unlabelled": self.unlabelled.to_dict() if self.unlabelled else None,
            "crossed": self.crossed,
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> ReferenceProfile:
        """The profile that ``to_dict`` was made from.

        Raises:
            FoldlineError: ``REFERENCE`` when it is not a reference profile or is of a newer version.
        """
        if not isinstance(facts, Mapping) or facts.get("version") != VERSION:
            raise FoldlineError("REFERENCE", f"This is not a reference profile of version {VERSION}.", HINT)
        stored = checked(facts)
        rest = {name: facts[name] for name in ("n", "task", "importance", "metric", "seed")}
        return cls(
            columns=tuple(ColumnProfile.from_dict(c) for c in facts["columns"]),
            predictions=tuple(ColumnProfile.from_dict(c) for c in facts["predictions"]),
            target=ColumnProfile.from_dict(facts["target"]) if facts["target"] else None,
            # The first bundles do not tell these.
            decimal=facts.get("decimal", "."),
            others=tuple(facts.get("others", ())),
            rows=facts.get("rows", ""),
            labelled=facts.get("labelled", ""),
            aside=tuple(facts.get("aside", ())),
            pairs=Correlations.from_dict(facts["pairs"]) if facts.get("pairs") else None,
            sorted_by=tuple(facts.get("sorted_by", ())),
            refitted=facts.get("refitted"),
            second=facts.get("second"),
            third=facts.get("third"),
            hold_out=facts.get("hold_out"),
            interval=stored.interval,
            repeated=Repeats.from_dict(facts.get("repeated")),
            repeated_labelled=Repeats.from_dict(facts.get("repeated_labelled")),
            unlabelled=cls.from_dict(facts["unlabelled"]) if facts.get("unlabelled") else None,
            crossed=facts.get("crossed", False),
            **rest,
        )
