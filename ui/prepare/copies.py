"""How many test rows have a copy among the rows learned from, with the clicks that end it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.checks.finding import Fix
from core.engine.resources import resources_of
from core.recipe.columns import columns_of
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.fixes import apply_fix
from core.recipe.split import rows_key
from core.train.rows.copies import copies_across
from ui.data.letting_stand import newest_findings
from ui.frame.session import project, workspace
from ui.widgets import state
from ui.widgets.text import label

CODES = ("DUPLICATES", "NEAR_DUPLICATES")


def warning(recipe: Recipe) -> None:
    """Draw how many test rows are copies; nothing where the checks found no copies or none is across."""
    found = [one for one in newest_findings(recipe) if one.code in CODES]
    if not found:
        return
    words = _words(str(workspace().root), project(), fingerprint(recipe, "data"), rows_key(recipe), recipe)
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


@st.cache_data(max_entries=32, show_spinner="Looking for copies across the split")
def _words(root: str, owner: str, data: str, rows: str, _recipe: Recipe) -> str:
    work = resources_of(workspace(), owner).work(_recipe)
    return copies_across(work, columns_of(_recipe, workspace().table(owner, _recipe.source.table))).words
