"""The limits from which the checks of a table speak up, behind a click beside what they found."""

from __future__ import annotations

import streamlit as st

from core.catalog.checks import CHECKS
from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.spec import Check, Value
from ui.widgets import params, state


def popover(recipe: Recipe) -> None:
    """Draw the button behind which the limits are, tied to the recipe."""
    chosen = len(recipe.checks)
    title = f"Limits: {chosen} changed" if chosen else "Limits"
    about = "From where the checks speak up. They change what is shown here, not the data."
    shown = st.popover(
        title, icon=":material/tune:", type="tertiary", help=about, key="data.limits", on_change="rerun"
    )
    if not shown.open:
        return
    with shown:
        for check in CHECKS:
            if check.params:
                _check(recipe, check)
        if chosen:
            st.button(
                "Back to the usual limits",
                icon=":material/restart_alt:",
                type="tertiary",
                key="data.limits.reset",
                on_click=state.edit,
                args=(usage_edits.usual_checks, "usual limits of checks"),
            )


def _check(recipe: Recipe, check: Check) -> None:
    def change(old: Recipe, name: str, value: Value) -> Recipe:
        return usage_edits.set_check(old, check.id, **{name: value})

    st.markdown(f"**{check.label}**", help=check.help)
    params.params(check, recipe.checks.get(check.id, {}), f"data.limit.{check.id}", change)
