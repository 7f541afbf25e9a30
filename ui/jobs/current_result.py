"""A result that keeps itself up to date: made anew when the recipe moves on, the old one shown meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

import streamlit as st

from core.engine import jobs
from core.engine.job_kinds import job_kind
from core.engine.job_specs import KeyedSpec
from core.engine.job_state import Job
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.results.base import R, Result
from core.standalone.counts import first_of
from ui.frame.errors import show_error
from ui.frame.session import project, workspace
from ui.jobs import job_panel, results
from ui.widgets.text import count, duration, label

EVERY = 0.5
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Current(Generic[R]):
    """The newest result of a light job.

    Attributes:
        result: what was found, or None while there is nothing yet; read it, never change it.
        recipe: what it was found for.
        job: the job that makes it anew, or that failed to; None when the result is up to date.
    """

    result: R | None
    recipe: Recipe | None
    job: Job | None

    @property
    def is_fresh(self) -> bool:
        """Whether it belongs to the recipe as it is now."""
        return self.job is None and self.result is not None


def current(model: type[R], spec: KeyedSpec) -> Current[R]:
    """The result that a spec asks for; its job is started when there is none of a form that is known.

    Args:
        spec: its key is that of the stored result, and was made from its recipe.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    info, recipe = workspace().find_result(project(), model.KIND, spec.key), spec.recipe
    result = results.stored_if_known(model, info.id) if info else None
    memory = f"current.{model.KIND}"
    if info is not None and result is not None:
        st.session_state[memory] = (project(), info.id, recipe)
        return Current(result, recipe, None)
    job = _job(model, spec)
    if job.state == "done":
        return Current(results.result_of(model, job), recipe, None)
    earlier = st.session_state.get(memory)
    if earlier is None or earlier[0] != project() or earlier[2].source.table != recipe.source.table:
        return Current(None, None, job)
    return Current(results.stored_if_known(model, earlier[1]), earlier[2], job)


def _job(model: type[Result], spec: KeyedSpec) -> Job:
    """The newest job of that key; older ones, and results of an unknown form, give way to a new one."""
    kind = model.KIND
    job = jobs.latest(workspace(), project(), kind)
    if job is not None and _is_for(spec, job) and _is_of_use(model, job):
        return job
    if job is not None and job.is_active:
        jobs.cancel(workspace(), project(), job.id)
    started = job_panel.start(kind, spec)
    return jobs.job(workspace(), project(), started)


def _is_for(spec: KeyedSpec, job: Job) -> bool:
    asked = results.spec_of(type(spec), job)
    return asked is not None and asked.key == spec.key


def _is_of_use(model: type[Result], job: Job) -> bool:
    if job.state == "done":
        return results.result_or_none(model, job) is not None
    return job.state != "cancelled"


def watch(current: Current[Any], recipe: Recipe) -> None:
    """Draw what happens to a result that is not current: its progress, or why it failed.

    Args:
        recipe: as it is now; the line says what has changed since the result on screen.
    """
    job = current.job
    if job is None:
        return
    if job.is_active:
        _running(job, before(current, recipe))
    elif job.state == "failed":
        show_error(FoldlineError.from_dict(job.error or {"code": "JOB", "problem": "The job failed."}))
        _again(job)
    else:
        st.caption(f":material/power_off: {job_panel.name_of(job.kind)} was interrupted; nothing is lost.")
        _again(job)


def _again(job: Job) -> None:
    st.button(
        "Try again",
        icon=":material/refresh:",
        key=f"current.again.{job.kind}",
        on_click=job_panel.start_clicked,
        args=(job.kind, lambda: job_kind(job.kind).parse(job.spec)),
    )


def _running(job: Job, since: str) -> None:
    @st.fragment(run_every=EVERY)
    def look() -> None:
        job_panel.keep_going()
        now = jobs.job(workspace(), project(), job.id)
        if not now.is_active:
            st.rerun()
        st.caption(f":material/autorenew: {_words(now)} {since}")

    look()


def _words(job: Job) -> str:
    name = job_panel.name_of(job.kind)
    if job.state == "queued":
        return f"{name} waits for its turn…"
    facts = [label(job.message, 60)] if job.message else []
    if job.total:
        facts.append(f"{count(job.done)} of {count(job.total)}")
    if job.eta_seconds is not None and job.eta_seconds >= 2:
        facts.append(f"about {duration(job.eta_seconds)} left")
    return f"{name}… {' · '.join(facts)}"


def before(current: Current[Any], recipe: Recipe) -> str:
    """What has changed since the result on screen, escaped; empty when it is current or there is none."""
    if current.is_fresh or current.result is None or current.recipe is None:
        return ""
    # Imported here: the words of all catalogs bring scikit-learn with them.
    from core.recipe.difference import differences

    changed = differences(current.recipe, recipe)
    shown = first_of([label(words, 100) for words in changed], NAMES_SHOWN, between="; ")
    return f"What you see is from before {shown or 'the last change'}."
