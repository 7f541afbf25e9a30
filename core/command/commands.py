"""Name of a command -> what does it: the jobs of the app, giving JSON-ready facts and words."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from core.command.challenge import challenge_command
from core.command.drift import drift_command
from core.command.outputs import Answer
from core.command.predict import predict_command
from core.command.profile import profile_command
from core.command.retrain import retrain_command
from core.command.run import run_command
from core.command.serve import serve_command
from core.command.suggest import suggest_command

COMMANDS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "suggest": suggest_command,
    "run": run_command,
    "predict": predict_command,
    "drift": drift_command,
    "retrain": retrain_command,
    "challenge": challenge_command,
    "serve": serve_command,
    "profile": profile_command,
}
