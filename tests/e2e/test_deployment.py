"""A model is put to work, gets worse, is told so, retrained, tested, promoted and rolled back, by clicks."""

from __future__ import annotations

import json
import re
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from core.deployment.folder import DeploymentFolder
from core.deployment.serving_spool import waiting_files
from core.recipe import edits
from core.store.workspace import Workspace
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import Server
from tests.e2e.service import Service, until
from tests.e2e.visitor import Visitor

ROWS = 700
BATCHES = 4


def orders(rows: int, seed: int, turned: bool = False) -> pd.DataFrame:
    """Orders of which some come late; ``turned`` is a world in which distance no longer makes them late."""
    random = np.random.default_rng(seed)
    distance, weight = random.gamma(2.0, 50.0, rows).round(1), random.normal(10, 3, rows).round(2)
    lean = 0.35 * (weight - 10) if turned else 0.03 * (distance - 100)
    late = random.random(rows) < 1 / (1 + np.exp(-lean))
    frame = pd.DataFrame({"distance": distance, "weight": weight, "depot": random.choice(list("NSW"), rows)})
    return frame.assign(late=np.where(late, "yes", "no"))


@pytest.fixture(scope="module")
def heard() -> Iterator[list[dict[str, object]]]:
    """What a web server on this machine is sent."""
    got: list[dict[str, object]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOOK", f"http://127.0.0.1:{web.server_port}/alerts")
        yield got
    web.shutdown()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """train.csv, and for each batch its rows and, in a file of their own, its labels."""
    folder = tmp_path_factory.mktemp("orders")
    orders(2_000, 1).to_csv(folder / "train.csv", index=False)
    for number in range(BATCHES):
        frame = orders(ROWS, 10 + number, turned=True)
        frame.drop(columns="late").to_csv(folder / f"week{number}.csv", index=False)
        frame[["late"]].to_csv(folder / f"labels{number}.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def packed(home: Path, files: Path) -> Prepared:
    """A project whose model is packed."""
    made = Prepared(Workspace(home), "Late orders")
    made.job("read", path=str(files / "train.csv"), name="train.csv", keep=True, target="late")
    made.work("inspect")
    made.edit(lambda old: edits.set_metric(old, "accuracy"), "metric")
    made.train(["logistic_regression"], "logistic_regression")
    made.job("export", recipe=made.recipe.model_dump(mode="json"), part="all", joblib=False)
    return made


@pytest.fixture(scope="module")
def server(home: Path, packed: Prepared, heard: list[dict[str, object]], files: Path) -> Iterator[Server]:
    """A server whose operator has set up a web address for alerts."""
    settings = files / "alerts.toml"
    settings.write_text('hosts = ["127.0.0.1"]\n[sinks.desk]\ntype = "webhook"\nurl_from = "HOOK"\n')
    running = Server(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLDLINE_ALERTS", str(settings))
        running.start()
    yield running
    running.stop()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Starts services; none outlives the test."""
    started: list[Service] = []

    def start(folder: Path, *options: object) -> Service:
        started.append(Service(folder, *options))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGKILL)


def week(visitor: Visitor, files: Path, number: int) -> None:
    """A batch comes, and its labels after it."""
    for box, name in (("batch", f"week{number}.csv"), ("labels", f"labels{number}.csv")):
        before = visitor.server.latest(visitor.project, "round")
        visitor.upload(files / name, f"deployments.{box}.box").wait_job(
            "round", after=before.id if before else ""
        )


def served_week(
    visitor: Visitor, service: Service, folder: DeploymentFolder, files: Path, number: int
) -> None:
    """A batch is scored by the service, in some requests, and its labels are given on the page."""
    rows = json.loads(pd.read_csv(files / f"week{number}.csv").to_json(orient="records"))
    before = len(folder.state().batches)
    for start in range(0, ROWS, 100):
        answered = service.rows(rows[start : start + 100])
        assert len(answered["predictions"]) == 100
        assert answered["model"]["version"] == folder.state().champion[:12]
    until(lambda: len(folder.state().batches) > before)
    late = visitor.server.latest(visitor.project, "round")
    visitor.reload().upload(files / f"labels{number}.csv", "deployments.labels.box")
    visitor.wait_job("round", after=late.id if late else "")


def folder_of(server: Server, packed: Prepared) -> DeploymentFolder:
    (one,) = server.workspace.deployments(packed.project)
    return DeploymentFolder(server.workspace.deployment_folder(packed.project, one.id))


def test_a_model_at_work_is_followed_to_its_successor_and_back(
    visit: Visit,
    server: Server,
    packed: Prepared,
    files: Path,
    heard: list[dict[str, object]],
    serve: Callable[..., Service],
) -> None:
    visitor = visit().open("deployments", packed.project).is_at("deployments")
    visitor.click("Deploy it").wait_job("deploy").sees("Score a first batch")
    folder = folder_of(server, packed)
    service = serve(folder.root, "--batch-rows", ROWS)
    row = {"distance": 120.0, "weight": 11.0, "depot": "N"}
    champion = folder.state().champion[:12]
    week(visitor, files, 0)
    served_week(visitor, service, folder, files, 1)
    week(visitor, files, 2)
    served = [one for one in folder.state().batches.values() if one.scored.source.startswith("service")]
    assert [(one.scored.rows, one.labels) for one in served] == [(ROWS, ROWS)]
    expect(visitor.keyed("deployments.verdict")).to_contain_text("Retrain")
    assert any(one["severity"] == "critical" for one in heard)

    visitor.page.get_by_role("tab", name="Alerts").click()
    visitor.settle().click("I have seen it").sees(re.compile("seen by app"))

    visitor.page.get_by_role("tab", name="Rule").click()
    visitor.settle().sees(re.compile("With 700 labels a week: .* when Accuracy drops by 10 points"))
    tolerance = visitor.page.get_by_role("spinbutton", name="Drop that matters")
    tolerance.fill("0.04")
    tolerance.press("Tab")
    visitor.sees(re.compile("not in force yet")).click("Put in force").settle()
    assert folder_of(server, packed).state().plan.policy == {"tol": 0.04}

    visitor.page.get_by_role("tab", name="Models").click()
    visitor.settle().click("Retrain", "deployments.retrain").wait_job("succeed")
    week(visitor, files, BATCHES - 1)
    visitor.click("Test it").wait_job("contest").sees(re.compile("have shown so far"))
    visitor.sees(re.compile("better is proven"))
    visitor.click("Promote")
    expect(visitor.keyed("deployments.champion")).to_contain_text("labelled rows")
    until(lambda: service.version(row) == folder.state().champion[:12] != champion)
    visitor.click("Roll back")
    expect(visitor.keyed("deployments.champion")).not_to_contain_text("labelled rows")
    until(lambda: service.version(row) == champion)
    kinds = [one.kind for one in folder.read().entries]
    assert kinds.count("promoted") == kinds.count("rolled_back") == 1
    service.end()
    assert waiting_files(folder.root) == []
    visitor.healthy()
