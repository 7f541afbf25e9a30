"""Columns that name what rows belong to are found in many languages and by their codes; others are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checks.entity_names import names_entity
from core.checks.finding import Finding, Subject
from core.checks.owners import most_between, own_rows
from core.data.kinds import classify
from core.data.read import read
from core.findings import findings
from core.spec import Task
from tests.conftest import shared
from tests.page_support import loaded, module_home, opened

home = module_home

NAMED = [
    *("patient", "lot", "customer_id", "Tiernummer", "Versuchstier", "maschine", "Maschinen-Nr", "device"),
    *("hospital", "kundennr", "Kundennummer", "maus", "klinik", "id_cliente", "Élève", "hôpital", "paciente"),
    *("müşteri", "患者", "患者ID", "пациент"),
]
NOT_NAMED = [
    *(
        "gestation",
        "customers",
        "n_patients",
        "fare",
        "elevation",
        "status",
        "Neighborhood",
        "family",
        "price",
    ),
    *("Kundenzahl", "charge_code", "region", "species", "device_type", "number_of_animals", "capital"),
]


@pytest.mark.parametrize("name", NAMED)
def test_names_of_many_languages(name: str) -> None:
    assert names_entity(name)


@pytest.mark.parametrize("name", NOT_NAMED)
def test_counts_and_ordinary_columns_are_no_names_of_entities(name: str) -> None:
    assert not names_entity(name)


def found(path: Path, target: str) -> tuple[Finding, ...]:
    reading = read(path, path.name)
    return tuple(findings(reading.frame, reading.table(path.name).columns, target, "binary"))


def of(listed: tuple[Finding, ...], code: str, column: str) -> Finding | None:
    return next((one for one in listed if (one.code, one.column) == (code, column)), None)


def cures(one: Finding | None) -> list[str]:
    return [fix.label for fix in (one.fix, one.other_fix) if fix] if one else []


BOTH = ["Keep its rows together", "Leave it out"]


@pytest.mark.parametrize("name", ["patient", "Tiernummer", "device", "hospital", "kundennr", "maus", "qwe"])
def test_rows_are_kept_together_whatever_the_column_is_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    table = pd.read_csv(shared("failing/models/patient_effect.csv"))
    table.rename(columns={"patient": name}).to_csv(path, index=False)
    listed = found(path, "sick")
    assert cures(of(listed, "LEAKAGE", name)) == BOTH
    assert cures(of(listed, "GROUPED", name)) == BOTH[:1]


def sites(names: list[str], labels: list[float], rows: int, seed: int) -> pd.DataFrame:
    """Rows of so many places, each with a level of its own in one number, and a share of sick rows."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(len(names)), rows)
    sick = rng.random(len(place)) < np.array(labels)[place]
    x = rng.normal(0, 1.5, len(names))[place] + rng.normal(size=len(place))
    noise = rng.normal(size=len(place))
    frame = pd.DataFrame(
        {"ort": np.array(names)[place], "x": x, "z": noise, "y": np.where(sick, "krank", "gesund")}
    )
    return frame.round(3).sample(frac=1, random_state=seed)


@pytest.mark.parametrize(
    ("names", "labels", "first", "is_grouped"),
    [
        (["Nord", "Mitte", "St. Anna", "West", "Ost"], [0, 1, 0, 1, 0.5], 0, False),
        ([f"K{i:02d}" for i in range(6)], [0, 1, 0, 1, 0, 1], 0, True),
        ([f"K{i:02d}" for i in range(3)], [0, 1, 0], 0, True),
        (["offen", "bezahlt", "gemahnt"], [0, 1, 0], 1, False),
    ],
)
def test_what_gives_the_target_by_its_levels_may_be_kept_together(
    names: list[str], labels: list[float], first: int, is_grouped: bool, tmp_path: Path
) -> None:
    path = tmp_path / "s.csv"
    sites(names, labels, 60, seed=3).to_csv(path, index=False)
    listed = found(path, "y")
    assert cures(of(listed, "LEAKAGE", "ort")) == (BOTH[::-1] if first else BOTH)
    assert (of(listed, "GROUPED", "ort") is not None) == is_grouped


@pytest.mark.parametrize("place", [0, 1])
def test_both_cures_are_buttons_on_data(place: int, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    names = ["Nord", "Mitte", "St. Anna", "West", "Ost", "Am Wald", "Seestrand", "Hafen", "Tor", "Brück"]
    sites(names, [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 30, seed=3).to_csv(path, index=False)
    project = loaded(home, path)
    app = opened("data", project.project)
    buttons = [b for b in app.button if b.label in BOTH and "finding." in (b.key or "")]
    assert [b.label for b in buttons[:2]] == BOTH
    buttons[place].click().run()
    assert not app.exception and not app.error
    assert project.now().column("ort").role == ("group", "ignore")[place]


@settings(max_examples=30, deadline=None)
@given(levels=st.integers(3, 30), each=st.integers(8, 40), seed=st.integers(0, 10_000))
def test_codes_whose_rows_are_not_alike_own_no_rows(levels: int, each: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = levels * each
    codes = pd.Series([f"A{i}" for i in rng.permutation(np.repeat(np.arange(levels), each))], dtype="str")
    frame = pd.DataFrame({"c": codes, "x": rng.normal(size=rows), "y": rng.normal(size=rows)})
    assert own_rows(frame, ["c"], ["x"], "y") == frozenset()
    alike = frame.assign(x=frame["x"] + 10 * codes.str[1:].astype("float64"))
    assert own_rows(alike, ["c"], ["x"], "y") == {"c"}


@pytest.mark.parametrize(
    "name", ["adult", "ames_housing", "german_credit", "telco_churn", "titanic", "wine_quality"]
)
def test_ordinary_categories_of_clean_tables_are_quiet(name: str) -> None:
    path = shared(f"data/{name}.csv")
    table = read(path, path.name)
    columns = table.table(path.name).columns
    subject = Subject(table.frame, columns, columns[-1].name, "multiclass")
    assert [c.name for c in subject.entities(3)] == []


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize(("effect", "severities"), [(0.0, {"info"}), (1.0, {"warn", "error"})])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_sites_without_an_effect_are_worth_knowing_and_no_warning(
    task: Task, effect: float, severities: set[str], aside: bool
) -> None:
    """Rows of a site that are no more alike than others, in target or inputs, do not flatter a score."""
    random = np.random.default_rng(4)
    site = random.permutation(np.repeat(np.arange(12), 100))
    frame = pd.DataFrame(random.normal(size=(1200, 3)), columns=list("abc"))
    risk = frame["a"] + effect * random.normal(size=12)[site] + random.normal(size=1200)
    frame["site"] = pd.Series([f"site {one}" for one in site], dtype="str")
    frame["y"] = risk if task == "regression" else pd.Series(np.where(risk > 0, "yes", "no"), dtype="str")
    columns = classify(frame, {})
    if aside:
        columns = tuple(c.model_copy(update={"role": "ignore"}) if c.name == "site" else c for c in columns)
    (one,) = [one for one in findings(frame, columns, "y", task) if one.code == "GROUPED"]
    assert one.severity in severities
    assert one.fix is not None and ("nothing shows" in one.reason) == (effect == 0)


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_the_upper_end_of_the_alikeness_holds(share: float) -> None:
    """It lies below the true intraclass correlation in about one table of twenty."""
    random = np.random.default_rng(1)
    codes = np.repeat(np.arange(15), 20)
    below = 0
    for _ in range(300):
        own = random.normal(size=15) * np.sqrt(share)
        values = pd.Series(own[codes] + random.normal(size=300) * np.sqrt(1 - share))
        below += most_between(codes, values) < share
    assert below <= 300 * 0.09
    if share:
        assert below >= 300 * 0.02


def test_too_few_groups_tell_nothing_of_alikeness() -> None:
    assert most_between(np.array([0, 0, 1, 1]), pd.Series([1.0, 2.0, 3.0, 4.0])) == 1.0
    assert most_between(np.repeat(np.arange(5), 4), pd.Series([1.0] * 20)) == 1.0
