"""How often rows of a recipe's test set were opened in a project."""

from __future__ import annotations

from core.engine.resources import resources_of
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from core.train.rows.opened import LockedRows, Looks, locked_rows, looks_at
from core.train.work import split_of


def locked_rows_of(workspace: Workspace, project: str, recipe: Recipe) -> LockedRows:
    """The rows of a recipe's test set, by which they are found again.

    Raises:
        FoldlineError: as ``split_of``.
    """
    read = resources_of(workspace, project).read
    return locked_rows(recipe, read, split_of(recipe, read)[1].test)


def looks_of(workspace: Workspace, project: str, recipe: Recipe) -> Looks:
    """How often rows of a recipe's test set were opened; nothing is read where none ever was.

    Raises:
        FoldlineError: as ``split_of``.
    """
    openings = workspace.openings(project)
    if not openings:
        return Looks()
    return looks_at(locked_rows_of(workspace, project, recipe), openings, workspace.tables(project))
