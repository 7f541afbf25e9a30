"""Whether a result still belongs to the recipe, and how that is said when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.engine.job_kinds import job_kind
from core.errors import FoldlineError
from core.recipe.difference import differences
from core.recipe.document import Recipe
from core.recipe.fingerprint import FIELDS, Part, fingerprint
from core.results.base import RunResult
from core.standalone.counts import first_of
from ui.frame.session import project, workspace
from ui.jobs.results import stored_under
from ui.widgets.text import label

T = TypeVar("T")
K = TypeVar("K", bound=RunResult)
MOST_CHANGES = 3


@dataclass(frozen=True)
class Standing(Generic[T]):
    """A stored result as the page shows it.

    Attributes:
        payload: what was found; read it, never change it.
        fresh: whether it belongs to the recipe as it is now.
        changes: what changed since, in words; empty when it is fresh or its run was deleted.
    """

    payload: T
    fresh: bool
    changes: tuple[str, ...] = ()


@st.cache_resource(max_entries=64, show_spinner=False)
def _recipe_of(root: str, project_id: str, run: str) -> Recipe | None:
    try:
        return workspace().run(project_id, run).info.recipe
    except FoldlineError as error:
        if error.code != "RUN":
            raise
        return None


def recipe_then(run: str) -> Recipe | None:
    """The recipe that a run was made with; None when it was deleted."""
    return _recipe_of(str(workspace().root), project(), run)


def changes(then: Recipe, now: Recipe, part: Part) -> tuple[str, ...]:
    """What changed in a part of the recipe, in words; what lies outside of the part is left out."""
    outside = [name for name in Recipe.model_fields if name not in (*FIELDS[part], "source", "version")]
    same = now.model_copy(update={name: getattr(then, name) for name in outside})
    return tuple(differences(then, same))


def standing(model: type[K], recipe: Recipe, part: Part) -> Standing[K] | None:
    """The result of this recipe if there is one, else the newest of its kind.

    None when there is none, or it has a form that is not known: the work is to be done again.

    Args:
        part: the part of the recipe that decides the result.
    """
    if own := stored_under(model, fingerprint(recipe, part)):
        return Standing(own, fresh=True)
    newest = workspace().get(project(), job_kind(model.KIND).newest, "")
    payload = stored_under(model, newest)
    if payload is None:
        return None
    then = recipe_then(payload.run)
    return Standing(payload, False, changes(then, recipe, part) if then else ())


def banner(
    shown: Standing[Any], key: str, again: Callable[[], None] | None = None, busy: bool = False
) -> None:
    """Say quietly that a result is from before the last changes, with a way to renew it.

    Args:
        key: of the button, unique within the app.
        again: what the button does; no button without it.
        busy: whether the work is under way already.
    """
    if shown.fresh:
        return
    changes = [label(words, 80) for words in shown.changes]
    what = first_of(changes, MOST_CHANGES, between="; ") or "later changes"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"{key}.stale"
    ):
        st.markdown(f":orange[:material/history:] This is from before: {what}.", width="stretch")
        if again is not None:
            st.button("Run again", icon=":material/refresh:", key=key, on_click=again, disabled=busy)
