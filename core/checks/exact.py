"""Number columns of which the target is an exact sum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.checks.finding import Subject
from core.checks.strength import LEAST_ROWS

EXACT = 1e-6
LARGEST = 1e150


def exact_parts(rows: pd.DataFrame, subject: Subject) -> tuple[str, ...]:
    """The number columns whose weighted sum is the target exactly, or nothing when there is no such sum."""
    names = [c.name for c in subject.features("numeric", "boolean") if c.physical == "number"]
    data = rows[[subject.target, *names]].dropna().to_numpy()
    if not names or len(data) < max(LEAST_ROWS, 5 * len(names)):
        return ()
    if np.abs(data).max() > LARGEST:  # squares of such numbers are no numbers any more
        return ()
    centred = data - data.mean(axis=0)
    scale = centred.std(axis=0)
    if scale[0] == 0:
        return ()
    unit = centred / np.where(scale > 0, scale, 1)
    weights, *_ = np.linalg.lstsq(unit[:, 1:], unit[:, 0], rcond=None)
    if np.abs(unit[:, 1:] @ weights - unit[:, 0]).max() > EXACT:
        return ()
    return tuple(name for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-3)
