"""What a service has answered, as rows that came: typed like a file, with what the model said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.stored_like import stored_like
from core.data.table import Note
from core.deployment.scoring import Arrived
from core.deployment.serving_spool import SHARE, Waiting
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.export.bundle.open import Bundle
from core.export.bundle.schema import Schema
from core.standalone.serving.bodies import CELLS, LARGEST, cells_of
from core.standalone.table import typed_column

TORN = "The last request before the service was killed was not written whole; it is left out."


def arrived_rows(waiting: Waiting, bundle: Bundle) -> Arrived:
    """The requests of a file as a batch.

    Args:
        bundle: of the model that answered them.
    """
    frame = pd.DataFrame({name: cells_of(_plain(cells), name) for name, cells in waiting.cells.items()})
    frame, notes = stored_like(frame, (), bundle.earlier)
    told = [*notes, Note(code="TORN", text=TORN)] if waiting.torn else notes
    began, ended = (f"{at:%Y-%m-%d %H:%M}" for at in (waiting.began, waiting.ended))
    source = f"service, {began} to {ended if ended[:10] != began[:10] else ended[11:]} UTC"
    said = _prediction(waiting.said, bundle)
    return Arrived(_typed(frame, bundle.schema), source, told, model=waiting.model, said=said)


def _plain(values: Sequence[Any]) -> list[Any]:
    """Values that a file can keep: lists, objects, and numbers that a float64 cannot hold, are texts."""
    return [_kept_value(value) for value in values]


def _kept_value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # JSON can name halves of characters
    if isinstance(value, int) and abs(value) > LARGEST:
        return str(value)
    return value if isinstance(value, CELLS) else json.dumps(value)


def _typed(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The columns of training in their type where every value can be read so, else as they were given."""
    typed = {}
    for column in schema.columns:
        if column.name not in frame.columns:
            continue
        values = frame[column.name]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            values = values.mask(values.isin([word for word in schema.missing if word]))
        read = typed_column(values, column.physical, column.format, schema.missing, schema.decimal)
        typed[column.name] = values if (read.isna() & values.notna()).any() else read
    return frame.assign(**typed)


def _prediction(said: Mapping[str, Sequence[float]], bundle: Bundle) -> Prediction:
    """What was said; the columns of classes are in the order of the bundle, however answers call them."""
    manifest = bundle.manifest
    columns = [np.asarray(values, dtype=np.float64) for values in said.values()]
    if manifest.task == "regression":
        return of_values(columns[0])
    classes = [name.removeprefix(SHARE) for name in bundle.sample.predictions if name.startswith(SHARE)]
    return of_proba(manifest.task, classes, np.column_stack(columns), manifest.positive, manifest.threshold)
