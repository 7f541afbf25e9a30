"""How each outcome of a comparison, and each decision on retraining, looks: words, colour and icon."""

from __future__ import annotations

from typing import Literal

import streamlit as st

Colour = Literal["red", "orange", "green", "blue", "gray"]
LOOKS: dict[str, tuple[str, Colour, str]] = {
    "broken": ("Not safe to use", "red", ":material/error:"),
    "drift": ("Drift", "red", ":material/trending_up:"),
    "minor": ("Real but small", "orange", ":material/change_history:"),
    "weak": ("Weak", "orange", ":material/change_history:"),
    "look": ("Look at it", "orange", ":material/visibility:"),
    "stable": ("Stable", "green", ":material/check_circle:"),
    "too_few_rows": ("Too few rows", "blue", ":material/hourglass_empty:"),
    "not_computed": ("Not compared", "gray", ":material/block:"),
    "worse": ("Worse", "red", ":material/trending_down:"),
    "better": ("Better", "green", ":material/trending_up:"),
    "same": ("No difference seen", "green", ":material/check_circle:"),
    "no_reference": ("Nothing to compare with", "gray", ":material/help:"),
    "RETRAIN": ("Retrain", "red", ":material/model_training:"),
    "RETRAIN_UNCONFIRMED": ("Retrain, unconfirmed", "orange", ":material/model_training:"),
    "INVESTIGATE": ("Investigate", "orange", ":material/search:"),
    "KEEP": ("Keep", "green", ":material/check_circle:"),
    "NOT_ENOUGH_DATA": ("Not enough data", "blue", ":material/hourglass_empty:"),
}


def badge(state: str) -> None:
    """The look of a state."""
    text, colour, icon = LOOKS[state]
    st.badge(text, icon=icon, color=colour)
