"""Labels that come later, joined to the rows of batches by a key column or by the order of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.data.table import Note
from core.errors import FoldlineError
from core.standalone.cells import as_text
from core.standalone.counts import counted, counted_of

ROW, LABEL = "row", "label"
"""The columns of a file of labels: position in the batch, counted from 0, and the label."""
SHOWN = 3
MOST_OTHER = 0.05
"""The share of rows in which a column may differ from the batch's before it is told."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Labels that found their rows.

    Attributes:
        labels: batch -> labels of the rows that got one, by position in the batch.
        notes: what was left out, and why.
    """

    labels: Mapping[str, pd.Series] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def by_order(batch: str, rows: int, labels: pd.Series) -> Matched:
    """Labels in the order of the rows of a batch; rows whose label is missing get none.

    Raises:
        FoldlineError: ``LABELS`` when there are more or fewer of them than rows.
    """
    if len(labels) != rows:
        problem = f"The batch {batch} has {counted(rows, 'row')}, the file of labels {len(labels):,}."
        hint = "Give as many rows, with empty cells where no label has come, or name a key column."
        raise FoldlineError("LABELS", problem, hint, batch)
    there = _present(labels.reset_index(drop=True))
    return Matched({batch: there} if len(there) else {})


def check_order(batch: pd.DataFrame, labels: pd.DataFrame, names: Sequence[str]) -> tuple[Note, ...]:
    """That the rows of a file of labels are in the order of a batch, by the columns that both have.

    Args:
        batch, labels: of as many rows.
        names: of these columns.

    Returns:
        What is to be told where columns differ in a way that may have another reason.

    Raises:
        FoldlineError: ``ORDER`` when a column that tells every row differs in some.
    """
    notes = []
    for name in names:
        ours, theirs = (as_text(frame[name]).reset_index(drop=True) for frame in (batch, labels))
        other = int(((ours != theirs) & (ours.notna() | theirs.notna())).sum())
        if not other:
            continue
        text = f"{counted_of(other, len(ours), 'row', 'has')} another {name!r} than the row of the batch"
        if ours.is_unique and theirs.is_unique and ours.notna().all():
            hint = f"Choose {name!r} as the key column, so that each label finds its row."
            raise FoldlineError("ORDER", f"The labels are not in the order of the batch: {text}.", hint, name)
        if other > MOST_OTHER * len(ours):
            notes.append(Note(code="ORDER", text=f"{text}: look whether the labels are in its order."))
    return tuple(notes)


def by_key(batches: Mapping[str, pd.Series], keys: pd.Series, labels: pd.Series) -> Matched:
    """Labels of the rows that have the same key; which row is meant must be beyond doubt.

    Left out and told are keys that no row has, that several rows have, in one batch or in two, and that come
    with different labels. A key that comes twice with one label counts once.

    Args:
        batches: batch -> (n,) keys of its rows.
        keys, labels: (m,) of the file of labels.
    """
    given = pd.DataFrame({"key": as_text(keys).to_numpy(object), LABEL: as_text(labels).to_numpy(object)})
    keyless = int((given["key"].isna() & given[LABEL].notna()).sum())
    given = given.dropna().drop_duplicates()
    twice = given["key"][given["key"].duplicated(keep=False)].unique()
    known = given[~given["key"].isin(twice)].set_index("key")[LABEL]
    parts = [_rows_of(batch, values) for batch, values in batches.items()]
    rows = pd.concat(parts or [_rows_of("", keys[:0])])
    rows = rows[rows["key"].isin(known.index)]
    shared = rows["key"][rows["key"].duplicated(keep=False)].unique()
    unknown = known.index[~known.index.isin(rows["key"])]
    rows = rows[~rows["key"].isin(shared)]
    rows = rows.assign(**{LABEL: known.reindex(rows["key"]).to_numpy(object)})
    found = {
        str(batch): pd.Series(part[LABEL].to_numpy(object), index=part[ROW].to_numpy(np.int64))
        for batch, part in rows.groupby("batch", sort=False)
    }
    return Matched(found, tuple(_notes(keyless, twice, shared, unknown)))


def changes(before: pd.Series, now: pd.Series) -> tuple[int, int]:
    """How many rows get their first label, and how many another one than they had.

    Args:
        before, now: labels by position in the batch.
    """
    again = now.index.intersection(before.index)
    other = as_text(before.loc[again]).to_numpy(object) != as_text(now.loc[again]).to_numpy(object)
    return len(now) - len(again), int(np.asarray(other, dtype=bool).sum())


def newest(*files: pd.DataFrame) -> pd.Series:
    """The label of each row that has one, by position in the batch; of several the one that came last."""
    if not files:
        return pd.Series([], index=pd.Index([], dtype=np.int64), dtype=object)
    every = pd.concat([pd.Series(f[LABEL].to_numpy(object), index=f[ROW].to_numpy()) for f in files])
    return every[~every.index.duplicated(keep="last")].sort_index()


def as_table(labels: pd.Series) -> pd.DataFrame:
    """Labels by position as the table that is kept; each label as the text that it is compared by."""
    return pd.DataFrame({ROW: labels.index.to_numpy(np.int64), LABEL: as_text(labels).to_numpy(object)})


def _present(labels: pd.Series) -> pd.Series:
    return labels[as_text(labels).notna()].astype(object)


def _rows_of(batch: str, keys: pd.Series) -> pd.DataFrame:
    texts = as_text(keys).to_numpy(object)
    return pd.DataFrame({"batch": batch, "key": texts, ROW: np.arange(len(texts))}).dropna(subset=["key"])


def _notes(keyless: int, twice: np.ndarray, shared: np.ndarray, unknown: pd.Index) -> list[Note]:
    notes = []
    if keyless:
        text = f"{counted(keyless, 'label')} came without a key and are left out."
        notes.append(Note(code="NO_KEY", text=text))
    for code, keys, words in (
        ("UNKNOWN_KEYS", unknown, "that no row of a batch has"),
        ("KEY_TWICE", twice, "come with different labels"),
        ("SHARED_KEYS", shared, "that several rows have, so that it cannot be told which one is meant"),
    ):
        if len(keys):
            such = ", ".join(repr(str(key)[:40]) for key in list(keys)[:SHOWN])
            text = f"{counted(len(keys), 'key')} {words}, such as {such}: their labels are left out."
            notes.append(Note(code=code, text=text))
    return notes
