"""The deployments of a project: made of a registered version, listed, run by jobs, gone with the project."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.deployment.folder import DeploymentFolder
from core.deployment.result import DeployResult, RoundResult
from core.engine.context import Context
from core.engine.job_specs import BundlePath, BundleResult, PathFile
from core.engine.jobs import submit
from core.engine.round_specs import DeploymentId, DeploymentPath, DeploySpec, NewDeployment, RoundSpec
from core.engine.run_here import run_here
from core.engine.work.deploy import do_deploy
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.results.base import parsed
from core.store.files.atomic import sha256_of
from core.store.files.cleanup import YOUNG_SECONDS, sweep
from core.store.migrations import MIGRATIONS
from core.store.models import BUNDLE
from core.store.workspace import Workspace
from tests.deployment_support import customers, job_context


@pytest.fixture
def bundles(customer_bundles: Path) -> Path:
    return customer_bundles


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return job_context(tmp_path / "w")


def version(ctx: Context, bundle: Path) -> BundleResult:
    """A bundle as a registered version of a model of the project."""
    path = ctx.workspace.paths.tmp / BUNDLE
    shutil.copyfile(bundle, path)
    facts = {"recipe": Recipe(target="bought"), "fingerprint": "f", "part": "all"}
    return BundleResult(result=ctx.workspace.add_version(ctx.project, path, {}, **facts))  # type: ignore[arg-type]


def deploy(ctx: Context, model: BundleResult | BundlePath, name: str = "Buyers") -> DeployResult:
    at = NewDeployment(name=name)
    return do_deploy(ctx, DeploySpec(model=model, at=at, label="Version 1"))


def code_of(what: Callable[[], object]) -> str:
    with pytest.raises(FoldlineError) as caught:
        what()
    assert caught.value.hint
    return caught.value.code


def test_a_registered_version_is_put_to_work_and_watched_by_jobs(ctx: Context, bundles: Path) -> None:
    ws, project = ctx.workspace, ctx.project
    spec = DeploySpec(
        model=version(ctx, bundles / "bought.zip"), at=NewDeployment(name=" Buyers "), label="1"
    )
    made = parsed(DeployResult, run_here(ws, project, "deploy", spec))
    (info,) = ws.deployments(project)
    assert (info.id, info.name) == (made.deployment, "Buyers")
    folder = DeploymentFolder(ws.deployment_folder(project, info.id))
    assert folder.state().champion == made.model == sha256_of(bundles / "bought.zip")
    customers(200, 1).to_csv(ws.paths.tmp / "a.csv", index=False)
    rows = PathFile(path=str(ws.paths.tmp / "a.csv"), name="a.csv")
    asked = RoundSpec(at=DeploymentId(deployment=info.id), data=rows)
    done = parsed(RoundResult, run_here(ws, project, "round", asked))
    assert done.deployment == "Buyers" and done.batches[0].labels is not None
    assert folder.state().batches[done.batches[0].batch].labels == 200
    assert {entry.by for entry in folder.read().entries} == {"app"}


def test_a_project_sees_its_own_deployments_and_takes_them_along(ctx: Context, bundles: Path) -> None:
    ws, project = ctx.workspace, ctx.project
    mine = deploy(ctx, version(ctx, bundles / "bought.zip")).deployment
    other = ws.create_project(ws.new_space(), "other")
    assert ws.deployments(other) == []
    for call in (
        lambda: ws.deployment_folder(other, mine),
        lambda: ws.delete_deployment(other, mine),
        lambda: ws.deployment_folder(project, "../../etc"),
    ):
        assert code_of(call) == "DEPLOYMENT"
    second = deploy(ctx, BundlePath(bundle=str(bundles / "spent.zip")), "Spenders").deployment
    assert [one.name for one in ws.deployments(project)] == ["Buyers", "Spenders"]
    at = DeploymentId(deployment=second)
    submit(ws, project, "round", RoundSpec(at=at, data=PathFile(path="/a", name="a")))
    assert code_of(lambda: ws.delete_deployment(project, second)) == "BUSY"
    with ws.db.write() as connection:
        connection.execute("UPDATE job SET state = 'failed'")
    ws.delete_deployment(project, second)
    assert [path.name for path in ws.paths.listing("deployments")] == [mine]
    ws.delete_project(project)
    assert ws.paths.listing("deployments") == []


def test_what_is_refused_leaves_nothing(ctx: Context, bundles: Path, tmp_path: Path) -> None:
    ws, project = ctx.workspace, ctx.project
    junk = tmp_path / "junk.zip"
    junk.write_bytes(b"PK")
    good = BundlePath(bundle=str(bundles / "bought.zip"))
    assert code_of(lambda: deploy(ctx, BundlePath(bundle=str(junk)))) == "MODEL"
    assert code_of(lambda: deploy(ctx, good, "  ")) == "NAME"
    mine = deploy(ctx, good).deployment
    at = DeploymentId(deployment=mine)
    other_target = DeploySpec(model=BundlePath(bundle=str(bundles / "spent.zip")), at=at, label="x")
    assert code_of(lambda: do_deploy(ctx, other_target)) == "MODELS"
    same = DeploySpec(model=good, at=at, label="x")
    assert code_of(lambda: do_deploy(ctx, same)) == "DEPLOYMENT"
    empty = RoundSpec(at=at)
    assert code_of(lambda: run_here(ws, project, "round", empty)) == "NO_ROWS"
    assert len(DeploymentFolder(ws.deployment_folder(project, mine)).read().entries) == 2
    assert len(ws.paths.listing("deployments")) == len(ws.deployments(project)) == 1


def test_a_challenger_joins_by_a_job(ctx: Context, bundles: Path, tmp_path: Path) -> None:
    at = DeploymentPath(folder=str(tmp_path / "m.deployment"))
    first, second = (BundlePath(bundle=str(bundles / f"bought{one}.zip")) for one in ("", "income"))
    began = do_deploy(ctx, DeploySpec(model=first, at=at, label="first", by="ann"))
    joined = do_deploy(ctx, DeploySpec(model=second, at=at, label="second", by="bob"))
    assert (began.place, joined.place, began.deployment) == ("champion", "challenger", "")
    now = DeploymentFolder(tmp_path / "m.deployment").state()
    assert (now.champion, now.challengers) == (began.model, (joined.model,))
    assert now.models == {began.model: "first", joined.model: "second"}


def test_a_folder_that_no_row_names_is_swept_and_a_named_one_stays(ctx: Context, bundles: Path) -> None:
    """The process died between the two, or the row could not be written."""
    ws = ctx.workspace
    mine = deploy(ctx, version(ctx, bundles / "bought.zip")).deployment
    orphan = ws.paths.deployment("A" * 22)
    shutil.copytree(ws.paths.deployment(mine), orphan)
    now = time.time()
    sweep(ws, now, "", frozenset())
    assert orphan.exists()
    sweep(ws, now + YOUNG_SECONDS + 60, "", frozenset())
    assert [path.name for path in ws.paths.listing("deployments")] == [mine]
    failing = DeploySpec(model=BundlePath(bundle="/absent.zip"), at=NewDeployment(name="x"), label="x")
    assert code_of(lambda: do_deploy(ctx, failing)) == "MODEL"
    assert [path.name for path in ws.paths.listing("deployments")] == [mine]


def test_a_workspace_without_deployments_gets_their_table(tmp_path: Path) -> None:
    root = tmp_path / "w"
    root.mkdir()
    with sqlite3.connect(root / "foldline.sqlite") as connection:
        for statements in MIGRATIONS[:4]:
            for statement in statements:
                statement(connection) if callable(statement) else connection.execute(statement)
        connection.execute("INSERT INTO space VALUES (?, 0)", ("S" * 22,))
        connection.execute(
            "INSERT INTO project (id, space, name, created) VALUES (?, ?, 'old', 0)", ("P" * 22, "S" * 22)
        )
    ws = Workspace(root)
    assert ws.deployments("P" * 22) == []
    assert [one.name for one in ws.projects("S" * 22)] == ["old"]
