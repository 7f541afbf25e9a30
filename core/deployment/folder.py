"""The folder of a deployment: its log, and the files that the log names. Files come first, then the entry."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.deployment.deployment import Deployment
from core.deployment.entries import Entry
from core.deployment.log import LOG, Reading, append, read_log, start_log
from core.deployment.model_entries import Created, Joined
from core.deployment.state import deployment_state
from core.errors import FoldlineError
from core.store.files.atomic import (
    TEMPORARY,
    disk_errors,
    make_folder,
    replace_from,
    sha256_of,
    temporary_beside,
    write_bytes,
)

PARTS = ("models", "batches", "labels", "reports")
SHA = re.compile(r"[0-9a-f]{64}")
BATCH = re.compile(r"[0-9a-f]{16}")
FILE = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")
DIGITS = 16
STALE_SECONDS = 86_400.0


class DeploymentFolder:
    """A deployment on disk; the log says all, the files hold what is too large for it.

    Args:
        root: a folder that ``create_deployment`` made.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when it is not one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / LOG
        if not self.log.is_file():
            problem = f"{root.name} is not the folder of a deployment: it has no {LOG}."
            raise FoldlineError("DEPLOYMENT", problem, "Give a bundle to begin one.", str(root))

    def read(self) -> Reading:
        """The entries of the log, and what is wrong with it."""
        return read_log(self.log)

    def state(self) -> Deployment:
        """What the log comes to."""
        return deployment_state(self.read())

    def append(self, by: str, *entries: Entry) -> tuple[Entry, ...]:
        """Writes entries at the end of the log, as ``core.deployment.log.append``."""
        return append(self.log, by, *entries)

    def add_model(self, bundle: Path) -> str:
        """Copies a bundle into the folder and gives its SHA-256."""
        model = sha256_of(bundle)
        target = self._path("models", SHA, model, ".zip")
        if not target.exists():
            with replace_from(target) as temporary:
                shutil.copyfile(bundle, temporary)
        return model

    def holds(self, bundle: Path) -> bool:
        """Whether a model ever worked, or was tried, here."""
        return sha256_of(bundle) in self.state().models

    def model(self, model: str) -> Path:
        """The bundle of that SHA-256.

        Raises:
            FoldlineError: ``DAMAGED`` when it has gone or is not what was kept.
        """
        return _checked(self._path("models", SHA, model, ".zip"), model, "A model")

    def put_batch(self, batch: str, frame: pd.DataFrame) -> str:
        """Keeps the rows of a batch and gives the SHA-256 of the file."""
        return _put_table(self._path("batches", BATCH, batch, ".parquet"), frame)

    def batch(self, batch: str, file: str) -> pd.DataFrame:
        """The rows of a batch, given the SHA-256 of its file.

        Raises:
            FoldlineError: ``DAMAGED`` when it has gone or is not what was kept.
        """
        path = self._path("batches", BATCH, batch, ".parquet")
        return pd.read_parquet(_checked(path, file, f"The batch {batch}"))

    def put_keys(self, batch: str, known: str, keys: NDArray[np.uint64]) -> None:
        """Keeps numbers that tell the rows of a batch from others, so that they need not be made again."""
        write_bytes(self._path("batches", FILE, f"{batch}-{known[:DIGITS]}", ".keys"), keys.tobytes())

    def keys(self, batch: str, known: str) -> NDArray[np.uint64] | None:
        """The numbers that were kept, or None when there are none, or they are damaged."""
        path = self._path("batches", FILE, f"{batch}-{known[:DIGITS]}", ".keys")
        data = path.read_bytes() if path.is_file() else b"-"
        return None if len(data) % 8 else np.frombuffer(data, dtype=np.uint64)

    def put_labels(self, batch: str, frame: pd.DataFrame) -> str:
        """Keeps labels of a batch and gives the id of the file."""
        temporary = temporary_beside(self._part("labels") / f"{batch}.parquet")
        try:
            sha = _put_table(temporary, frame)
            file = f"{batch}-{sha[:DIGITS]}"
            with replace_from(self._path("labels", FILE, file, ".parquet")) as target:
                temporary.rename(target)
        finally:
            temporary.unlink(missing_ok=True)
        return file

    def labels(self, file: str) -> pd.DataFrame:
        """The labels of a file id.

        Raises:
            FoldlineError: ``DAMAGED`` when they have gone or are not what was kept.
        """
        path = self._path("labels", FILE, file, ".parquet")
        return pd.read_parquet(_checked(path, file.partition("-")[2], "Labels"))

    def put_report(self, batch: str, facts: Mapping[str, Any]) -> str:
        """Keeps a report on a batch, JSON-ready, and gives its id."""
        data = json.dumps(facts, indent=1, allow_nan=False).encode()
        report = f"{batch}-{sha256(data).hexdigest()[:DIGITS]}"
        write_bytes(self._path("reports", FILE, report, ".json"), data)
        return report

    def report(self, report: str) -> dict[str, Any]:
        """The report of that id.

        Raises:
            FoldlineError: ``DAMAGED`` when it has gone or is not what was kept.
        """
        path = self._path("reports", FILE, report, ".json")
        facts: dict[str, Any] = json.loads(_checked(path, report.partition("-")[2], "A report").read_bytes())
        return facts

    def sweep(self) -> int:
        """Removes what killed writers left unfinished more than a day ago, and gives how many files."""
        before = time.time() - STALE_SECONDS
        found = [path for name in PARTS for path in self._part(name).iterdir()]
        gone = [p for p in found if TEMPORARY.fullmatch(p.name) and p.lstat().st_mtime < before]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _part(self, name: str) -> Path:
        return self.root / name

    def _path(self, part: str, form: re.Pattern[str], name: str, ending: str) -> Path:
        if not form.fullmatch(name):
            raise FoldlineError("DEPLOYMENT", f"{name[:60]!r} names nothing of a deployment.", "Check it.")
        return self._part(part) / f"{name}{ending}"


def create_deployment(root: Path, name: str, bundle: Path, label: str, by: str) -> DeploymentFolder:
    """Makes the folder of a deployment whose champion is a bundle; one that is there already is used.

    Args:
        root: of the folder; the one above it exists.
        label: what the model is called.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when something else is there, ``DISK``.
    """
    if root.exists():
        return DeploymentFolder(root)
    new = temporary_beside(root)
    try:
        make_folder(new)
        for part in PARTS:
            make_folder(new / part)
        start_log(new / LOG)
        folder = DeploymentFolder(new)
        model = folder.add_model(bundle)
        folder.append(by, Created(name=name), Joined(model=model, label=label, role="champion"))
        _put_in_place(new, root)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return DeploymentFolder(root)


def _put_in_place(new: Path, root: Path) -> None:
    """Gives the finished folder its name, unless another process was quicker."""
    with disk_errors(root):
        try:
            new.rename(root)
        except OSError:
            if not root.exists():
                raise


def _put_table(path: Path, frame: pd.DataFrame) -> str:
    with replace_from(path) as temporary:
        frame.to_parquet(temporary, index=False)
        return sha256_of(temporary)


def _checked(path: Path, sha: str, what: str) -> Path:
    """The path of a file whose SHA-256 begins like this."""
    if not path.is_file() or not sha256_of(path).startswith(sha):
        problem = f"{what} has gone from the deployment, or was changed on disk; it is not used."
        raise FoldlineError("DAMAGED", problem, "Bring the folder back from a copy.", path.name)
    return path
