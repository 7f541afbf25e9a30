"""The rows that a model learned from, as keys that its new rows have too."""

from __future__ import annotations

import pandas as pd

from core.drift.profile.conversion import typed
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.row_digest import Keys, column_keys, mixed, row_keys


def labelled_keys(reference: ReferenceProfile, frame: pd.DataFrame) -> Keys:
    """(n,) a number for each row with its label, of the columns that the reference watches.

    Args:
        frame: as ``as_learned`` gives it; a column that it lacks counts as missing in every row.
    """
    there = [c for c in reference.inputs if c.name in frame.columns]
    columns = (typed(frame[c.name], c.physical, c.format, reference.decimal).values for c in there)
    keys = row_keys(columns, len(frame))
    target = reference.target
    if target is None or target.name not in frame.columns:
        return keys
    labels = typed(frame[target.name], target.physical, target.format, reference.decimal).values
    return mixed(keys, column_keys(labels))
