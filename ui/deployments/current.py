"""What the log of a deployment says now, and the reports in its folder: read once, shared by all sessions."""

from __future__ import annotations

import streamlit as st

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading
from core.deployment.state import deployment_state


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(root: str, length: int, _folder: DeploymentFolder) -> tuple[Reading, Deployment]:
    reading = _folder.read()
    return reading, deployment_state(reading)


def current(folder: DeploymentFolder) -> tuple[Reading, Deployment]:
    """The log and what it comes to, read anew when it has grown; read them, never change them."""
    return _read(str(folder.root), folder.log.stat().st_size, folder)
