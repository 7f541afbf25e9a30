"""Widgets that show a value kept elsewhere, and tell what a person chooses from what the browser sends late.

The browser sends the values of all widgets with every click, and of those that the server has set meanwhile
it sends what it showed before: taken for choices, three quick presses of *Undo* would write edits that nobody
made. So a widget is never set anew: when its value has changed elsewhere, or with the project, a new one
takes its place, and what comes of the old one is not heard. The same where the words of its options change:
the browser sends the words that it shows, and those of before may be none now, or those of another option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ui.frame.session import own, project

_RUN, _SHOWN = "foldline.run", "foldline.shown"
UNTIL_SHOWN = "session"
"""Has Streamlit send a value again while the browser has not answered with the widget. Two runs in quick
succession may reach the browser as one, without the value that only the first one sends: it would show an
empty widget, and send that as a choice at the next click."""


@dataclass
class Run:
    """The number of the latest run of the whole page, and of the latest that was not cut short."""

    number: int = 0
    finished: int = 0

    def finish(self) -> None:
        """Note that the run has come to its end.

        Nothing of Streamlit is touched here: after ``st.stop`` that would end the run before Streamlit has
        forgotten the fragments that are no longer drawn, see ``ui.frame.page.run``.
        """
        self.finished = self.number


@dataclass(frozen=True)
class _Shown:
    """What was shown last under a key.

    Attributes:
        number: how many widgets stood there before this one.
        value: the latest that is known of it, as set by us or chosen by a person.
        run: the run that showed it first; 0 once a person has answered with it.
        words: how its options read, where that can change.
    """

    project: str
    number: int
    value: Any
    run: int
    words: tuple[str, ...]

    def name(self, key: str) -> str:
        """The key of the widget itself; the first one has the plain one."""
        return f"{key}..{self.number}" if self.number else key


def _run() -> Run:
    run: Run = st.session_state.setdefault(_RUN, Run())
    return run


def begin() -> Run:
    """Note that a run of the whole page begins; before the first widget that is tied."""
    run = _run()
    run.number += 1
    return run


def _all() -> dict[str, _Shown]:
    shown: dict[str, _Shown] = st.session_state.setdefault(_SHOWN, {})
    return shown


def tie(key: str, value: Any, commit: Callable[[Any], None], words: Iterable[str] = ()) -> dict[str, Any]:
    """Keywords that tie a widget to a value, to be splatted into the widget's call.

    Args:
        key: unique within the app.
        value: what the widget shows, whatever it showed before; a list for a multiselect.
        commit: keeps what a person has chosen; called before the next run, and only while this widget and
            this project are those on screen.
        words: how the options read, where that depends on more than the option.
    """
    key, run, reads = own(key), _run(), tuple(words)
    now = _all().get(key)
    if now is None:
        now = _Shown(project(), 0, value, run.number, reads)
    elif _differs(now, key, value) or now.words != reads or run.finished < now.run < run.number:
        now = _Shown(project(), now.number + 1, value, run.number, reads)
    name = now.name(key)
    if name not in st.session_state:
        st.session_state[name] = value
    _all()[key] = now
    args = (key, now.number, commit)
    return {"key": name, "on_change": _changed, "args": args, "persist_state": UNTIL_SHOWN}


def _differs(now: _Shown, key: str, value: Any) -> bool:
    return bool(now.value != value or st.session_state.get(now.name(key), value) != value)


def _changed(key: str, number: int, commit: Callable[[Any], None]) -> None:
    now = _all()[key]
    value = st.session_state[now.name(key)]
    if (now.number, now.project) != (number, project()) or value == now.value:
        return
    _all()[key] = replace(now, value=value, run=0)
    commit(value)
