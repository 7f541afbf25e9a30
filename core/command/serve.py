"""The ``serve`` command: a bundle, or the champion of a deployment, that answers requests over HTTP."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from core.command.outputs import Answer
from core.command.session import existing
from core.deployment.folder import DeploymentFolder
from core.deployment.round import NOT_TAKEN
from core.deployment.serving_desk import DeploymentDesk, served_model
from core.deployment.serving_keeper import Batches, Keeper
from core.engine.settings import ONE_THREAD
from core.errors import FoldlineError
from core.export.bundle.open import open_bundle
from core.standalone.serving.desk import Desk, OneModel

LONGEST = 900.0
"""Seconds that taking rows in may take."""
ASIDE = 10
"""The niceness of the process that takes rows in."""
HOME = Path(__file__).resolve().parents[2]
OF_FOLDERS = ("batch_rows", "batch_minutes", "keep")


def serve_command(asked: argparse.Namespace) -> Answer:
    """Serve a bundle, or the champion of a deployment, until the program is stopped."""
    from core.standalone.serving.serve_command import serve  # a web server, which no other command needs

    desk = _of_folder(asked) if asked.served.is_dir() else _of_bundle(asked)
    target = desk.model.manifest["target"]
    _say(f"Serving {target} on http://{asked.host}:{asked.port}")
    serve(desk, asked)
    return {"served": True}, "Stopped."


def _of_bundle(asked: argparse.Namespace) -> Desk:
    named = [name for name in OF_FOLDERS if getattr(asked, name)]
    if named:
        problem = f"--{named[0].replace('_', '-')} is for deployments; of a bundle nothing is kept."
        raise FoldlineError("USAGE", problem, "Give the folder of a deployment, or leave it out.")
    return OneModel(served_model(open_bundle(existing(asked.served))))


def _of_folder(asked: argparse.Namespace) -> Desk:
    root, usual = asked.served.resolve(), Batches()
    minutes = asked.batch_minutes
    batches = Batches(asked.batch_rows or usual.rows, minutes * 60 if minutes else usual.seconds)
    folder = DeploymentFolder(root)
    folder.model(folder.state().working())  # said before anything of the folder is taken in
    return DeploymentDesk(folder, Keeper(root, batches, lambda: take_in(root), _say), asked.keep, _say)


def _say(text: str) -> None:
    with suppress(OSError):  # nobody reads it any more
        print(text, file=sys.stderr, flush=True)


def take_in(root: Path) -> str:
    """Has a process of its own make batches of the rows that wait in a deployment.

    Returns:
        What went wrong, or an empty text.
    """
    command = [sys.executable, "-m", "core", "monitor", str(root), "--served", "--json"]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(HOME)}
    try:
        done = subprocess.run(
            ["nice", "-n", str(ASIDE), *command],
            capture_output=True,
            timeout=LONGEST,
            env=environment,
            cwd=root,
            start_new_session=True,  # Ctrl-C is for the service, which waits for this one
            check=False,
        )
        facts = json.loads(done.stdout or b"{}")
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"The rows could not be made a batch yet: {type(error).__name__}."
    if "error" in facts:
        return f"The rows could not be made a batch yet: {facts['error']['problem']}"
    left = [note["text"] for note in facts.get("notes", ()) if note["code"] == NOT_TAKEN]
    if left or done.returncode:
        return left[0] if left else f"The rows could not be made a batch yet: exit code {done.returncode}."
    return ""
