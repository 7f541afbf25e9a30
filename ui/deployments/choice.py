"""Which deployment is looked at, and how one is made from a packed model."""

from __future__ import annotations

import streamlit as st

from core.deployment.folder import DeploymentFolder
from core.engine.job_specs import BundleResult
from core.engine.round_specs import DeploySpec, NewDeployment
from core.errors import FoldlineError
from core.store.deployments import DeploymentInfo
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.use import bundle_choice
from ui.widgets import state
from ui.widgets.remembered import remember, remembered
from ui.widgets.short_names import numbered
from ui.widgets.text import label

APP = "app"
"""Who causes what is clicked, in the log."""


def choose(every: list[DeploymentInfo]) -> DeploymentFolder:
    """Draw the choice and what can be done beside it, and give the folder of the deployment."""
    names = {one.id: one.name for one in every}
    newest = every[-1].id
    if remembered("deployments.which", newest) not in names:
        st.info(
            "The deployment that was shown here is deleted; another one is shown.", icon=":material/delete:"
        )
    named = numbered({id: label(name, 60) for id, name in names.items()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            "Deployment",
            list(names),
            format_func=named,
            **remember("deployments.which", newest, list(names), map(named, names)),
        )
        with st.popover("", icon=":material/more_vert:", key="deployments.manage", help="Another, or delete"):
            maker(first=False)
            if st.button(
                ":red[:material/delete: Delete this deployment…]", key="deployments.delete", type="tertiary"
            ):
                _confirm_delete(names[picked], picked)
    return _folder(picked)


def _folder(deployment: str) -> DeploymentFolder:
    return DeploymentFolder(workspace().deployment_folder(project(), deployment))


def identity(folder: DeploymentFolder) -> str:
    """The id by which the store knows a deployment."""
    return folder.root.name


def maker(first: bool) -> None:
    """Draw the button that deploys the model that was packed last, or an opened bundle."""
    ready = bundle_choice.models()
    if not ready:
        return
    with st.container(border=first, key="deployments.new"):
        picked = ready[bundle_choice.choose(ready, "deployments")]
        st.markdown(f"**{label(picked.model, 120)}** predicts **{label(picked.target, 60)}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                "Name of the deployment", max_chars=100, **remember("deployments.name", "Production")
            )
            st.button(
                "Deploy it",
                icon=":material/rocket_launch:",
                type="primary" if first else "secondary",
                key="deployments.make",
                on_click=_make,
                args=(picked.result, name, picked.model),
            )


def _make(result: str, name: str, model: str) -> None:
    spec = DeploySpec(model=BundleResult(result=result), at=NewDeployment(name=name), label=model, by=APP)
    job_panel.start_clicked("deploy", lambda: spec)


@st.dialog("Delete this deployment?", icon=":material/delete:")
def _confirm_delete(name: str, deployment: str) -> None:
    """Ask before a deployment goes with its batches and its log."""
    st.markdown(f"**{label(name)}** goes with its batches, labels, alerts and log. This cannot be undone.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="deployments.keep"):
            st.rerun()
        if st.button(
            ":red[:material/delete: Delete for good]",
            key="deployments.delete.sure",
            on_click=_deleted,
            args=(deployment,),
        ):
            st.rerun()


def _deleted(deployment: str) -> None:
    try:
        workspace().delete_deployment(project(), deployment)
    except FoldlineError as error:
        state.refuse(error)
