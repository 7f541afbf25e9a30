"""What several people change about a deployment at once, and the order in which labelled rows are tested."""

from __future__ import annotations

import threading
from pathlib import Path

import pandas as pd
import pytest

from core.deployment.conditions import condition_of_words
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.labelled_rows import labelled_rows
from core.deployment.planning import change_checks
from core.deployment.succession import join_challenger, promote, roll_back
from core.engine.context import Context
from core.export.bundle.open import open_bundle
from tests.deployment_support import customers, job_context, run_round


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def folder(customer_bundles: Path, tmp_path: Path) -> DeploymentFolder:
    return create_deployment(tmp_path / "d", "Buyers", customer_bundles / "bought.zip", "first", "ann")


def test_checks_that_several_add_at_once_are_all_there(folder: DeploymentFolder) -> None:
    wanted = [condition_of_words(f"rows >= {number}") for number in range(1, 9)]

    def add(number: int) -> None:
        change_checks(DeploymentFolder(folder.root), "ann", lambda old: [*old, wanted[number]])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(len(wanted))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    plan = folder.state().plan
    assert set(plan.checks) == set(wanted)
    change_checks(folder, "ann", lambda old: [*old, wanted[0]])
    assert folder.state().plan == plan, "the same checks write nothing"


def test_the_model_at_work_knows_what_put_it_there(customer_bundles: Path, folder: DeploymentFolder) -> None:
    first = folder.state().working()
    assert folder.state().turn.kind == "joined"  # type: ignore[union-attr]
    second = join_challenger(folder, customer_bundles / "boughtincome.zip", "second", "ann")
    assert folder.state().turn.model == first  # type: ignore[union-attr]
    promote(folder, second, "ann", champion=first)
    assert folder.state().turn.kind == "promoted"  # type: ignore[union-attr]
    roll_back(folder, "ann", champion=second)
    turn = folder.state().turn
    assert turn is not None and (turn.kind, turn.model) == ("rolled_back", first)


def test_rows_are_tested_in_the_order_in_which_their_labels_came(
    ctx: Context, folder: DeploymentFolder
) -> None:
    frames = [customers(60, seed) for seed in (1, 2)]
    for frame in frames:
        run_round(ctx, folder.root, frame.drop(columns=["bought", "spent"]))
    for part in (frames[1][:40], frames[0][10:30], frames[1][40:]):
        run_round(ctx, folder.root, labels=part[["id", "bought"]], key="id")
    bundle = open_bundle(folder.model(folder.state().working()))
    tested = labelled_rows(folder, folder.state(), bundle, as_labelled=True)
    came = labelled_rows(folder, folder.state(), bundle)
    later, earlier = [*frames[1]["id"]], [*frames[0]["id"][10:30]]
    assert [*tested["id"]] == [*later[:40], *earlier, *later[40:]]
    assert [*came["id"]] == [*earlier, *later]
    truth = pd.concat(frames).set_index("id")["bought"]
    assert [*tested["bought"]] == [*truth[tested["id"]]]
