"""Results of jobs, read and parsed once a server process and shared by all sessions."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core.engine import jobs
from core.engine.job_specs import Asked, RecipeSpec
from core.engine.job_state import Job
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.fingerprint import Part, fingerprint
from core.results.base import R, Result, parsed
from ui.frame.session import project, workspace


@st.cache_resource(max_entries=64, show_spinner=False)
def _parsed(root: str, project_id: str, result_id: str, kind: str, _model: type[Result]) -> Result:
    return parsed(_model, workspace().result_by_id(project_id, result_id))


@st.cache_resource(max_entries=64, show_spinner=False)
def _spec(
    root: str, project_id: str, job_id: str, model: str, _model: type[Asked], _job: Job
) -> Asked | None:
    try:
        return _job.spec_as(_model)
    except FoldlineError as error:
        if error.code not in ("SPEC", "RECIPE"):
            raise
        return None


@st.cache_resource(max_entries=64, show_spinner=False)
def _print(root: str, project_id: str, job_id: str, part: Part, _recipe: Recipe) -> str:
    return fingerprint(_recipe, part)


def spec_of(model: type[Asked], job: Job) -> Asked | None:
    """What a job was asked for; None when it was asked in a form that is not known any more."""
    root = str(workspace().root)
    return cast(Asked | None, _spec(root, job.project, job.id, model.__name__, model, job))


def print_then(job: Job, part: Part) -> str:
    """The fingerprint of a part of the recipe that a job was started with; empty when that is not known."""
    spec = spec_of(RecipeSpec, job)
    return _print(str(workspace().root), job.project, job.id, part, spec.recipe) if spec else ""


def result_of(model: type[R], job: Job) -> R:
    """What a job that is done has found.

    Raises:
        FoldlineError: what ``core.engine.jobs.result`` raises; ``RESULT`` when it has an unknown form.
    """
    if job.result_id is None:
        return parsed(model, jobs.result(workspace(), job.project, job.id))
    return stored_as(model, job.result_id, job.project)


def newest_of(model: type[R]) -> tuple[Job, R] | None:
    """The newest job of a kind that is done, with what it found.

    None when there is none, or it has an unknown form: the work is to be done again.
    """
    job = jobs.latest(workspace(), project(), model.KIND, "done")
    result = None if job is None else result_or_none(model, job)
    return None if job is None or result is None else (job, result)


def result_or_none(model: type[R], job: Job) -> R | None:
    """What a job that is done has found; None when it has an unknown form."""
    try:
        return result_of(model, job)
    except FoldlineError as error:
        if error.code != "RESULT":
            raise
        return None


def stored_as(model: type[R], result_id: str, owner: str | None = None) -> R:
    """A result of a project, by default the current one.

    Raises:
        FoldlineError: ``RESULT`` when the project has none of that id or it has an unknown form, ``DAMAGED``
            when its file was changed.
    """
    root = str(workspace().root)
    return cast(R, _parsed(root, owner or project(), result_id, model.KIND, model))


def stored_under(model: type[R], key: str) -> R | None:
    """The result of that kind and key of the current project.

    None when there is none, or it has a form that is not known: the work is to be done again.
    """
    info = workspace().find_result(project(), model.KIND, key)
    return None if info is None else stored_if_known(model, info.id)


def stored_if_known(model: type[R], result_id: str) -> R | None:
    """A result of the current project; None when it has gone or has an unknown form."""
    try:
        return stored_as(model, result_id)
    except FoldlineError as error:
        if error.code != "RESULT":
            raise
        return None
