"""Results have types: what 0.1.0 stored is read, and a form that is not known is told, never a KeyError."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.engine import jobs
from core.errors import FoldlineError
from core.results.base import Result, parsed, parsed_or_none
from core.results.bundle import ExportResult
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.inspect import InspectResult, ProfileResult, ReadResult
from core.results.predict import PredictResult
from core.results.preview import PreviewResult
from core.results.tune import TuneResult
from core.store.workspace import Workspace
from core.watch.result import DriftResult
from tests.test_golden import alike

GOLDEN = Path(__file__).parent / "golden" / "workspace.zip"
MODELS: tuple[type[Result], ...] = (
    *(ReadResult, ProfileResult, InspectResult, PreviewResult),
    *(CompareResult, TuneResult, EvaluateResult, ExportResult, PredictResult, DriftResult),
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """The workspace of 0.1.0 and its one project."""
    folder = tmp_path_factory.mktemp("old")
    with zipfile.ZipFile(GOLDEN) as archive:
        for member in archive.infolist():
            archive.extract(member, folder)  # our own file
    workspace = Workspace(folder)
    return workspace, str(workspace.db.rows("SELECT id FROM project", ())[0]["id"])


def payloads(old: tuple[Workspace, str], kind: str) -> list[dict[str, Any]]:
    """What the jobs of a kind found, and what the store keeps under that kind."""
    workspace, project = old
    found = [jobs.result(workspace, project, job.id) for job in jobs.jobs(workspace, project, kind)]
    rows = workspace.db.rows("SELECT id FROM result WHERE kind = ?", (kind,))
    return found + [workspace.result_by_id(project, row["id"]) for row in rows]


def renamed(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload of 0.1.0 with the names of today."""
    names = {"division": "split", "from": "source"}

    def today(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(name, name): today(one) for name, one in value.items()}
        return [today(one) for one in value] if isinstance(value, list) else value

    return {name: today(value) for name, value in today(payload).items()}


OLDER_EDITION = frozenset({"inspect"})
"""Kinds whose results of 0.1.0 count as absent: fewer checks looked at them."""


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m.KIND in OLDER_EDITION], ids=lambda model: model.KIND
)
def test_what_fewer_checks_found_counts_as_absent(old: tuple[Workspace, str], model: type[Result]) -> None:
    assert {parsed_or_none(model, payload) for payload in payloads(old, model.KIND)} == {None}


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m.KIND not in OLDER_EDITION], ids=lambda model: model.KIND
)
def test_what_0_1_0_stored_is_read_and_told_alike(old: tuple[Workspace, str], model: type[Result]) -> None:
    found = payloads(old, model.KIND)
    assert found
    for payload in found:
        assert "version" not in payload
        told = parsed(model, payload).facts()
        assert alike(told, renamed(payload)) == []


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m.KIND not in OLDER_EDITION], ids=lambda model: model.KIND
)
def test_a_result_is_stored_with_its_version(old: tuple[Workspace, str], model: type[Result]) -> None:
    found = parsed(model, payloads(old, model.KIND)[0])
    stored = json.loads(found.model_dump_json())
    assert stored["version"] == 1
    assert parsed(model, stored) == found


@pytest.mark.parametrize("change", [{"version": 2}, {"unheard_of": 1}])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.KIND)
def test_an_unknown_form_is_told(
    old: tuple[Workspace, str], model: type[Result], change: dict[str, Any]
) -> None:
    payload = payloads(old, model.KIND)[0] | change
    with pytest.raises(FoldlineError) as error:
        parsed(model, payload)
    assert error.value.code == "RESULT"
    assert parsed_or_none(model, payload) is None
