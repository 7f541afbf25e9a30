"""One row on the command line: the prediction, why, and the nearest row with another answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from core.command.outputs import Answer
from core.command.session import existing
from core.engine.residents import Residents
from core.errors import FoldlineError
from core.results.one_row import RowAnswer, RowForm, RowNearest, RowWhy
from core.standalone.counts import counted


def one_row(asked: argparse.Namespace) -> Answer:
    """Predict the row of ``--row``; with ``--why`` and ``--goal`` what they ask for.

    Raises:
        FoldlineError: ``ROW`` for what is no JSON; ``COLUMN`` and ``GOAL`` for what the model does not know.
    """
    try:
        row = json.loads(asked.row)
    except ValueError as error:
        problem = "The text after --row is no JSON."
        raise FoldlineError("ROW", problem, 'Give {"column": value, ...} in single quotes.') from error
    bundle = existing(asked.bundle)
    with closing(Residents()) as residents:
        answer = RowAnswer.model_validate(residents.ask(bundle, {"what": "answer", "row": row}))
        facts: dict[str, Any] = answer.model_dump(mode="json")
        lines = [*_said(answer)]
        if asked.why:
            why = RowWhy.model_validate(residents.ask(bundle, {"what": "why", "row": row}))
            facts["why"] = why.model_dump(mode="json")
            lines += ["", *why_lines(why)]
        if asked.goal is not None:
            form = RowForm.model_validate(residents.ask(bundle, {"what": "form"}))
            question = {"what": "nearest", "row": row, **_goal(asked, form)}
            nearest = RowNearest.model_validate(residents.ask(bundle, question))
            facts["nearest"] = nearest.model_dump(mode="json")
            lines += ["", *nearest_lines(nearest)]
    return facts, "\n".join(lines)


def _said(answer: RowAnswer) -> Iterator[str]:
    shown = answer.prediction if isinstance(answer.prediction, str) else f"{answer.prediction:,.6g}"
    yield f"Prediction: {shown}"
    if answer.low is not None and answer.high is not None:
        yield f"  from {answer.low:,.6g} to {answer.high:,.6g}. {answer.interval}"
    for name, share in sorted(answer.shares.items(), key=lambda pair: -pair[1]):
        yield f"  {share:.1%} {name}"
    for issue in answer.issues:
        yield f"  {issue.text}"


def _goal(asked: argparse.Namespace, form: RowForm) -> dict[str, Any]:
    names = [field.name for field in form.fields]
    for name in asked.keep:
        if name not in names:
            raise FoldlineError(
                "COLUMN", f"The model reads no column {name!r}.", "Name one that it reads.", name
            )
    goal: str | float = asked.goal
    if form.task == "regression":
        try:
            goal = float(asked.goal)
        except ValueError as error:
            raise FoldlineError("GOAL", f"{asked.goal!r} is no number to reach.", "Give a number.") from error
    free = [name for name in names if name not in asked.keep]
    return {"goal": goal, "upwards": not asked.at_most, "free": free}


def why_lines(why: RowWhy) -> list[str]:
    """The sum in words, one column a line."""
    lines = [f"Why, in {why.scale}:", f"  {why.base:+,.6g} {why.begins}"]
    for part in why.parts:
        shown = "no value" if part.value is None else part.value
        sure = "" if part.error is None else f" (± {part.error:.2g})"
        lines.append(f"  {part.amount:+,.6g}{sure} {part.column} = {shown}")
    adds = "yes" if why.adds_up else "NO"
    lines.append(f"  = {why.output:,.6g}. Adds up: {adds} (off by {abs(why.gap):.1g}). {why.method}.")
    return lines


def nearest_lines(nearest: RowNearest) -> list[str]:
    """The nearest row in words, or that there is none."""
    if not nearest.found or nearest.answer is None:
        return [f"No row was found that gives {nearest.words} ({counted(nearest.tried, 'row')} tried)."]
    if not nearest.changes:
        return [f"The row as it is gives {nearest.words}.", *_said(nearest.answer)]
    changes = [f"  {each.column}: {each.before} -> {each.after}" for each in nearest.changes]
    return [f"The nearest row found that gives {nearest.words}:", *changes, *_said(nearest.answer)]
