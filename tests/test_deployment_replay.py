"""A labelled history of a deployment is played again under several rules of when to retrain."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.planning import change_policy
from core.deployment.succession_results import ReplayResult
from core.engine.context import Context
from core.engine.job_specs import ReadSpec, TableRows
from core.engine.round_specs import DeploymentPath
from core.engine.succession_specs import ReplaySpec
from core.engine.work.data import do_read
from core.engine.work.replay import do_replay
from core.errors import FoldlineError
from core.watch.decision.rehearsal import NAMES
from tests.deployment_support import customers, job_context, run_round


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def folder(
    ctx: Context, customer_bundles: Path, tmp_path_factory: pytest.TempPathFactory
) -> DeploymentFolder:
    """A deployment whose world turns round between its second and third batch."""
    root = tmp_path_factory.mktemp("deployed") / "d"
    made = create_deployment(root, "Buyers", customer_bundles / "bought.zip", "first", "ann")
    for seed, turn in ((1, 0.0), (2, 0.0), (3, 1.0), (4, 1.0)):
        run_round(ctx, root, customers(300, seed, turn))
    return made


def played(ctx: Context, folder: DeploymentFolder, **facts: object) -> ReplayResult:
    spec = {"at": DeploymentPath(folder=str(folder.root)), "windows": 6, "first": 0.4, **facts}
    return do_replay(ctx, ReplaySpec.model_validate(spec))


def test_the_labelled_rows_of_batches_are_played(ctx: Context, folder: DeploymentFolder) -> None:
    change_policy(folder, "ann", {"least_labelled": 100, "cool_down_days": 0.0})
    done = played(ctx, folder)
    rules = {one.name: one for one in done.played.rules}
    assert tuple(rules) == NAMES and done.played.rows == 1200 and done.history.startswith("1,200 labelled")
    assert [note.code for note in done.played.notes] == ["FILE_ORDER"]
    never, always, rule = (rules[name].score.value or 0 for name in ("never", "always", "by the rule"))
    assert always > never + 0.03 and rule >= never, "the world has turned round, so that learning again helps"
    assert rules["by the rule"].said and "by the rule; never retrained" in done.played.text
    change_policy(folder, "ann", {"least_labelled": 100_000, "least_per_class": 100_000})
    strict = {one.name: one for one in played(ctx, folder).played.rules}
    assert strict["by the rule"].retrained == (), "it goes by the thresholds of the plan"


def test_a_table_of_the_project_is_played(ctx: Context, folder: DeploymentFolder, tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    pd.concat([customers(400, 8), customers(200, 9, 1.0)]).to_csv(path, index=False)
    table = do_read(ctx, ReadSpec(path=str(path), name="history.csv", adopt=False, own=True)).table
    done = played(ctx, folder, history=TableRows(table=table), windows=3)
    assert (done.history, done.played.rows, done.model) == ("history.csv", 600, folder.state().champion)


def test_what_cannot_be_played_is_refused(ctx: Context, folder: DeploymentFolder, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    pd.DataFrame({"age": range(50), "bought": ["yes", "no"] * 25}).to_csv(path, index=False)
    other = do_read(ctx, ReadSpec(path=str(path), name="other.csv", adopt=False, own=True)).table
    for code, facts in (
        ("SCHEMA", {"history": TableRows(table=other)}),
        ("ROWS", {"windows": 500}),
        ("TABLE", {"history": "training and batches"}),
    ):
        with pytest.raises(FoldlineError) as caught:
            played(ctx, folder, **facts)
        assert caught.value.code == code and caught.value.hint
