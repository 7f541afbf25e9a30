"""How the decisions about a deployment look, in words, colours and icons."""

from __future__ import annotations

from typing import Literal

import streamlit as st

Colour = Literal["red", "orange", "green", "blue", "gray"]
DECISIONS: dict[str, tuple[str, Colour, str]] = {
    "RETRAIN": ("Retrain", "red", ":material/model_training:"),
    "RETRAIN_UNCONFIRMED": ("Retrain, unconfirmed", "orange", ":material/model_training:"),
    "INVESTIGATE": ("Investigate", "orange", ":material/search:"),
    "KEEP": ("Keep", "green", ":material/check_circle:"),
    "NOT_ENOUGH_DATA": ("Not enough data", "blue", ":material/hourglass_empty:"),
}


def decision_badge(action: str) -> None:
    """The look of a decision."""
    text, colour, icon = DECISIONS.get(action, (action, "gray", ":material/help:"))
    st.badge(text, icon=icon, color=colour)


def decision_words(action: str) -> str:
    """A decision in a word or two; a dash where there is none."""
    return DECISIONS[action][0] if action in DECISIONS else action or "–"
