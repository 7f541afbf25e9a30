"""A deployment that answers requests: what it keeps, who answers, and what may not stop it."""

from __future__ import annotations

import errno
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.deployment import serving_desk
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.kept_rows import kept_prediction
from core.deployment.model_entries import Promoted
from core.deployment.serving_desk import DeploymentDesk
from core.deployment.serving_keeper import Batches, Keeper
from core.deployment.serving_spool import (
    Answered,
    Spool,
    answered_line,
    owned,
    waiting_files,
    waiting_rows,
)
from core.deployment.succession import join_challenger, promote, roll_back
from core.engine.context import Context
from core.engine.round_specs import DeploymentPath, RoundSpec
from core.engine.work.round import do_round
from core.errors import FoldlineError
from core.export.bundle.open import open_bundle
from core.export.bundle.prediction import prediction_of
from tests.deployment_support import customers, job_context, run_round
from tests.e2e.service import Service as Process
from tests.e2e.service import until
from tests.test_command import answer
from tests.test_serving import Service

MODEL = "a" * 64


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def root(customer_bundles: Path, tmp_path: Path) -> Path:
    return create_deployment(tmp_path / "d", "Buyers", customer_bundles / "bought.zip", "first", "ann").root


class Running:
    """The service of a deployment within this process; rounds are run here too."""

    def __init__(self, root: Path, ctx: Context, rows: int = 10_000, keep: tuple[str, ...] = ()) -> None:
        self.said: list[str] = []
        self.folder = DeploymentFolder(root)
        spec = RoundSpec(at=DeploymentPath(folder=str(root)), served=True, by="service")

        def take_in() -> str:
            return " ".join(note.text for note in do_round(ctx, spec).notes)

        keeper = Keeper(root, Batches(rows), take_in, self.said.append)
        self.desk = DeploymentDesk(self.folder, keeper, keep, self.said.append)
        self.service = Service(self.desk)

    def rows(self, *rows: dict[str, Any]) -> dict[str, Any]:
        status, answered = self.service.ask("/rows", {"rows": list(rows)})
        assert status == 200, answered
        return answered  # type: ignore[no-any-return]

    def health(self) -> dict[str, Any]:
        return self.service.ask("/v2/health/ready")[1]  # type: ignore[no-any-return]

    def figure(self, name: str) -> str:
        lines = self.service.ask("/metrics")[1].splitlines()
        return next(line.split()[-1] for line in lines if line.startswith(f"foldline_{name}"))


@pytest.fixture
def serve(root: Path, ctx: Context) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(**more: Any) -> Running:
        running.append(Running(root, ctx, **more))
        return running[-1]

    yield start
    for one in running:
        one.desk.close()


def given(rows: int, seed: int) -> list[dict[str, Any]]:
    frame = customers(rows, seed).drop(columns=["bought", "spent"])
    return json.loads(frame.to_json(orient="records"))  # type: ignore[no-any-return]


def test_what_is_answered_is_kept_as_it_was_said_and_labels_find_it(
    serve: Callable[..., Running], root: Path, ctx: Context
) -> None:
    """By one row, by many, with nulls and texts; a column that nobody named is not kept."""
    running = serve(keep=("id",))
    records = given(300, 21)
    records[3] |= {"age": None, "region": None}
    records[4] |= {"age": "old", "region": "moon", "secret": "x"}
    parts = [records[:1], records[1:200], *([one] for one in records[200:])]
    answers = [one for part in parts for one in running.rows(*part)["predictions"]]
    running.desk.close()
    assert waiting_files(root) == []
    ((name, batch),) = running.folder.state().batches.items()
    assert (batch.scored.rows, batch.scored.predicted) == (300, 300)
    assert batch.scored.source.startswith("service, ")
    kept = running.folder.batch(name, batch.scored.file)
    assert "secret" not in kept.columns
    assert list(kept["id"]) == [one["id"] for one in records]
    said = kept_prediction(kept, "binary")
    assert said is not None and said.proba is not None
    assert [one["prediction"] for one in answers] == list(said.labels)
    np.testing.assert_array_equal([one["probability_yes"] for one in answers], said.proba[:, 1])
    assert kept["age"].isna().sum() == 1 and "old" in set(kept["age"])
    late = run_round(ctx, root, labels=customers(300, 21)[["id", "bought"]].iloc[::-1], key="id")
    assert late.batches[0].labels is not None and late.batches[0].labels.new == 300
    assert late.batches[0].score is not None


def test_the_next_request_is_answered_by_the_model_that_was_promoted(
    serve: Callable[..., Running], customer_bundles: Path, root: Path
) -> None:
    """And after rolling back by the one before; each batch holds the answers of one model, under load."""
    running = serve()
    folder, first = running.folder, running.folder.state().champion
    second = join_challenger(folder, customer_bundles / "boughtincome.zip", "second", "ann")
    over, seen, failed = threading.Event(), [], []
    records = iter(given(3000, 22))

    def press() -> None:
        while not over.is_set():
            status, answered = running.service.ask("/rows", {"rows": [next(records)]})
            seen.append(answered["model"]["version"] if status == 200 else failed.append(answered))
            time.sleep(0.02)

    presses = threading.Thread(target=press)
    presses.start()
    for change, expected in (
        (lambda: promote(folder, second, "ann", champion=first), second),
        (lambda: roll_back(folder, "ann", champion=second), first),
    ):
        change()
        until(lambda expected=expected: seen and seen[-1] == expected[:12])  # type: ignore[misc]
    over.set()
    presses.join()
    assert not failed
    turns = [now for now, before in zip(seen, [None, *seen], strict=False) if now != before]
    assert turns == [first[:12], second[:12], first[:12]]
    assert running.figure("model_switches_total") == "2"
    running.desk.close()
    batches = [one.scored for one in folder.state().batches.values()]
    assert sum(one.rows for one in batches) == len(seen)
    assert not any(said.model == one.model for one in batches for said in one.shadow)
    by = {model[:12]: sum(one.rows for one in batches if one.model == model) for model in (first, second)}
    assert by == {version: seen.count(version) for version in set(seen)}


def test_a_damaged_successor_does_not_answer_and_is_told(
    serve: Callable[..., Running], customer_bundles: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_desk, "AGAIN", 0.1)
    running = serve()
    folder, first = running.folder, running.folder.state().champion
    second = join_challenger(folder, customer_bundles / "boughtincome.zip", "second", "ann")
    path = root / "models" / f"{second}.zip"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    folder.append("ann", Promoted(model=second, previous=first))
    until(lambda: running.health()["problems"])
    assert running.health()["problems"] == ["DAMAGED"] and running.figure("model_refused") == "1"
    assert running.rows(*given(1, 23))["model"]["version"] == first[:12]
    assert sum("goes on answering" in text for text in running.said) == 1
    path.write_bytes(whole)
    until(lambda: running.health()["model"] == second[:12])
    assert running.health()["problems"] == []


def test_challengers_say_in_the_shadow_what_they_would_have_said(
    serve: Callable[..., Running], customer_bundles: Path, root: Path
) -> None:
    running = serve()
    folder = running.folder
    second = join_challenger(folder, customer_bundles / "boughtincome.zip", "second", "ann")
    gone = join_challenger(folder, customer_bundles / "spent.zip", "broken", "ann")
    (root / "models" / f"{gone}.zip").write_bytes(b"PK")
    running.rows(*given(400, 24))
    running.desk.close()
    ((name, batch),) = folder.state().batches.items()
    kept = folder.batch(name, batch.scored.file)
    shadow = kept_prediction(kept, "binary", second)
    expected = prediction_of(open_bundle(folder.model(second)), kept)
    assert shadow is not None and expected is not None
    np.testing.assert_array_equal(shadow.proba, expected.proba)
    told = {one.model: one for one in batch.scored.shadow}
    at_work = kept_prediction(kept, "binary")
    assert at_work is not None and at_work.proba is not None and shadow.proba is not None
    assert told[second].differs == int((at_work.labels != shadow.labels).sum()) > 0
    assert told[second].gap == pytest.approx(np.abs(at_work.proba - shadow.proba)[:, 1].mean())
    assert (told[gone].rows, told[gone].problem) == (0, "DAMAGED")


def test_a_full_disk_stops_no_answer_and_is_told(
    serve: Callable[..., Running], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, write = serve(), os.write
    running.rows(*given(2, 25))
    until(lambda: running.figure("kept_rows_total") == "2")

    def full(handle: int, data: Any) -> int:
        if len(data) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, bytes(data[: len(data) // 2]))

    monkeypatch.setattr(os, "write", full)
    for record in given(5, 26):
        running.rows(record)
    until(lambda: running.health()["problems"])
    assert running.health() == {
        "live": True,
        "ready": True,
        "model": running.folder.state().champion[:12],
        "keeping": False,
        "problems": ["DISK"],
    }
    assert (running.figure("keeping"), running.figure("waiting_rows")) == ("0", "5")
    monkeypatch.undo()
    until(lambda: running.health()["keeping"])
    running.desk.close()
    assert [one.scored.rows for one in running.folder.state().batches.values()] == [7]
    assert [text for text in running.said if "kept again" in text]


def test_a_folder_that_may_not_be_written_to_answers_and_says_what_was_lost(
    serve: Callable[..., Running], root: Path
) -> None:
    """As a service finds it whose folder is mounted to be read alone."""
    (root / "served").write_text("in the way")
    running = serve()
    running.rows(*given(3, 27))
    until(lambda: not running.health()["keeping"])
    running.desk.close()
    assert running.figure("lost_rows_total") == "3"
    assert "3 answered rows were not kept." in running.said


def test_rows_become_a_batch_by_their_number(serve: Callable[..., Running], root: Path) -> None:
    running = serve(rows=20)
    for place in range(3):
        running.rows(*given(20, 30 + place))
        until(lambda place=place: len(running.folder.state().batches) == place + 1)  # type: ignore[misc]
    running.rows(*given(20, 30))  # that came before
    running.desk.close()
    assert len(running.folder.state().batches) == 3 and waiting_files(root) == []


def test_rows_become_a_batch_by_their_age(tmp_path: Path) -> None:
    rounds: list[int] = []

    def take_in() -> str:
        for path in waiting_files(tmp_path):
            with owned(path) as mine:
                if mine:
                    rounds.append(waiting_rows(path).rows)
                    path.unlink()
        return ""

    keeper = Keeper(tmp_path, Batches(1000, 0.2), take_in, print)
    keeper.put(Answered(MODEL, 2, answered_line(2, {"a": [1, None]}, {"prediction": [0.5, 1.5]})))
    until(lambda: rounds)
    keeper.put(Answered(MODEL, 1, answered_line(1, {"a": [1]}, {"prediction": [0.5]})))
    keeper.close()
    assert rounds == [2, 1]


def test_a_file_holds_what_was_written_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MODEL)
    spool.add([Answered(MODEL, 2, answered_line(2, {"a": [1, "x"]}, {"prediction": [0.1, 0.2]}))])
    with owned(spool.path) as mine:
        assert not mine  # while the service writes
    spool.add([Answered(MODEL, 1, answered_line(1, {"b": [None]}, {"prediction": [0.3]}))])
    spool.close()
    with owned(spool.path) as mine, owned(spool.path) as again:
        assert mine and not again
    read = waiting_rows(spool.path)
    assert (read.model, read.rows, read.torn) == (MODEL, 3, False)
    assert read.cells == {"a": [1, "x", None], "b": [None, None, None]}
    assert read.said == {"prediction": [0.1, 0.2, 0.3]}
    spool.path.write_bytes(spool.path.read_bytes()[:-5])
    torn = waiting_rows(spool.path)
    assert (torn.rows, torn.torn) == (2, True)
    for damage in (b"", b"{}\n{}\n", b'{"model": 3}\n{"rows": 1}\n', b"\xff\n\n"):
        spool.path.write_bytes(damage)
        if damage:
            with pytest.raises(FoldlineError, match="not what a service writes"):
                waiting_rows(spool.path)
        else:
            assert waiting_rows(spool.path).rows == 0


def test_a_file_that_cannot_be_taken_in_stays_and_keeps_no_other_back(ctx: Context, root: Path) -> None:
    champion = DeploymentFolder(root).state().champion
    for model in ("b" * 64, champion):
        spool = Spool(root, model)
        row = {"age": [40.0], "income": [3.0], "region": ["north"]}
        spool.add(
            [Answered(model, 1, answered_line(1, row, {"probability_no": [0.4], "probability_yes": [0.6]}))]
        )
        spool.close()
    done = do_round(ctx, RoundSpec(at=DeploymentPath(folder=str(root)), served=True))
    assert [(one.rows, one.model) for one in done.batches] == [(1, champion)]
    assert [note.code for note in done.notes] == ["NOT_TAKEN"]
    assert len(waiting_files(root)) == 1


def test_promoting_on_the_command_line_is_what_the_page_does(customer_bundles: Path, root: Path) -> None:
    first = DeploymentFolder(root).state().champion
    joined = answer("join", root, customer_bundles / "boughtincome.zip")
    second = joined["model"]
    assert joined["label"] == "boughtincome" and joined["champion"] == first
    promoted = answer("promote", root, second[:6], "--reason", "A trial.")
    assert (promoted["champion"], promoted["entry"]["previous"]) == (second, first)
    assert promoted["entry"]["evidence"] is None and promoted["entry"]["reason"] == "A trial."
    back = answer("rollback", root)
    assert (back["champion"], back["challengers"]) == (first, {second: ""})
    assert answer("rollback", root, code=1)["error"]["code"] == "DEPLOYMENT"
    by_file = answer("promote", root, customer_bundles / "boughtincome.zip")
    assert by_file["champion"] == second
    kinds = [one.kind for one in DeploymentFolder(root).read().entries][3:]
    assert kinds == ["promoted", "rolled_back", "promoted"]


def test_a_service_that_is_killed_loses_nothing_that_was_written(ctx: Context, root: Path) -> None:
    """Killed without a word: the next round makes a batch of what it has left."""
    service, spec = Process(root), RoundSpec(at=DeploymentPath(folder=str(root)), served=True)
    answered = service.rows(given(40, 40))
    assert answered["model"]["version"] == DeploymentFolder(root).state().champion[:12]
    until(lambda: "foldline_kept_rows_total 40" in service.text("/metrics"))
    assert not do_round(ctx, spec).batches  # the file is the service's
    assert service.end(signal.SIGKILL) == -signal.SIGKILL
    assert [one.rows for one in do_round(ctx, spec).batches] == [40]
    assert waiting_files(root) == []
