"""The one place where text from data is made safe to show."""

from __future__ import annotations

import html
import re

from core.digits import count
from core.visible import visible

__all__ = ["count", "duration", "label", "plain", "visible", "words"]

_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")
_ADDRESS = re.compile(r"(?<=http)(?=s?:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where Markdown would make a link of a bare web or mail address, whatever is escaped in it."""
JOINER = "\u2060"


def label(text: object, limit: int = 120) -> str:
    """The text of data, escaped for any element that reads Markdown.

    Every ASCII punctuation character is escaped, so that links, images, colours, icons, formulas, HTML
    and entities stay the characters they are. An address is broken by a character without a shape, so that
    it does not become a link. A text of nothing but spaces is shown as such.
    """
    shown = _ADDRESS.sub(JOINER, visible(text, limit))
    if not shown.strip():
        return "␣" * max(len(shown), 1)
    return _SPECIAL.sub(lambda match: "\\" + match.group(), shown)


def plain(text: object, limit: int = 120) -> str:
    """The text of data for a Plotly figure, which reads a small HTML of its own."""
    return html.escape(visible(text, limit), quote=True)


def duration(seconds: float) -> str:
    """A time span for people: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h" + (f" {rest} min" if rest else "")


_SPELLING = {
    "auc": "AUC",
    "f1": "F1",
    "knn": "nearest neighbours",
    "lightgbm": "LightGBM",
    "mae": "MAE",
    "mape": "MAPE",
    "mcc": "MCC",
    "mlp": "neural network",
    "pr": "PR",
    "r2": "R²",
    "rmse": "RMSE",
    "roc": "ROC",
    "svm": "SVM",
}
_TASK_ENDINGS = ("_classifier", "_regressor")


def words(spec: str) -> str:
    """The id of a catalog entry as words, where the catalog itself would be slow to import."""
    for ending in _TASK_ENDINGS:
        spec = spec.removesuffix(ending)
    text = " ".join(_SPELLING.get(part, part) for part in spec.split("_"))
    return text[:1].upper() + text[1:]
