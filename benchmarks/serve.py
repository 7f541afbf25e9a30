"""How soon the service of a deployment answers, beside the bare model, and whether it stands a steady load.

The service is a process of its own that keeps its rows as batches, with a challenger in the shadow, as
``python -m core serve FOLDER`` starts it; it is asked over HTTP on a connection that stays open. Bare: the
fitted pipeline, in this process, predicts the same row as a typed table of one. Both take turns, so that what
else runs on the machine slows both; how busy it was is told. The load comes at fixed times, whatever the
answers do, and a request counts from the time at which it was due.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.result import Figure
from benchmarks.tables import TARGET, big, load, workspace
from core.data.formats.parquet import write_table
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.succession import join_challenger
from core.engine.run_here import run_here
from core.engine.settings import preload
from core.explain.one_row import OneRow
from core.export.bundle.open import open_bundle
from core.recipe import edits
from core.recipe.document import Recipe
from core.store.models import BUNDLE

MODELS = ("lightgbm_classifier", "hist_gradient_boosting_classifier", "logistic_regression")
TIMES, MORE = 1.5, 5.0
"""The aim: p95 of the service at most so many times the bare one and so many milliseconds."""
A_SECOND, CLIENTS = 50, 8


def measure(quick: bool) -> list[Figure]:
    """The p95 of single rows of 20 columns, by model, and 50 requests a second for a minute."""
    rows, times, seconds = (2_000, 30, 2) if quick else (20_000, 400, 60)
    preload()
    with workspace() as (ws, project):
        path = ws.root / "big.parquet"
        write_table(big(rows), path)
        load(ws, project, path)
        recipe = edits.set_target(ws.recipe(project) or Recipe(), TARGET, "binary", "yes")
        bundles = {}
        for model in MODELS:
            asked = {"recipe": edits.choose(recipe, model).model_dump(mode="json")}
            packed = run_here(ws, project, "export", asked | {"part": "train", "joblib": False})
            bundles[model] = ws.result_file(project, packed["result"], BUNDLE)
        found = []
        for model in MODELS:
            root = ws.root / model
            folder = create_deployment(root, model, bundles[model], model, "benchmark")
            join_challenger(folder, bundles[MODELS[MODELS.index(model) - 1]], "challenger", "benchmark")
            with _service(root) as (port, service):
                found.append(_beside_bare(model, bundles[model], port, times))
                if model == MODELS[0]:
                    found.append(_steady(model, bundles[model], port, seconds, service))
            found[-1] = found[-1] if model != MODELS[0] else _kept(found[-1], folder, times + 1)
    return found


@contextmanager
def _service(root: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The port of a service of that deployment and its process, which is ended by SIGTERM."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "core", "serve", str(root), "--port", str(port), "--batch-rows", "1000"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.1)
            yield port, psutil.Process(server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(120)


def _beside_bare(model: str, bundle: Path, port: int, times: int) -> Figure:
    opened, draw = OneRow(open_bundle(bundle)), np.random.default_rng(0)
    row = dict(opened.rows[0])
    numbers = [name for name in opened.names if name.startswith("sensor")]
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    _ask(asked, row)
    waits, bare = [], []
    for _ in range(times):
        row[str(draw.choice(numbers))] = round(float(draw.normal()), 4)
        started = time.perf_counter()
        status = _ask(asked, row)
        waits.append(1000 * (time.perf_counter() - started))
        if status != 200:
            raise RuntimeError(f"the service answered {status}")
        table = opened.table([row])
        started = time.perf_counter()
        opened.pipeline.predict_proba(table)
        bare.append(1000 * (time.perf_counter() - started))
    late, late_bare = (float(np.percentile(each, 95)) for each in (waits, bare))
    return Figure(
        "serve",
        f"One row of 20 columns over HTTP from a deployment, {times} times, {model}",
        f"median {np.median(waits):.1f} ms, p95 {late:.1f} ms ({_load()})",
        f"bare predict_proba: median {np.median(bare):.1f} ms, p95 {late_bare:.1f} ms",
        late / (TIMES * late_bare + MORE),
        f"of {TIMES:g} x bare p95 + {MORE:g} ms",
        1.0,
    )


def _ask(asked: http.client.HTTPConnection, row: Mapping[str, Any]) -> int:
    asked.request("POST", "/rows", json.dumps({"rows": [row]}), {"Content-Type": "application/json"})
    answered = asked.getresponse()
    answered.read()
    return answered.status


def _steady(model: str, bundle: Path, port: int, seconds: int, service: psutil.Process) -> Figure:
    """The requests that failed of so many a second, and how late the others were."""
    row = dict(OneRow(open_bundle(bundle)).rows[0])
    due = iter(range(A_SECOND * seconds))
    lock, waits, errors = threading.Lock(), list[float](), list[str]()
    began, before = time.perf_counter() + 0.5, _spent(service)

    def client() -> None:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(due, None)
            if number is None:
                return
            at = began + number / A_SECOND
            time.sleep(max(0.0, at - time.perf_counter()))
            try:
                status = _ask(asked, row | {"sensor_1": number / 1000})
            except OSError as error:
                status, asked = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                errors.append(type(error).__name__)
            waits.append(1000 * (time.perf_counter() - at))
            if status not in (0, 200):
                errors.append(str(status))

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    spent = 1000 * (_spent(service) - before) / len(waits)
    told = f"{len(waits):,} answers, median {np.median(waits):.1f} ms, p95 {np.percentile(waits, 95):.1f} ms"
    return Figure(
        "serve",
        f"{A_SECOND} requests a second for {seconds} s, {CLIENTS} clients, {model}",
        f"{told}, at most {max(waits):.0f} ms, {spent:.1f} CPU ms a request ({_load()})",
        "",
        float(len(errors)),
        "errors",
        0.0,
    )


def _kept(figure: Figure, folder: DeploymentFolder, more: int) -> Figure:
    """The figure with how many of all rows are in batches after the service has ended."""
    rows = sum(one.scored.rows for one in folder.state().batches.values())
    facts = figure.to_dict()
    words = f"{rows:,} rows in {len(folder.state().batches)} batches, {more:,} of them asked before"
    return Figure(**facts | {"against": words})


def _spent(service: psutil.Process) -> float:
    """Seconds of processor time of the service."""
    times = service.cpu_times()
    return float(times.user + times.system)


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
