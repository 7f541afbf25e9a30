"""Jobs end as they should whatever happens to them, to the engine or to the app."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from core.engine import jobs
from core.engine.client import ensure_server
from core.engine.job_kinds import Limits
from core.engine.job_specs import ExportSpec, as_json, parse_spec
from core.engine.processes.child import do_job
from core.engine.processes.process import fork, is_alive
from core.engine.processes.units import Outcome, run_units
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.store.workspace import Workspace

HOME = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="jobs are forked")


@pytest.fixture(scope="module", autouse=True)
def _surroundings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLDLINE_TASKS", "tests.engine_tasks")
        patch.setenv("FOLDLINE_GRACE", "1")
        yield


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """A workspace whose engine runs and has everything loaded."""
    ws, p = fresh(tmp_path_factory.mktemp("warm"))
    ensure_server(ws)
    assert run(ws, p, "quick").state == "done"
    yield ws, p
    end_engine(ws)


def fresh(root: Path) -> tuple[Workspace, str]:
    ws = Workspace(root / "w")
    return ws, ws.create_project(ws.new_space(), "Test")


def run(ws: Workspace, p: str, kind: str, timeout: float = 30.0, **spec: Any) -> jobs.Job:
    return jobs.wait(ws, p, jobs.submit(ws, p, kind, spec), timeout)


def until(condition: Callable[[], object], seconds: float = 30.0) -> float:
    """Waits for something to become true; gives how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - began


def engine_pid(ws: Workspace) -> int | None:
    row = ws.db.row("SELECT pid, started FROM engine")
    return row["pid"] if row is not None and is_alive(row["pid"], row["started"]) else None


def keep_engine(ws: Workspace) -> None:
    def there() -> bool:
        ensure_server(ws)
        return engine_pid(ws) is not None

    until(there)


def end_engine(ws: Workspace) -> None:
    pid = engine_pid(ws)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        until(lambda: engine_pid(ws) is None)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def child_of(ws: Workspace, job: str) -> int | None:
    row = ws.db.row("SELECT pid FROM job WHERE id = ?", (job,))
    return None if row is None else row["pid"]


def test_a_job_gives_its_result_and_its_first_event_soon(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    waits = []
    for _ in range(5):
        time.sleep(0.2)
        job = jobs.submit(ws, p, "quick", {"echo": "ü"})
        waits.append(until(lambda job=job: jobs.events(ws, p, job)))
        assert jobs.wait(ws, p, job, 10).state == "done"
    print(f"first event after {max(waits):.3f} s at most")
    assert max(waits) < 2
    assert jobs.result(ws, p, job) == {"answer": 42, "echo": "ü"}
    (event,) = jobs.events(ws, p, job)
    assert (event.seq, event.kind) == (1, "hello")
    assert jobs.events(ws, p, job, after=1) == []
    assert jobs.latest(ws, p, "quick") == jobs.job(ws, p, job)
    assert [j.kind for j in jobs.jobs(ws, p, "quick")] == ["quick"] * len(jobs.jobs(ws, p, "quick"))


def test_libraries_with_threads_work_in_a_forked_job(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    job = run(ws, p, "table")
    assert job.state == "done", job.error
    facts = jobs.result(ws, p, job.id)
    assert (facts["rows"], facts["sum"]) == (200_000, sum(range(200_000)))
    assert not ws.paths.scratch(job.id).exists()
    assert job.peak_mb > 20
    assert job.cpu_seconds > 0


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [
        ("refuse", {}, "RAGGED"),
        ("bug", {}, "BUG"),
        ("swell", {"limits": {"memory": 2**31}}, "MEMORY"),
        ("abort", {}, "MEMORY"),
        ("crash", {}, "CRASH"),
        ("loop", {"limits": {"seconds": 0.5}}, "CLOCK"),
    ],
)
def test_a_failure_is_told_in_words(
    warm: tuple[Workspace, str], kind: str, spec: dict[str, Any], code: str
) -> None:
    ws, p = warm
    engine = engine_pid(ws)
    began = time.monotonic()
    job = run(ws, p, kind, **spec)
    assert time.monotonic() - began < 5
    assert job.state == "failed"
    assert job.error is not None
    assert job.error["code"] == code
    assert job.error["problem"]
    assert job.error["hint"]
    with pytest.raises(FoldlineError) as caught:
        jobs.result(ws, p, job.id)
    assert caught.value.code == code
    assert engine_pid(ws) == engine, "the engine lives on"
    if code == "BUG":
        log = ws.paths.log(job.id).read_text()
        assert "ZeroDivisionError: no such luck" in log
        assert job.error["problem"].rpartition("id ")[2].rstrip(".") in log
    if code == "MEMORY" and "limits" in spec:
        assert "2 GB" in job.error["problem"]


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [("no such job", {}, "KIND"), ("steps", {"n": "many"}, "SPEC"), ("quick", {"else": 1}, "SPEC")],
)
def test_what_cannot_be_asked_is_refused_at_once(
    tmp_path: Path, kind: str, spec: dict[str, Any], code: str
) -> None:
    ws, p = fresh(tmp_path)
    with pytest.raises(FoldlineError) as caught:
        jobs.submit(ws, p, kind, spec)
    assert caught.value.code == code
    assert caught.value.hint
    assert not jobs.jobs(ws, p)


def test_a_job_whose_time_is_over_keeps_what_has_finished(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    began = time.monotonic()
    job = run(ws, p, "steps", n=200, limits={"seconds": 0.5})
    assert time.monotonic() - began < 5
    assert job.state == "done"
    assert 0 < jobs.result(ws, p, job.id)["done"] < 200


def test_a_killed_child_is_a_failed_job(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    draw = random.Random(2)
    for _ in range(8):
        job = jobs.submit(ws, p, "steps", {"n": 200})
        until(lambda job=job: child_of(ws, job))
        time.sleep(draw.random() * 0.1)
        pid = child_of(ws, job)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        ended = jobs.wait(ws, p, job, 5)
        assert ended.state == "failed"
        assert ended.error is not None
        assert ended.error["code"] == "KILLED", "without evidence it is not called a lack of memory"
        assert not ws.paths.scratch(job).exists()


def test_a_result_that_was_safe_counts_although_its_job_died(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    job = run(ws, p, "leave")
    assert job.state == "done"
    assert jobs.result(ws, p, job.id) == {"kept": True}


def test_cancel_ends_the_whole_family_in_two_seconds(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    job = jobs.submit(ws, p, "family", {})
    until(lambda: jobs.events(ws, p, job))
    pids = jobs.events(ws, p, job)[0].facts["pids"]
    assert not any(is_gone(pid) for pid in pids)
    began = time.monotonic()
    jobs.cancel(ws, p, job)
    ended = jobs.wait(ws, p, job, 5)
    until(lambda: all(is_gone(pid) for pid in pids))
    took = time.monotonic() - began
    print(f"a deaf family of {len(pids)} was gone after {took:.2f} s")
    assert took < 2
    assert ended.state == "cancelled"
    with pytest.raises(FoldlineError, match="CANCELLED"):
        jobs.result(ws, p, job)


def test_stop_keeps_what_was_done(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    job = jobs.submit(ws, p, "steps", {"n": 10_000, "pause": 0.01})
    until(lambda: jobs.job(ws, p, job).done > 5)
    eta = jobs.job(ws, p, job).eta_seconds
    assert eta is not None
    assert 10 < eta < 5000
    jobs.stop(ws, p, job)
    ended = jobs.wait(ws, p, job, 3)
    assert ended.state == "done"
    assert 5 < jobs.result(ws, p, job)["done"] < 10_000


def test_one_job_a_project_and_a_few_at_once(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    others = [ws.create_project(ws.new_space(), f"p{n}") for n in range(2)]
    mine = [jobs.submit(ws, p, "steps", {"n": 6, "pause": 0.1}) for _ in range(2)]
    theirs = [jobs.submit(ws, other, "steps", {"n": 6, "pause": 0.1}) for other in others]
    most = 0
    owned = [(p, job) for job in mine] + list(zip(others, theirs, strict=True))
    while any(jobs.job(ws, q, job).is_active for q, job in owned):
        running = [q for q, job in owned if jobs.job(ws, q, job).state == "running"]
        assert len(running) == len(set(running)) <= 2
        most = max(most, len(running))
        time.sleep(0.01)
    assert most == 2
    assert [jobs.job(ws, q, job).state for q, job in owned] == ["done"] * 4
    assert jobs.active(ws, p) == []


def test_a_queued_job_is_cancelled_at_once_and_a_busy_project_is_kept(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    first = jobs.submit(ws, p, "steps", {"n": 100})
    second = jobs.submit(ws, p, "quick", {})
    until(lambda: jobs.job(ws, p, first).state == "running")
    assert [job.id for job in jobs.active(ws, p)] == [first, second]
    jobs.cancel(ws, p, second)
    assert jobs.job(ws, p, second).state == "cancelled"
    with pytest.raises(FoldlineError, match="BUSY"):
        ws.delete_project(p)
    jobs.cancel(ws, p, first)
    assert jobs.wait(ws, p, first, 3).state == "cancelled"
    jobs.stop(ws, p, first)
    assert jobs.job(ws, p, first).state == "cancelled"


def test_jobs_of_others_and_unknown_ones_are_refused(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    other = ws.create_project(ws.new_space(), "Other")
    job = run(ws, p, "quick").id
    acts: list[Callable[[Workspace, str, str], object]] = [
        jobs.job,
        jobs.events,
        jobs.result,
        jobs.stop,
        jobs.cancel,
    ]
    for act in acts:
        for project, name in ((other, job), (p, "A" * 22), (p, "../../etc/passwd"), ("", job)):
            with pytest.raises(FoldlineError, match="JOB"):
                act(ws, project, name)
    with pytest.raises(FoldlineError, match="PROJECT"):
        jobs.submit(ws, "A" * 22, "quick", {})
    assert jobs.jobs(ws, other) == []


def test_a_crash_of_the_engine_costs_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_PRELOAD", "")
    ws, p = fresh(tmp_path)
    keep_engine(ws)
    job = jobs.submit(ws, p, "steps", {"n": 50})
    queued = jobs.submit(ws, p, "quick", {})
    draw = random.Random(3)
    for _ in range(3):
        until(lambda: child_of(ws, job))
        time.sleep(draw.random() * 0.2)
        pid = engine_pid(ws)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda pid=pid: is_gone(pid))
        keep_engine(ws)
    ended = jobs.wait(ws, p, job, 30)
    assert ended.state == "done"
    assert jobs.result(ws, p, job) == {"done": 50}
    assert [e.facts["number"] for e in jobs.events(ws, p, job)] == list(range(1, 51)), "it ran once only"
    assert jobs.wait(ws, p, queued, 30).state == "done"
    end_engine(ws)


def test_a_job_that_was_taken_and_not_started_is_done_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine was killed between taking a job and its process saying who it is."""
    monkeypatch.setenv("FOLDLINE_PRELOAD", "")
    ws, p = fresh(tmp_path)
    job = jobs.submit(ws, p, "steps", {"n": 30}, owner=(2**22, 1.0))
    late = Limits(memory=2**32, seconds=None)
    keep_engine(ws)
    until(lambda: child_of(ws, job))
    pid = fork(lambda: do_job(ws.root, job, late, owner=2**22, tied=False))
    os.waitpid(pid, 0)
    assert jobs.wait(ws, p, job, 30).state == "done"
    numbers = [event.facts["number"] for event in jobs.events(ws, p, job)]
    assert numbers == list(range(1, 31)), "the process that came too late did nothing"
    end_engine(ws)


def test_a_new_engine_tells_the_dead_from_the_living(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_PRELOAD", "")
    ws, p = fresh(tmp_path)
    q = ws.create_project(ws.new_space(), "Other")
    keep_engine(ws)
    dies = jobs.submit(ws, p, "steps", {"n": 1000})
    lives = jobs.submit(ws, q, "family", {})
    until(lambda: child_of(ws, dies) and jobs.events(ws, q, lives))
    engine, child = engine_pid(ws), child_of(ws, dies)
    assert engine is not None
    assert child is not None
    os.kill(engine, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
    (ws.paths.tmp / "999999-left.upload").write_bytes(b"x")
    until(lambda: engine_pid(ws) is None)
    keep_engine(ws)
    ended = jobs.wait(ws, p, dies, 10)
    assert (ended.state, ended.error and ended.error["code"]) == ("interrupted", "INTERRUPTED")
    assert jobs.job(ws, q, lives).state == "running"
    until(lambda: not (ws.paths.tmp / "999999-left.upload").exists())
    pids = jobs.events(ws, q, lives)[0].facts["pids"]
    jobs.cancel(ws, q, lives)
    assert jobs.wait(ws, q, lives, 4).state == "cancelled", "an adopted job can be cancelled"
    until(lambda: all(is_gone(pid) for pid in pids), 2)
    end_engine(ws)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="nothing limits another process here")
def test_an_end_that_cannot_be_written_is_told_and_written_later(tmp_path: Path) -> None:
    """Neither the job nor the engine may write a byte, as on a full disk."""
    ws, p = fresh(tmp_path)
    keep_engine(ws)
    job = jobs.submit(ws, p, "steps", {"n": 400, "pause": 0.02})
    until(lambda: child_of(ws, job) and jobs.events(ws, p, job))
    engine, child = engine_pid(ws), child_of(ws, job)
    assert engine and child
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for pid in (engine, child):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    until(lambda: is_gone(child))
    until(lambda: not jobs.job(ws, p, job).is_active)
    assert not jobs.active(ws, p)
    assert state_of(ws, job) == "running"
    resource.prlimit(engine, resource.RLIMIT_FSIZE, (hard, hard))
    until(lambda: state_of(ws, job) == "failed")
    error = jobs.job(ws, p, job).error
    assert error and error["code"] == "DISK"
    assert run(ws, p, "quick").state == "done"
    end_engine(ws)


def state_of(ws: Workspace, job: str) -> str:
    return str(ws.db.rows("SELECT state FROM job WHERE id = ?", (job,))[0]["state"])


def test_two_clients_share_one_engine_that_leaves_after_them(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    code = (
        "import sys, time; from pathlib import Path\n"
        "from core.engine.client import ensure_server; from core.store.workspace import Workspace\n"
        "ws = Workspace(Path(sys.argv[1]))\n"
        "while True: ensure_server(ws); time.sleep(0.1)\n"
    )
    env = {**os.environ, "FOLDLINE_PRELOAD": ""}
    apps = [subprocess.Popen([sys.executable, "-c", code, str(ws.root)], cwd=HOME, env=env) for _ in range(2)]
    try:
        until(lambda: engine_pid(ws))
        job = jobs.submit(ws, p, "steps", {"n": 100})
        until(lambda: jobs.job(ws, p, job).state == "running")
        until(lambda: len(_engines(ws.root)) == 2)  # one engine and its child
        pid = engine_pid(ws)
        assert pid is not None
    finally:
        for app in apps:
            app.kill()
            app.wait()
    assert jobs.wait(ws, p, job, 10).state == "done", "the job outlives the app"
    took = until(lambda: is_gone(pid), 10)
    print(f"the engine left {took:.1f} s after the last job")
    assert _engines(ws.root) == []


def _engines(root: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if _is_engine(process, root)]


def _is_engine(process: psutil.Process, root: Path) -> bool:
    try:
        return str(root) in process.cmdline() and "core.engine" in process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def test_an_engine_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_PRELOAD", "no_such_library")
    ws, _ = fresh(tmp_path)

    def failure() -> str:
        try:
            ensure_server(ws)
        except FoldlineError as error:
            return f"{error.code} {error.problem}"
        return ""

    found: list[str] = []
    until(lambda: found.append(failure()) or found[-1])
    assert "ENGINE" in found[-1]
    assert "no_such_library" in found[-1]


def test_run_here_streams_events_and_raises_the_error_of_the_job(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    heard: list[int] = []
    told: list[float] = []
    facts = run_here(
        ws,
        p,
        "steps",
        {"n": 8, "pause": 0.05},
        on_event=lambda event: heard.append(event.facts["number"]),
        on_progress=lambda job: told.append(job.done),
    )
    assert facts == {"done": 8}
    assert heard == list(range(1, 9))
    assert told == sorted(told)
    assert told[-1] > 0
    with pytest.raises(FoldlineError, match="RAGGED"):
        run_here(ws, p, "refuse", {})
    with pytest.raises(FoldlineError, match="CRASH"):
        run_here(ws, p, "crash", {})

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_here(ws, p, "family", {}, on_event=interrupt)
    job = jobs.jobs(ws, p, "family")[0]
    assert job.state == "cancelled"
    until(lambda: all(is_gone(pid) for pid in jobs.events(ws, p, job.id)[0].facts["pids"]), 2)


def test_a_killed_command_line_takes_its_job_along(tmp_path: Path) -> None:
    ws, p = fresh(tmp_path)
    code = (
        "import sys; from pathlib import Path\n"
        "from core.engine.run_here import run_here; from core.store.workspace import Workspace\n"
        "run_here(Workspace(Path(sys.argv[1])), sys.argv[2], 'steps', {'n': 1000})\n"
    )
    line = subprocess.Popen([sys.executable, "-c", code, str(ws.root), p], cwd=HOME)
    until(lambda: jobs.latest(ws, p, "steps") and child_of(ws, jobs.latest(ws, p, "steps").id))
    job = jobs.latest(ws, p, "steps")
    assert job is not None
    pid = child_of(ws, job.id)
    assert pid is not None
    line.kill()
    line.wait()
    until(lambda: is_gone(pid), 2)


def by_unit(outcomes: Iterator[Outcome[Any, Any]]) -> dict[Any, Outcome[Any, Any]]:
    return {outcome.unit: outcome for outcome in outcomes}


def test_units_fail_alone(warm: tuple[Workspace, str]) -> None:
    ws, p = warm
    assert jobs.result(ws, p, run(ws, p, "units").id) == {
        "0": 0,
        "1": "CRASH",
        "2": "CLOCK",
        **{str(n): n * n for n in range(3, 7)},
    }

    def work(unit: str) -> Any:
        if unit == "memory":
            return bytearray(2**33)
        if unit == "error":
            raise FoldlineError("TARGET", "The target is constant.", "Choose another.")
        if unit == "bug":
            raise ZeroDivisionError
        if unit == "cpu":
            began = time.process_time()
            while time.process_time() - began < 0.1:
                pass
        return np.full(10_000_000, 1.5) if unit == "large" else unit

    names = ["a", "memory", "error", "bug", "cpu", "large", "z"]
    got = by_unit(run_units(work, names, 2, memory_limit=6 * 2**30))
    codes = {name: outcome.error["code"] for name, outcome in got.items() if outcome.error}
    assert codes == {"memory": "MEMORY", "error": "TARGET", "bug": "BUG"}
    assert got["a"].value == "a"
    assert got["z"].value == "z"
    assert got["large"].value.sum() == 15_000_000
    assert got["large"].peak_mb > got["a"].peak_mb + 70
    assert 0.09 < got["cpu"].cpu < 0.3
    assert got["cpu"].wall >= 0.1


def test_a_unit_that_dies_in_native_code_for_want_of_memory_says_so() -> None:
    def work(unit: str) -> None:
        os.write(2, f"{unit}\n".encode())
        if unit.startswith("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        if unit != "fine":
            os.abort()

    said = {
        "terminate called after throwing an instance of 'std::bad_alloc'": "MEMORY",
        "libgomp: Thread creation failed: Resource temporarily unavailable": "MEMORY",
        "killed from outside": "KILLED",
        "assertion failed": "CRASH",
        "fine": None,
    }
    got = by_unit(run_units(work, list(said), 2))
    assert {unit: one.error and one.error["code"] for unit, one in got.items()} == said


def test_units_stop_when_asked_and_when_left(tmp_path: Path) -> None:
    began = time.monotonic()
    mine = psutil.Process()
    before = set(mine.children())
    assert not list(
        run_units(time.sleep, [99, 99, 99], 2, should_stop=lambda: time.monotonic() - began > 0.3)
    )
    assert time.monotonic() - began < 2
    outcomes = run_units(time.sleep, [0, 99], 2)
    assert next(outcomes).unit == 0
    outcomes.close()
    assert set(mine.children()) <= before


def test_units_cost_little() -> None:
    began = time.perf_counter()
    outcomes = list(run_units(abs, range(-200, 0), 2))
    each = (time.perf_counter() - began) / 200
    print(f"{each * 1000:.2f} ms a unit")
    assert sorted(outcome.value for outcome in outcomes) == list(range(1, 201))


def test_a_spec_is_stored_without_its_defaults_and_with_its_whole_recipe() -> None:
    spec = ExportSpec(recipe=Recipe(target="y"), part="train")
    stored = as_json(spec)
    assert stored == {"recipe": Recipe(target="y").model_dump(mode="json"), "part": "train"}
    assert parse_spec("export", ExportSpec, stored) == spec
