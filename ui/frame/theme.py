"""The colours of charts and diagrams, light and dark; the rest of the look is .streamlit/config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Palette:
    """The colours that a figure needs, as ``#rrggbb``.

    Attributes:
        name: ``"light"`` or ``"dark"``.
        ink, muted, grid, surface: text, secondary text, lines, and what lies behind.
        accent, soft: the one accent, and a pale version of it.
        good, warn, bad: states.
        series: one colour a category, in order.
        ramp: from low to high.
    """

    name: Literal["light", "dark"]
    ink: str
    muted: str
    grid: str
    surface: str
    accent: str
    soft: str
    good: str
    warn: str
    bad: str
    series: tuple[str, ...]
    ramp: tuple[str, ...]


LIGHT = Palette(
    name="light",
    ink="#0a1618",
    muted="#5e6c6e",
    grid="#e3e8e5",
    surface="#fdfcfa",
    accent="#0b6e6e",
    soft="#bcd9d5",
    good="#2f7d4f",
    warn="#b7672a",
    bad="#b8403a",
    series=("#0b6e6e", "#c46a2b", "#5b62a8", "#a9861c", "#97496f", "#3d87b0", "#6b8a3a", "#66747a"),
    ramp=("#f3f7f5", "#cbe3df", "#8bc0ba", "#489994", "#0b6e6e", "#044041"),
)
DARK = Palette(
    name="dark",
    ink="#e4ebe9",
    muted="#9fb0b2",
    grid="#273438",
    surface="#0b1113",
    accent="#4fb3aa",
    soft="#215350",
    good="#6dbd8a",
    warn="#e0985c",
    bad="#e5746c",
    series=("#4fb3aa", "#e39a5f", "#9aa2e6", "#d9b84f", "#d58bb4", "#74b8dd", "#a4c46c", "#9fb0b5"),
    ramp=("#121b1e", "#174241", "#216965", "#37928b", "#71bab2", "#c9e7e2"),
)


def palette() -> Palette:
    """The colours that match the theme in which the visitor sees the app."""
    return DARK if st.context.theme.type == "dark" else LIGHT


_LOOK = st.components.v2.component(
    "foldline_look", css=(ASSETS / "look.css").read_text(encoding="utf-8"), isolate_styles=False
)


def apply() -> None:
    """Add to the page the few rules of the look that Streamlit's theme has no words for."""
    _LOOK(key="foldline.look", height=1)


def logo() -> str:
    """Path of the logo that can be read on the current theme's sidebar."""
    return str(ASSETS / f"logo_{palette().name}.svg")
