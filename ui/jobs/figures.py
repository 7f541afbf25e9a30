"""Figures of stored results, made once a server process and shared by all sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from ui.frame.session import project, workspace
from ui.frame.theme import Palette, palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Option = str | int | float | bool | None


@st.cache_resource(max_entries=64, show_spinner=False)
def _made(
    root: str,
    owner: str,
    name: str,
    source: str,
    options: tuple[Option, ...],
    colours: str,
    _make: Callable[[Palette], go.Figure],
) -> go.Figure:
    return _make(palette())


def picture(make: Callable[[Palette], go.Figure], name: str, source: str, *options: Option) -> go.Figure:
    """The figure that ``make`` gives for the colours of the visitor; draw it, never change it.

    Args:
        make: called only when this figure was not made before.
        name: which picture of the source it is.
        source: id of the stored result, run or table that it shows, which never changes.
        options: everything else that it depends on.
    """
    return _made(str(workspace().root), project(), name, source, options, palette().name, make)
