"""Whom a service asks: the model that answers now, and what is done with what it has answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from .bodies import Asked
from .served_model import ServedModel


class Desk(Protocol):
    """What stands between the requests and a model; another one may answer the next request."""

    @property
    def model(self) -> ServedModel:
        """The model that answers from now on."""

    def kept(self, model: ServedModel) -> Sequence[str]:
        """The columns that are kept although that model does not read them."""

    def answered(self, model: ServedModel, asked: Asked, predictions: pd.DataFrame) -> None:
        """Take note of rows that were answered; it must not wait for anything."""

    def health(self) -> dict[str, Any]:
        """What those who ask for its health are told beside that it is ready."""

    def figures(self) -> Sequence[str]:
        """Further lines for Prometheus."""

    def close(self) -> None:
        """Finish what is under way; no request comes any more."""


class OneModel:
    """The desk of a bundle: one model, of whose answers nothing is kept."""

    def __init__(self, model: ServedModel) -> None:
        self.model = model

    def kept(self, model: ServedModel) -> Sequence[str]:
        """No column."""
        return ()

    def answered(self, model: ServedModel, asked: Asked, predictions: pd.DataFrame) -> None:
        """Keeps nothing."""

    def health(self) -> dict[str, Any]:
        """Nothing more."""
        return {}

    def figures(self) -> Sequence[str]:
        """No more lines."""
        return ()

    def close(self) -> None:
        """Leaves nothing behind."""
