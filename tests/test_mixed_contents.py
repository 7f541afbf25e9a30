"""Columns of mixed contents: words among numbers or dates, zones by name, mixed units, chance repeats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checks.spelling.levels import spelled_alike
from core.data.kinds import classify
from core.errors import FoldlineError
from core.findings import findings
from core.recipe.columns import as_chosen, columns_of
from core.recipe.fixes import apply_fix
from core.recipe.suggestion.first import suggested
from tests.test_spelling import MEASURED, ROWS, SIZES, checked, notes, reading

DAYS = pd.Timestamp("2019-02-03") + pd.to_timedelta(np.random.default_rng(5).integers(0, 900, ROWS), "D")
FEW = ["pending", "tbd", "see note"]
MANY = [f"note {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(300)]


def beside(values: list[str], words: list[str], share: float) -> tuple[list[str], int]:
    """The values with that share of them replaced by words, drawn at random, and how many were."""
    random = np.random.default_rng(3)
    mixed, places = list(values), random.permutation(len(values))[: round(share * len(values))]
    for place in places:
        mixed[place] = words[random.integers(len(words))]
    return mixed, len(places)


@pytest.mark.parametrize("words", [FEW, MANY], ids=["few words", "many words"])
@pytest.mark.parametrize("share", [0.04, 0.1, 0.22, 0.35, 0.45])
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%b %d, %Y", "%d-%m-%y"])
def test_words_among_dates_are_told_and_a_click_reads_the_dates(
    tmp_path: Path, form: str, share: float, words: list[str]
) -> None:
    texts, odd = beside(list(DAYS.strftime(form)), words, share)
    taken = reading(tmp_path, day=texts, y=MEASURED)
    assert f"has {odd} of {ROWS} values that are no dates" in notes(taken, "day")["TYPE"]
    (finding,) = [one for one in checked(taken, "y", "regression", "day") if one.code == "MIXED_TYPES"]
    assert f"{odd} of {ROWS}" in finding.reason and finding.fix is not None
    table = taken.table("t.csv")
    recipe = apply_fix(suggested(table, taken.frame, "y"), finding.fix)
    _, frame = as_chosen(recipe, columns_of(recipe, table), taken.frame)
    read = frame["day"].notna().to_numpy()
    assert read.sum() == ROWS - odd and (frame["day"][read].dt.date == DAYS[read].date).all()


@pytest.mark.parametrize("words", [FEW, MANY], ids=["few words", "many words"])
@pytest.mark.parametrize("share", [0.08, 0.25, 0.35, 0.45])
@pytest.mark.parametrize("values", [MEASURED, SIZES, (SIZES * 100).astype(int)], ids=["a", "b", "whole"])
def test_words_among_numbers_are_told_and_a_click_reads_the_numbers(
    tmp_path: Path, values: np.ndarray, share: float, words: list[str]
) -> None:
    texts, odd = beside([str(value) for value in values], words, share)
    taken = reading(tmp_path, k=texts, y=MEASURED)
    assert f"{odd} " in notes(taken, "k")["TYPE"]
    (finding,) = [one for one in checked(taken, "y", "regression", "k") if one.code == "MIXED_TYPES"]
    assert f"{odd} are not" in finding.reason and repr(words[0])[:3] in finding.reason
    assert finding.fix is not None
    table = taken.table("t.csv")
    recipe = apply_fix(suggested(table, taken.frame, "y"), finding.fix)
    _, frame = as_chosen(recipe, columns_of(recipe, table), taken.frame)
    read = frame["k"].notna().to_numpy()
    assert read.sum() == ROWS - odd and np.allclose(frame["k"][read], values[read])


@pytest.mark.parametrize("words", [FEW, MANY], ids=["few words", "many words"])
def test_a_target_of_numbers_beside_words_is_named_for_what_it_is(tmp_path: Path, words: list[str]) -> None:
    texts, odd = beside([str(value) for value in SIZES], words, 0.35)
    taken = reading(tmp_path, k=texts)
    table = taken.table("t.csv")
    with pytest.raises(FoldlineError, match=f"{odd} are not") as refused:
        suggested(table, taken.frame, "k")
    assert "regression" in refused.value.hint
    assert suggested(table, taken.frame, "k", task="regression").task == "regression"


ORDINARY = {
    "tickets": [f"{'A/5 ' if i % 4 == 0 else ''}{10_000 + 37 * i}" for i in range(ROWS)],
    "codes": [f"{i % 60}" if i % 3 else f"B{i % 17}" for i in range(ROWS)],
    "few numbers": [["1", "2", "3", "more", "none"][i % 5] for i in range(ROWS)],
    "zip codes": [f"{(i * 7919) % 99999:05d}" if i % 3 else "abroad" for i in range(ROWS)],
    "streets": [f"{i % 90} Main Street {i % 7}" for i in range(ROWS)],
    "versions": [f"{i % 5}.{i % 12}.{i % 3}" for i in range(ROWS)],
    "words": [["red", "green", "blue"][i % 3] for i in range(ROWS)],
    "phones": [f"0{i % 9}0-{1000 + i} {2000 + 3 * i}" for i in range(ROWS)],
}


@pytest.mark.parametrize("kind", ORDINARY)
def test_codes_and_words_are_not_said_to_be_numbers_or_dates(tmp_path: Path, kind: str) -> None:
    taken = reading(tmp_path, k=ORDINARY[kind], y=MEASURED)
    assert "TYPE" not in notes(taken, "k")
    assert "MIXED_TYPES" not in {one.code for one in checked(taken, "y", "regression", "k")}


ZONES = {
    "one zone": [f"{day:%Y-%m-%d %H:%M:%S} CET" for day in DAYS],
    "two zones": [f"{day:%d/%m/%Y %H:%M} {['PST', 'PDT'][i % 2]}" for i, day in enumerate(DAYS)],
    "some": [f"{day:%Y-%m-%dT%H:%M:%S}{' EST' if i % 3 else ''}" for i, day in enumerate(DAYS)],
    "in brackets": [f"{day:%Y-%m-%d %H:%M:%S} +0100 (CET)" for day in DAYS],
    "by place": [f"{day:%Y-%m-%d %H:%M} Europe/Berlin" for day in DAYS],
    "as programs write": [f"{day:%a %b %d %H:%M:%S} UTC {day:%Y}" for day in DAYS],
    "as mail has it": [f"{day:%a, %d %b %Y %H:%M:%S} GMT" for day in DAYS],
    "days of the week": [f"{day:%A, %d %B %Y}" for day in DAYS],
}


@pytest.mark.parametrize("kind", ZONES)
def test_names_of_zones_and_days_beside_dates_are_told(tmp_path: Path, kind: str) -> None:
    taken = reading(tmp_path, at=ZONES[kind], y=MEASURED)
    word = "days of the week" if kind == "days of the week" else "time zones"
    assert f"names of {word}" in notes(taken, "at")["TYPE"]
    (finding,) = [one for one in checked(taken, "y", "regression", "at") if one.code == "MIXED_TYPES"]
    assert f"names of {word}" in finding.reason
    with pytest.raises(FoldlineError, match="dates"):
        suggested(taken.table("t.csv"), taken.frame, "at")


AMOUNTS = {
    "kg and g": ([f"{v} kg" if i % 2 else f"{v * 1000:.0f} g" for i, v in enumerate(SIZES)], ("'kg'", "'g'")),
    "currencies before": ([f"{'€' if i % 3 else '$'} {v}" for i, v in enumerate(SIZES)], ("'€'", "'$'")),
    "currencies behind": ([f"{v} {'EUR' if i % 3 else 'USD'}" for i, v in enumerate(SIZES)], ("'EUR'",)),
    "crowns": ([f"{'kr' if i % 3 else '₹'} {v}" for i, v in enumerate(SIZES)], ("'kr'", "'₹'")),
    "few amounts": ([f"{i % 40} {'lb' if i % 3 else 'oz'}" for i in range(ROWS)], ("'lb'", "'oz'")),
}


@pytest.mark.parametrize("kind", AMOUNTS)
def test_amounts_of_mixed_units_in_a_target_are_named(tmp_path: Path, kind: str) -> None:
    texts, units = AMOUNTS[kind]
    taken = reading(tmp_path, k=texts)
    with pytest.raises(FoldlineError) as refused:
        suggested(taken.table("t.csv"), taken.frame, "k")
    assert "holds numbers in 2 units" in refused.value.problem and "id" not in refused.value.problem.split()
    assert all(unit in refused.value.problem for unit in units)


@settings(deadline=None, max_examples=60)
@given(
    number=st.integers(0, 400),
    zeros=st.integers(1, 4),
    decimals=st.integers(1, 3),
    plus=st.booleans(),
)
def test_spellings_of_one_whole_number_are_one_level(
    number: int, zeros: int, decimals: int, plus: bool
) -> None:
    plain, padded = str(number), "0" * zeros + str(number)
    precise, signed = f"{number}." + "0" * decimals, f"+{number}" if plus else f"0{number}"
    joined = spelled_alike([plain, padded, precise, signed, "other", str(number + 1), f"-{number + 1}"])
    assert joined == dict.fromkeys([padded, precise, signed], plain)


def test_versions_and_fractions_stay_apart() -> None:
    assert spelled_alike(["1.1", "1.10", "1.01", "11", "1-1", "1:1", "a1", "a01"]) == {}


@pytest.mark.parametrize("seed", range(6))
def test_rows_of_few_levels_are_not_said_to_flatter_the_score(seed: int) -> None:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {f"c{i}": random.choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2]) for i in range(4)}, dtype="str"
    )
    frame["y"] = np.where(random.random(600) < 0.3 + 0.4 * (frame["c0"] == "a"), "yes", "no")
    (finding,) = [o for o in findings(frame, classify(frame, {}), "y", "binary") if o.code == "DUPLICATES"]
    assert finding.severity == "info" and finding.fix is None and "by chance" in finding.reason
    wide = frame.assign(z=random.normal(size=600))
    again = pd.concat([wide, wide.iloc[:60]], ignore_index=True)
    (finding,) = [o for o in findings(again, classify(again, {}), "y", "binary") if o.code == "DUPLICATES"]
    assert finding.severity == "warn" and finding.fix is not None and "flatter" in finding.reason
