"""What the pages call the choices of a recipe, in words that need no catalog."""

from __future__ import annotations

from core.recipe.document import ColumnChoice
from core.spec import COLUMN_KINDS, Kind, Role, Task
from core.standalone.counts import counted

KINDS: dict[Kind, str] = {kind: facts.label for kind, facts in COLUMN_KINDS.items()}
ROLES: dict[Role, str] = {
    "feature": "Feature",
    "target": "Target",
    "ignore": "Left out",
    "group": "Group",
    "time": "Time",
}
TASKS: dict[Task, str] = {
    "binary": "Binary classification",
    "multiclass": "Multiclass classification",
    "regression": "Regression",
}
GROUPS = {"numeric": "Numbers", "categorical": "Categories", "datetime": "Dates", "text": "Texts"}
STAGES = {
    "missing": "Missing values",
    "outliers": "Outliers",
    "transform": "Transform",
    "scale": "Scaling",
    "encode": "Encoding",
    "dates": "Dates as numbers",
    "text": "Text as numbers",
}
EXPORT_PARTS: dict[str, str] = {"all": "All rows", "train": "Training part only"}
SCHEMES = {
    "auto": "Automatic",
    "kfold": "Cross-validation",
    "repeated": "Repeated cross-validation",
    "holdout": "Hold-out of one tenth",
}


def reading_words(was: ColumnChoice, now: ColumnChoice) -> list[str]:
    """What changed in how the cells of a column are read."""
    words = []
    if was.missing != now.missing:
        words.append(f"{', '.join(now.missing) or 'nothing more'} counts as missing")
    if was.joined != now.joined:
        words.append(f"{counted(len(now.joined), 'other spelling')} joined")
    if was.marks != now.marks:
        words.append(marks_words(now.marks) if now.marks else "numbers without marks of thousands")
    return words


def marks_words(marks: str) -> str:
    """How numbers with marks of thousands and decimals are read."""
    return f"{marks[0]!r} marks thousands, {marks[1]!r} decimals"
