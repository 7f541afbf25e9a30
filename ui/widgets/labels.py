"""The kinds and roles of columns, and the tasks, in the words of the screen."""

from __future__ import annotations

from core.recipe.labels import KINDS, ROLES, TASKS

__all__ = ["KINDS", "KIND_HELP", "ROLES", "ROLE_HELP", "TASKS"]

ROLE_HELP = (
    "Feature: the model may use it. Left out: it is not used. Target: what is predicted. "
    "Group: rows with the same value stay on one side of the split. Time: the newest rows are the test set."
)
KIND_HELP = "What the values mean, which decides how they are prepared. Ids and constants are not used."
