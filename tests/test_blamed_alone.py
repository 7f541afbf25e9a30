"""What one column tells is blamed on no other; amounts and counts name no entity; words say what tells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.leak_tables import base
from core.checks.entity_names import names_entity
from core.checks.finding import Finding, Subject
from core.data.kinds import classify
from core.findings import findings

ROWS = 500
WORDS = ["the", "bill", "of", "her", "was", "sent", "to", "us", "again"]
Made = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def look(frame: pd.DataFrame, task: str, **roles: str) -> list[Finding]:
    """What is found of leaks and of rows that belong together, notes left out."""
    texts = {name: "str" for name in frame.columns if frame[name].dtype == object}
    typed = frame.astype(texts)
    typed = typed.astype(dict.fromkeys(typed.select_dtypes("number").columns, "float64"))
    columns = [c.model_copy(update={"role": roles.get(c.name, c.role)}) for c in classify(typed, {})]
    found = findings(typed, columns, "y", task)  # type: ignore[arg-type]
    return [one for one in found if one.code in ("LEAKAGE", "GROUPED") and one.severity != "info"]


def billed(seed: int, numbers: bool = False) -> tuple[pd.DataFrame, np.ndarray]:
    """Six honest columns, a date in the order of the rows, and the target in numbers."""
    random = np.random.default_rng(seed)
    frame, y = base(random, ROWS, numbers, share=0.1)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(random.integers(0, 600, ROWS)), "D")
    return frame.assign(day=pd.Series(days).astype("datetime64[us]")), y


@pytest.mark.parametrize(("seed", "slips"), [(1, 0.0), (0, 0.01), (2, 0.03), (6, 0.03)])
def test_no_other_column_is_blamed_beside_one_that_tells_all(seed: int, slips: float) -> None:
    """A few rows of the other class have the same fee as some of this one, which no bin tells apart."""
    frame, y = billed(seed)
    random = np.random.default_rng(seed)
    fee = random.uniform(5, 40, ROWS).round(2)
    fee = np.where(y == 1, fee, np.where(random.random(ROWS) < slips, 5.0, 0.0))
    assert {one.column for one in look(frame.assign(fee=fee), "binary")} == {"fee"}


def test_a_pair_is_still_found_beside_another_leak() -> None:
    frame, y = billed(4)
    random = np.random.default_rng(4)
    one = random.normal(size=ROWS).round(3)
    frame = frame.assign(
        fee=np.where(y == 1, 9.5, 0.0), one=one, two=(one + y + 0.1 * random.random(ROWS)).round(3)
    )
    assert {found.column for found in look(frame, "binary")} == {"fee", "one", "two"}


def test_a_column_whose_gaps_tell_all_draws_in_no_other_that_has_gaps() -> None:
    frame, y = billed(2)
    random = np.random.default_rng(2)
    for name in ("aa", "bb", "zz"):
        frame[name] = np.where(random.random(ROWS) < 0.3, np.nan, random.normal(size=ROWS).round(2))
    frame["closed"] = np.where(y == 1, random.normal(size=ROWS).round(2), np.nan)
    assert {one.column for one in look(frame, "binary")} == {"closed"}


def _fee(random: np.random.Generator, y: np.ndarray) -> np.ndarray:
    return np.where(y > np.quantile(y, 0.93), random.uniform(5, 40, len(y)).round(2), 0.0)


def _list_prices(random: np.random.Generator, y: np.ndarray) -> np.ndarray:
    prices = np.sort(random.choice(np.arange(4.99, 400, 1.25), 40, replace=False)).round(2)
    return np.asarray(prices[np.minimum((40 * pd.Series(y).rank(pct=True)).astype(int), 39)])


def _status(random: np.random.Generator, y: np.ndarray) -> np.ndarray:
    places = np.minimum((20 * pd.Series(y).rank(pct=True)).astype(int), 19)
    return np.array([f"{chr(97 + place)}{chr(122 - place)}" for place in places], dtype=object)


def _count(random: np.random.Generator, y: np.ndarray) -> np.ndarray:
    return random.poisson(np.exp(1 + y - y.mean())).astype("float64")


@pytest.mark.parametrize(("numbers", "grouped"), [(False, True), (True, False)])
@pytest.mark.parametrize("make", [_fee, _list_prices, _status, _count])
def test_a_leak_that_was_left_out_names_no_entity(make: Made, numbers: bool, grouped: bool) -> None:
    """Amounts, counts, a value that most rows have, and levels made from the target."""
    frame, risk = billed(5, True)
    frame = frame.assign(
        leak=make(np.random.default_rng(5), risk), who=[f"K{row // 5}" for row in range(ROWS)]
    )
    if not numbers:
        frame["y"] = np.where(risk > np.quantile(risk, 0.93), "yes", "no")
    roles = {"leak": "ignore", "who": "group" if grouped else "ignore"}
    found = look(frame, "regression" if numbers else "binary", **roles)
    assert "leak" not in {one.column for one in found}


def test_an_entity_of_plain_words_that_was_left_out_is_told() -> None:
    random = np.random.default_rng(6)
    who = random.integers(0, 40, ROWS)
    own, effect = random.normal(size=(40, 2)).round(2), random.normal(size=40)
    places = np.array([f"{chr(97 + i % 20)}o{chr(97 + i // 20)}" for i in range(40)], dtype=object)
    frame = pd.DataFrame(
        {"h": own[who, 0], "g": own[who, 1], "x": random.normal(size=ROWS), "place": places[who]}
    )
    frame["y"] = np.where(effect[who] > 0.3, "yes", "no")
    (told,) = (one for one in look(frame, "binary", place="ignore") if one.code == "GROUPED")
    assert told.column == "place" and "leaving it out does not part its rows" in told.reason


@pytest.mark.parametrize(
    "name", ["n_customer", "anzahl kunde", "number of lot", "revenue per customer", "count_session"]
)
def test_a_count_of_entities_is_none(name: str) -> None:
    assert not names_entity(name)


def test_shares_of_a_lot_are_no_lots() -> None:
    frame, _ = billed(7)
    frame["lot"] = np.random.default_rng(7).choice(np.arange(0.25, 12, 0.25), ROWS)
    for values, named in ((frame["lot"], []), (frame["lot"] * 4, ["lot"])):
        table = frame.assign(lot=values)
        subject = Subject(table, tuple(classify(table, {})), "y", "binary")
        assert [one.name for one in subject.entities(3)] == named


def test_words_are_named_where_words_tell_and_a_number_where_it_does() -> None:
    frame, y = billed(8)
    random = np.random.default_rng(8)
    filler = [" ".join(random.choice(WORDS, 6)) for _ in y]
    by_words = [f"{t} {random.integers(1, 99)} euro" if v else t for t, v in zip(filler, y, strict=True)]
    by_number = [
        f"{t} risk {random.integers(50, 99) if v else random.integers(1, 50)}"
        for t, v in zip(filler, y, strict=True)
    ]
    for notes, said in ((by_words, "a few words (“euro”)"), (by_number, "a number in it")):
        (found,) = (one for one in look(frame.assign(note=notes), "binary") if one.column == "note")
        assert f"by {said}" in found.reason


@pytest.mark.parametrize(("noise", "severity"), [(0.05, "error"), (0.22, "warn")])
def test_a_noisy_copy_of_the_target_is_said_to_lie_along_a_line(noise: float, severity: str) -> None:
    frame, _ = billed(9, True)
    paid = np.exp(np.random.default_rng(9).normal(5, 0.8, ROWS)).round(2)
    slip = noise * paid.std() * np.random.default_rng(10).normal(size=ROWS)
    frame = frame.assign(y=paid, gross=(1.19 * paid + slip).round(2))
    (found,) = (one for one in look(frame, "regression") if one.column == "gross")
    assert found.severity == severity and "along a straight line with y (slope 1." in found.reason
