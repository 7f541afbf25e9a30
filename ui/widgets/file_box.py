"""A box that takes one file, hands it on, and drops it from Streamlit's memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import FoldlineError
from ui.widgets import state


def intake(
    text: str, types: Sequence[str], key: str, take: Callable[[UploadedFile], None], about: str = ""
) -> None:
    """Draw the box; ``take`` gets the file once, and a refusal of it is shown on top of the page.

    Args:
        text: label of the box.
        types: endings that may be chosen; a hint only, ``take`` decides.
        key: unique within the app.
        take: stores the file and starts what follows.
        about: what the file is for.
    """
    turn = f"intake.{key}"
    limit = st.get_option("server.maxUploadSize")
    file = st.file_uploader(
        text,
        type=list(types),
        key=f"{key}.{st.session_state.setdefault(turn, 0)}",
        help=f"{about} Up to {limit} MB.".strip(),
    )
    if file is None:
        return
    try:
        take(file)
    except FoldlineError as error:
        state.refuse(error)
    finally:
        # Streamlit keeps the bytes of an upload until the server ends, whatever happens to the widget.
        context = get_script_run_ctx()
        if context is not None:
            manager: Any = get_instance().uploaded_file_mgr  # its protocol has no removal
            manager.remove_file(context.session_id, file.file_id)
        st.session_state[turn] += 1
    st.rerun()
