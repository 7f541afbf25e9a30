"""What a model says about rows, in the one form that everything downstream takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FoldlineError
from core.scoring.pairs import Floats
from core.spec import Task
from core.standalone.prediction import decided, labels_from


@dataclass(frozen=True, eq=False)
class Prediction:
    """Predictions of n rows.

    Attributes:
        task: what was predicted.
        classes: class names; of a binary task the positive class is the last. Empty for a regression.
        labels: (n,) predicted labels as str, or float64 values of a regression.
        proba: (n, k) probabilities in the order of ``classes``, or None.
    """

    task: Task
    classes: tuple[str, ...]
    labels: NDArray[Any]
    proba: Floats | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[Any]) -> Prediction:
        """The predictions of these row positions, or of a mask."""
        proba = None if self.proba is None else self.proba[rows]
        return Prediction(self.task, self.classes, self.labels[rows], proba)

    def at(self, threshold: float) -> Prediction:
        """A binary prediction whose label is positive from this probability on.

        Raises:
            FoldlineError: ``METRIC`` when the task is not binary or there are no probabilities.
        """
        if self.task != "binary" or self.proba is None:
            raise FoldlineError(
                "METRIC", "A threshold needs the probabilities of a binary task.", "Leave the threshold out."
            )
        return Prediction(
            self.task, self.classes, labels_from(self.classes, self.proba, threshold), self.proba
        )


def of_values(values: Any) -> Prediction:
    """The prediction of a regression, from (n,) numbers."""
    return Prediction("regression", (), np.asarray(values, dtype=np.float64).ravel())


def of_proba(
    task: Task, classes: Sequence[str], proba: Any, positive: str = "", threshold: float | None = None
) -> Prediction:
    """The prediction of a classifier, from its probabilities.

    Args:
        task: ``binary`` or ``multiclass``.
        classes: as ``model.classes_``.
        proba: (n, k), columns in the order of ``classes``.
        positive: the positive class of a binary task; by default the last one. It is moved to the end.
        threshold: label positive from this probability on; by default 0.5. A multiclass label is the most
            probable class, the first of equals.

    Raises:
        FoldlineError: ``METRIC`` when ``positive`` is not a class or a binary task has not two classes.
    """
    check_classes(task, classes, positive)
    names, shares, labels = decided(task, classes, proba, positive, threshold)
    return Prediction(task, tuple(names), labels, shares)


def check_classes(task: Task, classes: Sequence[str], positive: str = "") -> None:
    """See that classes fit the task.

    Raises:
        FoldlineError: as ``of_proba``.
    """
    names = [str(name) for name in classes]
    if task != "binary":
        return
    if len(names) != 2:
        raise FoldlineError(
            "METRIC", f"A binary task has two classes, not {len(names)}.", "Check the target."
        )
    if positive and positive not in names:
        raise FoldlineError("METRIC", f"{positive!r} is not a class.", f"Choose one of: {', '.join(names)}.")
