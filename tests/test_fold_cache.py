"""The keys of the fold cache, and when a stored result still holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.data.table import ReadOptions
from core.plan import plan
from core.recipe.document import Candidate, Choice, Prepare
from core.recipe.fingerprint import fingerprint
from core.train.folds.matrices import cache_key
from core.train.split import split_rows
from core.train.target import target_of
from tests.small_recipes import column, numbers, regression


def test_folds_of_another_target_are_not_taken_from_the_cache() -> None:
    """Encoders learn from the target, so equal inputs and rows do not make equal matrices."""
    frame = numbers().assign(z=lambda f: -f["y"])
    encode = Prepare(defaults={"categorical": {"encode": Choice(spec="target")}})
    keys = []
    for target, other in (("y", "z"), ("z", "y")):
        columns = [column("c", "categorical"), column(target, role="target"), column(other, role="ignore")]
        columns.sort(key=lambda one: one.name)
        recipe = regression(*columns, target=target, prepare=encode)
        rows = split_rows(recipe, frame, target_of(recipe, frame)).folds[0]
        keys.append(cache_key(plan(recipe, Candidate(id="ridge", model="ridge")), "t", *rows))
    assert keys[0] != keys[1]


def test_folds_of_other_library_versions_are_not_taken_from_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved = plan(regression(column("x")), Candidate(id="ridge", model="ridge"))
    rows = np.arange(10)
    before = cache_key(resolved, "t", rows, rows)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.0.1")
    assert cache_key(resolved, "t", rows, rows) != before


@pytest.mark.parametrize("changed", [{"decimal": ","}, {"missing": ("", "-")}])
def test_a_result_is_stale_once_texts_mean_something_else(changed: dict[str, Any]) -> None:
    old = regression(column("x"))
    source = old.source.model_copy(update={"read": ReadOptions(**changed)})
    new = old.model_copy(update={"source": source})
    assert all(fingerprint(old, part) != fingerprint(new, part) for part in ("data", "compare", "fit"))
