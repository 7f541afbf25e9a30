"""The frame of Foldline: which pages there are, and what stays on screen on all of them."""

from __future__ import annotations

import streamlit as st

from ui import page, places, shell, space, theme
from ui.prewarm import prewarm

st.set_page_config("Foldline", page_icon=str(theme.ASSETS / "favicon.svg"), layout="wide")
space.enter()
prewarm()
st.logo(theme.logo(), size="large")

sections: dict[str, list[object]] = {}
for place in places.PLACES:
    entry = st.Page(place.path, title=place.title, icon=place.icon, url_path=place.id, help=place.purpose)
    sections.setdefault(place.section, []).append(entry)
current = st.navigation(sections, expanded=True)
with st.sidebar:
    shell.draw()
    space.remember()
page.run(current)
