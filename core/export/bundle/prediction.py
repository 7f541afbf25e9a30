"""What a bundle's model says of new rows."""

from __future__ import annotations

import pandas as pd

from core.errors import FoldlineError
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.export.bundle.open import Bundle
from core.export.schema_check import conform


def prediction_of(bundle: Bundle, frame: pd.DataFrame) -> Prediction | None:
    """What a bundle's model says of new rows; None when the rows lack what it needs."""
    try:
        rows = conform(frame, bundle.schema).frame
    except FoldlineError as error:
        if error.code != "SCHEMA":
            raise
        return None
    manifest = bundle.manifest
    if manifest.task == "regression":
        return of_values(bundle.pipeline.predict(rows))
    shares = bundle.pipeline.predict_proba(rows)
    return of_proba(manifest.task, bundle.pipeline.classes_, shares, manifest.positive, manifest.threshold)
