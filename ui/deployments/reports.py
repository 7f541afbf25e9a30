"""The reports of a deployment, and what its model is held to: read once, shared by all sessions.

Apart from its log, since they need much more to be imported.
"""

from __future__ import annotations

import streamlit as st

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.report import BatchReport
from core.deployment.standard import Standard, standard_of


@st.cache_resource(max_entries=16, show_spinner=False)
def _standard(root: str, champion: str, moves: int, _folder: DeploymentFolder, _now: Deployment) -> Standard:
    return standard_of(_folder, _now, champion)


def standard(folder: DeploymentFolder, now: Deployment) -> Standard:
    """What the model at work is held to.

    Raises:
        FoldlineError: as ``standard_of``.
    """
    return _standard(str(folder.root), now.working(), len(now.moves), folder, now)


@st.cache_resource(max_entries=16, show_spinner=False)
def _report(root: str, report: str, _folder: DeploymentFolder) -> BatchReport:
    return BatchReport.model_validate(_folder.report(report))


def report_of(folder: DeploymentFolder, report: str) -> BatchReport:
    """The report of that id, which never changes.

    Raises:
        FoldlineError: ``DAMAGED`` when it has gone or is not what was kept.
    """
    return _report(str(folder.root), report, folder)
