"""A result that keeps itself up to date: made anew when the recipe moves on, the old one shown meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.engine import jobs
from core.engine.jobs import Job
from core.errors import FoldlineError
from core.recipe.document import Recipe
from ui.frame.errors import show_error
from ui.frame.session import project, workspace
from ui.jobs import job_panel, results
from ui.widgets.text import count, duration, label

EVERY = 0.5
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Kept:
    """The newest result of a light job.

    Attributes:
        payload: what was found, or None while there is nothing yet.
        recipe: what it was found for.
        job: the job that makes it anew, or that failed to; None when the result is current.
    """

    payload: dict[str, Any] | None
    recipe: Recipe | None
    job: Job | None

    @property
    def is_fresh(self) -> bool:
        """Whether it belongs to the recipe as it is now."""
        return self.job is None and self.payload is not None


def keep(kind: str, key: str, recipe: Recipe, **spec: Any) -> Kept:
    """The result of that kind and key; its job is started when there is none.

    Args:
        key: names what the result depends on; the job stores its result under it.
        recipe: the recipe that the key was made from.
        spec: what the job needs besides the recipe and the key.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    found = workspace().find_result(project(), kind, key)
    memory = f"kept.{kind}"
    if found is not None:
        st.session_state[memory] = (project(), found.id, recipe)
        return Kept(results.stored(found.id), recipe, None)
    job = _job(kind, key, recipe, spec)
    if job.state == "done":
        return Kept(results.payload(job), recipe, None)
    before = st.session_state.get(memory)
    if before is None or before[0] != project() or before[2].source.table != recipe.source.table:
        return Kept(None, None, job)
    return Kept(_still_there(before[1]), before[2], job)


def _still_there(result_id: str) -> dict[str, Any] | None:
    try:
        return results.stored(result_id)
    except FoldlineError as error:
        if error.code != "RESULT":
            raise
        return None


def _job(kind: str, key: str, recipe: Recipe, spec: dict[str, Any]) -> Job:
    """The newest job of that key; older ones give way to a new one."""
    job = jobs.latest(workspace(), project(), kind)
    if job is not None and job.spec.get("key") == key and job.state != "cancelled":
        return job
    if job is not None and job.is_active:
        jobs.cancel(workspace(), project(), job.id)
    started = job_panel.start(kind, {**spec, "key": key, "recipe": recipe.model_dump(mode="json")})
    return jobs.job(workspace(), project(), started)


def watch(kept: Kept, recipe: Recipe) -> None:
    """Draw what happens to a result that is not current: its progress, or why it failed.

    Args:
        recipe: as it is now; the line says what has changed since the result on screen.
    """
    job = kept.job
    if job is None:
        return
    if job.is_active:
        _running(job, before(kept, recipe))
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
        key=f"kept.again.{job.kind}",
        on_click=job_panel.start_clicked,
        args=(job.kind, lambda: job.spec),
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


def before(kept: Kept, recipe: Recipe) -> str:
    """What has changed since the result on screen, escaped; empty when it is current or there is none."""
    if kept.is_fresh or kept.payload is None or kept.recipe is None:
        return ""
    # Imported here: the words of all catalogs bring scikit-learn with them.
    from core.recipe.difference import differences

    changed = differences(kept.recipe, recipe)
    shown = "; ".join(label(words, 100) for words in changed[:NAMES_SHOWN])
    more = f" and {len(changed) - NAMES_SHOWN} more" if len(changed) > NAMES_SHOWN else ""
    return f"What you see is from before {shown or 'the last change'}{more}."
