"""What a job needs of the project beside its recipe, put into its spec when it is asked for."""

from __future__ import annotations

from core.engine.job_specs import DriftSpec, ExportSpec, TableRows
from core.store.workspace import Workspace


def with_search(ws: Workspace, project: str, spec: ExportSpec) -> ExportSpec:
    """The spec with the newest search of the project."""
    return spec if spec.tuned else spec.model_copy(update={"tuned": ws.get(project, "tuned", "")})


def with_roles(ws: Workspace, project: str, spec: DriftSpec) -> DriftSpec:
    """The spec with the project's recipe, when the reference is the very table of that recipe."""
    if not isinstance(spec.reference, TableRows) or spec.roles is not None:
        return spec
    recipe = ws.recipe(project)
    if recipe is None or recipe.source.table != spec.reference.table:
        return spec
    return spec.model_copy(update={"roles": recipe})
