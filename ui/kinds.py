"""The kinds and roles of columns, and the tasks, in the words of the screen."""

from __future__ import annotations

from core.spec import Kind, Role, Task

KINDS: dict[Kind, str] = {
    "numeric": "Number",
    "categorical": "Category",
    "boolean": "Two values",
    "datetime": "Date",
    "text": "Text",
    "id": "Id",
    "constant": "Constant",
}
ROLES: dict[Role, str] = {
    "feature": "Feature",
    "target": "Target",
    "ignore": "Left out",
    "group": "Group",
    "time": "Time",
}
TASKS: dict[Task, str] = {
    "binary": "Two classes",
    "multiclass": "Several classes",
    "regression": "A number",
}
ROLE_HELP = (
    "Feature: the model may use it. Left out: it is not used. Target: what is predicted. "
    "Group: rows with the same value stay on one side of the split. Time: the newest rows are the test set."
)
KIND_HELP = "What the values mean, which decides how they are prepared. Ids and constants are not used."
