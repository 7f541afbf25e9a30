"""What a bundle's model says of new rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.export.bundle.open import Bundle
from core.export.schema_check import conform

ROWS_AT_ONCE = 100_000
"""A pipeline makes several copies of the rows that it is given; of so many at once they stay small."""


def prediction_of(bundle: Bundle, frame: pd.DataFrame) -> Prediction | None:
    """What a bundle's model says of new rows; None when the rows lack what it needs."""
    try:
        rows = conform(frame, bundle.schema).frame
    except FoldlineError as error:
        if error.code != "SCHEMA":
            raise
        return None
    return prediction_of_conformed(bundle, rows)


def prediction_of_conformed(bundle: Bundle, rows: pd.DataFrame) -> Prediction:
    """What a bundle's model says of rows as ``conform`` gives them."""
    manifest = bundle.manifest
    if manifest.task == "regression":
        return of_values(_in_parts(bundle.pipeline.predict, rows))
    shares = _in_parts(bundle.pipeline.predict_proba, rows)
    return of_proba(manifest.task, bundle.pipeline.classes_, shares, manifest.positive, manifest.threshold)


def _in_parts(predict: Callable[[pd.DataFrame], Any], rows: pd.DataFrame) -> Any:
    if len(rows) <= ROWS_AT_ONCE:
        return predict(rows)
    starts = range(0, len(rows), ROWS_AT_ONCE)
    return np.concatenate([predict(rows.iloc[start : start + ROWS_AT_ONCE]) for start in starts])
