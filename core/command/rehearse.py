"""The ``rehearse`` command: a labelled history played again under several rules of when to retrain."""

from __future__ import annotations

import argparse

from core.command.outputs import Answer
from core.command.run import fitted
from core.command.session import existing, session
from core.command.tables import lines
from core.digits import difference, number, span
from core.engine.contest_specs import RehearseSpec
from core.recipe.document import load
from core.results.challenge import Difference
from core.results.rehearse import PlayedRule, RehearseResult
from core.watch.decision.window import Policy


def rehearse_command(asked: argparse.Namespace) -> Answer:
    """Play the labelled rows of a file again, retraining by several rules."""
    recipe, data = load(asked.recipe), existing(asked.data)
    with session() as s:
        recipe, _ = fitted(recipe, s, data)
        spec = RehearseSpec(
            recipe=recipe,
            first=asked.first,
            windows=asked.windows,
            delay=asked.delay,
            newest=asked.newest,
            policy=Policy(tol=asked.tol or None),
        )
        result = s.ask(RehearseResult, spec)
    return result.facts(), "\n".join(rehearse_words(result))


def rehearse_words(result: RehearseResult) -> list[str]:
    """What came of each rule, a line each."""
    rows = [_cells(one) for one in result.rules]
    table = lines(("retrained", result.label, "95 %", "times", "asked", "than never", "than always"), rows)
    notes = [f"note {note.code}: {note.text}" for note in result.notes]
    said = next((one.said for one in result.rules if one.said), {})
    words = ", ".join(f"{action} {often}" for action, often in sorted(said.items()))
    return [result.text, result.how, *table, f"The rule said: {words}.", *notes]


def _cells(one: PlayedRule) -> tuple[str, ...]:
    score = one.score
    return (
        one.name,
        number(score.value, score.low, score.high),
        span(score.low, score.high, score.value) or "no interval",
        str(len(one.retrained)),
        str(len(one.asked)),
        _apart(one.never),
        _apart(one.always),
    )


def _apart(one: Difference) -> str:
    return "–" if one.value is None else difference(one.value, one.low, one.high)
