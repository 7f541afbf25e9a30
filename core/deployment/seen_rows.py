"""Rows of a batch that came in an earlier batch already: their labels count once."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.table import Note
from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.kept_rows import OWN, given_rows
from core.drift.profile.learned_rows import LearnedRows
from core.export.bundle.open import Bundle
from core.standalone.counts import agreeing, counted_of
from core.watch.distinct_rows import row_hashes
from core.watch.overlap import MOST_REPEATED

BEFORE = f"{OWN}came_before"
CODE = "SEEN_ROWS"
FEWEST = 5
"""Equal rows below which chance may have made them."""


def came_before(
    folder: DeploymentFolder, now: Deployment, bundle: Bundle, frame: pd.DataFrame
) -> tuple[NDArray[np.bool_], tuple[Note, ...]]:
    """(n,) whether a row is in an earlier batch, by all columns that the model reads, and what is told of it.

    Nothing is told where rows are often equal by chance: among these, or among those of training.
    """
    none = np.zeros(len(frame), dtype=bool)
    names = sorted(column.name for column in bundle.schema.inputs)
    learned = None if bundle.learned is None else LearnedRows.from_bytes(bundle.learned)
    if not len(frame) or not set(names) <= set(frame.columns):
        return none, ()
    keys = row_hashes(frame, names)
    repeated = 1 - len(np.unique(keys)) / len(keys)
    if repeated > MOST_REPEATED or (learned is not None and learned.repeated > MOST_REPEATED):
        return none, ()
    seen, first = none.copy(), ""
    for name, batch in now.batches.items():
        mine = np.isin(keys, _keys_of(folder, batch, names))
        if mine.sum() >= FEWEST and not first:
            first = name
        seen |= mine
    if seen.sum() < FEWEST:
        return none, ()
    many = int(seen.sum())
    text = (
        f"{counted_of(many, len(frame), 'row')} came before, first in batch {first}: "
        f"{agreeing('its', many)} labels count there and not again."
    )
    if is_mostly_old(many, len(frame)):
        text += " Such a batch raises no alert and ends none."
    return seen, (Note(code=CODE, text=text),)


def _keys_of(folder: DeploymentFolder, batch: Batch, names: list[str]) -> NDArray[np.uint64]:
    """The keys of the rows of an earlier batch, which are kept beside it; none where it lacks a column."""
    known = sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()
    scored = batch.scored
    kept = folder.keys(scored.batch, known)
    if kept is not None and len(kept) in (0, scored.rows):
        return kept
    frame = folder.batch(scored.batch, scored.file)
    rows = given_rows(frame)
    there = set(names) <= set(rows.columns)
    keys = row_hashes(rows, names) if there and len(rows) else np.empty(0, dtype=np.uint64)
    folder.put_keys(scored.batch, known, keys)
    return keys


def is_mostly_old(before: int, rows: int) -> bool:
    """Whether more than half of the rows of a batch came before."""
    return 2 * before > rows


def labels_once(frame: pd.DataFrame, target: str, before: NDArray[np.bool_]) -> pd.DataFrame:
    """The rows without the labels of those that came before."""
    if target not in frame.columns or not before.any():
        return frame
    return frame.assign(**{target: frame[target].where(~before)})


def marked_before(kept: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) which rows of a kept batch came before; none of a batch that was kept before that was noted."""
    if BEFORE not in kept.columns:
        return np.zeros(len(kept), dtype=bool)
    return kept[BEFORE].to_numpy(bool)
