"""The ``challenge`` command: a new model tested against the current one on labelled rows."""

from __future__ import annotations

import argparse

from core.command.outputs import Answer
from core.command.session import existing, session
from core.command.tables import lines
from core.engine.contest_specs import ChallengeSpec
from core.engine.job_specs import BundlePath, PathFile
from core.results.challenge import ChallengeResult
from core.standalone.counts import counted


def challenge_command(asked: argparse.Namespace) -> Answer:
    """Test a new model against the current one on labelled rows."""
    with session() as s:
        spec = ChallengeSpec(
            champion=BundlePath(bundle=str(existing(asked.champion))),
            challenger=BundlePath(bundle=str(existing(asked.challenger))),
            data=PathFile(path=str(existing(asked.data)), name=asked.data.name),
            metric=asked.metric,
            least=asked.least,
            margin=asked.margin,
            peek=asked.peek,
        )
        result = s.ask(ChallengeResult, spec)
    return result.facts(), "\n".join(challenge_words(result))


def challenge_words(result: ChallengeResult) -> list[str]:
    """What a test of a new model found, a line each."""
    words = [f"{result.decision.upper()}. {result.action}", result.text]
    if result.left_out:
        words.append(
            f"{counted(result.left_out, 'labelled row', 'was')} left out: a model has learned from them."
        )
    words += [f"{rail.state} {rail.name}: {rail.text}" for rail in result.guardrails]
    if result.peeking is not None:
        seen = result.peeking
        proven = f"proven after {counted(seen.proven, 'row')}" if seen.proven else "not proven"
        words.append(
            f"Looked at after every row ({seen.score}, {counted(seen.pairs, 'difference')}): evidence "
            f"{seen.evidence:.3g}, at most {seen.best_evidence:.3g}; from 20 on it is proven: {proven}."
        )
    if result.plan and result.peeking is None:
        words += ["Rows that show a true gain in four looks of five:"]
        words += lines(("gain", "rows"), [(gain, f"{rows:,}") for gain, rows in result.plan.items()])
    words += filter(None, [result.split_words])
    return [*words, *(f"note {note.code}: {note.text}" for note in result.notes)]
