"""The time limit of a job, set beside the button that starts it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.recipe.usage import MOST_MINUTES
from ui.widgets import state

HELP = {
    "compare": "The comparison ends after so many minutes; the models that have finished are ranked.",
    "export": "Packing is given up after so many minutes.",
}


def clock(recipe: Recipe, kind: Literal["compare", "export"]) -> None:
    """The minutes that a job may take, tied to the recipe; empty for as long as it needs."""
    st.number_input(
        "Minutes at most",
        value=None,
        min_value=1,
        max_value=MOST_MINUTES,
        step=5,
        placeholder="no limit",
        width=130,
        help=HELP[kind],
        **state.bind(
            f"{kind}.clock",
            getattr(recipe.clocks, kind),
            lambda old, minutes: usage_edits.set_clocks(old, **{kind: minutes}),
            "time limit",
        ),
    )
