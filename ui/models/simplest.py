"""The badge *simplest*: within which margin of the best it is given, and how a person changes that."""

from __future__ import annotations

import streamlit as st

from core.catalog.metrics import METRICS
from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.results.compare import BoardRow, CompareResult
from core.train.ranking.simplest import margin, margin_words, with_margin
from ui.widgets import state

SIMPLEST, UNPROVEN, LOWER = "simplest", "unproven", "≤ baseline"


def marks_of(row: BoardRow, result: CompareResult) -> str:
    """The marks of a model: that it is the simplest, and what it is to a baseline that it does not beat."""
    marks = [SIMPLEST] if row.simplest_tie else []
    if row.beats_baseline is False:
        plain = next((each for each in result.board if each.id == result.baseline), row)
        leads = row.rank < plain.rank and row.mean != plain.mean
        marks.append(UNPROVEN if leads else LOWER)
    return ", ".join(marks)


def badged(recipe: Recipe, result: CompareResult) -> CompareResult:
    """A comparison whose badge follows the margin that the recipe asks for now, in units of its metric."""
    return with_margin(result, recipe.margin if recipe.metric == result.metric else result.margin)


def simplest_margin(recipe: Recipe, result: CompareResult) -> None:
    """What the badge means, and the margin, tied to the recipe; empty for the one that suits the metric."""
    if recipe.metric != result.metric or not any(row.simplest_tie for row in result.board):
        return
    usual = margin(result, None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="models.simplest"):
        st.caption(
            f":material/eco: *simplest*: the simplest model that cannot be told from the best and scores "
            f"{margin_words(result)}.",
            width="stretch",
        )
        st.number_input(
            "Margin",
            value=None,
            min_value=0.0,
            step=usual / 5 or 0.001,
            format="%g",
            placeholder=f"{usual:.3g}",
            width=170,
            help="How much worse than the best the simplest model may score, in units of "
            f"{METRICS[result.metric].label}. Empty: 0.005, or 1% of the best where less is better.",
            **state.bind("models.margin", recipe.margin, usage_edits.set_margin, "margin of the simplest"),
        )
