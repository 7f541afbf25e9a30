"""The closed lists of words that every part of the core speaks in."""

from __future__ import annotations

from typing import Literal

Value = bool | int | float | str | None
Kind = Literal["numeric", "categorical", "boolean", "datetime", "text", "id", "constant"]
Role = Literal["feature", "target", "ignore", "group", "time"]
Task = Literal["binary", "multiclass", "regression"]
Sensitivity = Literal["low", "normal", "high"]
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression")
CLASSIFICATION: tuple[Task, ...] = ("binary", "multiclass")
