"""What README, CONTRIBUTING and the decisions say: files, commands and variables exist, the examples run."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.command.main import parser
from core.recipe import edits
from core.recipe.document import load
from core.spec import Model
from core.standalone.allowed import TRUSTED
from tests.fresh import command
from tests.test_catalog import CATALOGS

ROOT = Path(__file__).resolve().parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DECISIONS]
README, CONTRIBUTING = (ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
FOLDERS = ("core", "ui", "pages", "tests", "docs", "benchmarks", "sample_data", ".streamlit", ".ci")
PATH = re.compile(rf"(?<![\w./-])((?:{'|'.join(re.escape(name) for name in FOLDERS)})/[\w./-]*\w)")
LINK = re.compile(r"\]\(([^)#:]+)\)")
VARIABLE = re.compile(r"FOLDLINE_[A-Z_]+")
FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SAMPLE_ROWS = {"wafer_yield.csv": 1_000, "wafer_yield_next_quarter.csv": 500, "churn.csv": 500}
QUICK = ("dummy_classifier", "logistic_regression")
FOR_TESTS_ONLY = {"FOLDLINE_TASKS"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def fenced(path: Path) -> list[str]:
    """The code blocks of a page."""
    return FENCE.findall(text(path))


def examples() -> list[str]:
    """The command lines of the README that call the product, in order."""
    lines = [line.strip() for block in fenced(README) for line in block.splitlines()]
    return [line for line in lines if line.startswith("python -m core")]


def commands() -> dict[str, argparse.ArgumentParser]:
    """Name of each command and its parser."""
    found = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def in_code() -> str:
    """All Python of the product."""
    files = [path for name in ("core", "ui", "pages") for path in (ROOT / name).rglob("*.py")]
    return "\n".join(text(path) for path in [*files, ROOT / "app.py"])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.stem)
def test_every_file_that_is_named_exists(paper: Path) -> None:
    named = set(PATH.findall(text(paper)))
    linked = {paper.parent / target for target in LINK.findall(text(paper))}
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    missing += [str(target) for target in sorted(linked) if not target.exists()]
    assert missing == []


def test_the_search_for_paths_finds_them() -> None:
    assert PATH.findall("see `core/spec.py` and docs/decisions.") == ["core/spec.py", "docs/decisions"]
    assert PATH.findall("http://a/core/x.py ../shared/data") == []
    assert LINK.findall("![a](docs/a.png) [b](https://b) [c](LICENSE)") == ["docs/a.png", "LICENSE"]


def test_every_command_is_explained_and_has_an_example() -> None:
    readme = text(README)
    for name in commands():
        assert f"| `{name}` |" in readme, name
        assert any(line.split()[3] == name for line in examples()), name


def test_nothing_is_explained_that_the_command_line_lacks() -> None:
    told = re.findall(r"^\| `([a-z]+)` \|", text(README), re.MULTILINE)
    assert set(told) == set(commands())
    actions = [action for one in commands().values() for action in one._actions]
    options = {option for action in actions for option in action.option_strings}
    section = text(README).split("## Command line")[1].split("\n## ")[0]
    assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", section)) <= options


def test_every_example_is_understood() -> None:
    for line in examples():
        parser().parse_args(shlex.split(line)[3:])


def test_the_variables_are_those_of_the_code() -> None:
    told = set(VARIABLE.findall(text(README)))
    assert told == set(VARIABLE.findall(in_code())) - FOR_TESTS_ONLY


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    for paper in (README, CONTRIBUTING):
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", text(paper), re.MULTILINE))
        assert named and named <= targets, named - targets


def test_every_kind_of_the_catalog_has_a_recipe() -> None:
    told = set(re.findall(r"^## Add a ([a-z ]+)$", text(CONTRIBUTING), re.MULTILINE))
    assert told == {"drift test" if kind == "drift" else kind for kind in CATALOGS}


def test_the_model_shown_is_complete(tmp_path: Path) -> None:
    """The entry is made as it stands, learns at each bound, and its class is the one shown for the list."""
    block = next(block for block in fenced(CONTRIBUTING) if "Model(" in block)
    imported, entry = block.split("\n\n", 1)
    module = f"from core.catalog.models.classifiers import *\n{imported}\n\nENTRIES = (\n{entry})\n"
    (tmp_path / "shown.py").write_text(module)
    spec = importlib.util.spec_from_file_location("shown", tmp_path / "shown.py")
    assert spec is not None and spec.loader is not None
    shown = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shown)
    (model,) = shown.ENTRIES
    assert isinstance(model, Model)
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(60, 3)), np.array(["a", "b"] * 30)
    for param in model.params:
        for value in (param.default, param.low, param.high):
            fitted = model.build({param.name: value}).fit(X, y)
            assert fitted.predict_proba(X).shape == (60, 2)
    name = f"{type(fitted).__module__}.{type(fitted).__name__}"
    assert name in TRUSTED or f'"{name}",' in text(CONTRIBUTING)


def test_every_requirement_is_argued() -> None:
    lines = text(ROOT / "requirements.txt").splitlines()
    names = [re.split(r"[><=]", line)[0] for line in lines if line and not line.startswith("#")]
    argued = re.findall(r"^\| ([a-z-]+) \|", text(ROOT / "docs/decisions/0001-dependencies.md"), re.MULTILINE)
    assert sorted(argued) == sorted([*names, "package"])


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        assert text(path).startswith(f"# {int(path.name[:4])}. ")
        assert "**Decided.**" in text(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the examples of the README work: the samples, cut short."""
    root = tmp_path_factory.mktemp("readme")
    (root / "sample_data").mkdir()
    for name, rows in SAMPLE_ROWS.items():
        lines = text(ROOT / "sample_data" / name).splitlines(keepends=True)
        (root / "sample_data" / name).write_text("".join(lines[: rows + 1]), encoding="utf-8")
    return root


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """An example in a process of its own."""
    python, option, package, *arguments = shlex.split(line)
    assert (Path(python).name, option, package) == ("python", "-m", "core")
    return command(*arguments, cwd=folder, seconds=120)


def served(line: str, folder: Path) -> Any:
    """What the service of an example says of its health, at a port of its own, before it is stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words, health = shlex.split(line.replace("8080", str(port)))[1:], "/v2/health/ready"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}{health}", timeout=5))
            time.sleep(0.1)
    finally:
        server.terminate()
        assert server.wait(30) == -signal.SIGTERM  # after the requests under way
    return None


def written(line: str) -> Iterator[str]:
    """The files that an example promises."""
    words = shlex.split(line)
    yield from (words[i + 1] for i, word in enumerate(words) if word == "-o")
    if "--out" in words:
        yield from (f"{words[words.index('--out') + 1]}/{name}" for name in ("bundle.zip", "report.json"))


def test_the_examples_run_in_order(folder: Path) -> None:
    """Every line as it stands; only the recipe is held to quick models, so that `run` takes seconds."""
    for line in examples():
        if line.split()[3] == "serve":
            assert served(line, folder) == {"live": True, "ready": True}
            continue
        done = run(line, folder)
        assert done.returncode == 0, f"{line}\n{done.stderr[-2000:]}"
        assert done.stdout.strip(), line
        assert [name for name in written(line) if not (folder / name).is_file()] == [], line
        if line.split()[3] == "suggest":
            path = folder / next(written(line))
            path.write_text(edits.set_candidates(load(path), QUICK).to_json())
    report = json.loads((folder / "run" / "report.json").read_text())
    assert report["chosen"] in QUICK
    assert json.loads((folder / "drift.json").read_text())["verdict"]["state"] == "drift"
    assert (folder / "drift.html").read_text().lstrip().startswith("<!")
