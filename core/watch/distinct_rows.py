"""New rows that repeat another one: left out where training left out its own, or where they are copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.checks.chance_repeats import are_chance
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.repeats import Repeats, are_more, repeats_of
from core.evaluate.prediction import Prediction
from core.recipe.document import Recipe
from core.recipe.split import target_column
from core.standalone.counts import agreeing, counted, counted_of
from core.standalone.rows.near_copies import near_repeats
from core.watch.judge.schema_gate import DataIssue

REPEATS = "REPEATS"
NOTABLE = 0.01
"""Share of the rows from which copies move an interval or a test."""
FEWEST = 30
"""Distinct rows from which they are compared without the copies."""
CHECK = "Look whether the file holds rows more than once, or whether what measures stands still."


@dataclass(frozen=True, eq=False)
class NewRows:
    """The new rows that are compared.

    Attributes:
        prediction: of the same rows, or None.
        issues: what was noticed of rows that repeat another one.
        obstacle: why no score of them would hold, as a sentence, or empty.
    """

    frame: pd.DataFrame
    prediction: Prediction | None = None
    issues: tuple[DataIssue, ...] = ()
    obstacle: str = ""

    def without(self, repeats: NDArray[np.bool_], issue: DataIssue) -> NewRows:
        """The rows but for those that repeat another one, with what is said of it."""
        prediction = None if self.prediction is None else self.prediction.take(~repeats)
        return NewRows(self.frame[~repeats], prediction, (issue,))


def one_of_each(
    recipe: Recipe, frame: pd.DataFrame, prediction: Prediction | None, reference: ReferenceProfile
) -> NewRows:
    """New rows as training would have taken them: of equal or near ones the first; and that it was so.

    Training that keeps one of each knows rows that are repeated often as one. New rows that were all
    compared with it would seem to have changed in whatever such rows have in common. Where training kept
    all, what is clearly more than its own repeats and more than chance is copies.

    Args:
        frame: as ``as_learned`` gives it.
        prediction: of the same rows, or None.
    """
    rows = NewRows(frame, prediction)
    repeats = repeats_among(recipe, frame)
    if repeats.any():
        repeated = int(repeats.sum())
        text = (
            f"{counted_of(repeated, len(frame), 'new row', 'repeats')} another one and "
            f"{agreeing('is', repeated)} left out here, as training left out its own: what is said of the "
            "new rows is said of one of each."
        )
        return rows.without(repeats, DataIssue("info", REPEATS, "", text))
    names = [column.name for column in recipe.columns if column.name in frame.columns]
    if recipe.drop_duplicates or recipe.apart or not {c.name for c in reference.inputs} <= set(names):
        return rows
    all_labelled = recipe.target in names and bool(frame[recipe.target].notna().all())
    old = (all_labelled and reference.repeated_labelled) or reference.repeated
    return without_copies(rows, names, old, reference.n, recipe.seed)


def row_hashes(frame: pd.DataFrame, names: Sequence[str]) -> NDArray[np.uint64]:
    """(n,) a number for each row, the same for rows that are equal in these columns."""
    return pd.util.hash_pandas_object(_first_of(frame, names), index=False).to_numpy(dtype=np.uint64)


def without_copies(
    rows: NewRows, names: Sequence[str], old: Repeats | None, n_old: int, seed: int
) -> NewRows:
    """One of each new row, where rows are equal more often than in the reference and than by chance.

    Where the repeats of the reference are not known, or hardly any row differs, all rows stay; it is told.

    Args:
        names: of the columns in which rows are compared.
        old: the repeats among the reference.
        n_old: rows of the reference.
    """
    keys = row_hashes(rows.frame, names)
    now, n = repeats_of(keys), len(keys)
    if not now.rows or (old is not None and not are_more(old, n_old, now, n)):
        return rows
    is_notable = now.rows >= NOTABLE * n
    if (old is None and not is_notable) or are_chance(_first_of(rows.frame, names), seed):
        return rows
    text = f"{counted_of(now.rows, n, 'new row', 'repeats')} another one in every column"
    if old is None:
        text += (
            ", more often than chance gives. This bundle does not remember how often its own rows did, so "
            "all are counted: of copies, intervals are too narrow and drift may be seen where there is none."
        )
        issue = DataIssue("warn", REPEATS, "", f"{text} {CHECK}")
        return NewRows(rows.frame, rows.prediction, (issue,))
    text += f", more than chance gives and than in the reference ({old.rows / max(1, n_old):.1%})"
    distinct = counted(n - now.rows, "row")
    if n - now.rows < FEWEST:
        text += f": only {distinct} differ, so all are compared and no score is judged. {CHECK}"
        obstacle = f"Only {distinct} of the new ones differ from each other."
        return NewRows(rows.frame, rows.prediction, (DataIssue("warn", REPEATS, "", text),), obstacle)
    text += f". They are left out here: what is said of the new rows is said of {distinct}. {CHECK}"
    repeats = pd.Series(keys).duplicated().to_numpy(bool)
    return rows.without(repeats, DataIssue("warn" if is_notable else "info", REPEATS, "", text))


def _first_of(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """These columns, of several with one name the first."""
    return frame.loc[:, frame.columns.isin(list(names)) & ~frame.columns.duplicated()]


def repeats_among(recipe: Recipe, frame: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) the rows that training would have left out for an equal or near one that came before."""
    asked = target_column(recipe)
    repeats = np.zeros(len(frame), dtype=bool)
    if asked.distinct is not None:
        names = [name for name in asked.distinct if name in frame.columns]
        repeats |= frame[names].duplicated().to_numpy(bool)
    if asked.near and set(asked.near) - {asked.name} <= set(frame.columns):
        names = [name for name in asked.near if name in frame.columns]
        places = np.flatnonzero(~repeats)
        repeats[places[near_repeats(frame.iloc[places], names, asked.within)]] = True
    return repeats
