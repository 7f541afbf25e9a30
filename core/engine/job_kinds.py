"""The kinds of job: all that the rest of the program asks about one stands in its entry.

Light to import, for the app: the function of a kind brings all of core with it, and comes when a job is done.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from core.engine import job_specs, references, round_specs
from core.engine.contest_specs import ChallengeSpec, RehearseSpec
from core.engine.job_specs import JobSpec, parse_spec
from core.engine.succession_specs import ContestSpec, ReplaySpec, SucceedSpec
from core.errors import FoldlineError
from core.recipe.fingerprint import Part
from core.store.workspace import Workspace

if TYPE_CHECKING:
    from core.engine.context import Context
    from core.results.base import Result

    Run = Callable[[Context, Any], Result]
    """Does a job: a context and the spec in, what it found out."""

GB = 2**30
GRACE = 60.0
"""Seconds in which a job whose time is over ranks and writes what has finished."""


@dataclass(frozen=True)
class Limits:
    """What a job may use.

    Attributes:
        memory: bytes of address space of each of its processes.
        seconds: wall clock, or None for no limit.
        grace: seconds after that in which a job that keeps its best writes what has finished.
    """

    memory: int
    seconds: float | None
    grace: float = 0.0


def _as_given(ws: Workspace, project: str, spec: Any) -> Any:
    return spec


@dataclass(frozen=True)
class JobKind:
    """A kind of job.

    Attributes:
        id: as stored.
        label: what it is called while it runs.
        spec: the model of what it is told.
        run: ``module:function`` that does it; takes a Context and the spec, gives what it found.
        memory, seconds: its limits; no memory means half of the machine's, 8 GB at most.
        part: the part of the recipe that its result depends on; None when there is no recipe.
        run_label: what its run is called on Runs; empty for a kind that keeps no run.
        newest: the setting that holds the fingerprint of the newest result, for kinds that keep a run.
        counted: what its progress counts, where a message does not say so.
        keeps_best: whether it gives what has finished when it is asked to stop or its time is over.
        joins: whether asking for the very same while it is under way gives that job.
        complete: puts into a spec what the job needs of the project, when it is asked for.
    """

    id: str
    label: str
    spec: type[JobSpec]
    run: str
    memory: int | None = None
    seconds: float | None = None
    part: Part | None = None
    run_label: str = ""
    newest: str = ""
    counted: str = ""
    keeps_best: bool = False
    joins: bool = False
    complete: Callable[[Workspace, str, Any], Any] = _as_given

    @property
    def keeps_run(self) -> bool:
        """Whether what it finds is kept as a run."""
        return bool(self.run_label)

    def parse(self, spec: Mapping[str, Any] | JobSpec) -> JobSpec:
        """The spec of a job.

        Raises:
            FoldlineError: ``SPEC``, or ``RECIPE`` for a recipe that is not one.
        """
        return parse_spec(self.id, self.spec, spec)

    def function(self) -> Run:
        """The function that does such a job."""
        module, name = self.run.split(":")
        function: Run = getattr(importlib.import_module(module), name)
        return function


def by_id(*kinds: JobKind) -> dict[str, JobKind]:
    """Id -> kind."""
    return {kind.id: kind for kind in kinds}


WORK = "core.engine.work"
JOB_KINDS = by_id(
    JobKind(
        "read",
        "Reading the table",
        job_specs.ReadSpec,
        f"{WORK}.data:do_read",
        memory=3 * GB,
        seconds=120.0,
    ),
    JobKind(
        "inspect",
        "Looking at the table",
        job_specs.InspectSpec,
        f"{WORK}.data:do_inspect",
        part="data",
    ),
    JobKind(
        "preview",
        "Preparing some rows",
        job_specs.PreviewSpec,
        f"{WORK}.train:do_preview",
        part="prepare",
    ),
    JobKind(
        "copies",
        "Looking for copies across the split",
        job_specs.KeyedSpec,
        f"{WORK}.data:do_copies",
        part="split",
    ),
    JobKind(
        "compare",
        "Comparing models",
        job_specs.RecipeSpec,
        f"{WORK}.train:do_compare",
        part="compare",
        run_label="Comparison",
        newest="compared",
        keeps_best=True,
        joins=True,
        counted=" fits",
    ),
    JobKind(
        "tune",
        "Searching hyperparameters",
        job_specs.RecipeSpec,
        f"{WORK}.train:do_tune",
        part="tune",
        run_label="Search",
        newest="tuned",
        keeps_best=True,
        joins=True,
    ),
    JobKind(
        "validate",
        "Judging the model in validation",
        job_specs.ValidateSpec,
        f"{WORK}.train:do_validate",
        part="fit",
    ),
    JobKind(
        "evaluate",
        "Judging the model",
        job_specs.RecipeSpec,
        f"{WORK}.train:do_evaluate",
        part="fit",
        run_label="Test",
        newest="evaluated",
        joins=True,
    ),
    JobKind(
        "export",
        "Fitting and packing the model",
        job_specs.ExportSpec,
        f"{WORK}.bundle:do_export",
        part="fit",
        joins=True,
        complete=references.with_search,
    ),
    JobKind("open", "Opening the model", job_specs.OpenSpec, f"{WORK}.bundle:do_open"),
    JobKind("predict", "Predicting", job_specs.PredictSpec, f"{WORK}.predict:do_predict"),
    JobKind("challenge", "Testing the new model", ChallengeSpec, f"{WORK}.challenge:do_challenge"),
    JobKind("deploy", "Putting the model to work", round_specs.DeploySpec, f"{WORK}.deploy:do_deploy"),
    JobKind("succeed", "Training a successor", SucceedSpec, f"{WORK}.succession:do_succeed"),
    JobKind("contest", "Testing the challenger", ContestSpec, f"{WORK}.succession:do_contest"),
    JobKind(
        "replay", "Rehearsing when to retrain", ReplaySpec, f"{WORK}.replay:do_replay", counted=" windows"
    ),
    JobKind("round", "Looking at the batch", round_specs.RoundSpec, f"{WORK}.round:do_round"),
    JobKind(
        "rehearse",
        "Rehearsing when to retrain",
        RehearseSpec,
        f"{WORK}.rehearse:do_rehearse",
        counted=" windows",
    ),
    JobKind(
        "drift",
        "Comparing the data",
        job_specs.DriftSpec,
        f"{WORK}.watch:do_drift",
        complete=references.with_roles,
    ),
)


def job_kinds() -> dict[str, JobKind]:
    """The kinds of this program: those above, or those of the module that FOLDLINE_TASKS names."""
    name = os.environ.get("FOLDLINE_TASKS")
    if name is None:
        return JOB_KINDS
    kinds: dict[str, JobKind] = importlib.import_module(name).JOB_KINDS
    return kinds


def job_kind(kind: str) -> JobKind:
    """The kind of that id.

    Raises:
        FoldlineError: ``KIND`` when there is none.
    """
    kinds = job_kinds()
    if kind not in kinds:
        raise FoldlineError("KIND", f"There is no job {kind!r}.", f"Use one of: {', '.join(sorted(kinds))}.")
    return kinds[kind]


def limits(kind: str, spec: Mapping[str, Any]) -> Limits:
    """What a job may use: as its stored spec says, else its recipe, else its kind, which may be unknown."""
    entry = job_kinds().get(kind)
    own = spec.get("limits", {})
    memory = entry.memory if entry else None
    usual = memory or min(8 * GB, psutil.virtual_memory().total // 2)
    minutes = spec.get("recipe", {}).get("clocks", {}).get(kind)
    seconds = 60.0 * minutes if minutes else entry.seconds if entry else None
    grace = GRACE if entry and entry.keeps_best else 0.0
    return Limits(int(own.get("memory", usual)), own.get("seconds", seconds), grace)
