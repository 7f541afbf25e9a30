"""Name of a command -> what does it: the jobs of the app, giving JSON-ready facts and words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from core.command.alerts import alerts_command
from core.command.challenge import challenge_command
from core.command.drift import EXIT_CODES as OF_DRIFT
from core.command.drift import drift_command
from core.command.monitor import exit_code_of_round, monitor_command
from core.command.outputs import Answer
from core.command.predict import predict_command
from core.command.profile import profile_command
from core.command.promotion import join_command, promote_command, rollback_command
from core.command.rehearse import rehearse_command
from core.command.retrain import retrain_command
from core.command.rule import rule_command
from core.command.run import run_command
from core.command.serve import serve_command
from core.command.suggest import suggest_command

COMMANDS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "suggest": suggest_command,
    "run": run_command,
    "predict": predict_command,
    "drift": drift_command,
    "monitor": monitor_command,
    "alerts": alerts_command,
    "rule": rule_command,
    "retrain": retrain_command,
    "challenge": challenge_command,
    "rehearse": rehearse_command,
    "serve": serve_command,
    "join": join_command,
    "promote": promote_command,
    "rollback": rollback_command,
    "profile": profile_command,
}


def exit_code_of(command: str, facts: dict[str, Any]) -> int:
    """The exit code that says what a comparison found, for a scheduler that asks for it."""
    return exit_code_of_round(facts) if command == "monitor" else OF_DRIFT[facts["verdict"]["state"]]
