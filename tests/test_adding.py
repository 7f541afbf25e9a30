"""Adding one entry of each kind takes the places that CONTRIBUTING names, and its contract holds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS = ("benchmarks", "core", "ui", "pages", "tests", "sample_data", ".streamlit")
FILES = ("app.py", "pyproject.toml")


def model_of_the_guide() -> tuple[str, str]:
    """The import and the entry of the model that CONTRIBUTING adds."""
    code = re.search(r"## Add a model.*?```python\n(.*?)```", GUIDE, re.DOTALL)
    assert code is not None
    wanted, entry = code.group(1).split("\n\n", 1)
    return wanted, entry


ALLOWED = '    "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",\n'
STEP = """
    Step("added_step", "Added", "Scales by the largest value.", MaxAbsScaler, kinds=NUMERIC, stage="scale"),
"""
FEATURE = """
        Feature("added_feature", "Added", "Divides one number by another.", Ratio, inputs=(2, 2)),
"""
SELECTOR = """
        Selector("added_selector", "Added", "Drops columns that never change.", VarianceThreshold),
"""
METRIC = """
    Metric("added_metric", "Added", "Share of rows whose label is right.", scores.accuracy, tasks=BINARY),
"""
SEARCH = """
        Search("added_search", "Added", "Draws settings that cover the space evenly.", QMCSampler),
"""
CHECK = """
        Check("added_check", "Added", "Finds one value only.", check_columns.constant, code="ADDED"),
"""
DRIFT_TEST = """
        DriftTest("added_test", "Added", "Compares numbers.", aspects.ks, (DELTA,), kinds=("numeric",)),
"""
ENTRIES = {
    "steps/numeric": (STEP, "from sklearn.preprocessing import MaxAbsScaler\n"),
    "features": (FEATURE, ""),
    "selectors": (SELECTOR, ""),
    "metrics/classification": (METRIC, ""),
    "searches": (SEARCH, "from optuna.samplers import QMCSampler\n"),
    "checks": (CHECK, ""),
    "drift_tests": (DRIFT_TEST, ""),
}
"""File of core/catalog -> the entry, and the import it needs: one place each."""


PLACE = """
    Place("added", "Added", ":material/add:", "Shows that a page can be added.", "Use"),
"""
PAGE = '''"""A page of its own."""

from ui.frame.router import through_router

through_router()

from ui.frame import page

page.start("added")
'''
SPEC = """

class AddedSpec(JobSpec):
    rows: int
"""
JOB = """
    JobKind("added", "Counting twice", job_specs.AddedSpec, f"{WORK}.added:do_added"),
"""
WORK = """
from core.results.base import Result


class AddedResult(Result):
    KIND = "added"
    rows: int


def do_added(ctx, spec):
    return AddedResult(rows=2 * spec.rows)
"""
ASK = """
import sys
from pathlib import Path

from core.engine.run_here import run_here
from core.store.workspace import Workspace

ws = Workspace(Path(sys.argv[1]))
project = ws.create_project(ws.new_space(), "added")
print(run_here(ws, project, "added", {"rows": 21}))
"""


def add(path: Path, entry: str, wanted: str) -> None:
    """Put an entry at the end of the last list of a file, and an import at its head."""
    text = path.read_text(encoding="utf-8")
    kind = entry.strip().split("(", 1)[0]
    last = text.rindex(f" {kind}(\n") if f" {kind}(\n" in text else text.rindex(f" {kind}(")
    indent = len(text[:last].rsplit("\n", 1)[1]) + 1
    end = re.compile(rf"^ {{{indent}}}\),\n", re.MULTILINE).search(text, last)
    place = text.index("\n", last) + 1 if end is None else end.end()
    text = text[:place] + entry.strip("\n") + "\n" + text[place:]
    head = "from __future__ import annotations\n"
    path.write_text(text.replace(head, f"{head}\n{wanted}", 1), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tree with one more entry of each kind."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    catalog = tmp_path / "core" / "catalog"
    wanted, entry = model_of_the_guide()
    add(catalog / "models" / "classifiers.py", entry, wanted + "\n")
    for name, (entry, wanted) in ENTRIES.items():
        add(catalog / f"{name}.py", entry, wanted)
    allowed = tmp_path / "core" / "standalone" / "allowed.py"
    text = allowed.read_text(encoding="utf-8")
    names = '    "sklearn.dummy.DummyClassifier",\n'
    assert names in text
    allowed.write_text(text.replace(names, names + ALLOWED, 1), encoding="utf-8")
    add(tmp_path / "ui" / "frame" / "page_list.py", PLACE, "")
    (tmp_path / "pages" / "added.py").write_text(PAGE, encoding="utf-8")
    specs = tmp_path / "core" / "engine" / "job_specs.py"
    specs.write_text(specs.read_text(encoding="utf-8") + SPEC, encoding="utf-8")
    add(tmp_path / "core" / "engine" / "job_kinds.py", JOB, "")
    (tmp_path / "core" / "engine" / "work" / "added.py").write_text(WORK, encoding="utf-8")
    return tmp_path


@pytest.mark.gauntlet
def test_one_more_of_each_kind_keeps_its_contract(copy: Path) -> None:
    command = [sys.executable, "-m", "pytest", "tests/test_catalog.py", "-vv", "-k", "lda or added"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    added = [entry.split('"')[1] for entry, _ in ENTRIES.values()]
    assert all(f"-{one}" in done.stdout for one in ("lda_classifier", *added))


@pytest.mark.gauntlet
def test_one_more_page_is_in_the_menu_and_runs(copy: Path) -> None:
    command = [sys.executable, "-m", "pytest", "tests/test_ui.py", "-vv", "-k", "added or pages_and_menu"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    for test in ("every_page_runs_in_an_empty_project", "every_page_begins_with_the_guard"):
        assert f"test_{test}[added] PASSED" in done.stdout
    assert "test_pages_and_menu_agree PASSED" in done.stdout


@pytest.mark.gauntlet
def test_one_more_kind_of_job_is_done(copy: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(tmp_path / "workspace")]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "{'version': 1, 'rows': 42}", done.stderr[-3000:]
