"""Conformal intervals of predicted numbers: how often they hold, where they are withheld, what is said."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.conformal import WORLDS, Rows, interval
from core.command.main import main
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.interval import Conformal
from core.errors import FoldlineError
from core.evaluate.conformal import Errors, by_levels, conformal
from core.explain.one_row import OneRow
from core.explain.row_interval import NO_ERRORS
from core.export.bundle.open import open_bundle


def errors(rows: int = 600, seed: int = 0, **changes: Any) -> Errors:
    draw = np.random.default_rng(seed)
    of = Errors(draw.normal(size=rows), draw.normal(size=rows), np.arange(rows, dtype=np.int64) % 5)
    return replace(of, **changes)


def shown(of: Errors, kinds: dict[str, Any] | None = None) -> Conformal:
    found = conformal(of, kinds)
    assert isinstance(found, Conformal), found
    return found


@pytest.mark.parametrize(
    ("world", "size"), [("uneven spread", 1_000), ("t3", 300), ("groups of 5, sd 1", 300)]
)
def test_new_rows_lie_inside_as_often_as_asked(world: str, size: int) -> None:
    held = []
    for seed in range(12):
        rows, new = WORLDS[world](np.random.default_rng([seed, 7]), size)
        found = interval(rows, "ridge")
        assert isinstance(found, Conformal)
        coefficients = np.linalg.lstsq(_with_one(rows.X), rows.y, rcond=None)[0]
        ends = np.array([found.around(float(one)) for one in _with_one(new.X) @ coefficients])
        held.append(np.mean((new.y >= ends[:, 0]) & (new.y <= ends[:, 1])))
    assert 0.89 < np.mean(held) < 0.945


def _with_one(X: Any) -> Any:
    return np.column_stack([X, np.ones(len(X))])


def test_the_interval_is_wider_where_errors_are_larger() -> None:
    of = errors(2_000)
    found = shown(replace(of, errors=of.errors * np.exp(of.predicted)))
    widths = np.subtract(found.high, found.low)
    assert len(widths) == 5 and widths[-1] > 5 * widths[0]
    assert found.around(-50.0)[1] - found.around(-50.0)[0] == pytest.approx(widths[0])
    assert found.around(50.0)[1] - found.around(50.0)[0] == pytest.approx(widths[-1])


def test_one_bin_for_uneven_errors_names_where_it_holds_less_often() -> None:
    of = errors(390)
    found = shown(replace(of, errors=of.errors * np.exp(1.5 * of.predicted)))
    assert not found.edges and [one.kind[:24] for one in found.weak] == ["the prediction is above "]


def test_few_rows_groups_or_folds_have_none() -> None:
    assert conformal(errors(99)) == "there are 99 rows in validation, and 100 are needed"
    of = errors(3_000)
    few = replace(of, groups=np.arange(3_000, dtype=np.int64) % 39)
    assert conformal(few) == "there are 39 groups in validation, and 40 are needed"
    assert "one fold" in str(conformal(replace(of, folds=np.zeros(3_000, dtype=np.int64))))


def test_errors_that_grow_in_time_are_no_interval() -> None:
    of = errors(1_000, in_time=True, folds=np.repeat(np.arange(5), 200))
    assert shown(of).in_time and "errors of earlier rows" in shown(of).words
    found = conformal(replace(of, errors=of.errors * np.exp(of.folds)))
    assert isinstance(found, str) and "instead of 90% lay" in found


def test_kinds_of_rows_that_do_worse_are_named_and_chance_is_not() -> None:
    of = errors(2_000)
    region = pd.Series(np.where(np.arange(2_000) % 10 == 0, "north", "south"), dtype="str")
    kinds = by_levels({"region": region, "row": pd.Series(np.arange(2_000).astype(str), dtype="str")}, 12)
    assert set(kinds) == {"region = north", "region = south"}
    worse = replace(of, errors=np.where(kinds["region = north"], 4 * of.errors, of.errors))
    found = shown(worse, kinds)
    assert [one.kind for one in found.weak] == ["region = north"]
    assert "Clearly less often where region = north" in found.words
    named = [shown(errors(2_000, seed), kinds).weak for seed in range(40)]
    assert sum(map(bool, named)) <= 5


def test_a_target_that_is_never_negative_has_no_negative_end() -> None:
    found = shown(errors(floor=0.0))
    assert found.around(0.2)[0] == 0.0 and found.around(9.0)[0] > 0


def test_a_damaged_interval_is_refused() -> None:
    profile = ReferenceProfile(columns=(), n=0, interval=shown(errors())).to_dict()
    assert ReferenceProfile.from_dict(json.loads(json.dumps(profile))).interval == shown(errors())
    profile["interval"]["low"] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    with pytest.raises(FoldlineError, match="interval") as found:
        ReferenceProfile.from_dict(profile)
    assert found.value.code == "REFERENCE"


def drawn(rows: int, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    made = Rows(draw.normal(size=(rows, 2)), draw.normal(size=rows))
    y = 10 + 2 * made.X[:, 0] - made.X[:, 1] + made.y
    return pd.DataFrame({"a": made.X[:, 0], "b": made.X[:, 1], "y": y})


def test_a_run_gives_a_bundle_that_holds_on_new_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, recipe, out = tmp_path / "data.csv", tmp_path / "recipe.json", tmp_path / "out"
    drawn(500, 1).to_csv(data, index=False)
    assert main(["suggest", str(data), "--target", "y", "--out", str(recipe)]) == 0
    asked = json.loads(recipe.read_text(encoding="utf-8"))
    asked["candidates"] = [one for one in asked["candidates"] if one["id"] in ("dummy_regressor", "ridge")]
    recipe.write_text(json.dumps(asked), encoding="utf-8")
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 0
    bundle = open_bundle(out / "bundle.zip")
    one = OneRow(bundle)
    assert not one.form().no_interval
    new = drawn(300, 2)
    answers = [one.answer({"a": a, "b": b}) for a, b in new[["a", "b"]].to_numpy().tolist()]
    inside = [(x.low or 0) <= y <= (x.high or 0) for x, y in zip(answers, new["y"].tolist(), strict=True)]
    assert 0.86 < np.mean(inside) < 0.95
    card = zipfile.ZipFile(out / "bundle.zip").read("MODEL_CARD.md").decode()
    assert card.count("Conformal interval of 90%: of 400 validation rows") == 1
    capsys.readouterr()
    assert main(["predict", str(out / "bundle.zip"), "--row", '{"a": 0.5, "b": null}']) == 0
    assert "  from " in capsys.readouterr().out


def test_a_bundle_that_remembers_no_errors_says_so() -> None:
    profile = ReferenceProfile(columns=(), n=0).to_dict()
    del profile["interval"]
    assert ReferenceProfile.from_dict(profile).interval == ""
    assert "remembers none" in NO_ERRORS
