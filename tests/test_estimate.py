"""The score without labels: right where only the columns moved, blind where the target turned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.catalog.metrics import METRICS, score
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.timeline import batch_rows
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.watch.decision.baseline import baseline_of
from core.watch.decision.calibration import FEWEST_IN_BIN, estimate, levels_of
from core.watch.decision.estimate import Estimate
from core.watch.decision.window import Baseline
from tests.deployment_support import customers, job_context, run_round, write_customer_bundle


def world(seed: int, rows: int, shift: float = 0.0, flipped: float = 0.0) -> tuple[np.ndarray, Prediction]:
    """Labels and a model that is much too sure; ``shift`` moves a column, ``flipped`` labels turn round."""
    draw = np.random.default_rng(seed)
    x, z = draw.normal(shift, 1, rows), draw.normal(0, 1, rows)
    yes = draw.random(rows) < 1 / (1 + np.exp(-(1.5 * x + z)))
    yes = np.where(draw.random(rows) < flipped, ~yes, yes)
    said = 1 / (1 + np.exp(-3.75 * x))
    names = np.where(yes, "yes", "no").astype(object)
    return names, of_proba("binary", ("no", "yes"), np.column_stack([1 - said, said]))


def tried(metric: str, shift: float, flipped: float = 0.0, many: int = 25) -> list[tuple[Estimate, float]]:
    made = []
    for seed in range(many):
        levels = levels_of(*world(seed, 1500))
        truth, said = world(1000 + seed, 800, shift, flipped)
        made.append((estimate(METRICS[metric], said, levels), score(METRICS[metric], truth, said)))
    return made


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_the_band_holds_the_score_where_only_the_columns_moved(metric: str, shift: float) -> None:
    made = [(one, true) for one, true in tried(metric, shift) if one.low is not None and one.high is not None]
    held = sum((one.low or 0) <= true <= (one.high or 0) for one, true in made)
    assert len(made) == 25 and held >= 21, "19 of 20 are promised; 21 of 25 is its 1 % end"
    bias = np.mean([(one.value or 0) - true for one, true in made])
    assert abs(bias) < 0.02
    assert "Only labels can show" in made[0][0].text


def test_it_is_blind_to_labels_that_turn_round() -> None:
    made = tried("accuracy", 0.0, flipped=0.15, many=10)
    assert np.mean([(one.value or 0) - true for one, true in made]) > 0.04


def test_what_the_hold_out_hardly_had_is_not_estimated() -> None:
    assert all(
        one.value is None and "few rows of the hold-out" in one.text for one, _ in tried("roc_auc", 2.5)
    )
    levels = levels_of(*world(0, 1500))
    said = world(1, 800)[1]
    for words, got in (
        ("lie outside", estimate(METRICS["accuracy"], said, levels, outside=100)),
        ("only 99 rows", estimate(METRICS["accuracy"], said.take(np.arange(99)), levels)),
        ("pack the model again", estimate(METRICS["accuracy"], said, ())),
        ("no probabilities", estimate(METRICS["mae"], of_values(np.arange(500.0)), levels)),
    ):
        assert got.value is None and words in got.text
    assert levels_of(*world(0, 150)) == ()


def test_a_level_is_of_so_many_rows_that_none_can_be_told() -> None:
    levels = levels_of(*world(3, 1234))
    assert sum(one.rows for one in levels) == 1234 and min(one.rows for one in levels) >= FEWEST_IN_BIN
    assert [one.share for one in levels] == sorted(one.share for one in levels)
    kept = baseline_of("accuracy", *world(3, 1234))
    assert kept.calibration == levels and Baseline.model_validate_json(kept.model_dump_json()) == kept


def test_rows_that_are_alike_make_the_band_wider() -> None:
    levels, said = levels_of(*world(4, 1500)), world(5, 800)[1]
    plain, alike, most = (estimate(METRICS["accuracy"], said, levels, stretch=n) for n in (1, 4, 40))
    widths = [(one.high or 0) - (one.low or 0) for one in (plain, alike)]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01)
    assert most.value is None and "few rows of the hold-out" in most.text


def test_of_several_classes_the_share_of_right_answers_is_estimated() -> None:
    held, metric = 0, METRICS["accuracy"]
    for seed in range(12):
        draw = np.random.default_rng(seed)
        shares = draw.dirichlet([1, 1, 1], 1200)
        happened = (draw.random((1200, 1)) > shares.cumsum(axis=1)).sum(axis=1)
        truth = np.array(["a", "b", "c"], dtype=object)[np.minimum(happened, 2)]
        said = of_proba("multiclass", ("a", "b", "c"), shares)
        levels, later = levels_of(truth[:600], said.take(np.arange(600))), said.take(np.arange(600, 1200))
        got = estimate(metric, later, levels)
        held += (got.low or 1) <= score(metric, truth[600:], later) <= (got.high or 0)
        assert estimate(METRICS["f1_macro"], later, levels).value is None
    assert held >= 9, "19 of 20 are promised; 9 of 12 is below its 1 % end"


def test_a_batch_without_labels_is_estimated_and_labels_take_its_place(tmp_path: Path) -> None:
    bundle = write_customer_bundle(tmp_path, remembers=True)
    folder = create_deployment(tmp_path / "d", "Buyers", bundle, "first", "ann")
    ctx, frame = job_context(tmp_path / "w"), customers(400, 61)
    run_round(ctx, folder.root, frame.drop(columns=["bought", "spent"]))
    row = batch_rows(folder.state()).iloc[0]
    true = run_round(ctx, folder.root, labels=frame[["id", "bought"]], key="id").batches[0].score
    assert true is not None and row.estimate_low <= true.value <= row.estimate_high
    (batch,) = DeploymentFolder(folder.root).state().batches.values()
    assert batch.window is not None and batch.window.estimate == row.estimate
    assert batch_rows(folder.state()).iloc[0].estimate is None
