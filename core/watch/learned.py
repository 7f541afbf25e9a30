"""The rows that a model learned from, as keys that its new rows have too."""

from __future__ import annotations

import pandas as pd

from core.drift.profile.conversion import typed
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.row_digest import Keys, row_keys


def input_keys(reference: ReferenceProfile, frame: pd.DataFrame) -> Keys:
    """(n,) a number for each row, of the inputs that the reference watches; its label, which may be corrected
    later, is no part of it.

    Args:
        frame: as ``as_learned`` gives it; a column that it lacks counts as missing in every row.
    """
    there = [c for c in reference.inputs if c.name in frame.columns]
    columns = (typed(frame[c.name], c.physical, c.format, reference.decimal).values for c in there)
    return row_keys(columns, len(frame))
