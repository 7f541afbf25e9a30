"""Challengers in the shadow: what they say of the rows that the model at work has answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.deployment.batch_entries import ShadowSaid
from core.deployment.folder import DeploymentFolder
from core.deployment.kept_rows import prediction_columns
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.export.bundle.open import open_bundle
from core.export.bundle.prediction import prediction_of
from core.scoring.pairs import Floats


@dataclass(frozen=True, eq=False)
class Shadow:
    """The columns that challengers add to the kept rows, and how far they agree with the answers."""

    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    said: tuple[ShadowSaid, ...] = ()


def shadow_of(
    folder: DeploymentFolder, challengers: Iterable[str], frame: pd.DataFrame, answered: Prediction
) -> Shadow:
    """What challengers say of rows that were answered.

    A challenger that cannot be used, or that lacks a column, adds none, and it is said why.

    Args:
        challengers: SHA-256 of each.
        frame: (n, p) the rows; ``answered`` what was said of them.
    """
    columns: dict[str, np.ndarray] = {}
    told = list[ShadowSaid]()
    for model in challengers:
        try:
            said = prediction_of(open_bundle(folder.model(model)), frame)
        except FoldlineError as error:
            told.append(ShadowSaid(model=model, problem=error.code))
            continue
        if said is None:
            told.append(ShadowSaid(model=model, problem="SCHEMA"))
            continue
        columns |= prediction_columns(said, model)
        told.append(_compared(model, said, answered))
    return Shadow(columns, tuple(told))


def _compared(model: str, said: Prediction, answered: Prediction) -> ShadowSaid:
    if said.task == "regression":
        gap = float(np.abs(said.labels - answered.labels).mean())
        return ShadowSaid(model=model, rows=len(said), gap=gap)
    apart = np.abs(_shares(said, answered.classes) - _shares(answered, answered.classes)).sum(axis=1)
    differs = int((said.labels != answered.labels).sum())
    return ShadowSaid(model=model, rows=len(said), differs=differs, gap=float(apart.mean()) / 2)


def _shares(said: Prediction, classes: tuple[str, ...]) -> Floats:
    """(n, k) probabilities in the order of ``classes``; of a class that a model does not know 0."""
    shares = pd.DataFrame(said.proba, columns=list(said.classes)).reindex(
        columns=list(classes), fill_value=0.0
    )
    return shares.to_numpy(np.float64)
