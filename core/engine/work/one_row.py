"""Questions about one row, as JSON, answered by a bundle that stays loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.errors import FoldlineError
from core.explain.one_row import OneRow
from core.explain.row_parts import parsed_row
from core.export.bundle.open import open_bundle


class Asked:
    """A bundle that answers; opened with the first question, so that what is wrong with it is an answer.

    Args:
        path: of the bundle.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._model = path, None

    def answered(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``{"what": ..., "row": {...}, ...}``.

        ``form``; ``answer`` of a row; ``why``, with the class ``label``; ``curves`` of ``columns``, with the
        class ``label``; ``nearest`` with the columns ``free``, the ``goal`` and ``upwards``.

        Raises:
            FoldlineError: why the bundle cannot be opened; ``QUESTION`` for another; as ``OneRow``.
        """
        if self._model is None:
            self._model = OneRow(open_bundle(self._path))
        what = str(question.get("what"))
        if what not in ANSWERS:
            raise FoldlineError(
                "QUESTION", f"Nothing answers {what[:40]!r}.", f"Ask for {', '.join(ANSWERS)}."
            )
        return ANSWERS[what](self._model, question)

    _model: OneRow | None


def _form(model: OneRow, question: dict[str, Any]) -> dict[str, Any]:
    return model.form().model_dump(mode="json")


def _said(model: OneRow, question: dict[str, Any]) -> dict[str, Any]:
    return model.answer(parsed_row(question.get("row"))).model_dump(mode="json")


def _reasons(model: OneRow, question: dict[str, Any]) -> dict[str, Any]:
    row = parsed_row(question.get("row"))
    return model.why(row, str(question.get("label", ""))).model_dump(mode="json")


def _curves(model: OneRow, question: dict[str, Any]) -> dict[str, Any]:
    row, columns = parsed_row(question.get("row")), [str(name) for name in question.get("columns", ())]
    found = model.curves(row, columns, str(question.get("label", "")))
    return {"curves": [curve.model_dump(mode="json") for curve in found]}


def _nearest(model: OneRow, question: dict[str, Any]) -> dict[str, Any]:
    goal = question.get("goal", "")
    free = [str(name) for name in question.get("free", ())]
    found = model.nearest(
        parsed_row(question.get("row")),
        free,
        float(goal) if isinstance(goal, int | float) else str(goal),
        bool(question.get("upwards", True)),
    )
    return found.model_dump(mode="json")


ANSWERS: dict[str, Callable[[OneRow, dict[str, Any]], dict[str, Any]]] = {
    "form": _form,
    "answer": _said,
    "why": _reasons,
    "curves": _curves,
    "nearest": _nearest,
}
