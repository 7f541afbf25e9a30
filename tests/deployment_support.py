"""A small deployment for tests: a bundle with its reference, made in this process, and rounds on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from core.data.read import read
from core.deployment.result import RoundResult
from core.engine.context import Context
from core.engine.job_specs import PathFile
from core.engine.round_specs import DeploymentPath, RoundSpec
from core.engine.work.bundle_reference import hold_out_of
from core.engine.work.round import do_round
from core.recipe.document import Candidate
from core.recipe.suggestion.suggest import suggest
from core.store.files.paths import new_id
from core.store.workspace import Workspace
from core.watch.performance import performance
from core.watch.recipe_profile import profile_of
from tests.export_support import fitted

LEVELS = ("north", "south", "west")


def customers(rows: int, seed: int, turn: float = 0.0) -> pd.DataFrame:
    """Customers who buy or not; with ``turn`` so much of what decides it is turned round."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"c{seed}-{number}" for number in range(rows)],
            "age": draw.normal(40, 10, rows).round(2),
            "income": draw.normal(3, 1, rows).round(3),
            "region": draw.choice(LEVELS, rows),
        }
    )
    lean = (frame.age - 40) / 10 + (frame.income - 3) + (frame.region == "north")
    yes = draw.random(rows) < 1 / (1 + np.exp(-2 * (1 - 2 * turn) * lean))
    return frame.assign(
        bought=np.where(yes, "yes", "no"), spent=(10 * lean + draw.normal(size=rows)).round(3)
    )


def write_customer_bundle(
    folder: Path, target: str = "bought", left_out: str = "", remembers: bool = False
) -> Path:
    """A bundle that predicts ``target`` from age, income and region, or from two of them.

    Args:
        remembers: the losses and the calibration on its test rows, as those of the app do.
    """
    path = folder / f"train-{target}-{left_out}.csv"
    customers(2000, 0).to_csv(path, index=False)
    reading = read(path, path.name)
    table = reading.table(path.name)
    task = "binary" if target == "bought" else "regression"
    recipe = suggest(table, target, task=task)  # type: ignore[arg-type]
    aside = {"id", "bought", "spent", left_out} - {target}
    columns = tuple(c.model_copy(update={"role": "ignore"}) if c.name in aside else c for c in recipe.columns)
    model = "logistic_regression" if task == "binary" else "ridge"
    changes = {"columns": columns, "chosen": Candidate(id="chosen", model=model)}
    case = fitted(path, table, reading.frame, recipe.model_copy(update=changes))
    test = case.work.split.test
    said = case.predict(test)
    now = performance(recipe.metric, reading.frame[target].iloc[test].to_numpy(), said).now
    assert now is not None
    metric = {"name": recipe.metric, "value": now.value, "low": now.low, "high": now.high}
    profile = profile_of(case.recipe, reading.frame, said, {"age": 1.0, "income": 1.0, "region": 0.2}, metric)
    if remembers:
        profile = replace(profile, hold_out=hold_out_of(case.work, said))
    return case.bundle(folder / f"{target}{left_out}.zip", reference_profile=profile.to_dict())


def job_context(folder: Path) -> Context:
    """What a job has around it, in a workspace of its own."""
    workspace = Workspace(folder)
    return Context(workspace, workspace.create_project(workspace.new_space(), "p"), new_id(), 0)


def run_round(
    ctx: Context,
    root: Path,
    rows: pd.DataFrame | Path | None = None,
    labels: pd.DataFrame | None = None,
    key: str = "",
    batch: str = "",
) -> RoundResult:
    """The job of a round on rows and labels that are written as files."""
    data, late = (None if one is None else _file(ctx, one) for one in (rows, labels))
    at = DeploymentPath(folder=str(root))
    return do_round(ctx, RoundSpec(at=at, data=data, labels=late, key=key, batch=batch, by="tester"))


def _file(ctx: Context, rows: pd.DataFrame | Path) -> PathFile:
    path = rows
    if isinstance(rows, pd.DataFrame):
        path = ctx.workspace.paths.tmp / f"{new_id()}.csv"
        rows.to_csv(path, index=False)
    return PathFile(path=str(path), name="batch.csv")
