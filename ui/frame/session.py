"""Which projects this browser may see, and which one this session works on.

A cookie holds the unguessable id of the browser's space; the address holds the unguessable id of the
project. Both are checked for their form before anything is looked up with them.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.errors import FoldlineError
from core.store.workspace import Workspace

ID = re.compile(r"[A-Za-z0-9_-]{22}")
FIRST_NAME = "First project"
_PROJECT, _SPACE, _NOTICE = "foldline.project", "foldline.space", "foldline.notice"
_NEXT, _VISITED = "foldline.project.next", "foldline.project.visited"

_COOKIE = st.components.v2.component(
    "foldline_cookie",
    js="""
export default function (component) {
  const { name, value } = component.data
  document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Strict`
}
""",
)


def root() -> Path:
    """The folder that holds everything: FOLDLINE_HOME, or ``workspace`` where the app was started."""
    return _resolved(os.environ.get("FOLDLINE_HOME") or "workspace", os.getcwd())


@lru_cache(maxsize=8)
def _resolved(folder: str, start: str) -> Path:
    # Asked for dozens of times a run, and each answer would ask the disk about every part of the path.
    return Path(start, folder).resolve()


@st.cache_resource(show_spinner=False)
def _open(folder: str) -> Workspace:
    return Workspace(Path(folder))


def workspace() -> Workspace:
    """The workspace of this server, opened once."""
    return _open(str(root()))


def cookie_name() -> str:
    """One cookie a workspace: two servers of one host, which share cookies, must not trade spaces."""
    return "foldline_space_" + hashlib.sha256(str(root()).encode()).hexdigest()[:8]


def is_id(value: object) -> bool:
    """Whether a value from outside has the form of an id."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _known_space() -> str:
    value = st.context.cookies.get(cookie_name())
    return str(value) if is_id(value) and workspace().has_space(str(value)) else ""


def _asked_project() -> str:
    asked = st.query_params.get("project", "")
    if not asked:
        return ""
    try:
        if is_id(asked):
            workspace().project(asked)
            return asked
    except FoldlineError as error:
        if error.code != "PROJECT":
            raise
    st.session_state[_NOTICE] = "The project in that address is not here; this is your latest one."
    return ""


def _latest_project(space: str) -> str:
    mine = workspace().projects(space)
    return mine[-1].id if mine else workspace().create_project(space, FIRST_NAME)


def enter() -> None:
    """Settle space and project of a new session and keep the address in step; the first thing app.py does."""
    if _PROJECT not in st.session_state:
        st.session_state[_SPACE] = _known_space() or workspace().new_space()
        st.session_state[_PROJECT] = _asked_project() or _latest_project(st.session_state[_SPACE])
    st.session_state[_PROJECT] = st.session_state.pop(_NEXT, st.session_state[_PROJECT])
    if st.query_params.get("project") != st.session_state[_PROJECT]:
        st.query_params["project"] = st.session_state[_PROJECT]


def remember() -> None:
    """Give the browser the cookie of its space, when it did not come with it."""
    if st.context.cookies.get(cookie_name()) != st.session_state[_SPACE]:
        _COOKIE(
            key="foldline.cookie", data={"name": cookie_name(), "value": st.session_state[_SPACE]}, height=1
        )


def space() -> str:
    """Id of this browser's space."""
    return str(st.session_state[_SPACE])


def project() -> str:
    """Id of the project this session works on."""
    return str(st.session_state[_PROJECT])


def switch(project_id: str) -> None:
    """Work on another project from the next run on.

    What else comes with the same click, such as a field that was just left, still belongs to this one.
    """
    st.session_state[_NEXT] = project_id


def own(key: str) -> str:
    """The key of a widget in this project: what the browser still sends of another project's is not its own.

    That of the project which the session began with is the plain one.
    """
    visited: list[str] = st.session_state.setdefault(_VISITED, [])
    if project() not in visited:
        visited.append(project())
    place = visited.index(project())
    return f"{key}..project{place}" if place else key


def new_project(name: str) -> str:
    """Make an empty project in this browser's space and switch to it."""
    made = workspace().create_project(space(), name)
    switch(made)
    return made


def delete_project() -> None:
    """Delete the current project with all it holds and switch to the latest of the others."""
    workspace().delete_project(project())
    switch(_latest_project(space()))


def notice() -> str:
    """A sentence to show once, or an empty string."""
    return str(st.session_state.pop(_NOTICE, ""))
