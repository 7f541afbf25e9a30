"""What training and test scores say together."""

from __future__ import annotations

import pytest

from core.catalog.metrics import METRICS
from core.evaluate.fit_check import fit_check


@pytest.mark.parametrize(
    ("metric", "train", "test", "ends", "baseline", "state"),
    [
        ("roc_auc", 0.92, 0.90, (0.87, 0.93), 0.5, "good"),
        ("roc_auc", 0.97, 0.66, (0.59, 0.73), 0.5, "overfit"),
        ("roc_auc", 0.56, 0.53, (0.46, 0.60), 0.5, "no_better"),
        ("roc_auc", 0.999, 0.99, (0.985, 0.995), 0.5, "worse"),
        ("rmse", 11.0, 23.0, (21.0, 25.0), 70.0, "worse"),
        ("rmse", 22.0, 23.0, (21.0, 25.0), 70.0, "good"),
        ("rmse", 5.0, 40.0, (38.0, 42.0), 70.0, "overfit"),
        ("rmse", 60.0, 69.0, (65.0, 73.0), 70.0, "no_better"),
        ("roc_auc", 0.8, 0.9, (0.85, 0.95), 0.5, "good"),
        ("roc_auc", 0.97, 0.66, None, 0.5, "unknown"),
        ("roc_auc", None, 0.9, None, 0.5, "unknown"),
        ("roc_auc", 0.993, 1.0, None, 0.5, "unknown"),
        ("rmse", 22.0, 23.0, None, 70.0, "unknown"),
    ],
)
def test_the_state_follows_from_the_scores(
    metric: str,
    train: float | None,
    test: float | None,
    ends: tuple[float, float] | None,
    baseline: float,
    state: str,
) -> None:
    assert fit_check(METRICS[metric], train, test, ends, baseline).state == state


@pytest.mark.parametrize(
    ("metric", "train", "validation", "test", "ends", "baseline", "state", "words"),
    [
        ("average_precision", 0.289, 0.291, 0.160, None, 0.05, "chance", "no interval"),
        ("average_precision", 0.289, 0.25, 0.160, (0.08, 0.27), 0.05, "chance", "lies in the 95% interval"),
        ("roc_auc", 0.80, 0.79, 0.60, (0.55, 0.65), 0.5, "changed", "lies outside the 95% interval"),
        ("rmse", 20.0, 21.0, 40.0, (38.0, 42.0), 70.0, "changed", "lies outside the 95% interval"),
        ("roc_auc", 1.0, 0.70, 0.68, (0.62, 0.74), 0.5, "overfit", "remembers its training rows"),
        ("roc_auc", 1.0, 0.70, 0.68, None, 0.5, "overfit", "remembers its training rows"),
        ("roc_auc", 0.70, 0.52, 0.60, (0.51, 0.71), 0.5, "good", "holds on rows it never saw"),
    ],
)
def test_only_what_validation_lacks_as_well_is_called_remembered(
    metric: str,
    train: float,
    validation: float,
    test: float,
    ends: tuple[float, float] | None,
    baseline: float,
    state: str,
    words: str,
) -> None:
    fit = fit_check(METRICS[metric], train, test, ends, baseline, validation)
    assert (fit.state, words in fit.text) == (state, True)
    assert ("it remembers" in fit.text) == (state == "overfit")
