"""Which rows the model of a bundle has learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.drift.profile.document import ReferenceProfile
from core.drift.profile.learned_rows import LearnedRows
from core.export.bundle.open import Bundle
from core.watch.learned import input_keys

MOST_REPEATED = 0.05
"""Where more of the training rows have an equal among them, new rows that repeat one are nothing special."""


@dataclass(frozen=True, eq=False)
class Overlap:
    """The rows that a model learned from, whatever their label is now.

    Attributes:
        rows: (n,) whether it learned from a row; none where that cannot be told.
        code: why it cannot be told, or empty: ``UNKNOWN_ROWS`` or ``REPEATED_ROWS``.
        repeated: share of its training rows that have an equal among them.
    """

    rows: NDArray[np.bool_]
    code: str = ""
    repeated: float = 0.0


def overlap_of(bundle: Bundle, frame: pd.DataFrame) -> Overlap:
    """Which rows of a table a bundle's model has learned from.

    Args:
        frame: as ``as_learned`` gives it.
    """
    none = np.zeros(len(frame), dtype=bool)
    if bundle.learned is None or bundle.reference_profile is None:
        return Overlap(none, "UNKNOWN_ROWS")
    learned = LearnedRows.from_bytes(bundle.learned)
    if learned.repeated > MOST_REPEATED:
        return Overlap(none, "REPEATED_ROWS", learned.repeated)
    keys = input_keys(ReferenceProfile.from_dict(bundle.reference_profile), frame)
    return Overlap(learned.overlap(keys))
