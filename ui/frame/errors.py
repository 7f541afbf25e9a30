"""The one place where errors are drawn."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import FoldlineError
from ui.widgets.text import label

log = logging.getLogger("foldline.ui")


def show_error(error: FoldlineError) -> None:
    """Draw an error that a person can act on."""
    body = f"{label(error.hint, 400)}  \n" if error.hint else ""
    where = f" · {label(error.where)}" if error.where and error.where not in error.problem else ""
    st.error(
        f"{body}:small[{label(error.code)}{where}]", title=label(error.problem, 400), icon=":material/error:"
    )


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show a FoldlineError of the block and go on after it."""
    try:
        yield
    except FoldlineError as error:
        show_error(error)


def show_bug(error: Exception, what: str) -> str:
    """Tell calmly that something is wrong with Foldline itself and give the number it is told under.

    Args:
        what: what was being done, as in "drawing this page"; the log has the trace under the same number.
    """
    bug = secrets.token_hex(4)
    log.error("bug %s while %s", bug, what, exc_info=error)
    st.error(
        "This is a fault of Foldline, not of your data. What was saved before stays saved. "
        f"Undo the last change or try again; when you report it, give the number **{bug}**.",
        title=f"Something went wrong while {what}",
        icon=":material/bug_report:",
    )
    return bug
