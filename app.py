"""The frame of Foldline: which pages there are, and what stays on screen on all of them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import page, places, shell, space, theme
from ui.prewarm import prewarm

# Before the menu: else the icon of the page becomes the favicon, which browsers fetch from fonts.gstatic.com.
st.set_page_config("Foldline", page_icon=str(theme.ASSETS / "favicon.svg"), layout="wide")
space.enter()
prewarm()
st.logo(theme.logo(), size="large")

sections: dict[str, list[Any]] = {}
for place in places.PLACES:
    entry = st.Page(place.path, title=place.title, icon=place.icon, url_path=place.id, help=place.purpose)
    sections.setdefault(place.section, []).append(entry)
current = st.navigation(sections, expanded=True)
st.set_page_config(f"{current.title} · Foldline")
with st.sidebar:
    shell.draw()
    space.remember()
page.run(current)
