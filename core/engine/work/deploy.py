"""The job that puts a model to work in a deployment, new or there already."""

from __future__ import annotations

from pathlib import Path

from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.result import DeployResult
from core.deployment.succession import join_challenger
from core.engine.context import Context
from core.engine.round_specs import DeploymentId, DeploymentPath, DeploySpec, NewDeployment
from core.engine.work.challenge import same_task
from core.engine.work.inputs import bundle_path
from core.errors import FoldlineError
from core.export.bundle.open import open_bundle


def do_deploy(ctx: Context, spec: DeploySpec) -> DeployResult:
    """Begin a deployment with a model, or let it join one as a challenger."""
    ctx.progress(0, 2, "Opening the model")
    path = bundle_path(ctx, spec.model)
    bundle = open_bundle(path)
    if bundle.reference_profile is None:
        problem = "The bundle has no reference profile, so that new rows cannot be compared."
        raise FoldlineError("REFERENCE", problem, "Export the model again.")
    if isinstance(spec.at, NewDeployment):
        name = spec.at.name.strip()
        with ctx.workspace.new_deployment(ctx.project, name) as (deployment, root):
            return _begun(create_deployment(root, name, path, spec.label, spec.by), deployment)
    if isinstance(spec.at, DeploymentPath) and not Path(spec.at.folder).exists():
        root = Path(spec.at.folder)
        return _begun(create_deployment(root, root.stem, path, spec.label, spec.by))
    folder = DeploymentFolder(folder_of(ctx, spec.at))
    ctx.progress(1, 2, "Comparing it with the model at work")
    same_task(open_bundle(folder.model(folder.state().working())), bundle)
    model = join_challenger(folder, path, spec.label, spec.by)
    return DeployResult(folder=str(folder.root), model=model, place="challenger")


def folder_of(ctx: Context, at: DeploymentPath | DeploymentId) -> Path:
    """The folder of a deployment.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when the project has none of that id.
    """
    if isinstance(at, DeploymentPath):
        return Path(at.folder)
    return ctx.workspace.deployment_folder(ctx.project, at.deployment)


def _begun(folder: DeploymentFolder, deployment: str = "") -> DeployResult:
    champion = folder.state().working()
    return DeployResult(deployment=deployment, folder=str(folder.root), model=champion, place="champion")
