"""The frame of Foldline: which pages there are, and what stays on screen on all of them."""

from __future__ import annotations

import streamlit as st

from ui.frame import page, theme
from ui.frame import page_list as places
from ui.frame import session as space
from ui.frame import sidebar as shell
from ui.frame.prewarm import prewarm
from ui.widgets import tied

# Before the menu: else the icon of the page becomes the favicon, which browsers fetch from fonts.gstatic.com.
st.set_page_config("Foldline", page_icon=str(theme.ASSETS / "favicon.svg"), layout="wide")
with page.whole():
    space.enter()
    run = tied.begin()
    prewarm()
    st.logo(theme.logo(), size="large")

    current = st.navigation(places.menu(), expanded=True)
    if current.url_path == places.PLACES[0].id:
        current = st.navigation(places.menu(by_name=True), expanded=True)
    st.set_page_config(f"{current.title} · Foldline")
    with st.sidebar:
        shell.draw()
        space.remember()
        theme.apply()
    page.run(current)
    run.finish()
