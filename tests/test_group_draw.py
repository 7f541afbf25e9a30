"""Whole groups in the test set: near the share, every class on both sides wherever any drawing can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.errors import FoldlineError
from core.recipe.suggestion.first import suggested
from core.standalone.group_draw import draw_groups
from core.standalone.strata import draw_rows, strata_of
from core.train.rows.split import RowSplit, split_rows
from core.train.rows.target import target_of
from tests.conftest import shared
from tests.small_recipes import SOURCE, column, regression


@dataclass(frozen=True)
class Layout:
    """Rows of groups of any size, with classes that go with the groups more or less."""

    groups: np.ndarray
    classes: np.ndarray
    share: float
    seed: int

    def missing(self, test: np.ndarray) -> int:
        """Classes that two groups hold and that are not on both sides of a test set."""
        table = pd.crosstab(self.groups, self.classes) > 0
        drawn = table.index.isin(np.unique(self.groups[test]))
        split = table[drawn].any() & table[~drawn].any()
        return int((~split & (table.sum() >= 2)).sum())

    def factor(self, test: np.ndarray) -> float:
        """How many times more or fewer rows than asked."""
        ratio = len(test) / len(self.groups) / self.share
        return max(ratio, 1 / ratio)


def layout(seed: int, most: int = 10) -> Layout:
    rng = np.random.default_rng(seed)
    count, kinds = int(rng.integers(2, most + 1)), int(rng.integers(2, 5))
    sizes = np.maximum(1, rng.lognormal(3, rng.choice([0.2, 1, 1.8]), count)).astype(int)
    codes = np.repeat(np.arange(count), sizes)
    shares = rng.dirichlet(np.full(kinds, rng.choice([0.05, 0.3, 3])), count)
    classes = np.array([rng.choice(kinds, p=shares[code]) for code in codes])
    names = np.array([f"g{code}" for code in codes], dtype=object)
    return Layout(names, classes.astype(str).astype(object), float(rng.choice([0.1, 0.2, 0.3, 0.5])), seed)


def every_draw(one: Layout) -> list[np.ndarray]:
    codes = pd.factorize(one.groups)[0]
    count = codes.max() + 1
    return [np.flatnonzero((bits >> codes) & 1) for bits in range(1, 2**count - 1)]


def check_against_every_draw(seeds: range) -> int:
    """Compare the draw with all there are; how many layouts have a near one."""
    compared = 0
    for seed in seeds:
        one = layout(seed)
        train, test = draw_groups(one.groups, one.classes, one.share, one.seed)
        assert sorted([*train, *test]) == list(range(len(one.groups)))
        assert not set(one.groups[train]) & set(one.groups[test]) and len(train) and len(test)
        near = [draw for draw in every_draw(one) if one.factor(draw) <= 2]
        if near:
            compared += 1
            assert one.factor(test) <= 2 + 1e-9, seed
            spare = [draw for draw in near if len(np.unique(np.delete(one.groups, draw))) >= 2]
            assert one.missing(test) == min(map(one.missing, spare or near)), seed
    return compared


def test_no_draw_of_few_groups_is_better() -> None:
    assert check_against_every_draw(range(15)) >= 9


@pytest.mark.gauntlet
def test_no_draw_of_few_groups_is_better_in_hundreds_of_layouts() -> None:
    assert check_against_every_draw(range(1_000, 1_400)) >= 250


@pytest.mark.parametrize("kind", ["rare", "giant", "uneven"])
@pytest.mark.parametrize("count", [15, 40, 300])
def test_many_groups_are_drawn_near_the_share_with_every_class(kind: str, count: int) -> None:
    rng = np.random.default_rng(count)
    sizes = np.maximum(1, rng.lognormal(2, 1.2 if kind == "uneven" else 0.3, count)).astype(int)
    if kind == "giant":
        sizes[0] = sizes.sum()
    codes = np.repeat(np.arange(count), sizes)
    classes = rng.choice(np.array(["a", "b"], dtype=object), len(codes))
    if kind == "rare":
        for name in range(6):
            for group in rng.choice(count, 2, replace=False):
                classes[np.flatnonzero(codes == group)[0]] = f"rare {name}"
    one = Layout(np.array([f"g{code}" for code in codes], dtype=object), classes, 0.2, 3)
    _, test = draw_groups(one.groups, one.classes, one.share, one.seed)
    assert one.factor(test) <= 1.5 and one.missing(test) == 0


def test_a_fine_first_draw_stays_as_it_was() -> None:
    from sklearn.model_selection import GroupShuffleSplit

    groups = np.array([f"g{i % 30}" for i in range(600)], dtype=object)
    classes = np.array([str(i % 7 % 2) for i in range(600)], dtype=object)
    for seed in range(20):
        old = next(GroupShuffleSplit(1, test_size=0.2, random_state=seed).split(groups, groups=groups))
        new = draw_groups(groups, classes, 0.2, seed)
        assert all((a == b).all() for a, b in zip(old, new, strict=True))


def split_of(frame: pd.DataFrame, role: str, task: str = "binary") -> Any:
    """The split of a table whose column ``by`` has that role."""
    kind = "categorical" if role == "group" else "datetime"
    source = SOURCE.model_copy(update={"rows": len(frame)})
    recipe = regression(
        column("x"),
        column("by", kind, role),
        column("y", "categorical", "target"),
        task=task,
        metric="roc_auc",
        source=source,
    )
    return split_rows(recipe, frame, target_of(recipe, frame))


def labelled(by: list[Any], y: list[str]) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"x": rng.normal(size=len(y)), "by": by, "y": pd.Series(y, dtype="str")})


@pytest.mark.parametrize(("groups", "positive"), [(6, 3), (7, 4), (8, 3), (9, 6), (12, 3), (30, 4)])
def test_labels_that_go_with_groups_are_on_both_sides_of_every_fold(groups: int, positive: int) -> None:
    by = [f"P{i % groups}" for i in range(40 * groups)]
    split = split_of(labelled(by, ["yes" if int(p[1:]) < positive else "no" for p in by]), "group")
    frame = labelled(by, ["yes" if int(p[1:]) < positive else "no" for p in by])
    for rows in (split.train, split.test, *(part for fold in split.folds for part in fold)):
        assert set(frame["y"].iloc[rows]) == {"yes", "no"}
    assert f"({len(split.test):,} rows)" in split.words
    assert f"{len(split.test) / len(frame):.0%} of the rows" in split.words


@pytest.mark.parametrize("positive", [1, 2])
def test_a_class_in_too_few_groups_is_refused_before_anything_is_trained(positive: int) -> None:
    by = [f"P{i % 9}" for i in range(360)]
    with pytest.raises(FoldlineError) as refusal:
        split_of(labelled(by, ["yes" if int(p[1:]) < positive else "no" for p in by]), "group")
    assert refusal.value.code == "SPLIT" and refusal.value.hint


def test_groups_too_large_for_the_share_are_refused() -> None:
    by = ["A"] * 200 + ["B"] * 210
    with pytest.raises(FoldlineError, match="cannot be locked away: the nearest drawing locks 49%"):
        split_of(labelled(by, ["yes", "no"] * 205), "group")


def days(count: int) -> pd.Series:
    return pd.Series(pd.date_range("2024-01-01", periods=count)).astype("datetime64[us]")


@pytest.mark.parametrize("first", [0.2, 0.4, 0.5])
def test_steps_that_learn_from_one_class_are_left_out_for_all_and_told(first: float) -> None:
    frame = labelled([None] * 600, ["yes" if i > first * 600 and i % 3 else "no" for i in range(600)])
    split = split_of(frame.assign(by=days(600)), "time")
    assert len(split.folds) < 5
    assert all(len(set(frame["y"].iloc[fit])) == 2 for fit, _ in split.folds)
    left = 5 - len(split.folds)
    verb = "is" if left == 1 else "are"
    assert f"{left} of 5 folds {verb} left out for all models" in split.words


@pytest.mark.parametrize("first", [0.85, 0.95])
def test_a_class_that_comes_after_the_cut_is_refused(first: float) -> None:
    frame = labelled([None] * 600, ["yes" if i > first * 600 else "no" for i in range(600)])
    with pytest.raises(FoldlineError, match="only the class 'no' before the last rows in time"):
        split_of(frame.assign(by=days(600)), "time")


def test_a_class_that_ends_before_the_cut_is_told() -> None:
    frame = labelled([None] * 600, ["yes" if i < 420 and i % 3 else "no" for i in range(600)])
    assert "The test set has no row of 'yes'" in split_of(frame.assign(by=days(600)), "time").words


@pytest.mark.parametrize("tiny", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_a_tiny_class_does_not_end_the_proportion_of_the_others(tiny: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.array([*["a"] * 300, *["b"] * 80, *["c"] * 20, *["tiny"] * tiny], dtype=object)
    rng.shuffle(values)
    train, test = draw_rows(values, len(values), 0.2, seed)
    assert sorted([*train, *test]) == list(range(len(values)))
    for name, rows in (("a", 60), ("b", 16), ("c", 4)):
        assert abs((values[test] == name).sum() - rows) <= 1
    if tiny >= 2:
        assert "tiny" in values[test] and "tiny" in values[train]


@pytest.mark.parametrize("tiny", [2, 3, 4])
def test_folds_keep_the_proportion_of_the_others_too(tiny: int) -> None:
    y = ["a"] * 300 + ["b"] * 80 + ["tiny"] * tiny
    frame = labelled([None] * len(y), list(np.random.default_rng(tiny).permutation(y)))
    recipe = regression(
        column("x"), column("y", "categorical", "target"), task="multiclass", metric="log_loss"
    )
    split = split_rows(recipe, frame, target_of(recipe, frame))
    counts = [(frame["y"].iloc[valid] == "b").sum() for _, valid in split.folds]
    assert max(counts) - min(counts) <= 1 and "classes in proportion" in split.words


@pytest.mark.parametrize("classes", [2, 20, 60])
def test_more_classes_than_room_are_still_drawn(classes: int) -> None:
    values = np.array([f"c{i % classes}" for i in range(3 * classes)], dtype=object)
    train, test = draw_rows(values, len(values), 0.2, 0)
    assert len(test) == np.ceil(0.2 * len(values)) and len(train) + len(test) == len(values)


def test_strata_are_the_classes_where_each_has_rows_enough() -> None:
    values = np.array(["a", "b"] * 10, dtype=object)
    assert (strata_of(values, 2) == values).all()
    assert strata_of(np.array(["a"] * 9 + ["b"], dtype=object), 2) is None


@pytest.mark.parametrize(
    ("file", "target", "roles", "words"),
    [
        ("patient_label.csv", "sick", {"group": "patient"}, "3 folds of whole groups"),
        ("patient_effect.csv", "sick", {"group": "patient"}, "whole groups of patient with 22% of the rows"),
        (
            "giant_in_test.csv",
            "ok",
            {"group": "batch"},
            "whole groups of batch with 20% of the rows (120 rows)",
        ),
        ("late_event.csv", "fraud", {"time": "day"}, "2 of 5 folds are left out for all models"),
        ("rare_pos.csv", "hit", {}, "classes in proportion, from the others"),
        ("tiny_class.csv", "kind_of", {}, "classes in proportion, from the others"),
    ],
)
def test_files_that_went_wrong_are_divided_well(
    file: str, target: str, roles: dict[str, str], words: str
) -> None:
    path = shared(f"failing/models/{file}")
    reading = read(path, path.name, target_of=lambda columns: target)
    recipe = suggested(reading.table(file), reading.frame, target, **roles)  # type: ignore[arg-type]
    split = split_rows(recipe, reading.frame, target_of(recipe, reading.frame))
    assert words in split.words
    for rows in (split.train, split.test, *(fit for fit, _ in split.folds)):
        assert reading.frame[target].iloc[rows].nunique() >= 2


def kinds_of(y: list[str], **columns: object) -> RowSplit:
    """The split of rows of several classes; a column ``by`` is a group, ``day`` a time."""
    frame = pd.DataFrame({"x": np.arange(float(len(y))), "y": y, **columns})
    roles = [column("by", "categorical", "group")] if "by" in columns else []
    roles += [column("day", "datetime", "time")] if "day" in columns else []
    recipe = regression(column("x"), column("y", "categorical", "target"), *roles).model_copy(
        update={"task": "multiclass", "metric": "log_loss"}
    )
    return split_rows(recipe, frame, target_of(recipe, frame))


def unlearned_folds(split: RowSplit, y: list[str]) -> int:
    """Folds that judge rows of a class that no row to learn from has."""
    labels = np.array(y)
    return sum(bool(set(labels[valid]) - set(labels[fit])) for fit, valid in split.folds)


LATE = ["ab"[i % 2] if i < 250 or i % 3 else "late" for i in range(600)]
NEW = ["ab"[i % 2] if i < 500 or i % 3 else "new" for i in range(600)]
ONE_GROUP = ["rare" if i % 30 == 4 else "ab"[i % 2] for i in range(600)]
TINY = ["tiny" if i in (5, 77) else "ab"[i % 2] for i in range(600)]
OF_GROUPS = {"by": [f"g{i % 30}" for i in range(600)]}


@pytest.mark.parametrize(
    ("y", "columns", "name"),
    [
        (LATE, {"day": days(600)}, "late"),
        (ONE_GROUP, OF_GROUPS, "rare"),
        (TINY, {}, "tiny"),
    ],
)
def test_a_class_that_is_judged_but_not_learned_is_told(
    y: list[str], columns: dict[str, Any], name: str
) -> None:
    split = kinds_of(y, **columns)
    folds = unlearned_folds(split, y)
    in_test = name not in {y[row] for row in split.train}
    assert folds or in_test
    if folds:
        assert (
            f"In {folds} of {len(split.folds)} folds class '{name}' is judged but not learned" in split.words
        )
    if in_test:
        assert f"In the test set class '{name}' is judged but not learned" in split.words


def test_a_class_that_only_the_test_set_has_is_told() -> None:
    split = kinds_of(NEW, day=days(600))
    assert "In the test set class 'new' is judged but not learned" in split.unlearned
    assert "not learned" not in split.how and "not learned" in split.words


def test_nothing_is_told_of_classes_that_every_fold_learns() -> None:
    assert kinds_of([f"c{i % 3}" for i in range(600)], **OF_GROUPS).unlearned == ""


def test_many_classes_that_are_not_learned_are_told_in_one_sentence() -> None:
    y = [f"only in g{i % 30}" for i in range(600)]
    split = kinds_of(y, **OF_GROUPS)
    folds = unlearned_folds(split, y)
    assert folds
    assert f"In {folds} of {len(split.folds)} folds, classes are judged but not learned (" in split.words
    assert "more classes)" in split.unlearned
