"""How many test rows have a copy among the rows learned from, with the clicks that end it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.checks.finding import Fix
from core.engine.job_specs import KeyedSpec
from core.recipe.document import Recipe
from core.recipe.fixes import apply_fix
from core.recipe.split import copies_key
from core.results.copies import CopiesResult
from ui.data.letting_stand import newest_findings
from ui.jobs.current_result import current, watch
from ui.widgets import state
from ui.widgets.text import label

CODES = ("DUPLICATES", "NEAR_DUPLICATES")


def warning(recipe: Recipe) -> None:
    """Draw how many test rows are copies; nothing where the checks found no copies or none is across."""
    found = [one for one in newest_findings(recipe) if one.code in CODES]
    if not found:
        return
    looked = current(CopiesResult, KeyedSpec(recipe=recipe, key=copies_key(recipe)))
    watch(looked, recipe)
    words = looked.result.words if looked.is_fresh and looked.result else ""
    if not words:
        return
    with st.container(border=True, key="prepare.copies"):
        st.markdown(f":orange[:material/content_copy:] {label(words, 500)}")
        with st.container(horizontal=True):
            for one in found:
                if one.fix:
                    _button(one.code, one.fix)
        st.caption("Or keep what the copies come from together: choose its column below.")


def _button(code: str, fix: Fix) -> None:
    what = "duplicate" if code == "DUPLICATES" else "near-duplicate"
    st.button(
        f"{label(fix.label)} {what}",
        key=f"prepare.copies.{code}",
        icon=":material/healing:",
        on_click=state.edit,
        args=(partial(_fixed, fix=fix), f"{fix.label.lower()} {what}"),
        help="Changes the recipe, not the data. You can undo it.",
    )


def _fixed(recipe: Recipe, fix: Fix) -> Recipe:
    return apply_fix(recipe, fix)
