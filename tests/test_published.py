"""What a bundle tells about rows: nothing that few share, no names, and drift is still seen by it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drift.people.named import names_somebody
from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import bins, common_levels, published
from core.drift.profile.sharing import LEAST
from core.engine.run_here import run_here
from core.export.bundle.open import open_bundle
from core.recipe import edits
from core.recipe.usage_edits import set_export
from core.store.workspace import Workspace
from core.watch.drift import drift
from core.watch.result import DriftReport
from tests.conftest import shared

FIRST = ["Ada", "Bo", "Cem", "Dora", "Emil", "Fee", "Gil", "Hana", "Ida", "Jon", "Kai", "Lea"]
LAST = ["Adler", "Brandt", "Cole", "Diaz", "Eder", "Fuchs", "Gross", "Hahn", "Ilic", "Jung", "Klein", "Lang"]
PEOPLE = [f"{first} {last}" for first, last in zip(FIRST, LAST, strict=True)]
COLUMNS = {
    "pay": "numeric",
    "boss": "categorical",
    "town": "categorical",
    "since": "datetime",
    "n": "numeric",
}


def staff(rows: int, seed: int = 0) -> pd.DataFrame:
    """Salaries that differ, bosses with names, towns of which some are rare."""
    rng = np.random.default_rng(seed)
    seconds = pd.to_timedelta(rng.integers(0, 10**8, rows), unit="s")
    towns = ["Ulm", "Bonn", "Kiel", *(f"Village {i}" for i in range(40))]
    share = np.array([0.4, 0.3, 0.2, *[0.1 / 40] * 40])
    return pd.DataFrame(
        {
            "pay": rng.lognormal(11, 0.4, rows).round(2),
            "boss": pd.Series(rng.choice(PEOPLE, rows), dtype="str"),
            "town": pd.Series(rng.choice(towns, rows, p=share), dtype="str"),
            "since": pd.Timestamp("2020-01-01 08:15") + seconds,
            "n": rng.integers(0, 6, rows).astype(float),
        }
    )


def profile_of(frame: pd.DataFrame) -> ReferenceProfile:
    """The published profile as it comes out of a bundle."""
    columns = [SimpleNamespace(name=name, kind=kind) for name, kind in COLUMNS.items()]
    stored = json.dumps(published(reference_profile(frame, columns)).to_dict())
    return ReferenceProfile.from_dict(json.loads(stored))


def states(report: DriftReport) -> dict[str, str]:
    return {column.name: column.state for column in report.columns}


OLD = staff(3000)
PROFILE = profile_of(OLD)


def test_nothing_is_told_that_few_rows_share() -> None:
    for column in PROFILE.columns:
        assert all(rows >= LEAST for rows in column.levels.values())
        assert all(rows >= LEAST for counts in column.parts.values() for rows in counts.values())
        assert all(rows >= LEAST for rows in column.weights)
        present = int(OLD[column.name].notna().sum())
        assert not column.levels or sum(column.levels.values()) + column.rest == present
        assert not len(column.weights) or abs(column.weights.sum() - present) <= len(column.weights) / 2
    text = json.dumps(PROFILE.to_dict())
    assert not any(name in text for name in PEOPLE)
    exact = set(OLD["pay"])
    pay = PROFILE.columns[0]
    assert not exact & {*pay.values.tolist(), *pay.edges.tolist()}
    assert pay.low is not None and pay.high is not None
    assert pay.low < OLD["pay"].min() and pay.high > OLD["pay"].max()


@settings(deadline=None)
@given(
    values=st.lists(st.integers(-50, 50) | st.floats(-1e6, 1e6, width=32), min_size=1, max_size=300),
    copies=st.integers(1, 30),
)
def test_a_bin_holds_enough_rows_and_the_rows_stay_as_many(values: list[float], copies: int) -> None:
    distinct, counts = np.unique(np.array(values * copies, dtype=np.float64), return_counts=True)
    means, rows, edges = bins(distinct, counts.astype(np.float64), len(values) * copies)
    assert rows.sum() == len(values) * copies
    assert rows.min() >= min(LEAST, len(values) * copies)
    assert len(edges) == len(means) - 1
    assert (np.diff(means) >= 0).all()
    assert ((means[:-1] <= edges) & (edges <= means[1:])).all()


@pytest.mark.parametrize(
    ("name", "levels", "somebody"),
    [
        ("boss", PEOPLE, True),
        ("x", [f"{last}, {first}" for first, last in zip(FIRST, LAST, strict=True)], True),
        ("x", [f"{first}.{last}@example.org".lower() for first, last in zip(FIRST, LAST, strict=True)], True),
        ("x", [f"+49 30 {i:07d}" for i in range(12)], True),
        ("E-Mail", [f"m{i}" for i in range(12)], True),
        ("last_name", LAST, True),
        (
            "state",
            ["Ohio", "Texas", "New York", "Utah", "Iowa", "Maine", "Idaho", "Nevada", "Kansas", "Oregon"],
            False,
        ),
        ("title", [f"{w} Officer" for w in LAST], False),
        ("code", [f"{i}.5" for i in range(20)], False),
        ("zip", [f"{i}" for i in range(10115, 10135)], False),
        ("answer", ["Very good", "Very bad", "So so"], False),
        ("department_name", ["Human Resources", "Public Health", "Fire", "Police", *"abcdefgh"], False),
    ],
)
def test_what_names_somebody(name: str, levels: list[str], somebody: bool) -> None:
    assert names_somebody(name, levels) == somebody
    rows = dict.fromkeys(levels, 100)
    assert common_levels(name, rows) == ({} if somebody else rows)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(1, 10**6), rows=st.integers(100, 2000))
def test_other_rows_of_the_same_staff_are_stable(seed: int, rows: int) -> None:
    report = drift(PROFILE, staff(rows, seed))
    assert [name for name, state in states(report).items() if state == "drift"] == []


def test_what_drifts_is_seen_as_before() -> None:
    new = staff(1500, 7)
    rng = np.random.default_rng(0)
    changes: dict[str, Any] = {
        "pay": new["pay"] * 1.3,
        "town": new["town"].mask(rng.random(1500) < 0.2, "Köln"),
        "n": new["n"].mask(rng.random(1500) < 0.3, 0.0),
    }
    columns = [SimpleNamespace(name=name, kind=kind) for name, kind in COLUMNS.items()]
    whole = reference_profile(OLD, columns)
    for name, values in changes.items():
        for profile in (whole, PROFILE):
            assert states(drift(profile, new.assign(**{name: values})))[name] == "drift", name
    far = new.assign(pay=new["pay"].mask(rng.random(1500) < 0.02, 1e7))
    assert states(drift(PROFILE, far))["pay"] == "drift"


def test_a_column_of_names_says_why_it_is_not_compared() -> None:
    column = next(c for c in drift(PROFILE, staff(500, 3)).columns if c.name == "boss")
    assert column.state == "not_computed"
    assert "name somebody" in column.reason


def test_few_rare_values_more_is_chance_and_many_are_drift() -> None:
    alarms = [states(drift(PROFILE, staff(800, seed)))["town"] for seed in range(10, 40)]
    assert "drift" not in alarms


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, Path]:
    home = tmp_path_factory.mktemp("staff")
    path = home / "staff.csv"
    frame = staff(900)
    frame.assign(y=np.where(frame["pay"] > 60_000, "high", "low")).to_csv(path, index=False)
    ws = Workspace(home / "ws")
    project = ws.create_project(ws.new_space(), "Staff")
    run_here(ws, project, "read", {"path": str(path), "name": "staff.csv", "keep": True})

    def planned(recipe: Any) -> Any:
        recipe = edits.set_target(recipe, "y", "binary", "high")
        return edits.choose(edits.set_candidates(recipe, ["tree_classifier"]), "tree_classifier")

    ws.edit(project, planned, "plan")
    return ws, project, path


@pytest.mark.parametrize("made_up", [False, True])
def test_a_bundle_lists_what_it_tells_and_tells_no_more(
    exported: tuple[Workspace, str, Path], made_up: bool
) -> None:
    ws, project, path = exported
    ws.edit(project, lambda recipe: set_export(recipe, made_up=made_up), "sample")
    recipe = ws.recipe(project)
    assert recipe is not None
    result = run_here(ws, project, "export", {"recipe": recipe.model_dump(mode="json")})
    bundle = ws.result_file(project, result["result"], "bundle.zip")
    opened = open_bundle(bundle)  # the sample rows give their predictions again, made up or not
    rows = pd.read_csv(path)
    with zipfile.ZipFile(bundle) as archive:
        texts = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".json", ".md"))
        }
    pays = [f"{pay}" for pay in rows["pay"]]
    for name in ("reference_profile.json", "schema.json", *(["sample.json"] if made_up else [])):
        assert not any(person in texts[name] for person in PEOPLE), name
        assert not any(f" {pay}," in texts[name] or f" {pay}\n" in texts[name] for pay in pays), name
        assert "Village" not in texts[name] or name == "reference_profile.json"
    sample = opened.sample.frame()
    assert len(sample) == 20
    assert sample["pay"].isin(rows["pay"]).all() != made_up
    told = {(one["file"], one["column"]): one["text"] for one in result["tells"]}
    assert ("made up" in told["sample.json", ""]) == made_up
    assert {column for file, column in told if column} == {"pay", "boss", "town", "since", "n", "y"}
    assert "name somebody" in told["reference_profile.json", "boss"]
    card = texts["MODEL_CARD.md"]
    assert "## What this file tells about your rows" in card
    assert "boss" in card.split("What this file tells")[1]


def test_the_bundle_of_the_shared_inputs_kept_names_and_would_not_today() -> None:
    with zipfile.ZipFile(shared("failing/after/ev_bundle.zip")) as archive:
        old = ReferenceProfile.from_dict(json.loads(archive.read("reference_profile.json")))
    new = {column.name: column for column in published(old).columns}
    boss = next(column for column in old.columns if column.name == "boss")
    assert len(boss.levels) == 1222
    assert (new["boss"].levels, new["boss"].rest) == ({}, 2500)
    assert len(new["salary"].values) <= 250
    assert "Person" not in json.dumps(published(old).to_dict())
