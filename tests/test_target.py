"""How the target is read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.table import ReadOptions
from core.evaluate.prediction import of_values
from core.recipe import edits
from core.train.target import target_of
from core.watch.comparison import scored
from tests.small_recipes import SOURCE, column, numbers, regression


def test_a_target_of_texts_is_read_with_the_decimal_mark_of_its_file() -> None:
    frame = numbers()
    texts = [f"{value:.3f}".replace(".", ",") for value in frame["y"]]
    frame["y"] = pd.Series(["odd", *texts[1:]], dtype="str")
    source = SOURCE.model_copy(update={"read": ReadOptions(decimal=",", delimiter=";")})
    found = target_of(regression(column("x"), source=source), frame)
    assert found.without == 1
    assert found.values[1] == float(texts[1].replace(",", "."))


def test_a_missing_word_of_a_target_of_numbers_means_the_number() -> None:
    frame = numbers()
    frame.loc[:49, "y"] = -999.0
    for word in ("-999", "-999.0"):
        recipe = regression(column("x"), column("y", role="target", missing=(word,)))
        assert target_of(recipe, frame).without == 50


def test_a_target_that_gets_another_role_is_no_target_any_more() -> None:
    recipe = edits.set_role(regression(column("x")), "y", "ignore")
    assert (recipe.target, [c.name for c in recipe.inputs]) == ("", ["x"])


def test_new_labels_that_mean_no_value_are_not_scored() -> None:
    recipe = regression(column("x"), column("y", role="target", missing=("-999",)))
    frame = numbers().head(60)
    said = of_values(frame["y"])
    frame = frame.assign(y=frame["y"].where(np.arange(60) >= 20, -999.0))
    found = scored(recipe, frame, said, None, same_rows=False)
    assert found is not None
    assert (found.now.n, found.now.value) == (40, 0)
