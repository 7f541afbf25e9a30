"""The keys of the fold cache, what it does with damaged entries, and when a stored result still holds."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from core.data.table import ReadOptions
from core.plan import plan
from core.recipe.document import Candidate, Choice, Prepare
from core.recipe.fingerprint import fingerprint
from core.store.files.atomic import temporary_beside
from core.store.files.cleanup import sweep
from core.store.workspace import Workspace
from core.train.folds.fold_cache import FolderCache
from core.train.folds.matrices import cache_key
from core.train.rows.split import split_rows
from core.train.rows.target import target_of
from tests.small_recipes import column, numbers, regression


def test_folds_of_another_target_are_not_taken_from_the_cache() -> None:
    """Encoders learn from the target, so equal inputs and rows do not make equal matrices."""
    frame = numbers().assign(z=lambda f: -f["y"])
    encode = Prepare(defaults={"categorical": {"encode": Choice(spec="target")}})
    keys = []
    for target, other in (("y", "z"), ("z", "y")):
        columns = [column("c", "categorical"), column(target, role="target"), column(other, role="ignore")]
        columns.sort(key=lambda one: one.name)
        recipe = regression(*columns, target=target, prepare=encode)
        rows = split_rows(recipe, frame, target_of(recipe, frame)).folds[0]
        keys.append(cache_key(plan(recipe, Candidate(id="ridge", model="ridge")), "t", *rows))
    assert keys[0] != keys[1]


def test_folds_of_other_library_versions_are_not_taken_from_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved = plan(regression(column("x")), Candidate(id="ridge", model="ridge"))
    rows = np.arange(10)
    before = cache_key(resolved, "t", rows, rows)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.0.1")
    assert cache_key(resolved, "t", rows, rows) != before


@pytest.mark.parametrize("changed", [{"decimal": ","}, {"missing": ("", "-")}])
def test_a_result_is_stale_once_texts_mean_something_else(changed: dict[str, Any]) -> None:
    old = regression(column("x"))
    source = old.source.model_copy(update={"read": ReadOptions(**changed)})
    new = old.model_copy(update={"source": source})
    assert all(fingerprint(old, part) != fingerprint(new, part) for part in ("data", "compare", "fit"))


MATRICES = {
    "fit": np.arange(60.0).reshape(12, 5),
    "valid": sparse.csr_matrix(np.eye(6)),
}


def cache_of(tmp_path: Path) -> FolderCache:
    return FolderCache(lambda key: tmp_path / key)


def dense(matrix: Any) -> Any:
    return matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)


def same(stored: Any) -> bool:
    return stored is not None and all(
        np.array_equal(dense(stored[name]), dense(matrix)) for name, matrix in MATRICES.items()
    )


def entry_files(tmp_path: Path) -> list[Path]:
    cache_of(tmp_path).put("entry", MATRICES)
    return sorted((tmp_path / "entry").iterdir())


@pytest.mark.parametrize("name", ["fit.npy", "valid.npz", "sums.json"])
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_never_read_as_a_value(tmp_path: Path, name: str, place: float, bit: int) -> None:
    cache = cache_of(tmp_path)
    entry_files(tmp_path)
    path = tmp_path / "entry" / name
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    path.write_bytes(data)
    assert cache.get("entry") is None
    assert not cache.has("entry")
    cache.put("entry", MATRICES)
    assert same(cache.get("entry"))
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]


@pytest.mark.parametrize("name", ["fit.npy", "valid.npz", "sums.json"])
@pytest.mark.parametrize("harm", ["empty", "cut", "gone", "folder", "longer"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, name: str, harm: str) -> None:
    cache = cache_of(tmp_path)
    entry_files(tmp_path)
    path = tmp_path / "entry" / name
    data = path.read_bytes()
    path.unlink()
    if harm == "folder":
        path.mkdir()
    elif harm != "gone":
        path.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "longer": data + b"0"}[harm])
    assert cache.get("entry") is None
    cache.put("entry", MATRICES)
    assert same(cache.get("entry"))


def test_an_entry_of_an_earlier_version_has_no_sums_and_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "entry").mkdir()
    np.save(tmp_path / "entry" / "fit.npy", MATRICES["fit"])
    assert cache_of(tmp_path).get("entry") is None


def test_an_entry_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    rename, fsync = os.rename, os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("fsync") or fsync(handle))
    monkeypatch.setattr(os, "rename", lambda old, new: order.append("rename") or rename(old, new))
    cache_of(tmp_path).put("entry", MATRICES)
    assert order == ["fsync"] * 4 + ["rename", "fsync"]


def test_half_written_entries_of_killed_processes_are_swept(tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "w")
    pid = os.fork()
    if pid == 0:
        half = temporary_beside(ws.paths.cache("0" * 64))
        half.mkdir()
        (half / "fit.npy").write_bytes(b"half")
        os._exit(0)
    os.waitpid(pid, 0)
    mine = temporary_beside(ws.paths.cache("1" * 64))
    mine.mkdir()
    reused = ws.paths.root / "cache" / f".{'2' * 64}.1.0123abcd.tmp"  # written before process 1 of now began
    reused.mkdir()
    os.utime(reused, (0, 0))
    sweep(ws, time.time() + 1, "", frozenset())
    assert ws.paths.listing("cache") == [mine]
