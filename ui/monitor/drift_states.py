"""How each outcome of a comparison looks: its words, its colour and its icon."""

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
}


def badge(state: str) -> None:
    """The look of a state."""
    text, colour, icon = LOOKS[state]
    st.badge(text, icon=icon, color=colour)
