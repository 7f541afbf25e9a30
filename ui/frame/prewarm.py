"""Import the heavy libraries beside the first paint instead of before it."""

from __future__ import annotations

import gc
import importlib
import threading

import streamlit as st

HEAVY = (
    "pandas",
    "plotly.graph_objects",
    "sklearn.ensemble",
    "sklearn.pipeline",
    "sklearn.compose",
    "core.catalog.models",
    "core.catalog.steps",
    "core.catalog.features",
    "core.catalog.selectors",
    "core.catalog.metrics",
)


def _work() -> None:
    for name in HEAVY:
        importlib.import_module(name)
    # Streamlit collects garbage after every run; frozen objects are not walked again (90 ms a run).
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def prewarm() -> None:
    """Start the imports once a server process."""
    threading.Thread(target=_work, name="prewarm", daemon=True).start()
