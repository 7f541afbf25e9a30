"""In what a better model must not be worse: probabilities, calibration, segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.catalog.metrics import METRICS
from core.challenge.contest import contest
from core.challenge.guardrails import Rows, guardrails
from core.challenge.split import split_factor
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.results.challenge import Guardrail

REGIONS = np.array(["north", "south", "west", "east"], dtype=object)


def drawn(
    seed: int, rows: int, worse_in_north: float = 0.0, sharper: float = 1.0
) -> tuple[Rows, list[Prediction]]:
    """Two models that are as good as each other, but for what is planted in the second."""
    draw = np.random.default_rng(seed)
    x, region = draw.normal(size=rows), draw.choice(REGIONS, rows)
    yes = draw.random(rows) < 1 / (1 + np.exp(-2 * x))
    said = []
    for turn, sharp in ((0.0, 1.0), (worse_in_north, sharper)):
        lean = 2 * x + draw.normal(0, 0.5, rows)
        lean = np.where((region == "north") & (draw.random(rows) < turn), -lean, lean)
        share = 1 / (1 + np.exp(-sharp * lean))
        said.append(of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share])))
    inputs = pd.DataFrame({"x": x, "region": region})
    return Rows(np.where(yes, "yes", "no").astype(object), inputs=inputs), said


def rails(seed: int, rows: int = 1500, **planted: float) -> dict[str, Guardrail]:
    made = guardrails(METRICS["accuracy"], *drawn(seed, rows, **planted))
    return {one.name: one for one in made}


def test_models_that_are_alike_seldom_break_one() -> None:
    broken = [name for seed in range(20) for name, one in rails(seed).items() if one.state == "broken"]
    assert len(broken) <= 4, "5 % each, of 60"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_segment_in_which_it_is_worse_is_named(seed: int) -> None:
    one = rails(seed, worse_in_north=0.4)["segments"]
    assert one.state == "broken" and "region: north" in one.text and "gain in Accuracy -0" in one.text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_probabilities_that_are_too_sure_are_told(seed: int) -> None:
    made = rails(seed, sharper=4.0)
    assert (
        made["calibration"].state == "broken"
        and "Calibration is worse beyond chance" in made["calibration"].text
    )


def test_a_better_model_that_is_worse_somewhere_is_not_promoted() -> None:
    rows, models = drawn(5, 3000, worse_in_north=0.3)
    weak = of_proba("binary", ("no", "yes"), np.column_stack([1 - _shaken(models[0]), _shaken(models[0])]))
    free = contest(METRICS["accuracy"], Rows(rows.truth), [weak, models[1]])
    north = (rows.inputs["region"] == "north").to_numpy()  # type: ignore[index]
    held = np.where(north, models[0].proba[:, 1], _shaken(models[0]))  # type: ignore[index]
    strong = of_proba("binary", ("no", "yes"), np.column_stack([1 - held, held]))
    done = contest(METRICS["accuracy"], rows, [strong, models[1]])
    assert free.decision == "promote"
    assert done.decision == "keep" and "it is worse in segments" in done.text


def _shaken(one: Prediction) -> np.ndarray:
    """Probabilities of the positive class of which three in ten are of another row."""
    share, draw = np.array(one.proba)[:, 1], np.random.default_rng(9)
    other = draw.permutation(share)
    return np.where(draw.random(len(share)) < 0.3, other, share)


def test_few_rows_and_numbers_are_not_judged_by_what_they_lack() -> None:
    few = rails(1, rows=60)
    assert few["calibration"].state == few["segments"].state == "not_judged"
    draw = np.random.default_rng(2)
    truth = draw.normal(size=900)
    models = [of_values(truth + draw.normal(size=900)) for _ in range(2)]
    inputs = pd.DataFrame({"x": draw.normal(size=900)})
    (only,) = guardrails(METRICS["mae"], Rows(truth, inputs=inputs), models)
    assert (only.name, only.state) == ("segments", "ok")


def test_a_split_needs_as_many_more_rows_as_is_said() -> None:
    """As simulated: the spread of the difference of halves is that of pairs times the root of the factor."""
    rows, models = drawn(11, 40_000)
    told = split_factor(METRICS["accuracy"], rows.truth, models)
    right = [np.asarray(one.labels == rows.truth, dtype=float) for one in models]
    draw, paired, split = np.random.default_rng(3), [], []
    for _ in range(2_000):
        some = draw.integers(0, 40_000, 400)
        paired.append((right[1][some] - right[0][some]).mean())
        split.append(right[1][some[:200]].mean() - right[0][some[200:]].mean())
    assert told == pytest.approx(np.var(split) / np.var(paired), rel=0.15)
    assert told > 3, "models that make the same mistakes are told apart by far fewer pairs"
    assert split_factor(METRICS["accuracy"], rows.truth, [models[0], models[0]]) is None
