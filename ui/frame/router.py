"""The guard that every page starts with.

Until a server process has executed ``st.navigation`` once, Streamlit serves a file of ``pages/`` on its own.
The guard runs app.py instead, which then draws the frame and this page in it.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

APP = Path(__file__).resolve().parents[2] / "app.py"


def through_router() -> None:
    """Hand over to app.py when the page was started without it; otherwise do nothing."""
    if PagesManager.uses_pages_directory:
        runpy.run_path(str(APP), run_name="__main__")
        st.stop()
