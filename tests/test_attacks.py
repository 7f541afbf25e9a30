"""What attacks once broke: recipes made by hand, impossible paths, full disks, pages that stop early."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.command.main import main
from core.data.read import read
from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.engine import client, server
from core.engine.processes import failure
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.consistency import consistent
from core.recipe.document import Candidate, ColumnChoice, Recipe, load, parse
from core.store.files import atomic as durable
from core.store.workspace import Workspace
from core.watch.drift import drift_frames

NO_ROOM = 2**60
ROWS = 60
DEVICE = Path("/dev/full")
on_linux = pytest.mark.skipif(not DEVICE.exists(), reason="the system has no device that is always full")


class Project:
    """A project with a small table of two classes and a number, and its recipe."""

    def __init__(self, root: Path) -> None:
        random = np.random.default_rng(3)
        frame = pd.DataFrame({"x": random.normal(size=ROWS), "z": random.normal(size=ROWS)})
        frame["size"] = frame.x * 3 + frame.z
        frame["y"] = np.where(frame.x + random.normal(size=ROWS) * 0.3 > 0, "yes", "no")
        self.file = root / "rows.csv"
        frame.to_csv(self.file, index=False)
        self.ws = Workspace(root / "w")
        self.id = self.ws.create_project(self.ws.new_space(), "Attacked")
        self.work("read", path=str(self.file), name=self.file.name, keep=True)

    @property
    def recipe(self) -> Recipe:
        found = self.ws.recipe(self.id)
        assert found is not None
        return found

    def work(self, kind: str, **spec: Any) -> dict[str, Any]:
        return run_here(self.ws, self.id, kind, spec)

    def on(self, kind: str, recipe: Recipe, **spec: Any) -> dict[str, Any]:
        return self.work(kind, recipe=recipe.model_dump(mode="json"), **spec)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The table read once."""
    return Project(tmp_path_factory.mktemp("attacked"))


def code_of(error: pytest.ExceptionInfo[FoldlineError]) -> str:
    return error.value.code


# Recipes


@pytest.mark.parametrize("version", [0, -9, True, "1", None, 99])
def test_a_version_that_never_was_is_refused(version: object) -> None:
    with pytest.raises(FoldlineError) as refused:
        parse({"version": version})
    assert code_of(refused) == "RECIPE"


@pytest.mark.parametrize("text", ["[" * 200_000, "", "\ufeff{", "null", '{"version": 1, "seed": -1}'])
def test_a_file_that_is_no_recipe_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FoldlineError) as refused:
        load(path)
    assert code_of(refused) == "RECIPE"


@on_linux
def test_a_device_is_not_read_as_a_recipe() -> None:
    with pytest.raises(FoldlineError) as refused:
        load(Path("/dev/zero"))
    assert code_of(refused) == "RECIPE"


def test_a_recipe_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(Recipe(target="y").to_json(), encoding="utf-8-sig")
    assert load(path).target == "y"


def contradictions(recipe: Recipe) -> dict[str, dict[str, Any]]:
    """What is wrong -> the parts that make it so."""
    columns = list(recipe.columns)
    y = next(place for place, column in enumerate(columns) if column.name == "y")
    other = 1 if y == 0 else 0

    def role(place: int, role: str) -> tuple[Any, ...]:
        changed = columns[place].model_copy(update={"role": role})
        return tuple(changed if here == place else column for here, column in enumerate(columns))

    twice = Candidate(id="one", model="logistic_regression")
    step = {"id": "f", "spec": "ratio", "columns": ("x", "z")}
    return {
        "the target is a feature": {"columns": role(y, "feature")},
        "two targets": {"columns": role(other, "target")},
        "no such target": {"target": "nope"},
        "a column twice": {"columns": (*columns, columns[0])},
        "a candidate twice": {"candidates": (twice, twice)},
        "a feature twice": {"features": (step, step)},
        "an unknown group": {"prepare": {"defaults": {"zzz": {"scale": {}}}}},
        "an unknown stage": {"prepare": {"defaults": {"numeric": {"zzz": {}}}}},
        "an unknown column": {"prepare": {"columns": {"nope": {"scale": {}}}}},
    }


WRONG = tuple(
    contradictions(Recipe(columns=({"name": "y", "kind": "boolean"}, {"name": "x", "kind": "text"})))
)


@pytest.mark.parametrize("wrong", WRONG)
def test_parts_that_do_not_agree_are_refused(wrong: str, project: Project) -> None:
    changed = Recipe.model_validate({**dict(project.recipe), **contradictions(project.recipe)[wrong]})
    with pytest.raises(FoldlineError) as refused:
        consistent(changed)
    assert code_of(refused) == "RECIPE"
    assert refused.value.where


def test_a_job_refuses_a_target_that_is_a_feature(project: Project) -> None:
    changed = contradictions(project.recipe)["the target is a feature"]
    with pytest.raises(FoldlineError) as refused:
        project.on("compare", project.recipe.model_copy(update=changed))
    assert code_of(refused) == "RECIPE"


@pytest.mark.parametrize("role", ["feature", "ignore", "group", "time"])
def test_a_target_that_gets_another_role_is_no_target_any_more(role: Any, project: Project) -> None:
    changed = edits.set_role(project.recipe, "y", role)
    assert changed.target == ""
    assert consistent(changed).column("y").role == role


def test_ids_of_candidates_may_be_any_text(project: Project) -> None:
    ids = ("file", "rows", "../../x", "strong", "a ridge")
    candidates = tuple(
        Candidate(id=name, model="logistic_regression", params={"C": 1.0 + place})
        for place, name in enumerate(ids)
    )
    recipe = project.recipe.model_copy(update={"candidates": candidates, "chosen": candidates[0]})
    found = project.on("compare", recipe)
    assert {row["id"] for row in found["board"]} == set(ids)
    judged = project.on("evaluate", recipe)
    assert judged["curves"]["validation_thresholds"]


def test_a_model_whose_validation_has_no_number_can_be_exported(tmp_path: Path) -> None:
    project = Project(tmp_path)
    frame = pd.read_csv(project.file)
    frame.loc[0, "size"] = 1e300
    frame.to_csv(project.file, index=False)
    project.work("read", path=str(project.file), name=project.file.name, keep=True)
    recipe = edits.set_target(project.recipe, "size", "regression")
    recipe = edits.choose(edits.set_candidates(recipe, ["ridge"]), "ridge")
    board = project.on("compare", recipe)["board"]
    assert [row["mean"] for row in board] == [None, None], "its squared error is beyond every number"
    packed = project.on("export", recipe)
    assert "In validation" not in packed["card"]


# The command line


@pytest.mark.parametrize("out", ["afile/o.json", "nowhere/o.json", ".", "x" * 300, "a\0b"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    out: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").write_text("x")
    data = str(project.file)
    commands = [["suggest", data, "--target", "y", "-o", out], ["drift", data, data, "-o", out]]
    for command in commands:
        assert main(command) == 1
        said = capfd.readouterr().err
        assert said.startswith("FILE: ")
        assert "/3]" not in said, "it had begun to read"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["afile"]


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(
    project: Project, tmp_path: Path, capfd: Any
) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(project.recipe.to_json(), encoding="utf-8")
    (tmp_path / "afile").write_text("x")
    out = str(tmp_path / "afile" / "out")
    assert main(["run", str(recipe), "--data", str(project.file), "--out", out]) == 1
    assert capfd.readouterr().err.startswith("FILE: ")


@on_linux
def test_a_device_is_not_replaced_by_a_file(project: Project, capfd: Any) -> None:
    assert main(["suggest", str(project.file), "--target", "y", "-o", str(DEVICE)]) == 1
    assert DEVICE.is_char_device()
    assert capfd.readouterr().err.startswith("FILE: ")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the system has no file that cannot be read")
def test_a_file_that_cannot_be_read_is_told(capfd: Any) -> None:
    assert main(["profile", "/proc/self/mem"]) == 1
    assert capfd.readouterr().err.startswith("FILE: ")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' * 100_000, '[{"a":' + "[" * 100_000])
def test_json_that_is_nested_without_end_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FoldlineError) as refused:
        read(path, path.name)
    assert code_of(refused) in ("NOT_TABLE", "DAMAGED", "NESTED")


def test_nothing_compared_is_not_called_stable() -> None:
    ids = pd.DataFrame({"id": np.arange(100.0)})
    found = drift_frames(ids, ids, ())
    assert found.verdict.state == "too_few_rows"
    assert "Nothing was compared" in found.verdict.text


def profiled() -> dict[str, Any]:
    """The stored form of a profile of one number."""
    frame = pd.DataFrame({"x": np.arange(50.0)})
    stored: dict[str, Any] = reference_profile(frame, [ColumnChoice(name="x", kind="numeric")]).to_dict()
    assert ReferenceProfile.from_dict(stored).columns[0].n == 50
    return stored


@pytest.mark.parametrize("name", ["n", "columns", "predictions", "target", "task", "importance", "metric"])
@pytest.mark.parametrize("value", ["x", -1, [[]], [None]])
def test_a_forged_profile_is_refused(name: str, value: object) -> None:
    with pytest.raises(FoldlineError) as refused:
        ReferenceProfile.from_dict({**profiled(), name: value})
    assert code_of(refused) == "REFERENCE"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 3),
        ("kind", "evil"),
        ("n", None),
        ("n", -1),
        ("missing", 51),
        ("values", []),
        ("values", [2.0, 1.0]),
        ("values", [float("nan")]),
        ("weights", [1.0]),
        ("levels", {"a": "b"}),
        ("parts", {"hour": 3}),
        ("unknown", 1),
    ],
)
def test_a_forged_column_of_a_profile_is_refused(name: str, value: object) -> None:
    stored = profiled()
    stored["columns"][0][name] = value
    with pytest.raises(FoldlineError) as refused:
        ReferenceProfile.from_dict(stored)
    assert code_of(refused) == "REFERENCE"


# A full disk


def test_a_disk_without_room_is_told_as_such() -> None:
    told = failure.from_exception(OSError(errno.ENOSPC, "No space left on device"), None)
    assert told["code"] == "DISK"


@on_linux
def test_a_log_on_a_full_disk_hides_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    log = DEVICE.open("w", buffering=1)
    monkeypatch.setattr(sys, "stderr", log)
    told = failure.from_exception(ZeroDivisionError("division by zero"), None)
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space"):
        log.close()
    assert told["code"] == "BUG"


class Refusing(server.Engine):
    """An engine whose first turn meets a full disk."""

    turns = 0

    def turn(self) -> bool:
        self.turns += 1
        if self.turns == 1:
            raise durable.full()
        return True


@on_linux
def test_the_engine_outlives_a_full_disk_that_holds_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HOUSE_PAUSE", 0.01)
    engine = Refusing(Workspace(tmp_path / "w"))
    log = DEVICE.open("w", buffering=1)
    monkeypatch.setattr(sys, "stderr", log)
    engine.serve()
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space"):
        log.close()
    assert engine.turns == 2


def test_an_engine_that_finds_no_room_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = Workspace(tmp_path / "w")
    monkeypatch.setattr(durable, "RESERVE", NO_ROOM)
    monkeypatch.setitem(client._begun, ws.root, Ended())  # type: ignore[arg-type]
    with pytest.raises(FoldlineError) as refused:
        client.ensure_server(ws)
    assert code_of(refused) == "DISK"


class Ended:
    """A process that has ended with an error."""

    @staticmethod
    def poll() -> int:
        return 1


def test_folds_need_room_and_leave_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path)
    recipe = edits.set_candidates(project.recipe, ["logistic_regression"])
    full: list[Path] = []
    really = durable.room

    def room(folder: Path, size: int) -> None:
        if "cache" in folder.parts:
            full.append(folder)
            raise durable.full()
        really(folder, size)

    monkeypatch.setattr("core.train.folds.fold_cache.room", room)
    found = project.on("compare", recipe)
    assert {one["error"]["code"] for one in found["candidates"] if one["error"]} == {"DISK"}
    assert not list((project.ws.root / "cache").iterdir())


# Pages


whole_runs: list[str] = []


def _stopping() -> None:
    import streamlit as st

    from tests import test_attacks
    from ui.frame import page

    class Stops:
        """A page that ends early."""

        @staticmethod
        def run() -> None:
            st.write("before")
            st.stop()

    page.run(Stops())  # type: ignore[arg-type]
    test_attacks.whole_runs.append("went on")


def test_a_page_that_stops_early_ends_no_run() -> None:
    """Only a whole run makes Streamlit forget old fragments; a late one would blank the page."""
    whole_runs.clear()
    app = AppTest.from_function(_stopping, default_timeout=30).run()
    assert [element.value for element in app.markdown] == ["before"]
    assert whole_runs == ["went on"]
    assert not app.exception
