"""The bell of the sidebar: how many alerts of the project's deployments are open."""

from __future__ import annotations

import streamlit as st

from core.deployment.folder import DeploymentFolder
from core.errors import FoldlineError
from core.standalone.counts import counted
from ui.deployments.current import current
from ui.frame.page_list import place
from ui.frame.session import project, workspace


def bell() -> None:
    """Draw the number of open alerts and the way to them; nothing where none is open."""
    many = sum(_open(one.id) for one in workspace().deployments(project()))
    if many:
        there = place("deployments")
        st.page_link(there.path, label=f"{counted(many, 'alert')} open", icon=":material/notifications:")


def _open(deployment: str) -> int:
    """The open alerts of a deployment; one whose folder is damaged says so on its page, not here."""
    try:
        folder = DeploymentFolder(workspace().deployment_folder(project(), deployment))
    except FoldlineError:
        return 0
    return len(current(folder)[1].alerts.open)
