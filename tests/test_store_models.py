"""The registry of models: versions with their bundles and roles, whatever dies, and what 0.1.0 exported."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.store.files.atomic import sha256_of
from core.store.files.cleanup import YOUNG_SECONDS, sweep
from core.store.models import BUNDLE
from core.store.workspace import Workspace
from tests.golden_support import golden_workspace, unpack_workspace


def fresh(root: Path) -> tuple[Workspace, str]:
    ws = Workspace(root / "w")
    return ws, ws.create_project(ws.new_space(), "Test")


def add(ws: Workspace, project: str, target: str = "y", seed: int = 0, content: bytes = b"zip") -> str:
    bundle = ws.paths.tmp / BUNDLE
    bundle.write_bytes(content)
    recipe = Recipe(target=target, seed=seed)
    facts = {"fingerprint": f"{target}{seed}", "job": "j", "run": "r"}
    return ws.add_version(project, bundle, {"seed": seed}, recipe=recipe, part="all", **facts)


def on_disk(ws: Workspace) -> set[str]:
    return {path.stem for folder in ("payloads", "files") for path in ws.paths.listing(folder)}


def test_the_newest_version_is_the_champion_and_the_others_keep_their_bundles(tmp_path: Path) -> None:
    ws, project = fresh(tmp_path)
    assert ws.versions(project) == [] and ws.champion(project) is None
    results = [add(ws, project, seed=n, content=b"bundle %d" % n) for n in (1, 1, 2)]
    versions = ws.versions(project)
    assert [(one.number, one.role) for one in versions] == [(3, "champion"), (2, "archived"), (1, "archived")]
    assert [one.result for one in versions] == results[::-1]
    assert len({one.model for one in versions}) == 1
    assert ws.champion(project) == versions[0]
    assert versions[0].recipe == Recipe(target="y", seed=2)
    assert [one.number for one in ws.versions(project, fingerprint="y1")] == [2, 1]
    assert ws.versions(project, fingerprint="y1", part="train") == []
    for version, content in zip(versions, (b"bundle 2", b"bundle 1", b"bundle 1"), strict=True):
        path = ws.result_file(project, version.result, BUNDLE)
        assert path.read_bytes() == content
        assert sha256_of(path) == version.bundle


def test_each_target_has_a_model_and_the_newest_champion_is_the_one_in_use(tmp_path: Path) -> None:
    ws, project = fresh(tmp_path)
    for target in ("a", "b", "a"):
        add(ws, project, target)
    shown = [(one.target, one.number, one.role) for one in ws.versions(project)]
    assert shown == [("a", 2, "champion"), ("b", 1, "champion"), ("a", 1, "archived")]
    champion = ws.champion(project)
    assert champion is not None and (champion.target, champion.number) == ("a", 2)
    _, other = Workspace(ws.root), ws.create_project(ws.new_space(), "Other")
    assert ws.versions(other) == []


def killed(work: Callable[[], object]) -> None:
    """Runs something in a child, which is expected to be killed while it does it."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("moment", ["INSERT INTO result", "INSERT INTO model_version", "COMMIT"])
def test_a_process_killed_between_bundle_and_registry_leaves_the_state_before(
    tmp_path: Path, moment: str
) -> None:
    ws, project = fresh(tmp_path)
    first = add(ws, project)

    def die(statement: str) -> None:
        if statement.startswith(moment):
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        with ws.db.write() as connection:  # the connection of this thread, also of what follows
            pass
        connection.set_trace_callback(die)
        add(ws, project, seed=1)

    killed(work)
    assert len(on_disk(ws)) == 2, "the bundle was written"
    assert [(one.result, one.role) for one in ws.versions(project)] == [(first, "champion")]
    sweep(ws, time.time() + YOUNG_SECONDS + 1, "", frozenset())
    assert on_disk(ws) == {first}
    again = add(ws, project, seed=1)
    assert [(one.result, one.number) for one in ws.versions(project)] == [(again, 2), (first, 1)]


def test_the_sweep_and_a_full_disk_spare_the_bundles_of_versions(tmp_path: Path) -> None:
    ws, project = fresh(tmp_path)
    results = {add(ws, project, seed=n) for n in (1, 2)}
    sweep(ws, time.time() + YOUNG_SECONDS + 1, "", frozenset())
    assert on_disk(ws) == results
    with ws.db.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(FoldlineError, match="DISK"):
        add(ws, project, target="y" * 2**20)
    assert on_disk(ws) == {one.result for one in ws.versions(project)}, "nothing is left of the refused one"


def test_the_result_of_a_version_cannot_be_dropped_but_with_its_project(tmp_path: Path) -> None:
    ws, project = fresh(tmp_path)
    result = add(ws, project)
    with pytest.raises(sqlite3.IntegrityError):
        ws.drop_result(project, "export", result)
    ws.result_file(project, result, BUNDLE)
    other = ws.create_project(ws.new_space(), "Other")
    kept = add(ws, other)
    ws.delete_project(project)
    assert on_disk(ws) == {kept}
    assert {row["id"] for row in ws.db.rows("SELECT result AS id FROM model_version")} == {kept}
    assert len(ws.db.rows("SELECT id FROM model")) == 1


def test_what_0_1_0_exported_is_the_champion_and_an_export_follows_it(tmp_path: Path) -> None:
    ws, project = golden_workspace(tmp_path)
    (version,) = ws.versions(project)
    job = ws.db.row("SELECT id FROM job WHERE kind = 'export'")
    run = ws.db.row("SELECT id FROM run WHERE kind = 'evaluate'")
    assert job is not None and run is not None
    assert (version.number, version.role, version.part) == (1, "champion", "all")
    assert (version.job, version.run) == (job["id"], run["id"])
    assert version.recipe == ws.recipe(project)
    assert ws.result_by_id(project, version.result)["fingerprint"] == version.fingerprint
    assert sha256_of(ws.result_file(project, version.result, BUNDLE)) == version.bundle
    made = run_here(ws, project, "export", {"recipe": version.recipe, "part": "train"})
    newest, before = ws.versions(project)
    assert (newest.result, newest.number, newest.role) == (made["result"], 2, "champion")
    assert (newest.part, newest.run) == ("train", run["id"])
    assert newest.recipe == version.recipe and newest.fingerprint == version.fingerprint
    assert (before.result, before.role) == (version.result, "archived")
    assert ws.result_file(project, before.result, BUNDLE).exists()


def test_exports_of_0_1_0_are_numbered_in_their_order(tmp_path: Path) -> None:
    unpack_workspace(tmp_path)
    raw = sqlite3.connect(tmp_path / "foldline.sqlite")
    raw.row_factory = sqlite3.Row
    old = dict(raw.execute("SELECT * FROM result WHERE kind = 'export'").fetchone())
    job = dict(raw.execute("SELECT * FROM job WHERE kind = 'export'").fetchone())

    def put(n: int, state: str, target: str) -> None:
        late = {name: job[name] + 100 * n for name in ("created", "started", "finished")}
        spec = job["spec"].replace('"target": "churned"', f'"target": "{target}"')
        row = {**job, **late, "id": f"job {n}", "state": state, "spec": spec}
        raw.execute(
            f"INSERT INTO job ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
        )
        row = {**old, "id": f"result {n}", "key": "f" * 64 + f"-{'train' if n % 2 else 'all'}"}
        raw.execute(
            "INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?)", [*(row | {"at": old["at"] + 100 * n}).values()]
        )

    put(3, "done", "churned")
    put(2, "done", "other")
    put(1, "interrupted", "churned")
    raw.commit()
    raw.close()
    ws = Workspace(tmp_path)
    found = [(one.target, one.number, one.role, one.job, one.part) for one in ws.versions(old["project"])]
    assert found == [
        ("churned", 2, "champion", "job 3", "train"),
        ("other", 1, "champion", "job 2", "all"),
        ("churned", 1, "archived", job["id"], "all"),
    ]
