"""The rule on retraining of a deployment: thresholds, what it is simulated to do, what models are held to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.foreseeing import arrivals_of, foreseen_for, not_foreseen
from core.deployment.planning import change_policy
from core.deployment.standard import Standard, standard_of
from core.deployment.succession import join_challenger, promote, roll_back
from core.deployment.words import entry_words
from core.engine.context import Context
from core.errors import FoldlineError
from core.evaluate.prediction import of_values
from core.watch.decision.baseline import baseline_of, baseline_of_score
from core.watch.decision.foreseen import foresee
from core.watch.decision.operating import operating
from core.watch.decision.thresholds import policy_from, threshold_of_words
from core.watch.decision.window import Policy
from tests.deployment_support import customers, job_context, run_round
from tests.test_command import answer


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def folder(customer_bundles: Path, tmp_path: Path) -> DeploymentFolder:
    return create_deployment(tmp_path / "d", "Buyers", customer_bundles / "bought.zip", "first", "ann")


def test_thresholds_are_changed_one_by_one_and_told(folder: DeploymentFolder) -> None:
    change_policy(folder, "ann", {"tol": 0.03})
    change_policy(folder, "bob", {"cool_down_days": 14.0})
    now = folder.state()
    assert policy_from(now.plan.policy) == Policy(tol=0.03, cool_down_days=14.0)
    assert now.plan.policy == {"tol": 0.03, "cool_down_days": 14.0}, "what is as usual is not kept"
    words = entry_words(folder.read().entries[-1])
    assert words.endswith("rule on retraining: drop that matters 0.03, days of cool-down 14.")
    before = folder.log.read_bytes()
    change_policy(folder, "ann", {"tol": 0.03})
    for bad in ({"tol": -1.0}, {"in_a_row": 2.5}, {"together": 0.9}):
        with pytest.raises(FoldlineError) as caught:
            change_policy(folder, "ann", bad)
        assert caught.value.code == "THRESHOLD" and caught.value.hint
    assert folder.log.read_bytes() == before


@pytest.mark.parametrize("text", ["tool=3", "tol", "tol=", "tol=much", "=3", "unconfirmed=perhaps"])
def test_what_is_no_threshold_is_refused(text: str) -> None:
    with pytest.raises(FoldlineError) as caught:
        policy_from(threshold_of_words(text))
    assert caught.value.code == "THRESHOLD"


def test_the_command_shows_and_changes_the_rule(folder: DeploymentFolder) -> None:
    done = answer("rule", folder.root, "--set", "tol=0.04", "--set", "unconfirmed=no", "--labels", "300")
    assert (done["policy"]["tol"], done["policy"]["unconfirmed"]) == (0.04, False)
    assert done["foreseen"]["labels"] == 300 and done["foreseen"]["text"].startswith("With 300 labels a week")
    assert (
        done["foreseen"]["high"] <= 0.05 and "Simulated (seed 0): 2,000 years" in done["foreseen"]["assumed"]
    )
    assert answer("rule", folder.root, "--set", "tol=usual")["policy"]["tol"] is None
    assert answer("rule", folder.root, "--set", "p=0.7", code=1)["error"]["code"] == "THRESHOLD"
    assert answer("rule", folder.root.parent, code=1)["error"]["code"] == "DEPLOYMENT"


def test_a_batch_is_decided_by_the_thresholds_in_force(ctx: Context, folder: DeploymentFolder) -> None:
    change_policy(folder, "ann", {"least_labelled": 100_000, "least_per_class": 100_000})
    done = run_round(ctx, folder.root, customers(800, 31, turn=1.0))
    done = run_round(ctx, folder.root, customers(800, 32, turn=1.0))
    assert done.decision is not None and done.decision.action == "NOT_ENOUGH_DATA"
    assert "100000 are asked for" in done.decision.text.replace(",", "")
    change_policy(folder, "ann", {"least_labelled": 500})
    done = run_round(ctx, folder.root, customers(800, 33, turn=1.0))
    assert done.decision is not None and done.decision.action == "RETRAIN"


def test_the_labels_that_came_are_those_that_are_simulated(ctx: Context, folder: DeploymentFolder) -> None:
    standard = standard_of(folder, folder.state(), folder.state().working())
    assert arrivals_of(folder.state()).seen == 0
    for seed, rows in ((41, 200), (42, 300), (43, 500)):
        run_round(ctx, folder.root, customers(rows, seed))
    run_round(ctx, folder.root, customers(999, 44).drop(columns=["bought", "spent"]))
    came = arrivals_of(folder.state())
    assert (came.labels, came.seen) == (300, 3)
    seen = foreseen_for(standard, folder.state(), Policy())
    assert seen is not None and seen.labels == 300
    assert foreseen_for(Standard(None), Deployment(), Policy()) is None
    assert "locked test rows" in not_foreseen(Standard(None))


def test_accuracy_is_simulated_as_it_is() -> None:
    baseline = baseline_of_score("accuracy", 0.85, 0.827, 0.871, 1_000)
    seen = foresee(baseline, Policy(), 100, 0.1, draws=400)
    plain = operating(Policy(), 100, 0.1, draws=400, loss=0.15)
    assert seen is not None
    assert (seen.false_alarms, seen.found, seen.delay) == (plain.false_alarms, plain.found, plain.delay)
    assert "when Accuracy drops by 10 points" in seen.text and "stand for it" not in seen.assumed
    half = foresee(baseline, Policy(), 100, 0.1, units=0.05, draws=400)
    assert half is not None and half.found < seen.found and "count as 5 losses" in half.assumed
    assert foresee(baseline_of_score("f1", 0.8, 0.7, 0.9, 100), Policy()) is None


def test_of_errors_a_part_is_looked_for_and_the_thresholds_units_do_not_matter() -> None:
    draw = np.random.default_rng(5)
    truth = draw.normal(size=2_000)
    error = draw.normal(size=2_000)
    metric = "mae"
    small = foresee(baseline_of(metric, truth, of_values(truth + error)), Policy(), 100, draws=400)
    large = foresee(
        baseline_of(metric, 1e4 * truth, of_values(1e4 * (truth + error))), Policy(), 100, draws=400
    )
    assert small is not None and large is not None
    assert (small.false_alarms, small.found, small.delay) == (large.false_alarms, large.found, large.delay)
    assert "rises by 30%" in small.text and "stand for it" in small.assumed


def test_a_worse_successor_is_held_to_the_model_before_it(
    ctx: Context, folder: DeploymentFolder, customer_bundles: Path
) -> None:
    first = folder.state().working()
    own = standard_of(folder, folder.state(), first)
    second = join_challenger(folder, customer_bundles / "boughtincome.zip", "second", "ann")
    alone = standard_of(folder, folder.state(), second)
    assert own.baseline is not None and alone.baseline is not None
    assert (alone.baseline.score or 1) < (own.baseline.score or 0) and not alone.text
    promote(folder, second, "ann", champion=first)
    held = standard_of(folder, folder.state(), second)
    assert held.baseline == own.baseline and "which the model before it had" in held.text
    done = run_round(ctx, folder.root, customers(300, 51))
    assert done.decision is not None and held.text in done.decision.reasons
    roll_back(folder, "ann", champion=second)
    assert standard_of(folder, folder.state(), first) == own, "the first is held to its own again"
    folder.model(first).write_bytes(b"PK gone")
    unknown = standard_of(folder, folder.state(), second)
    assert unknown.baseline == alone.baseline and "is not known" in unknown.text
