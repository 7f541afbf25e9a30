"""Alerts: what raises them, when they are told again, and when they are over."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.alerts.alert import RANKS, Alert, Place, Reference, Severity, Window
from core.alerts.events import AlertEvent, Delivered, Examined, Muted, Raised, Resolved, Undelivered
from core.alerts.findings import MOST_OF_A_KIND, Findings, joined
from core.alerts.from_drift import of_drift
from core.alerts.from_scores import CheckResult, Decided, Estimate, of_checks, of_estimate, of_performance
from core.alerts.ledger import OWED_DAYS, ledger
from core.alerts.rounds import acknowledge, mute, round_events, trial
from core.errors import FoldlineError
from core.watch.drift import drift_frames
from core.watch.labelled_score import Holdout, Score
from core.watch.performance import Performance
from core.watch.result import DriftReport

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
TAKERS: dict[str, Severity] = {"record": "info", "team": "warn"}
REFERENCE = Reference(version="v1", n=2_000)


@dataclass(frozen=True)
class Named:
    name: str
    kind: str = "numeric"
    physical: str = "number"


def at(day: float) -> str:
    return (START + timedelta(days=day)).isoformat(timespec="milliseconds")


def place(day: float = 0, batch: str = "", rows: int = 1_000) -> Place:
    window = Window(batch=batch or f"b{day:g}", n=rows, n_labelled=0)
    return Place("d1", "churn", "ab" * 32, "v1", window, REFERENCE, at(day))


def compared(shift: float, rows: int = 1_000, names: tuple[str, ...] = ("a", "b")) -> DriftReport:
    draw = np.random.default_rng(5)
    old = pd.DataFrame({name: draw.normal(size=2_000) for name in names})
    new = pd.DataFrame({name: draw.normal(size=rows) for name in names})
    new[names[0]] += shift
    return drift_frames(old, new, [Named(name) for name in names])


@pytest.fixture(scope="module")
def moved() -> DriftReport:
    return compared(1.0)


@pytest.fixture(scope="module")
def quiet() -> DriftReport:
    return compared(0.0)


def performance(state: Any, value: float = 0.8) -> Performance:
    now = Score("accuracy", value, value - 0.02, value + 0.02, 400)
    return Performance(state, now, Holdout(name="accuracy", value=0.9), None, f"Accuracy is {value}.")


class Log:
    """A log in which rounds of batches are written, each at its day."""

    def __init__(self) -> None:
        self.events: list[AlertEvent] = []

    def add(self, day: float, *events: AlertEvent) -> None:
        self.events += [event.model_copy(update={"at": at(day), "by": "ann"}) for event in events]

    def round(self, day: float, *findings: Findings) -> tuple[AlertEvent, ...]:
        news = round_events(joined(findings[0].place, *findings), self.events, TAKERS)
        self.add(day, *news)
        return news

    def score(self, day: float, state: Any, **decided: Any) -> tuple[AlertEvent, ...]:
        return self.round(day, of_performance(performance(state), place(day), Decided(**decided)))

    @property
    def alerts(self) -> list[Alert]:
        return [one.alert for one in ledger(self.events).open.values()]

    def owed(self, day: float) -> list[tuple[str, str, tuple[str, ...]]]:
        return [(n.alert.severity, n.alert.state, n.waiting) for n in ledger(self.events).owed(at(day))]


def raised(events: tuple[AlertEvent, ...]) -> list[Alert]:
    return [one.alert for one in events if isinstance(one, Raised)]


def test_a_drift_report_raises_alerts_with_its_numbers(moved: DriftReport) -> None:
    found = {(a.kind, a.subject): a for a in of_drift(moved, place()).alerts}
    assert {key: a.severity for key, a in found.items()} == {
        ("column_drift", "a"): "info",
        ("joint_drift", "rows as wholes"): "warn",
    }
    column = found["column_drift", "a"]
    drifted = next(one for one in moved.columns if one.name == "a")
    assert column.statistic is not None
    assert (column.statistic.value, column.statistic.threshold) == (drifted.effect, drifted.threshold)
    assert (column.statistic.p, column.statistic.q) == (drifted.p, drifted.q)
    assert drifted.reason in column.message_plain
    assert list(of_drift(moved, place()).alerts) == sorted(
        of_drift(moved, place()).alerts, key=lambda a: -RANKS[a.severity]
    )


def test_an_alert_is_one_line_of_json_with_the_fields_of_every_sink(moved: DriftReport) -> None:
    alert = of_drift(moved, place()).alerts[0]
    facts = json.loads(alert.line())
    assert "\n" not in alert.line() and alert.line().isascii()
    assert set(facts) == {
        "id", "ts", "deployment", "name", "model", "version", "window", "kind", "severity", "subject",
        "statistic", "reference", "message_plain", "suggested_action", "dedupe_key", "state",
    }  # fmt: skip
    assert set(facts["window"]) == {"batch", "from", "to", "n", "n_labelled"}
    assert set(facts["statistic"]) == {"name", "value", "ci", "threshold", "p", "q"}
    assert Alert.model_validate(facts) == alert
    assert Alert.model_validate(json.loads(json.dumps(alert.model_dump(mode="json")))) == alert


def test_a_column_that_is_gone_is_critical_and_clears_nothing_of_itself() -> None:
    draw = np.random.default_rng(1)
    old = pd.DataFrame({"a": draw.normal(size=500), "b": draw.normal(size=500)})
    report = drift_frames(old, old[["b"]], [Named("a"), Named("b")], importance={"a": 0.7, "b": 0.3})
    findings = of_drift(report, place())
    severities = {a.subject: a.severity for a in findings.alerts if a.kind == "schema"}
    assert severities == {"a": "critical"}
    assert place().key("column_drift", "a") not in findings.clean
    assert place().key("column_drift", "b") in findings.clean


def test_an_empty_batch_is_told_and_takes_nothing_for_in_order(
    moved: DriftReport, quiet: DriftReport
) -> None:
    log = Log()
    log.round(0, of_drift(moved, place(0)))
    empty = compared(0, rows=0)
    for day in (1, 2, 3):
        log.round(day, of_drift(empty, place(day)))
    assert {a.kind for a in log.alerts} == {"column_drift", "joint_drift", "schema"}
    assert next(a for a in log.alerts if a.kind == "schema").severity == "critical"
    for day in (4, 5):
        log.round(day, of_drift(quiet, place(day)))
    assert log.alerts == []


def test_a_drop_is_a_warning_until_it_is_confirmed() -> None:
    log = Log()
    assert [a.severity for a in raised(log.score(0, "worse"))] == ["warn"]
    assert raised(log.score(1, "worse")) == [], "the same matter is told once"
    (critical,) = raised(log.score(2, "worse", confirmed=True, text="Two windows in a row."))
    assert (critical.severity, critical.dedupe_key) == ("critical", log.alerts[0].dedupe_key)
    assert raised(log.score(3, "worse")) == [], "and not again when it is only a warning"
    assert raised(log.score(4, "worse", confirmed=True)) == []
    assert len(log.alerts) == 1


def test_two_clean_batches_resolve_and_one_does_not() -> None:
    log = Log()
    log.score(0, "worse")
    log.score(1, "same")
    assert log.alerts
    log.score(1, "same")
    assert log.alerts, "one batch that is looked at twice is one batch"
    log.score(2, "worse")
    log.score(3, "better")
    assert log.alerts, "what was found between begins the count anew"
    news = log.score(4, "same")
    assert log.alerts == []
    (over,) = [one for one in news if isinstance(one, Resolved)]
    assert over.alert.state == "resolved" and over.alert.id != over.id
    assert raised(log.score(5, "worse")), "when it comes back it is news"
    assert len({e.alert.id for e in log.events if isinstance(e, Raised | Resolved)}) == 3


def test_a_column_that_comes_and_goes_stays_open(quiet: DriftReport) -> None:
    draw = np.random.default_rng(5)
    old = pd.DataFrame({name: draw.normal(size=2_000) for name in ("a", "b")})
    gone = drift_frames(old, old[["b"]], [Named("a"), Named("b")], importance={"a": 0.7, "b": 0.3})
    log = Log()
    for day, report in enumerate((gone, quiet, gone, quiet)):
        log.round(day, of_drift(report, place(day)))
        assert [a.subject for a in log.alerts if a.kind == "schema"] == ["a"]
    log.round(4, of_drift(quiet, place(4)))
    assert log.alerts == []


@pytest.mark.parametrize("state", ["too_few_rows", "no_reference", "not_computed"])
def test_a_batch_that_cannot_tell_changes_nothing(state: Any) -> None:
    log = Log()
    log.score(0, "worse")
    before = list(log.events)
    log.score(1, state)
    log.score(2, state)
    assert log.events == before


def test_a_score_that_seems_worse_is_for_information() -> None:
    score = performance("too_few_rows", 0.3)
    (alert,) = of_performance(score, place()).alerts
    assert score.seems_worse and alert.severity == "info"


def test_an_estimate_warns_and_clears_nothing() -> None:
    estimate = Estimate("accuracy", True, 0.75, 0.7, 0.8, 0.85, "Accuracy is estimated to be 0.75.")
    fine = replace(estimate, dropped=False, value=0.9)
    log = Log()
    log.score(0, "worse")
    (alert,) = raised(log.round(0, of_estimate(estimate, place(0))))
    assert (alert.kind, alert.severity) == ("estimated_performance", "warn")
    for day in (1, 2, 3):
        assert log.round(day, of_estimate(fine, place(day))) == ()
    assert {a.kind for a in log.alerts} == {"performance", "estimated_performance"}
    assert of_estimate(fine, place(), Decided(suspected=True, text="Retrain?")).alerts
    log.score(4, "same")
    log.score(5, "same")
    assert log.alerts == [], "labels clear both"


def test_checks_raise_by_name_and_unknown_ones_wait() -> None:
    log = Log()
    missing = CheckResult("missing of a", "failed", "12% of 'a' is missing; 5% are allowed.", 0.12, 0.05)
    log.round(0, of_checks([missing, CheckResult("score", "passed", "")], place(0)))
    assert [a.subject for a in log.alerts] == ["missing of a"]
    for day, state in enumerate(("unknown", "passed", "unknown", "passed"), 1):
        assert log.alerts
        log.round(day, of_checks([replace(missing, state=state)], place(day)))  # type: ignore[arg-type]
    assert log.alerts == []


def failing(names: list[str]) -> Findings:
    return of_checks([CheckResult(name, "failed", f"{name} failed.") for name in names], place(0))


def test_very_many_of_a_kind_are_told_together_and_none_is_forgotten() -> None:
    names = [f"check {number}" for number in range(500)]
    log = Log()
    news = raised(log.round(0, failing(names)))
    assert [(one.message_plain, one.subject) for one in news] == [
        ("500 checks failed: 'check 0', 'check 1', 'check 2' and more.", "500 subjects")
    ]
    assert raised(log.round(1, failing(names[::-1]))) == [], "whichever lead"
    few = raised(log.round(2, failing(names[:MOST_OF_A_KIND])))
    assert [one.subject for one in few] == names[:MOST_OF_A_KIND]
    assert raised(log.round(2, failing(names))) == []
    assert len(log.alerts) == MOST_OF_A_KIND + 1
    for day in (3, 4):
        passed = [CheckResult(name, "passed", "") for name in names]
        log.round(day, of_checks(passed, place(day)))
    assert log.alerts == []


def test_one_critical_among_very_many_stands_alone() -> None:
    checks = [CheckResult(f"check {number}", "failed", "It failed.") for number in range(50)]
    checks[30] = replace(checks[30], severity="critical", text="The one that matters failed.")
    alerts = of_checks(checks, place()).alerts
    assert [(a.severity, a.message_plain[:9]) for a in alerts] == [
        ("critical", "The one t"),
        ("warn", "49 checks"),
    ]


def test_what_is_acknowledged_is_told_again_only_when_it_grows_worse() -> None:
    log = Log()
    log.score(0, "worse")
    log.add(0.5, acknowledge(log.events, log.alerts[0].id))
    assert [a.state for a in log.alerts] == ["ack"]
    log.score(1, "worse")
    assert [a.state for a in log.alerts] == ["ack"]
    log.score(2, "worse", confirmed=True)
    assert [a.state for a in log.alerts] == ["open"]
    old = next(e for e in log.events if isinstance(e, Raised))
    log.add(2.5, acknowledge(log.events, old.id))
    assert [a.state for a in log.alerts] == ["ack"], "a name of the matter means its last notice"
    assert next(iter(ledger(log.events).open.values())).seen_by == "ann"


@pytest.mark.parametrize("which", ["", "abc", "f" * 32])
def test_what_is_not_open_cannot_be_acknowledged_or_muted(which: str) -> None:
    log = Log()
    log.score(0, "worse")
    with pytest.raises(FoldlineError) as caught:
        acknowledge(log.events, which)
    assert caught.value.code == "ALERT"
    with pytest.raises(FoldlineError):
        mute(log.events, which, 1, at(0))


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf"), 400])
def test_a_mute_has_an_end(days: float) -> None:
    log = Log()
    log.score(0, "worse")
    with pytest.raises(FoldlineError, match="muted"):
        mute(log.events, log.alerts[0].dedupe_key[:8], days, at(0))


def test_a_mute_delays_and_loses_nothing_that_lasts() -> None:
    log = Log()
    log.score(0, "worse")
    assert log.owed(0) == [("warn", "open", ("record", "team"))]
    log.add(0.1, mute(log.events, log.alerts[0].id, 3, at(0.1)))
    log.score(1, "worse", confirmed=True)
    assert log.owed(1) == [] and log.alerts[0].severity == "critical"
    assert [one[0] for one in log.owed(3.2)] == ["warn", "critical"], "the mute is over, the matter is not"
    log.add(3.3, mute(log.events, log.alerts[0].id, 2, at(3.3)))
    assert log.owed(3.4) == []
    log.add(3.5, mute(log.events, log.alerts[0].id, 0, at(3.5)))
    assert len(log.owed(3.6)) == 2, "0 days end it"


def test_what_is_over_while_it_is_muted_is_told_to_those_who_knew_of_it_only() -> None:
    log = Log()
    log.score(0, "worse")
    first = log.alerts[0].id
    log.add(0, Delivered(id=first, sink="team"), Undelivered(id=first, sink="record", problem="full"))
    log.add(0.1, mute(log.events, first, 9, at(0.1)))
    log.score(1, "same")
    log.score(2, "same")
    assert log.owed(5) == []
    assert log.owed(9.2) == [("warn", "resolved", ("team",))]


def test_what_was_not_delivered_is_owed_until_it_is() -> None:
    log = Log()
    log.score(0, "worse")
    first = log.alerts[0].id
    log.add(0, Delivered(id=first, sink="team"), Undelivered(id=first, sink="record", problem="full"))
    assert log.owed(1) == [("warn", "open", ("record",))]
    (notice,) = ledger(log.events).owed(at(1))
    assert notice.problems == {"record": "full"} and notice.alert.id == first
    log.score(2, "same")
    log.score(3, "same")
    assert log.owed(3) == [("warn", "open", ("record",)), ("warn", "resolved", ("record", "team"))]
    assert log.owed(OWED_DAYS + 1) == [("warn", "resolved", ("record", "team"))]
    log.add(4, *(Delivered(id=n.alert.id, sink=s) for n in ledger(log.events).owed(at(4)) for s in n.waiting))
    assert log.owed(4) == []


def test_a_process_that_dies_between_raising_and_sending_owes_it_still(moved: DriftReport) -> None:
    """What is owed stands in the entry that raises: no entry about a try is needed."""
    log = Log()
    log.round(0, of_drift(moved, place(0)))
    assert log.owed(0) == [("warn", "open", ("record", "team")), ("info", "open", ("record",))]


def test_a_sink_that_comes_later_is_not_flooded_with_what_was() -> None:
    log = Log()
    news = round_events(of_performance(performance("worse"), place(0)), (), {})
    log.add(0, *news)
    assert log.owed(0) == [] and log.alerts
    assert log.score(1, "worse")[:1] == (Examined(batch="b1", found=(log.alerts[0].dedupe_key,)),)
    assert log.owed(1) == []


def test_alerts_are_of_a_deployment_a_kind_and_a_subject() -> None:
    keys = {
        replace(place(), deployment=deployment).key(kind, subject)
        for deployment in ("d1", "d2")
        for kind in ("schema", "column_drift")
        for subject in ("a", "b", "x" * 300 + "1", "x" * 300 + "2", "\ud800")
    }  # fmt: skip
    assert len(keys) == 20


@given(text=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_text_of_data_hides_or_breaks_a_line(text: str) -> None:
    name = f"a\r\n\x1b[31m\u202e\ud800{text}" * 40
    alert = place().alert("check", "warn", name, f"{name} failed.", "Look.")
    assert len(alert.line()) < 24_000 and alert.line().isascii() and len(alert.line().splitlines()) == 1
    for shown in (alert.subject, alert.message_plain):
        assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_numbers_that_json_lacks_are_none() -> None:
    broken = replace(performance("worse"), now=Score("accuracy", 0.5, None, float("inf"), 10))
    (alert,) = of_performance(broken, place()).alerts
    assert json.loads(alert.line())["statistic"]["ci"] == [None, None]


def test_a_trial_goes_to_every_sink_and_is_never_open() -> None:
    event = trial(place(), TAKERS)
    assert event.sinks == ("record", "team") and event.alert.kind == "test"


def test_entries_about_other_things_are_passed_over() -> None:
    log = Log()
    log.score(0, "worse")
    assert ledger([object(), *log.events, "scored"]).open.keys() == ledger(log.events).open.keys()


class Rounds(RuleBasedStateMachine):
    """Any course of batches, seen, muted and sent: judged by a plain count of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self.log, self.day = Log(), 0.0
        self.clean, self.worst = 0, -1
        self.sent: dict[str, set[str]] = {}
        self.told: list[Alert] = []

    @rule(confirmed=st.booleans())
    def worse(self, confirmed: bool) -> None:
        self.day += 1
        news = raised(self.log.score(self.day, "worse", confirmed=confirmed))
        rank = RANKS["critical" if confirmed else "warn"]
        assert len(news) == (rank > self.worst)
        self.told += news
        self.clean, self.worst = 0, max(rank, self.worst)

    @rule()
    def fine(self) -> None:
        self.day += 1
        ends = [one for one in self.log.score(self.day, "same") if isinstance(one, Resolved)]
        self.clean += self.worst >= 0
        assert len(ends) == (self.clean == 2)
        if ends:
            self.clean, self.worst = 0, -1

    @rule(days=st.sampled_from([0, 1, 4]))
    def mute(self, days: int) -> None:
        if self.worst >= 0:
            self.log.add(self.day, mute(self.log.events, self.log.alerts[0].id, days, at(self.day)))

    @rule(works=st.booleans())
    def send(self, works: bool) -> None:
        for notice in ledger(self.log.events).owed(at(self.day + 0.5)):
            for sink in notice.waiting:
                taken = self.sent.setdefault(notice.alert.id, set())
                assert sink not in taken, "what was taken is not sent again"
                if works:
                    taken.add(sink)
                    self.log.add(self.day + 0.5, Delivered(id=notice.alert.id, sink=sink))

    @invariant()
    def one_open_alert_at_most(self) -> None:
        assert len(self.log.alerts) == (self.worst >= 0)

    def teardown(self) -> None:
        if not any(isinstance(event, Muted) for event in self.log.events):
            self.day = min(self.day, OWED_DAYS - 1)
            self.send(works=True)
            assert all(self.sent[alert.id] == {"record", "team"} for alert in self.told)


Rounds.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestRounds = Rounds.TestCase
