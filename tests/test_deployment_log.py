"""A deployment's log: nothing of it is lost, and what was damaged or changed by hand is left out and told."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.alerts.alert import Place, Reference, Window
from core.alerts.events import Acknowledged, Delivered, Muted, Raised, Resolved, Undelivered
from core.deployment.batch_entries import (
    BatchScore,
    BatchVerdict,
    Checked,
    Decided,
    Labelled,
    Planned,
    Scored,
)
from core.deployment.conditions import Condition, Outcome
from core.deployment.entries import Entry
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.labels import as_table, by_key, by_order, changes, newest
from core.deployment.log import append, append_after, parse_log, read_log, sealed, start_log
from core.deployment.model_entries import Joined, Left, Promoted, RolledBack
from core.deployment.state import deployment_state
from core.errors import FoldlineError

OLD, NEW, THIRD = ("a" * 64, "b" * 64, "c" * 64)
BATCH, FILE = "0" * 16, f"{'0' * 16}-{'1' * 16}"


VERDICT = BatchVerdict(state="stable", action="", text="")


def muted(number: int) -> Muted:
    return Muted(key=f"k{number}", until="2030-01-01T00:00:00+00:00")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    start_log(tmp_path / "log.jsonl")
    append(tmp_path / "log.jsonl", "ann", *(muted(number) for number in range(4)))
    return tmp_path / "log.jsonl"


def keys(log: Path) -> list[str]:
    return [one.key for one in read_log(log).entries if isinstance(one, Muted)]


def faults(log: Path) -> list[tuple[int, str]]:
    return [(one.line, one.kind) for one in read_log(log).faults]


def code_of(what: Callable[[], object]) -> str:
    with pytest.raises(FoldlineError) as caught:
        what()
    assert caught.value.hint
    return caught.value.code


def test_entries_are_numbered_stamped_and_chained(log: Path) -> None:
    lines = log.read_bytes().splitlines()
    entries = read_log(log).entries
    assert [one.seq for one in entries] == [1, 2, 3, 4]
    assert {one.by for one in entries} == {"ann"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", entries[0].at)
    assert entries[0].before == ""
    assert [one.before for one in entries[1:]] == [sha256(line).hexdigest() for line in lines[:-1]]
    assert all(json.loads(line)["kind"] == "muted" for line in lines), "any program reads the lines as JSON"
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 2, 20, 150])
def test_a_last_line_that_is_torn_is_told_and_the_log_goes_on(log: Path, cut: int) -> None:
    whole = log.read_bytes()
    log.write_bytes(whole[:-cut])
    kept = 4 if cut == 1 else 3  # without its line break alone a line says all that it was to say
    assert keys(log) == [f"k{i}" for i in range(kept)]
    assert faults(log) == ([] if kept == 4 else [(4, "cut")])
    append(log, "bob", muted(9))
    assert keys(log) == [*(f"k{i}" for i in range(kept)), "k9"]
    assert [one.seq for one in read_log(log).entries] == list(range(1, kept + 2))
    assert faults(log) == ([] if kept == 4 else [(4, "cut")])


def _edit(number: int, change: Callable[[bytes], bytes | None]) -> Callable[[list[bytes]], list[bytes]]:
    def changed(lines: list[bytes]) -> list[bytes]:
        new = change(lines[number])
        return [*lines[:number], *([] if new is None else [new]), *lines[number + 1 :]]

    return changed


def _resealed(line: bytes) -> bytes:
    return sealed(
        Muted.model_validate({k: v for k, v in json.loads(line).items() if k != "seal"} | {"key": "x"})
    )


@pytest.mark.parametrize(
    ("change", "kept", "told"),
    [
        (_edit(1, lambda line: line.replace(b"k1", b"xx")), ["k0", "k2", "k3"], [(2, "changed")]),
        (_edit(3, lambda line: line.replace(b"k3", b"xx")), ["k0", "k1", "k2"], [(4, "changed")]),
        (_edit(0, lambda line: b"rubbish"), ["k1", "k2", "k3"], [(1, "changed")]),
        (_edit(1, lambda line: None), ["k0", "k2", "k3"], [(2, "unlinked")]),
        (_edit(1, _resealed), ["k0", "x", "k2", "k3"], [(3, "unlinked")]),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], ["k0", "k2", "k1", "k3"],
         [(2, "unlinked"), (3, "unlinked"), (4, "unlinked")]),
        (lambda lines: [b"\xff\xfe\x00", *lines], ["k0", "k1", "k2", "k3"], [(1, "cut")]),
    ],
)  # fmt: skip
def test_what_was_changed_by_hand_is_found(
    log: Path, change: Callable[[list[bytes]], list[bytes]], kept: list[str], told: list[tuple[int, str]]
) -> None:
    log.write_bytes(b"\n".join(change(log.read_bytes().splitlines())) + b"\n")
    assert keys(log) == kept
    assert faults(log) == told
    append(log, "ann", muted(9))
    assert keys(log) == [*kept, "k9"]
    assert faults(log)[: len(told)] == told or told == [(4, "changed")]
    assert all(str(one.line) in one.text for one in read_log(log).faults)


def test_every_byte_of_a_line_is_guarded(log: Path) -> None:
    data = log.read_bytes()
    start, end = data.index(b"\n") + 1, data.index(b"\n", data.index(b"\n") + 1)
    for place in range(start, end):
        spoilt = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        reading = parse_log(spoilt)
        assert reading.faults, place
        assert len(reading.entries) == 3, place


def test_an_entry_of_a_later_version_is_told_and_the_rest_is_read(log: Path) -> None:
    class Foretold(Muted):
        kind: Any = "foretold"

    append(log, "ann", Foretold(key="f", until=""), muted(5))  # type: ignore[arg-type]
    assert keys(log) == ["k0", "k1", "k2", "k3", "k5"]
    assert faults(log) == [(5, "newer")]


def test_a_full_disk_leaves_the_log_as_it_was(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, write = log.read_bytes(), os.write

    def full(handle: int, data: Any) -> int:
        if len(data) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(handle, bytes(data[: len(data) // 2]))

    monkeypatch.setattr(os, "write", full)
    assert code_of(lambda: append(log, "ann", muted(7), muted(8))) == "DISK"
    monkeypatch.undo()
    assert log.read_bytes() == before
    append(log, "ann", muted(9))
    assert faults(log) == []


def _forked(what: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            what()
            code = 0
        finally:
            os._exit(code)
    return child


def test_two_processes_and_threads_that_write_at_once_lose_nothing(log: Path) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 60):
            append(log, str(start), muted(number), muted(-number))

    children = [_forked(lambda: write(1000)), _forked(lambda: write(2000))]
    threads = [threading.Thread(target=write, args=(start,)) for start in (3000, 4000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert faults(log) == []
    found = keys(log)[4:]
    assert len(found) == len(set(found)) == 480
    for start in (1000, 2000, 3000, 4000):
        own = [key for key in found if start <= abs(int(key[1:])) < start + 60]
        assert own == [f"k{sign}{n}" for n in range(start, start + 60) for sign in ("", "-")], start
    pairs = list(zip(found[::2], found[1::2], strict=True))
    assert all(second == f"k-{first[1:]}" for first, second in pairs), "what is written together stays so"


def test_one_that_is_killed_while_writing_leaves_whole_entries(log: Path) -> None:
    def write() -> None:
        for number in range(100_000):
            append(log, "killed", *(muted(number) for _ in range(5)))

    for round_ in range(3):
        before = len(keys(log))
        child = _forked(write)
        while len(keys(log)) == before:
            time.sleep(0.002)
        time.sleep(0.003 * round_)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        append(log, "ann", muted(round_))
        reading = read_log(log)
        assert [one.seq for one in reading.entries] == list(range(1, len(reading.entries) + 1))
        assert {one.kind for one in reading.faults} <= {"cut"}
        assert reading.entries[-1].by == "ann"


def test_what_follows_from_the_log_is_chosen_while_nobody_writes(log: Path) -> None:
    def once(reading: Any) -> tuple[Entry, ...]:
        return () if any(one.key == "only" for one in reading.entries) else (Muted(key="only", until=""),)

    threads = [threading.Thread(target=append_after, args=(log, "t", once)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert keys(log).count("only") == 1

    def refuse(reading: Any) -> tuple[Entry, ...]:
        raise FoldlineError("DEPLOYMENT", "No.", "Do not.")

    before = log.read_bytes()
    assert code_of(lambda: append_after(log, "t", refuse)) == "DEPLOYMENT"
    assert log.read_bytes() == before


def scored(**more: Any) -> Scored:
    usual = {
        "batch": BATCH,
        "model": OLD,
        "data": OLD,
        "file": OLD,
        "source": "a.csv",
        "rows": 3,
        "predicted": 3,
    }
    return Scored(**{**usual, "verdict": VERDICT, "report": FILE, **more})


def labelled(total: int, value: float) -> Labelled:
    score = BatchScore(state="same", n=total, value=value)
    return Labelled(batch=BATCH, file=FILE, how="key", given=1, new=1, changed=0, total=total, score=score)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "model.zip"
    path.write_bytes(b"PK model")
    return path


def test_the_log_is_folded_into_what_is_now(tmp_path: Path, bundle: Path) -> None:
    folder = create_deployment(tmp_path / "d", "Prices", bundle, "first", "ann")
    first = folder.state().champion
    outcome = Outcome(condition=Condition(what="rows", least=2), state="passed", value=3.0)
    folder.append(
        "ann",
        Joined(model=NEW, label="second", role="challenger"),
        Joined(model=THIRD, label="third", role="challenger"),
        Left(model=THIRD),
        Planned(checks=(outcome.condition,)),
        scored(model=first),
        Checked(batch=BATCH, plan=6, outcomes=(outcome,)),
        labelled(1, float("nan")),
        labelled(2, 0.5),
        Decided(batch=BATCH, action="KEEP", text="Nothing changed."),
        Labelled(batch="f" * 16, file=FILE, how="key", given=1, new=1, changed=0, total=1),
        Promoted(model=NEW, previous=first),
    )
    now = folder.state()
    assert (now.name, now.champion, now.previous, now.challengers) == ("Prices", NEW, (first,), ())
    assert now.models == {first: "first", NEW: "second", THIRD: "third"}
    batch = now.batches[BATCH]
    assert (batch.labels, batch.outcomes, batch.score and batch.score.value) == (2, (outcome,), 0.5)
    assert batch.labelled[0].score == BatchScore(state="same", n=1, value=None)
    assert [one.action for one in now.decisions] == ["KEEP"]
    assert now.plan.checks == (outcome.condition,)
    assert now.batch_of(OLD) is not None and now.batch_of(NEW) is None
    assert [one.kind for one in now.moves] == ["joined", "joined", "joined", "promoted"]
    folder.append("ann", RolledBack(model=first, previous=NEW))
    back = folder.state()
    assert (back.champion, back.previous, back.challengers) == (first, (), (NEW,))
    assert folder.model(first).read_bytes() == bundle.read_bytes()


def test_alerts_are_open_until_they_are_over(tmp_path: Path, bundle: Path) -> None:
    folder = create_deployment(tmp_path / "d", "Prices", bundle, "first", "ann")
    place = Place("d", "Prices", "m", "first", Window(batch=BATCH), Reference(), "2026-11-28T00:00:00+00:00")
    alerts = [place.alert("check", "warn", name, f"{name} failed", "Look.") for name in ("one", "two")]
    raised = [
        Raised(id=a.id, key=a.dedupe_key, severity="warn", alert=a, sinks=("web", "file")) for a in alerts
    ]
    first, second = raised
    folder.append(
        "app",
        *raised,
        Undelivered(id=first.id, sink="web", problem="refused"),
        Delivered(id=first.id, sink="web"),
        Acknowledged(id=first.id),
        Resolved(id=second.id, alert=alerts[1]),
        Muted(key=first.key, until="2030-01-01T00:00:00+00:00"),
    )
    now = folder.state().alerts
    assert [(one.notices[0].id, one.seen_by) for one in now.open.values()] == [(first.id, "app")]
    assert now.notices[first.id].waiting == ("file",)
    assert now.is_muted(first.key, "2029-01-01") and not now.is_muted(first.key, "2031-01-01")


def test_a_log_that_lost_its_beginning_is_told_and_names_no_model(tmp_path: Path, bundle: Path) -> None:
    folder = create_deployment(tmp_path / "d", "Prices", bundle, "first", "ann")
    folder.append("ann", scored())
    lines = folder.log.read_bytes().splitlines()
    folder.log.write_bytes(b"\n".join(lines[2:]) + b"\n")
    now = folder.state()
    assert [one.kind for one in now.faults] == ["unlinked"]
    assert list(now.batches) == [BATCH]
    assert code_of(now.working) == "DEPLOYMENT"
    assert deployment_state(parse_log(b"")).champion == ""


def test_what_the_folder_keeps_is_checked_when_it_is_read(tmp_path: Path, bundle: Path) -> None:
    folder = create_deployment(tmp_path / "d", "Prices", bundle, "first", "ann")
    frame = pd.DataFrame({"a": [1.0, None], "b": ["x", None]})
    file = folder.put_batch(BATCH, frame)
    pd.testing.assert_frame_equal(folder.batch(BATCH, file), frame)
    labels = folder.put_labels(BATCH, as_table(pd.Series(["yes"], index=[1])))
    report = folder.put_report(BATCH, {"rows": 2})
    assert newest(folder.labels(labels)).to_dict() == {1: "yes"}
    assert folder.report(report) == {"rows": 2}
    assert folder.put_report(BATCH, {"rows": 2}) == report
    for path in folder.root.rglob("*.*"):
        if path != folder.log:
            path.write_bytes(path.read_bytes() + b" ")
    model = folder.state().champion
    for read in (
        lambda: folder.batch(BATCH, file),
        lambda: folder.labels(labels),
        lambda: folder.report(report),
        lambda: folder.model(model),
        lambda: folder.model(NEW),
    ):
        assert code_of(read) == "DAMAGED"
    for name in ("../../etc/passwd", "x", ""):
        assert code_of(lambda name=name: folder.report(name)) == "DEPLOYMENT"


def test_a_folder_is_made_whole_or_not_at_all(tmp_path: Path, bundle: Path) -> None:
    assert code_of(lambda: DeploymentFolder(tmp_path)) == "DEPLOYMENT"
    with pytest.raises(FileNotFoundError):
        create_deployment(tmp_path / "d", "n", tmp_path / "absent.zip", "first", "ann")
    assert [path.name for path in tmp_path.iterdir()] == [bundle.name]
    made = [
        _forked(lambda name=name: create_deployment(tmp_path / "d", name, bundle, "first", "ann"))  # type: ignore[misc]
        for name in "abcdef"
    ]
    assert [os.waitpid(child, 0)[1] for child in made] == [0] * 6
    now = DeploymentFolder(tmp_path / "d").state()
    assert now.name in "abcdef" and len(now.moves) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", bundle.name]


def test_what_killed_writers_left_is_swept_after_a_day(tmp_path: Path, bundle: Path) -> None:
    folder = create_deployment(tmp_path / "d", "n", bundle, "first", "ann")
    left, young = (folder.root / "batches" / f".x.parquet.{n}.0123abcd.tmp" for n in (1, 2))
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 100_000,) * 2)
    assert folder.sweep() == 1
    assert young.exists() and not left.exists()


def test_labels_find_their_rows_by_key() -> None:
    batches = {"one": pd.Series([1, 2, 3, None]), "two": pd.Series(["4", "5", "5", "3"])}
    given = pd.Series([1.0, 2, 2, 4, 4, 3, 5, 77, None, 1])
    labels = pd.Series(["a", "b", "b", "c", "d", "e", "f", "g", "h", None])
    found = by_key(batches, given, labels)
    assert {batch: one.to_dict() for batch, one in found.labels.items()} == {"one": {0: "a", 1: "b"}}
    told = {note.code: note.text for note in found.notes}
    assert set(told) == {"NO_KEY", "UNKNOWN_KEYS", "KEY_TWICE", "SHARED_KEYS"}
    assert "1 key" in told["UNKNOWN_KEYS"] and "'77'" in told["UNKNOWN_KEYS"]
    assert "'4'" in told["KEY_TWICE"] and "2 keys" in told["SHARED_KEYS"]
    assert by_key({}, given, labels).labels == {}
    assert by_key(batches, given[:0], labels[:0]).labels == {}


def test_labels_find_their_rows_by_order() -> None:
    found = by_order("one", 4, pd.Series([1.5, None, 2.0, ""], index=[9, 8, 7, 6]))
    assert found.labels["one"].to_dict() == {0: 1.5, 2: 2.0}
    assert by_order("one", 2, pd.Series([None, None])).labels == {}
    for count in (0, 3, 5):
        assert code_of(lambda count=count: by_order("one", 4, pd.Series([1] * count))) == "LABELS"


def test_a_later_label_takes_the_place_of_an_earlier_one() -> None:
    first, second = (as_table(pd.Series(v, index=i)) for v, i in ((["a", "b"], [0, 1]), (["c", 2.0], [1, 5])))
    now = newest(first, second)
    assert now.to_dict() == {0: "a", 1: "c", 5: "2"}
    assert changes(newest(first), newest(second)) == (1, 1)
    assert changes(newest(), newest(first)) == (2, 0)
    assert changes(newest(first), newest(first)) == (0, 0)
