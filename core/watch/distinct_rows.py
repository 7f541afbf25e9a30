"""The new rows that training would have learned from, where its recipe keeps one of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.digits import count
from core.evaluate.prediction import Prediction
from core.recipe.document import Recipe
from core.recipe.split import target_column
from core.standalone.rows.near_copies import near_repeats
from core.watch.judge.schema_gate import DataIssue

REPEATS = "REPEATS"


def one_of_each(
    recipe: Recipe, frame: pd.DataFrame, prediction: Prediction | None
) -> tuple[pd.DataFrame, Prediction | None, tuple[DataIssue, ...]]:
    """New rows as training would have taken them: of equal or near ones the first; and that it was so.

    Training that keeps one of each knows rows that are repeated often as one. New rows that were all
    compared with it would seem to have changed in whatever such rows have in common.

    Args:
        frame: as ``as_learned`` gives it.
        prediction: of the same rows, or None.
    """
    repeats = _repeats(recipe, frame)
    if not repeats.any():
        return frame, prediction, ()
    repeated, rows = count(int(repeats.sum())), count(len(frame))
    text = (
        f"{repeated} of {rows} new rows repeat another one and are left out here, as training left out its "
        "own: what is said of the new rows is said of one of each."
    )
    taken = None if prediction is None else prediction.take(~repeats)
    return frame[~repeats], taken, (DataIssue("info", REPEATS, "", text),)


def _repeats(recipe: Recipe, frame: pd.DataFrame) -> NDArray[np.bool_]:
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
