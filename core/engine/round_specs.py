"""What the jobs on deployments are told: a model that is put to work or joins, and a round."""

from __future__ import annotations

from core.data.table import Frozen
from core.engine.job_specs import BundlePath, BundleResult, JobSpec, RowSource


class DeploymentPath(Frozen):
    """A deployment by its folder."""

    folder: str


class DeploymentId(Frozen):
    """A deployment of the project."""

    deployment: str


class NewDeployment(Frozen):
    """A deployment that the project is to get, by its name."""

    name: str


class DeploySpec(JobSpec):
    """A model that begins a deployment, or joins one as a challenger when it is there already.

    Attributes:
        label: what the model is called.
        by: who asks.
    """

    model: BundlePath | BundleResult
    at: DeploymentPath | DeploymentId | NewDeployment
    label: str
    by: str = "app"


class RoundSpec(JobSpec):
    """A deployment, the rows that came, and labels of these or of earlier ones.

    Attributes:
        data: a batch; None when only labels came.
        key: column by which labels find their rows; by the order of the rows of ``batch`` when empty.
        batch: id of the only batch that the labels are for; the new one when empty and there is no key.
        served: take in what services have answered and left to be made batches.
        by: who asks.
    """

    at: DeploymentPath | DeploymentId
    data: RowSource | None = None
    labels: RowSource | None = None
    key: str = ""
    batch: str = ""
    served: bool = False
    by: str = "app"
