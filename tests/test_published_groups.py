"""What leaves the house where people have many rows: groups are counted, and amounts share their bins."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.drift.profile.sharing import LEAST
from core.engine.job_specs import ExportSpec
from core.engine.run_here import run_here
from core.export.bundle.published import published_schema
from core.export.bundle.schema import Schema, SchemaColumn
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.fixes import join_levels
from core.standalone.rows.learned import learned
from core.store.models import BUNDLE
from core.watch.drift import drift
from tests.page_support import loaded, module_home

home = module_home
KINDS = {"pay": "numeric", "age": "numeric", "dose": "numeric", "town": "categorical", "born": "datetime"}


def patients(count: int, rows: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of patients: pay, age, town and birthday are the patient's, the dose the row's."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(count), rows)
    pay = rng.lognormal(10.7, 0.4, count).round(2)
    pay[0] = 987_654.32
    born = pd.Timestamp("1950-01-01") + pd.to_timedelta(rng.integers(0, 15_000, count), unit="D")
    frame = pd.DataFrame(
        {
            "pay": pay[groups],
            "age": rng.integers(18, 80, count)[groups].astype(float),
            "dose": rng.normal(5, 1, len(groups)).round(2),
            "town": pd.Series([f"Town {i:03d}" for i in groups], dtype="str"),
            "born": pd.Series(born[groups]),
        }
    )
    return frame, groups


def told(frame: pd.DataFrame, groups: np.ndarray | None) -> ReferenceProfile:
    columns = [SimpleNamespace(name=name, kind=kind) for name, kind in KINDS.items()]
    whole = published(reference_profile(frame, columns, groups=groups), frame, groups)
    return ReferenceProfile.from_dict(json.loads(json.dumps(whole.to_dict())))


@settings(max_examples=25, deadline=None)
@given(count=st.integers(2, 80), rows=st.integers(10, 40), seed=st.integers(0, 10**6), known=st.booleans())
def test_no_amount_of_one_person_is_told(count: int, rows: int, seed: int, known: bool) -> None:
    frame, groups = patients(count, rows, seed)
    pay, age, *_ = told(frame, groups if known else None).columns
    exact = set(frame["pay"])
    if known or count > LEAST:
        assert not exact & {*pay.values.tolist(), *pay.edges.tolist(), pay.low, pay.high}
    if known:
        least = min(LEAST, max(2, count))
        places = np.searchsorted(age.edges, frame["age"])
        owners = pd.Series(groups).groupby(places).nunique()
        assert (owners >= least).all() and len(owners) == len(age.values)


@pytest.mark.parametrize("count", [3, 12, 60])
def test_no_level_of_one_person_is_told_in_profile_or_schema(count: int) -> None:
    frame, groups = patients(count, 20)
    frame["patient"] = pd.Series([f"P{i:04d}" for i in groups], dtype="str")
    columns = []
    for name, kind, role in (("patient", "categorical", "group"), ("town", "categorical", "feature")):
        facts = {"name": name, "kind": kind, "physical": "text", "role": role}
        plain = SchemaColumn.model_validate(facts)
        seen = learned(plain.trained, frame[name])
        columns.append(plain.model_copy(update={"levels": seen.levels, "complete": seen.complete}))
    schema = published_schema(Schema(target="y", columns=tuple(columns)), frame, groups)
    assert [column.levels for column in schema.columns] == [(), ()]
    assert not told(frame, groups).columns[3].levels


def test_levels_that_enough_groups_share_and_ages_of_single_rows_stay() -> None:
    frame, groups = patients(60, 20)
    frame["town"] = np.random.default_rng(1).choice(["Ulm", "Bonn"], len(frame))
    assert set(told(frame, groups).columns[3].levels) == {"Ulm", "Bonn"}
    ages = pd.DataFrame({"x": np.repeat(np.arange(18.0, 80.0), 15)})
    (column,) = published(reference_profile(ages, [SimpleNamespace(name="x", kind="numeric")]), ages).columns
    assert column.values.tolist() == sorted(set(ages["x"])), "ages are no one's"


@pytest.mark.parametrize("known", [True, False])
def test_a_changed_dose_is_still_seen_and_the_same_patients_are_stable(known: bool) -> None:
    frame, groups = patients(60, 20)
    profile = told(frame, groups if known else None)
    new = frame.sample(600, random_state=0)
    owners = (None, groups[new.index]) if known else (None, None)
    state = {c.name: c.state for c in drift(profile, new, groups=owners).columns}
    moved = {c.name: c.state for c in drift(profile, new.assign(dose=new["dose"] + 2), groups=owners).columns}
    assert "drift" not in state.values()
    assert moved["dose"] == "drift"


def test_a_column_that_too_few_share_is_said_not_to_be_compared() -> None:
    frame, groups = patients(4, 50)
    pay = drift(told(frame, groups), frame, groups=(None, groups)).columns[0]
    assert (pay.state, "too rare" in pay.reason) == ("not_computed", True)


def test_the_verdict_names_a_column_whose_values_are_not_told() -> None:
    frame, groups = patients(30, 40)
    rows = frame.assign(town=[f"Town {group}" for group in groups])
    report = drift(told(rows, groups), rows, groups=(None, groups))
    town = next(column for column in report.columns if column.name == "town")
    assert town.state == "not_computed"
    assert "compared: the reference does not tell the values." in report.verdict.text
    assert report.verdict.action.startswith("Nothing to do for what was tested")


def test_a_few_sites_are_a_category_whose_new_levels_are_seen(home: Path, tmp_path: Path) -> None:
    """Three sites name nobody: a bundle tells them unless they have the role group."""
    frame, groups = patients(60, 20)
    frame["site"] = [f"S{i % 3}" for i in groups]
    frame["sick"] = np.where(np.random.default_rng(2).random(len(frame)) < 0.4, "yes", "no")
    path = tmp_path / "sites.csv"
    frame.to_csv(path, index=False)
    schema = json.loads(exported(home, path, lambda recipe: recipe)["schema.json"])
    site = next(column for column in schema["columns"] if column["name"] == "site")
    assert sorted(site["levels"]) == ["S0", "S1", "S2"]
    assert site["complete"]


def exported(home: Path, path: Path, change: Callable[[Recipe], Recipe]) -> dict[str, str]:
    """The files of a bundle of a table, as text."""
    project = loaded(home, path)
    take = edits.set_target(project.now(), "sick", "binary", "yes")
    take = edits.choose(change(edits.set_candidates(take, ["logistic_regression"])), "logistic_regression")
    take = take.model_copy(update={"export": take.export.model_copy(update={"made_up": True})})
    project.workspace.edit(project.project, lambda _: take, "target")
    result = run_here(project.workspace, project.project, "export", ExportSpec(recipe=take))
    bundle = project.workspace.result_file(project.project, result["result"], BUNDLE)
    with zipfile.ZipFile(bundle) as archive:
        names = ("schema.json", "reference_profile.json", "MODEL_CARD.md", "sample.json")
        return {name: archive.read(name).decode() for name in names}


@pytest.mark.parametrize("how", ["used", "left out", "role group", "time", "joined"])
def test_no_patient_nor_town_of_one_is_told_without_the_group_role(
    how: str, home: Path, tmp_path: Path
) -> None:
    frame, groups = patients(60, 20)
    frame["patient"] = [f"P{i:04d}" for i in groups]
    frame["sick"] = np.where(np.random.default_rng(2).random(len(frame)) < 0.4, "yes", "no")
    frame["seen"] = pd.date_range("2020-01-01", periods=len(frame), freq="h")
    frame.loc[groups == 5, "town"] = "Town 006"
    frame.loc[groups == 7, "town"] = "town 006"
    path = tmp_path / "visits.csv"
    frame.to_csv(path, index=False)

    def change(recipe: Recipe) -> Recipe:
        roles = {
            "left out": ("patient", "ignore"),
            "role group": ("patient", "group"),
            "time": ("seen", "time"),
        }
        if how == "joined":
            counts = {"Town 006": 60}
            return join_levels(recipe, "town", {"town 006": "Town 006"}, counts)
        return edits.set_role(recipe, *roles[how]) if how in roles else recipe  # type: ignore[arg-type]

    files = exported(home, path, change)
    for name in ("schema.json", "reference_profile.json", "sample.json"):
        assert not re.search(r"P00\d\d|[Tt]own \d", files[name]), name
        exact = {f"{pay:.2f}" for pay in frame["pay"]}
        assert not exact & set(re.findall(r"\d+\.\d\d(?!\d)", files[name])), name
    assert "10 values of patient" in files["MODEL_CARD.md"]
