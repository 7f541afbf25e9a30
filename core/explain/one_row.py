"""All that is asked about one row and a bundle, answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.drift.profile.document import ReferenceProfile
from core.errors import FoldlineError
from core.explain.class_names import ClassNames
from core.explain.contributions import contributions
from core.explain.domain import Domain, domains, drawn
from core.explain.nearest import Search
from core.explain.origins import origins
from core.explain.output import output_of
from core.explain.row_interval import interval_around, no_interval
from core.explain.row_parts import field_of, of_one_row, wanted
from core.explain.together import odd_pairs
from core.explain.typed_cells import TypedCells
from core.export.bundle.open import Bundle
from core.export.predict import predict_frame
from core.results.one_row import (
    Cell,
    Contribution,
    Row,
    RowAnswer,
    RowChange,
    RowCurve,
    RowForm,
    RowNearest,
    RowWhy,
)

Numbers = NDArray[np.float64]
SHARE = "probability_"
DRAWN = 256
PLACES = 31
MOST_LEVELS = 30
REMEMBERED = "drawn column by column from what the bundle remembers of its training rows"
RANGES = "drawn column by column from the ranges and levels in the bundle, which remembers no distribution"


class OneRow:
    """A bundle that is asked about one row at a time.

    Args:
        bundle: opened, with its checks.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle, self.pipeline, self.manifest = bundle, bundle.pipeline, bundle.manifest
        stored = bundle.reference_profile
        self.profile = None if stored is None else ReferenceProfile.from_dict(stored)
        self.known = domains(bundle, self.profile)
        self.names = list(self.known)
        self._cells = TypedCells(bundle)
        self.rows = self._real_rows()
        texts = {name: [row[name] for row in self.rows] for name in self._free_texts()}
        self.average = self._cells.table(drawn(self.known, texts, DRAWN, bundle.recipe.seed))
        self._sources = origins(self.pipeline[:-1])
        self._classes = ClassNames(bundle)

    def form(self) -> RowForm:
        """The form, the columns that matter most first."""
        weights, ranked_by = self._weights()
        fields = [field_of(domain, weights[name]) for name, domain in self.known.items()]
        fields.sort(key=lambda field: -field.weight)
        return RowForm(
            task=self.manifest.task,
            target=self.manifest.target,
            classes=tuple(map(self._classes.written, self.manifest.classes)),
            positive=self._classes.written(self.manifest.positive),
            fields=tuple(fields),
            ranked_by=ranked_by,
            rows=tuple(self.rows),
            basis=RANGES if self.profile is None else REMEMBERED,
            no_interval=no_interval(self.profile, self.manifest.task),
        )

    def answer(self, row: Row) -> RowAnswer:
        """What the model says of a row, and what is odd about it.

        Raises:
            FoldlineError: ``SCHEMA`` when a column is missing.
        """
        typed, issues = self._cells.one(row)
        predicted = predict_frame(self.pipeline, self.manifest, typed)
        pairs = odd_pairs(row, self.known, self.profile.pairs if self.profile else None)
        issues = sorted([*of_one_row(issues, self.known), *pairs], key=lambda issue: issue.severity != "warn")
        shares = {
            self._classes.written(str(name).removeprefix(SHARE)): float(predicted[name].iloc[0])
            for name in predicted.columns[1:]
        }
        said = predicted["prediction"].iloc[0]
        if self.manifest.task != "regression":
            label = self._classes.written(str(said))
            return RowAnswer(prediction=label, shares=shares, issues=tuple(issues))
        return RowAnswer(
            prediction=float(said), issues=tuple(issues), **interval_around(self.profile, float(said))
        )

    def why(self, row: Row, label: str = "") -> RowWhy:
        """The output of a row as a sum over its columns.

        Args:
            label: the explained class; the positive one, or of several the predicted one, when empty.
        """
        typed = self.table([row])
        output = output_of(self.pipeline, self.manifest.task, self._explained(row, label), self.average)
        found = contributions(output, typed, self.names, self._sources, self.average)
        parts = [
            Contribution(
                column=name,
                value=row[name],
                amount=float(amount),
                error=None if found.errors is None else float(found.errors[place]),
            )
            for place, (name, amount) in enumerate(zip(self.names, found.amounts, strict=True))
        ]
        parts.sort(key=lambda part: -abs(part.amount))
        return RowWhy(
            scale=output.scale,
            output=found.output,
            base=found.base,
            begins=found.begins,
            parts=tuple(parts),
            gap=found.gap,
            adds_up=found.adds_up,
            method=found.method,
        )

    def curves(self, row: Row, columns: Sequence[str], label: str = "") -> list[RowCurve]:
        """The answer along some columns, all at once; of several classes that of the predicted one."""
        of = self._explained(row, label)
        places = {name: self._along(self.known[name], row[name]) for name in columns}
        rows = [{**row, name: cell} for name in columns for cell in places[name]]
        shown = self._classes.written(of)
        values = iter(self._answers(rows, of).tolist() if rows else [])
        return [
            RowCurve(column=name, at=tuple(cells), answers=tuple(next(values) for _ in cells), of=shown)
            for name, cells in places.items()
        ]

    def nearest(self, row: Row, free: Sequence[str], goal: str | float, upwards: bool = True) -> RowNearest:
        """The nearest row with another answer that differs only in columns that may change.

        Args:
            free: names of those columns.
            goal: the class that is wanted, or the number to reach.
            upwards: whether at least that number is wanted, else at most.

        Raises:
            FoldlineError: ``GOAL`` for a class that the model does not know, or no number; ``COLUMN`` for a
                column that it does not read.
        """
        self._check(free, goal)
        own = self._classes.goal(goal)
        search = Search(row, self.known, free, lambda rows: self._score(rows, own, upwards))
        found = search.run()
        after = found.best if found.row is None else found.row
        changes = tuple(
            RowChange(column=name, before=row[name], after=after[name])
            for name in self.names
            if after[name] != row[name]
        )
        answer = self.answer(after)
        reached = found.row is not None and self._score([after], own, upwards)[0] >= 0
        return RowNearest(
            found=reached and {change.column for change in changes} <= set(free),
            changes=changes,
            answer=answer,
            row=after,
            tried=search.tried,
            words=wanted(goal, upwards, 0 if reached and not changes else len(search.free)),
        )

    def table(self, rows: Sequence[Row]) -> pd.DataFrame:
        """Rows as the model takes them."""
        return self._cells.many(rows)

    def _answers(self, rows: Sequence[Row], label: str) -> Numbers:
        """(n,) the probability of a class, or the predicted number."""
        predicted = predict_frame(self.pipeline, self.manifest, self.table(rows))
        column = "prediction" if self.manifest.task == "regression" else f"{SHARE}{label}"
        return predicted[column].to_numpy(dtype=np.float64)

    def _score(self, rows: list[Row], goal: str | float, upwards: bool) -> Numbers:
        """As ``Search`` wants it."""
        if not isinstance(goal, str):
            return (self._answers(rows, "") - goal) * (1 if upwards else -1)
        predicted = predict_frame(self.pipeline, self.manifest, self.table(rows))
        shares = predicted[f"{SHARE}{goal}"].to_numpy(dtype=np.float64)
        return np.where(predicted["prediction"].astype(str) == goal, shares, shares - 2.0)

    def _check(self, free: Iterable[str], goal: str | float) -> None:
        for name in free:
            if name not in self.known:
                raise FoldlineError(
                    "COLUMN", f"The model reads no column {name!r}.", "Name one of its columns.", name
                )
        if self.manifest.task == "regression":
            if isinstance(goal, str):
                raise FoldlineError("GOAL", f"{goal!r} is no number to reach.", "Give a number.")
        elif self._classes.goal(goal) not in self.manifest.classes:
            raise self._classes.unknown(goal)

    def _explained(self, row: Row, label: str) -> str:
        if label or self.manifest.task == "regression":
            return self._classes.own(label)
        return self.manifest.positive or self._classes.own(str(self.answer(row).prediction))

    def _along(self, domain: Domain, now: Cell) -> list[Cell]:
        """Where a column is looked at: even places of its range and the value of the row, or its levels."""
        if domain.levels:
            cells = [domain.cell_of(level) for level in domain.levels[:MOST_LEVELS]]
            return cells if now is None or now in cells else [*cells, now]
        if domain.low is None or domain.high is None:
            return []
        cells = [domain.cell(float(value)) for value in np.linspace(domain.low, domain.high, PLACES)]
        cells = [cell for cell in dict.fromkeys(cells) if cell != now]
        return cells if now is None else sorted([*cells, now], key=lambda cell: domain.number(cell) or 0.0)

    def _free_texts(self) -> list[str]:
        if not self.rows:
            return []
        return [n for n, domain in self.known.items() if not domain.levels and not len(domain.values)]

    def _real_rows(self) -> list[Row]:
        """The training rows that the bundle holds; none where they are made up."""
        if self.bundle.recipe.export.made_up:
            return []
        columns = self.bundle.sample.columns
        rows = (dict(zip(columns, row, strict=True)) for row in self.bundle.sample.rows)
        return [{name: row[name] for name in self.names} for row in rows]

    def _weights(self) -> tuple[dict[str, float], str]:
        """How much each column matters, and what that stands on."""
        known = self.profile.importance if self.profile else None
        if known:
            words = "how much worse the score on the test rows is with a column shuffled"
            return {name: float(known.get(name, 0.0)) for name in self.names}, words
        typical: Row = {name: domain.typical for name, domain in self.known.items()}
        spans = {
            curve.column: float(np.ptp(curve.answers)) if curve.answers else 0.0
            for curve in self.curves(typical, self.names)
        }
        return spans, "how far the answer of a typical row moves along a column"
