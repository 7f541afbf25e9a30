"""The workspace keeps what was acknowledged, for the right project only, whatever dies."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.table import Column, Table
from core.engine import server
from core.errors import FoldlineError
from core.recipe.document import Candidate, Recipe
from core.store.files import atomic as durable
from core.store.files.cleanup import sweep, trim_cache
from core.store.files.paths import Paths, new_id
from core.store.files.reserve import SPARE, keep_spare
from core.store.workspace import Workspace


def fresh(root: Path) -> tuple[Workspace, str]:
    ws = Workspace(root / "w")
    return ws, ws.create_project(ws.new_space(), "Test")


def seeded(seed: int) -> Callable[[Recipe | None], Recipe]:
    return lambda before: (before or Recipe()).model_copy(update={"seed": seed})


def add(name: str) -> Callable[[Recipe | None], Recipe]:
    def change(before: Recipe | None) -> Recipe:
        old = before or Recipe()
        return old.model_copy(update={"candidates": (*old.candidates, Candidate(id=name, model="dummy"))})

    return change


def store_table(ws: Workspace, project: str, rows: int = 3) -> Table:
    path = ws.new_upload(project)
    pd.DataFrame({"a": range(rows)}, dtype="float64").to_parquet(path)
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    columns = (Column(name="a", physical="number", kind="numeric"),)
    return ws.add_table(project, path, Table(id=sha, name="../../t.csv", rows=rows, columns=columns))


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(FoldlineError) as caught:
        act()
    assert caught.value.problem
    assert caught.value.hint
    return caught.value.code


def test_undo_redo_and_branches(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    assert ws.recipe(p) is None
    assert code_of(lambda: ws.undo(p)) == "HISTORY"
    for seed in (1, 2, 3):
        ws.edit(p, seeded(seed), f"seed {seed}")
    assert ws.undo(p).seed == 2
    assert ws.undo(p).seed == 1
    assert not ws.can_undo(p)
    assert code_of(lambda: ws.undo(p)) == "HISTORY"
    assert ws.redo(p).seed == 2
    ws.edit(p, seeded(9), "branch")
    assert not ws.can_redo(p)
    assert ws.undo(p).seed == 2
    assert ws.redo(p).seed == 9, "redo follows the branch visited last"
    assert ws.goto(p, 3).seed == 3, "the other branch is still there"
    assert ws.undo(p).seed == 2
    assert ws.redo(p).seed == 3, "going to an entry makes redo lead to it"
    assert [(e.seq, e.parent, e.is_head) for e in ws.history(p)] == [
        (4, 2, False),
        (3, 2, True),
        (2, 1, False),
        (1, None, False),
    ]
    assert ws.goto(p, 1).seed == 1
    assert code_of(lambda: ws.goto(p, 99)) == "HISTORY"


def test_an_edit_that_changes_nothing_or_fails_leaves_no_trace(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    ws.edit(p, seeded(1), "first")
    revision = ws.project(p).revision
    ws.edit(p, seeded(1), "again")
    with pytest.raises(ZeroDivisionError):
        ws.edit(p, lambda _: seeded(1 // 0)(None), "fails")
    assert ws.project(p).revision == revision
    assert len(ws.history(p)) == 1
    ws.edit(p, seeded(2), "second")
    assert ws.project(p).revision > revision


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 5), st.sampled_from(["undo", "redo"])), max_size=12))
def test_history_agrees_with_a_simple_model(
    tmp_path_factory: pytest.TempPathFactory, acts: list[int | str]
) -> None:
    ws, p = fresh(tmp_path_factory.mktemp("h"))
    past: list[int] = []
    future: list[int] = []
    for act in acts:
        if isinstance(act, int):
            ws.edit(p, seeded(act), "edit")
            if not past or past[-1] != act:
                past, future = [*past, act], []
        elif act == "undo" and len(past) > 1:
            assert ws.undo(p).seed == past[-2]
            future.append(past.pop())
        elif act == "redo" and future:
            past.append(future.pop())
            assert ws.redo(p).seed == past[-1]
        recipe = ws.recipe(p)
        assert (recipe.seed if recipe else None) == (past[-1] if past else None)
        assert ws.can_undo(p) == (len(past) > 1)
        assert ws.can_redo(p) == bool(future)


def fork_all(works: list[Callable[[], None]]) -> list[int]:
    pids = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                work()
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    return pids


def test_eight_writers_lose_no_edit(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)

    def write(writer: int) -> Callable[[], None]:
        return lambda: [ws.edit(p, add(f"m{writer}_{i}"), "add") for i in range(25)] and None

    began = time.perf_counter()
    pids = fork_all([write(writer) for writer in range(8)])
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 8
    recipe = ws.recipe(p)
    assert recipe is not None
    assert {c.id for c in recipe.candidates} == {f"m{w}_{i}" for w in range(8) for i in range(25)}
    assert len(ws.history(p)) == 200
    print(f"200 edits by 8 writers in {time.perf_counter() - began:.2f} s")


def test_projects_do_not_see_each_other(tmp_path: Path) -> None:
    ws, mine = fresh(tmp_path)
    space = ws.new_space()
    other = ws.create_project(space, "Other")
    table = store_table(ws, mine)
    result = ws.put_result(mine, "profile", table.id, {"n": 1})
    run = ws.add_run(
        mine,
        kind="fit",
        recipe=Recipe(),
        table=table.id,
        fingerprint="f",
        payload={"x": 1},
        summary={"auc": 0.9},
    )
    assert [p.id for p in ws.projects(space)] == [other]
    assert code_of(lambda: ws.table(other, table.id)) == "TABLE"
    assert code_of(lambda: ws.table_path(other, table.id)) == "TABLE"
    assert ws.result(other, "profile", table.id) is None
    assert code_of(lambda: ws.result_by_id(other, result)) == "RESULT"
    assert code_of(lambda: ws.run(other, run)) == "RUN"
    assert code_of(lambda: ws.delete_run(other, run)) == "RUN"
    assert ws.runs(other) == []
    assert ws.tables(other) == []
    assert ws.run(mine, run).info.summary == {"auc": 0.9}
    assert ws.run(mine, run).payload == {"x": 1}


@pytest.mark.parametrize(
    "bad", ["", "..", "../../etc/passwd", "x" * 22 + "/", "a" * 21, "é" * 22, "a" * 21 + "\n"]
)
def test_ids_of_another_form_never_reach_the_disk(tmp_path: Path, bad: str) -> None:
    ws, p = fresh(tmp_path)
    assert code_of(lambda: ws.project(bad)) == "PROJECT"
    assert code_of(lambda: ws.create_project(bad, "x")) == "SPACE"
    assert not ws.has_space(bad)
    assert code_of(lambda: ws.table_path(p, bad)) == "TABLE"
    for path in (
        ws.paths.table,
        ws.paths.payload,
        ws.paths.files,
        ws.paths.job,
        ws.paths.cache,
        ws.paths.scratch,
    ):
        assert code_of(lambda path=path: path(bad))
    assert code_of(lambda: ws.put_result(p, "k", "k", {}, {bad or "/": tmp_path / "f"})) == "FILE"


def test_symbolic_links_are_refused_and_folders_are_private(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    assert ws.root.stat().st_mode & 0o777 == 0o700
    result = ws.put_result(p, "k", "k", {"a": 1})
    path = ws.paths.payload(result)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert code_of(lambda: ws.result(p, "k", "k")) == "PATH"
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "tables").symlink_to(tmp_path)
    assert code_of(lambda: Paths(tmp_path / "v")) == "PATH"


def test_tables_are_kept_once_and_removed_with_their_last_project(tmp_path: Path) -> None:
    ws, first = fresh(tmp_path)
    second = ws.create_project(ws.new_space(), "Second")
    table = store_table(ws, first)
    assert store_table(ws, second) == store_table(ws, second) == table
    assert len(ws.tables(second)) == 1
    path = ws.table_path(first, table.id)
    ws.table_path(first, table.id)
    ws.delete_project(first)
    assert path.exists()
    assert code_of(lambda: ws.project(first)) == "PROJECT"
    ws.delete_project(second)
    assert not path.exists()
    assert ws.paths.listing("tmp") == []


def test_a_table_whose_content_is_not_its_name_is_refused(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    table = store_table(ws, p)
    upload = ws.new_upload(p)
    upload.write_bytes(b"something else")
    assert code_of(lambda: ws.add_table(p, upload, table)) == "DAMAGED"
    path = ws.table_path(p, table.id)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert code_of(lambda: ws.table_path(p, table.id)) == "DAMAGED"
    store_table(ws, p)
    ws.table_path(p, table.id)


def test_the_newest_result_replaces_the_earlier_one(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    for n in (1, 2):
        (ws.paths.tmp / "m").write_bytes(b"model %d" % n)
        result = ws.put_result(
            p, "fit", "key", {"n": n, "nan": float("nan")}, {"model.skops": ws.paths.tmp / "m"}
        )
    kept = ws.result(p, "fit", "key")
    assert kept is not None
    assert kept["n"] == 2
    assert ws.result_file(p, result, "model.skops").read_bytes() == b"model 2"
    assert code_of(lambda: ws.result_file(p, result, "other.skops")) == "RESULT"
    assert len(ws.paths.listing("payloads")) == len(ws.paths.listing("files")) == 1


def test_no_flipped_bit_is_used(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    (ws.paths.tmp / "m").write_bytes(os.urandom(500))
    result = ws.put_result(p, "fit", "key", {"scores": [0.5] * 50}, {"model.skops": ws.paths.tmp / "m"})
    draw = random.Random(0)
    for path, read in (
        (ws.paths.payload(result), lambda: ws.result(p, "fit", "key")),
        (ws.paths.file(result, "model.skops"), lambda: ws.result_file(p, result, "model.skops")),
    ):
        good = path.read_bytes()
        for _ in range(100):
            at, bit = draw.randrange(len(good)), draw.randrange(8)
            path.write_bytes(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            assert code_of(read) == "DAMAGED"
        path.write_bytes(good)
        read()
    ws.edit(p, seeded(1), "one")
    with ws.db.write() as connection:
        connection.execute("UPDATE edit SET recipe = zeroblob(80)")
    assert code_of(lambda: ws.recipe(p)) == "DAMAGED"


def test_runs_openings_and_settings(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    facts = {"kind": "fit", "table": "t", "fingerprint": "f", "payload": {}}
    runs = [ws.add_run(p, recipe=Recipe(seed=i), summary={"i": i}, label=f"r{i}", **facts) for i in range(3)]
    assert [(r.label, r.recipe.seed) for r in ws.runs(p)] == [("r2", 2), ("r1", 1), ("r0", 0)]
    ws.label_run(p, runs[0], "best")
    ws.delete_run(p, runs[1])
    assert [r.label for r in ws.runs(p)] == ["r2", "best"]
    assert len(ws.paths.listing("payloads")) == 2
    for key in ("a", "a", "b"):
        with ws.opening(p, key, {"t": np.array([True, False, True])}):
            assert ws.openings(p)[-1].key == key, "it is counted before anything is shown"
    with pytest.raises(ZeroDivisionError), ws.opening(p, "a", {}):
        raise ZeroDivisionError
    assert [opening.key for opening in ws.openings(p)] == ["a", "a", "b"]
    assert ws.openings(p)[0].rows["t"].tolist() == [True, False, True]
    assert ws.get(p, "page", "none") == "none"
    ws.put(p, "page", {"n": [1]})
    ws.put(p, "page", {"n": [2]})
    assert ws.get(p, "page") == {"n": [2]}
    assert code_of(lambda: ws.rename_project(p, "  ")) == "NAME"
    ws.rename_project(p, " New ")
    assert ws.project(p).name == "New"


def test_a_newer_workspace_is_refused_unchanged(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    ws.db.close()
    with sqlite3.connect(ws.paths.database) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    assert code_of(lambda: Workspace(ws.root).project(p)) == "WORKSPACE"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "foldline.sqlite").write_bytes(b"not a database" * 100)
    assert code_of(lambda: Workspace(tmp_path).has_space("x")) == "DAMAGED"


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "kept"
    target.write_bytes(b"old")

    def full(path: Path) -> object:
        with durable.replace_from(path) as temporary:
            temporary.write_bytes(b"ha")
            os.write(os.open("/dev/full", os.O_WRONLY), b"x")
        return None

    assert code_of(lambda: full(target)) == "DISK"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    ws, p = fresh(tmp_path)
    assert code_of(lambda: ws.new_upload(p, size=2**60)) == "DISK"


@pytest.mark.parametrize("call", ["fsync", "replace", "mkdir", "open"])
def test_a_fault_at_any_step_of_a_save_harms_nothing_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    ws, p = fresh(tmp_path)

    def save(n: int) -> str:
        (ws.paths.tmp / "m").write_bytes(b"model %d" % n)
        return ws.put_result(p, "fit", "key", {"n": n}, {"model.skops": ws.paths.tmp / "m"})

    first, faults, real = save(0), list[str](), getattr(os, call)
    for at in range(1, 12):
        count = 0

        def fails(*args: object, at: int = at, **options: object) -> object:
            nonlocal count
            count += 1
            if count == at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(f"core.store.files.atomic.os.{call}", fails)
            try:
                first = save(at)
                break
            except FoldlineError as error:
                faults.append(error.code)
        info = ws.find_result(p, "fit", "key")
        assert info is not None
        assert info.id == first, "the old result is still the one"
        assert ws.result_by_id(p, first)["n"] == 0
        assert ws.result_file(p, first, "model.skops").read_bytes() == b"model 0"
        assert len(ws.paths.listing("payloads")) == len(ws.paths.listing("files")) == 1
    assert set(faults) == {"DISK"}
    assert ws.result(p, "fit", "key") == {"n": at}


def test_kill_at_random_moments_loses_nothing_acknowledged(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    ledger = tmp_path / "ledger"

    def write(start: int) -> Callable[[], None]:
        def work() -> None:
            with ledger.open("a") as told:
                for n in range(start, start + 10_000):
                    ws.edit(p, add(f"n{n}"), "add")
                    source = ws.paths.tmp / f"{n}"
                    source.write_bytes(b"m" * 10_000)
                    ws.put_result(p, "fit", f"{n}", {"n": n}, {"m.bin": source})
                    table = store_table(ws, p, rows=n % 50 + 1)
                    told.write(f"{n} {table.id}\n")
                    told.flush()

        return work

    draw = random.Random(1)
    for round_ in range(8):
        (pid,) = fork_all([write(round_ * 10_000)])
        time.sleep(0.05 + draw.random() * 0.25)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    told = [line.split() for line in ledger.read_text().splitlines()]
    assert told, "at least some work must have been acknowledged"
    recipe = ws.recipe(p)
    assert recipe is not None
    names = {c.id for c in recipe.candidates}
    for n, table in told:
        assert f"n{n}" in names
        info = ws.find_result(p, "fit", n)
        assert info is not None
        assert ws.result_by_id(p, info.id) == {"n": int(n)}
        ws.result_file(p, info.id, "m.bin")
        ws.table_path(p, table)
    for edit in ws.history(p):
        ws.goto(p, edit.seq)
    sweep(ws, time.time() + 1, "", frozenset())
    left = [path for name in ("tmp", "tables", "payloads") for path in ws.paths.listing(name)]
    assert not [path for path in left if path.name.startswith(".") or path.parent.name == "tmp"]
    print(f"{len(told)} acknowledged saves over 8 kills")


def test_sweep_spares_what_is_in_use(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    mine, wanted, job = ws.new_upload(p), ws.paths.tmp / f"999999-{new_id()}.upload", new_id()
    for path in (mine, wanted, ws.paths.tmp / "999999-gone.upload"):
        path.write_bytes(b"x")
    ws.paths.scratch(job).mkdir()
    result = ws.put_result(p, "k", "k", {})
    (ws.paths.payload(new_id())).write_bytes(b"orphan")
    sweep(ws, time.time() + 1000, f'{{"path": "{wanted}"}}', {job})
    assert set(ws.paths.listing("tmp")) == {mine, wanted, ws.paths.scratch(job)}
    assert ws.paths.listing("payloads") == [ws.paths.payload(result)]


def test_uploads_of_a_killed_app_are_swept_while_the_engine_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SWEEP_PAUSE", 0.0)
    monkeypatch.setattr(server, "HOUSE_PAUSE", 0.0)
    ws, p = fresh(tmp_path)
    engine = server.Engine(ws)
    engine.clean()
    mine, cut = ws.new_upload(p), ws.paths.tmp / f"999999-{new_id()}.upload"
    again = ws.paths.tmp / f"{os.getpid()}-{new_id()}.upload"  # of an earlier process with the same number
    for path in (mine, cut, again):
        path.write_bytes(b"half a file")
    for path, age in ((mine, 2.0), (cut, 2.0), (again, 1e6)):
        os.utime(path, (time.time() - age,) * 2)
    engine.turn()
    assert ws.paths.listing("tmp") == [mine]


def test_the_cache_forgets_what_was_not_touched_for_longest(tmp_path: Path) -> None:
    ws, _ = fresh(tmp_path)
    entries = [ws.paths.cache(hashlib.sha256(b"%d" % n).hexdigest()) for n in range(3)]
    for age, entry in enumerate(entries):
        entry.mkdir()
        (entry / "x.npy").write_bytes(b"x" * 1000)
        os.utime(entry, (1e9 - age, 1e9 - age))
    trim_cache(ws, limit=2500)
    assert [entry.exists() for entry in entries] == [True, True, False]


def test_a_spare_file_that_was_cut_off_is_made_whole_or_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "spare"
    path.write_bytes(b"x" * 1000)
    keep_spare(path)
    assert path.stat().st_size == SPARE

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    path.unlink()
    monkeypatch.setattr(Path, "write_bytes", full)
    keep_spare(path)
    assert not path.exists()


def test_on_a_full_disk_the_spare_room_is_given_up(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    keep_spare(ws.paths.spare)
    assert ws.paths.spare.stat().st_size == SPARE
    with ws.db.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(FoldlineError) as caught:
        ws.put(p, "note", "x" * 2**20)
    assert caught.value.code == "DISK"
    assert not ws.paths.spare.exists()
