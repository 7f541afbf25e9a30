"""The limits from which the checks of a table speak up, behind a click beside what they found."""

from __future__ import annotations

import streamlit as st

from core.catalog.checks import CHECKS
from core.claims import measured
from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.spec import Check, Value
from core.standalone.counts import counted
from ui.widgets import params


def expander(recipe: Recipe) -> None:
    """Draw the limits, tied to the recipe; what it is called stays, or the browser would close it."""
    shown = st.expander("Limits of the checks", icon=":material/tune:", key="data.limits", on_change="rerun")
    if not shown.open:
        return
    with shown:
        changed = len(recipe.checks)
        more = f" {counted(changed, 'check')} changed." if changed else ""
        st.caption(
            f"From where the checks speak up. They change what is shown here, not the data.{more}",
            help=measured("leak"),
        )
        with st.grid(3, min_column_width=230, gap="medium", key="data.limits.checks"):
            for check in CHECKS:
                if check.params:
                    _limits(recipe, check)
        if changed:
            params.back_button(
                "Back to the usual limits",
                "data.limits.reset",
                usage_edits.usual_checks,
                "usual limits of checks",
            )


def _limits(recipe: Recipe, check: Check) -> None:
    def change(old: Recipe, name: str, value: Value) -> Recipe:
        return usage_edits.set_check(old, check.id, **{name: value})

    with st.container(gap="small"):
        st.markdown(f"**{check.label}**", help=check.help)
        for param in check.params:
            value = recipe.checks.get(check.id, {}).get(param.name, param.default)
            params.param(param, value, f"data.limit.{check.id}.{param.name}", change, check.label)
