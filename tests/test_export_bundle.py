"""A bundle: written, opened, used without Foldline, and refused when it is not what was written."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

import core.standalone
from core.catalog.models import MODELS
from core.command.main import main
from core.data.formats.frame import table_file
from core.data.table import ReadOptions
from core.errors import FoldlineError
from core.export.bundle.manifest import MEMBERS, SERVICE
from core.export.bundle.open import open_bundle
from core.export.bundle.texts import predict_text
from core.export.code.standalone import copies
from core.export.predict import predict_frame
from core.standalone import MODULE
from core.standalone.plan import TableFile
from tests.export_support import Case, fitted, recipe_for, run, stored

EVERY = [(model.id, task) for model in MODELS for task in model.tasks]
ALONE = [
    ("hist_gradient_boosting_classifier", "binary"),
    ("lightgbm_classifier", "multiclass"),
    ("ridge", "regression"),
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return stored(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def case(table: Any) -> Case:
    return fitted(
        *table, recipe_for(table[1], "binary", "logistic_regression", threshold=0.3, positive="yes")
    )


@pytest.fixture(scope="module")
def bundle(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return case.bundle(
        tmp_path_factory.mktemp("made") / "bundle.zip", reference_profile={"rows": 3}, joblib=True
    )


@pytest.mark.parametrize(("model", "task"), EVERY)
def test_every_model_comes_back_the_same(model: str, task: str, table: Any, tmp_path: Path) -> None:
    case = fitted(*table, recipe_for(table[1], task, model))
    with threadpool_limits(1):
        opened = open_bundle(case.bundle(tmp_path / "bundle.zip"))
        expected = predict_frame(case.pipeline, case.recipe, case.frame)
        assert predict_frame(opened.pipeline, opened.manifest, case.frame).equals(expected)
    assert opened.recipe == case.recipe
    assert opened.other_versions == {}


def test_members_and_manifest(bundle: Path, case: Case) -> None:
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        hashes = {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in names if name != "manifest.json"
        }
    expected = [*MEMBERS, *SERVICE, *copies(), "reference_profile.json", "model.joblib"]
    assert names[0] == "manifest.json"
    assert sorted(names[1:]) == sorted(expected)
    assert manifest["members"] == hashes
    assert (manifest["task"], manifest["classes"]) == ("binary", ["no", "yes"])
    assert (manifest["positive"], manifest["threshold"]) == ("yes", 0.3)
    assert open_bundle(bundle).reference_profile == {"rows": 3}


def test_the_code_of_a_bundle_is_the_code_of_the_app(bundle: Path) -> None:
    folder = Path(core.standalone.__file__).parent
    modules = {
        f"{MODULE}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in folder.rglob("*.py")
    }
    with zipfile.ZipFile(bundle) as archive:
        packed = {name: archive.read(name) for name in archive.namelist() if name.startswith(MODULE)}
    assert packed == modules


def test_equal_input_gives_equal_bytes(case: Case, tmp_path: Path) -> None:
    parts = []
    for name in ("a.zip", "b.zip"):
        with zipfile.ZipFile(case.bundle(tmp_path / name)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            parts.append({part: archive.read(part) for part in archive.namelist()})
    first, second = ({**p, "manifest.json": json.loads(p["manifest.json"]) | {"created": ""}} for p in parts)
    assert first == second


def test_only_input_columns_leave(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        sample = json.loads(archive.read("sample.json"))
        schema = json.loads(archive.read("schema.json"))
    assert set(sample["columns"]) == {"age", "income", "city", "club", "note", "day", "who"}
    assert len(sample["rows"]) == 20
    assert {column["name"]: column["role"] for column in schema["columns"]}["flag"] == "target"
    assert "amount" not in json.dumps(schema)


def test_predict_py_holds_data_and_no_rule() -> None:
    """It says how the training file was read; what it does lies in modules that the app has."""
    names = ("a", 'it\'s "b"', "{c}", "d\\n", "ü")
    read = ReadOptions(encoding="cp1252", delimiter="\t", quote="'", names=names, drop_rows=(3, 4))
    code = ast.parse(predict_text(read))
    assert not [node for node in ast.walk(code) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For)]
    plans = [node.value for node in code.body if isinstance(node, ast.Assign)]
    call = next(
        node for node in plans if isinstance(node, ast.Call) and ast.unparse(node.func) == "TableFile"
    )
    written = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
    assert TableFile(**written) == table_file(read)


@pytest.mark.parametrize(("model", "task"), ALONE)
def test_predict_py_works_alone(model: str, task: str, table: Any, tmp_path: Path) -> None:
    case = fitted(*table, recipe_for(table[1], task, model))
    folder, elsewhere = tmp_path / "unpacked", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    with zipfile.ZipFile(case.bundle(tmp_path / "bundle.zip")) as archive:
        archive.extractall(folder)
    shutil.copy(case.path, elsewhere / "new.csv")
    (elsewhere / "core.py.txt").write_text("import core")
    assert "No module named 'core'" in run("core.py.txt", cwd=elsewhere).stderr
    done = run(str(folder / "predict.py"), "new.csv", "--check", "-o", "out.csv", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "exactly" in done.stdout
    found = pd.read_csv(elsewhere / "out.csv", float_precision="round_trip")
    with threadpool_limits(1):
        expected = predict_frame(case.pipeline, case.recipe, case.frame)
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        assert np.array_equal(found[name].to_numpy(), expected[name].to_numpy()), name


def test_predict_py_refuses_what_it_cannot_use(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "new.csv").write_text("age;city\n30;Ulm\n")
    done = run("predict.py", "new.csv", "--sep", ";", cwd=tmp_path)
    assert done.returncode == 1
    assert "'income'" in done.stderr
    (tmp_path / "model.skops").write_bytes(b"PK")
    assert "was changed" in run("predict.py", "--check", cwd=tmp_path).stderr


def rewritten(
    bundle: Path, path: Path, change: Callable[[dict[str, bytes]], None], sign: bool = True
) -> Path:
    """A bundle with other members; signed with the hashes that fit unless told otherwise."""
    with zipfile.ZipFile(bundle) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    manifest = json.loads(parts["manifest.json"])
    if sign:
        manifest["members"] = {
            n: hashlib.sha256(p).hexdigest() for n, p in parts.items() if n != "manifest.json"
        }
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in {**parts, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, part)
    return path


def refusal(path: Path) -> FoldlineError:
    with pytest.raises(FoldlineError) as caught:
        open_bundle(path)
    assert caught.value.hint
    return caught.value


def test_changed_member_is_refused(bundle: Path, tmp_path: Path) -> None:
    error = refusal(
        rewritten(bundle, tmp_path / "b.zip", lambda p: p.update({"README.md": b"x"}), sign=False)
    )
    assert (error.code, error.where) == ("DAMAGED", "README.md")


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/x", "evil.py", "a/model.skops", "model.skops/..", "C:\\x"]
)
def test_foreign_member_is_refused(name: str, bundle: Path, tmp_path: Path) -> None:
    assert refusal(rewritten(bundle, tmp_path / "b.zip", lambda p: p.update({name: b"x"}))).code == "MODEL"


def test_missing_member_is_refused(bundle: Path, tmp_path: Path) -> None:
    error = refusal(rewritten(bundle, tmp_path / "b.zip", lambda p: p.pop("schema.json") and None))
    assert (error.code, error.where) == ("MODEL", "schema.json")


def test_other_predictions_are_refused(bundle: Path, tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        sample = json.loads(parts["sample.json"])
        sample["predictions"]["probability_yes"][0] += 1e-16
        parts["sample.json"] = json.dumps(sample).encode()

    error = refusal(rewritten(bundle, tmp_path / "b.zip", change))
    assert error.code == "DAMAGED"
    assert " 1 other prediction " in error.problem


def test_other_versions_are_named_and_need_the_self_test(bundle: Path, tmp_path: Path) -> None:
    def older(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        manifest["versions"]["numpy"] = "2.0.0"
        parts["manifest.json"] = json.dumps(manifest).encode()

    def and_different(parts: dict[str, bytes]) -> None:
        older(parts)
        sample = json.loads(parts["sample.json"])
        sample["predictions"]["prediction"][0] = "other"
        parts["sample.json"] = json.dumps(sample).encode()

    opened = open_bundle(rewritten(bundle, tmp_path / "a.zip", older))
    assert opened.other_versions == {"numpy": ("2.0.0", np.__version__)}
    error = refusal(rewritten(bundle, tmp_path / "b.zip", and_different))
    assert error.code == "VERSION"
    assert "2.0.0" in error.problem and np.__version__ in error.problem


def test_other_versions_are_said_wherever_a_bundle_is_used(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def older(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        manifest["versions"]["numpy"] = "2.0.0"
        parts["manifest.json"] = json.dumps(manifest).encode()

    model = rewritten(bundle, tmp_path / "older.zip", older)
    rows = tmp_path / "rows.csv"
    open_bundle(bundle).sample.frame().to_csv(rows, index=False)
    told = f"The model was fitted with numpy 2.0.0 (here {np.__version__})."
    assert main(["predict", str(model), str(rows), "-o", str(tmp_path / "p.csv")]) == 0
    assert told in capsys.readouterr().out
    assert main(["predict", str(bundle), str(rows), "-o", str(tmp_path / "p.csv")]) == 0
    assert "fitted with" not in capsys.readouterr().out
    with zipfile.ZipFile(model) as archive:
        archive.extractall(tmp_path / "alone")  # our own file
    done = subprocess.run(
        [sys.executable, "predict.py", str(rows)], cwd=tmp_path / "alone", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert told in done.stderr


def test_newer_format_is_refused(bundle: Path, tmp_path: Path) -> None:
    def newer(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        parts["manifest.json"] = json.dumps({**manifest, "format": 2, "foldline": "9.9"}).encode()

    error = refusal(rewritten(bundle, tmp_path / "b.zip", newer))
    assert error.code == "VERSION"
    assert "9.9" in error.problem


def test_no_bundle_at_all(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"\x80\x04 pickled")
    assert refusal(tmp_path / "x.zip").code == "MODEL"
    assert refusal(tmp_path / "missing.zip").code == "MODEL"


def test_truncation_and_bit_flips_are_refused(bundle: Path, tmp_path: Path) -> None:
    data = bundle.read_bytes()
    path = tmp_path / "b.zip"
    for size in (100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:size])
        assert refusal(path).code in ("MODEL", "DAMAGED")
    rng = np.random.default_rng(1)
    for _ in range(40):
        flipped = bytearray(data)
        flipped[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        path.write_bytes(bytes(flipped))
        try:
            opened = open_bundle(path)
        except FoldlineError as error:
            assert error.code in ("MODEL", "DAMAGED", "VERSION")
        else:  # a bit of the zip's own bookkeeping that carries nothing
            assert opened.manifest == open_bundle(bundle).manifest


def test_bomb_is_refused(bundle: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, b" " * 40 * 2**20 if name == "schema.json" else old.read(name))
    (tmp_path / "b.zip").write_bytes(buffer.getvalue())
    assert refusal(tmp_path / "b.zip").where == "schema.json"
