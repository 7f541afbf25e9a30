"""The entries of a deployment's log as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.deployment.entries import Entry
from core.digits import fixed, number
from core.standalone.counts import counted, counted_of
from core.watch.decision.thresholds import policy_words

SHORT = 12
"""Digits of a SHA-256 that are shown."""


def entry_words(entry: Entry) -> str:
    """What happened, in one sentence."""
    return WORDS[entry.kind](entry)


def _batch(entry: Any) -> str:
    return f"batch {entry.batch[:SHORT]}"


def _scored(entry: Any) -> str:
    if entry.problem:
        return f"A file was refused ({entry.problem}): {entry.source}. {entry.verdict.text}"
    predicted = "predicted" if entry.predicted else "not predicted"
    words = f"{counted(entry.rows, 'row')} of {entry.source} {predicted}: {entry.verdict.text}"
    return " ".join([words, *map(shadow_words, entry.shadow)])


def shadow_words(said: Any) -> str:
    """What a challenger said in the shadow, in one sentence."""
    name = f"In the shadow, model {said.model[:SHORT]}"
    if said.problem:
        return f"{name} could not predict them ({said.problem})."
    if said.differs is None:
        return f"{name} was {number(said.gap)} away on average."
    return f"{name} gave another class to {counted_of(said.differs, said.rows, 'row')}."


def _labelled(entry: Any) -> str:
    words = f"{counted(entry.given, 'label')} came for {_batch(entry)}, {entry.new:,} new"
    if entry.changed:
        words += f", {entry.changed:,} changed"
    return f"{words}. {entry.score.text}" if entry.score else f"{words}."


def _checked(entry: Any) -> str:
    failed = [one for one in entry.outcomes if one.state == "failed"]
    of = f"{counted(len(entry.outcomes), 'check')} of {_batch(entry)}"
    return f"{of}: {len(failed):,} failed. {' '.join(one.text for one in failed)}".strip()


def _planned(entry: Any) -> str:
    checks = "; ".join(one.words for one in entry.checks) or "no checks"
    rule = policy_words(entry.policy)
    return f"The plan is now: {checks}; rule on retraining: {rule or 'as usual'}."


def _decided(entry: Any) -> str:
    proof = f" ({entry.test}, {number(entry.value)}, {counted(entry.n, 'row')})" if entry.test else ""
    return f"Decision: {entry.text}{proof}"


def _challenged(entry: Any) -> str:
    return f"Model {entry.challenger[:SHORT]} against {entry.champion[:SHORT]}: {_proof(entry.evidence)}"


def _proof(evidence: Any) -> str:
    gain = ""
    if evidence.difference and evidence.difference[0] is not None:
        gain = f", difference {fixed(evidence.difference[0], 4)}"
    broken = [rail.name for rail in evidence.guardrails if rail.state == "broken"]
    worse = f"; worse in {', '.join(broken)}" if broken else ""
    return f"{evidence.verdict} by {evidence.test} on {counted(evidence.n, 'row')}{gain}{worse}."


def _promoted(entry: Any) -> str:
    words = f"Model {entry.model[:SHORT]} works in place of {entry.previous[:SHORT]}"
    proof = f": {_proof(entry.evidence)}" if entry.evidence else ", without a test."
    return f"{words}{proof} {entry.reason}".strip()


def _rolled_back(entry: Any) -> str:
    words = f"Rolled back to {entry.model[:SHORT]} from {entry.previous[:SHORT]}."
    return f"{words} {entry.reason}".strip()


WORDS: Mapping[str, Callable[[Any], str]] = {
    "created": lambda one: f"The deployment {one.name} was made.",
    "joined": lambda one: f"{one.label} ({one.model[:SHORT]}) joined as {one.role}.",
    "left": lambda one: f"Model {one.model[:SHORT]} is no longer a challenger.",
    "scored": _scored,
    "labelled": _labelled,
    "checked": _checked,
    "planned": _planned,
    "decided": _decided,
    "raised": lambda one: f"Alert ({one.severity}): {one.alert.message_plain}",
    "acknowledged": lambda one: f"Alert {one.id[:SHORT]} was acknowledged.",
    "muted": lambda one: f"Alerts of {one.key} are muted until {one.until[:16].replace('T', ' ')} UTC.",
    "examined": lambda one: (
        f"Open alerts after batch {one.batch[:SHORT]}: {len(one.found):,} found again, "
        f"{len(one.clean):,} in order."
    ),
    "resolved": lambda one: f"Alert {one.id[:SHORT]} is over: {one.reason}.",
    "delivered": lambda one: f"Alert {one.id[:SHORT]} reached {one.sink}.",
    "undelivered": lambda one: f"Alert {one.id[:SHORT]} did not reach {one.sink}: {one.problem}",
    "retrained": lambda one: (
        f"A successor of {one.parent[:SHORT]} was trained on {counted(one.rows, 'row')}: "
        f"{one.model[:SHORT]}. {one.text}".strip()
    ),
    "challenged": _challenged,
    "promoted": _promoted,
    "rolled_back": _rolled_back,
}
"""Kind of an entry -> its sentence."""
