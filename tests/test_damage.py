"""What was damaged on disk, and a workspace that cannot be used, are told in words on every page."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.data import query
from core.data.formats.parquet import read_table
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.store import database
from core.store.workspace import Workspace
from tests.page_support import ROOT, Loaded, loaded, module_home, opened, texts

home = module_home
READERS: dict[str, Callable[[Path], Any]] = {
    "preview": query.preview,
    "sorted": lambda path: query.preview(path, order="tenure_months"),
    "names": query.names,
    "levels": lambda path: query.levels(path, "contract"),
    "histogram": lambda path: query.histogram(path, "tenure_months"),
    "table": read_table,
}


@pytest.fixture(scope="module")
def churn(home: Path) -> Loaded:
    return loaded(home, ROOT / "sample_data" / "churn.csv")


@pytest.fixture(name="mine")
def a_copy(churn: Loaded, tmp_path: Path) -> Iterator[tuple[Loaded, Path]]:
    """The table, which a test may damage, and where it lies."""
    path = churn.workspace.table_path(churn.project, churn.recipe.source.table)
    data = path.read_bytes()
    path.chmod(0o600)
    yield churn, path
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def errors(app: AppTest) -> str:
    return "\n".join(f"{one.proto.title} {one.value}" for one in app.error)


def flip(path: Path, place: int, bit: int = 0) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), hide=st.booleans())
def test_a_table_with_a_flipped_bit_is_refused_before_anything_is_shown(
    mine: tuple[Loaded, Path], place: float, bit: int, hide: bool
) -> None:
    table, path = mine
    before = path.stat()
    table.workspace.table_path(table.project, table.recipe.source.table)
    flip(path, int(place * before.st_size), bit)
    if hide:  # the time of the last change as it was, as after a copy
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    for read in (table.workspace.table_path, resources_of(table.workspace, table.project).read):
        with pytest.raises(FoldlineError) as caught:
            read(*([table.project] if read == table.workspace.table_path else []), table.recipe.source.table)
        assert caught.value.code == "DAMAGED"
        assert "churn.csv" in caught.value.problem
        assert "Load its file again" in caught.value.hint
    flip(path, int(place * before.st_size), bit)
    table.workspace.table_path(table.project, table.recipe.source.table)


@pytest.mark.parametrize("step", [53, pytest.param(13, marks=pytest.mark.gauntlet)])
@pytest.mark.parametrize("name", READERS)
def test_what_reads_a_table_gives_no_raw_error(mine: tuple[Loaded, Path], name: str, step: int) -> None:
    _, path = mine
    data = path.read_bytes()
    refusals = 0
    for place in range(len(data) - 4000, len(data), step):  # the footer holds names, types and places
        path.write_bytes(data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :])
        try:
            READERS[name](path)
        except FoldlineError as error:
            assert error.code in ("DAMAGED", "COLUMN", "KIND"), error
            refusals += 1
    assert refusals


@pytest.mark.parametrize("harm", ["flipped", "cut", "empty", "gone"])
def test_a_damaged_table_is_told_on_the_page_with_the_way_out(mine: tuple[Loaded, Path], harm: str) -> None:
    table, path = mine
    size = path.stat().st_size
    if harm == "flipped":
        flip(path, size // 2)
    elif harm == "gone":
        path.unlink()
    else:
        os.truncate(path, size // 2 if harm == "cut" else 0)
    app = opened("data", table.project, **{"data.views": "Rows"})
    assert not app.exception
    assert "changed on disk" in errors(app) and "Load its file again" in errors(app)
    assert list(app.get("file_uploader")), "the file can be loaded again"
    assert "intact" not in texts(app)


def refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FOLDLINE_HOME", str(home))
    app = opened("data")
    assert not app.exception
    assert "cannot show your work now" in texts(app)
    assert [button.label for button in app.button] == ["Try again"]
    return errors(app)


def test_a_workspace_that_is_no_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w").write_text("a file")
    assert "DISK" in refused(tmp_path / "w", monkeypatch)


def test_a_locked_workspace_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    ws = Workspace(tmp_path / "w")
    ws.new_space()
    ws.db.close()
    other = sqlite3.connect(ws.paths.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "busy for more than" in refused(tmp_path / "w", monkeypatch)
    other.close()


def test_a_damaged_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "foldline.sqlite").write_bytes(b"no database" * 999)
    assert "DAMAGED" in refused(tmp_path / "w", monkeypatch)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), "DISK"),
        (OSError(30, "Read-only file system"), "DISK"),
        (PermissionError(13, "Permission denied"), "DISK"),
        (OSError(12, "Cannot allocate memory"), "MEMORY"),
        (MemoryError(), "MEMORY"),
    ],
)
def test_what_the_system_refuses_at_the_first_visit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def refuse(self: Path, *args: object, **more: object) -> None:
        raise error

    home = tmp_path / "w"
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert code in refused(home, monkeypatch)
