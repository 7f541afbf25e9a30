"""What the pages call the choices of a recipe, in words that need no catalog."""

from __future__ import annotations

from core.spec import COLUMN_KINDS, Kind, Role, Task

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
