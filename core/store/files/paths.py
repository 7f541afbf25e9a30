"""The layout of a workspace, and the only place that joins paths.

Names that people gave are labels and never become part of a path: every path is made of ids that this
module has checked. Symbolic links below the root are refused.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from core.errors import FoldlineError
from core.store.files.atomic import full, is_full

ID = re.compile(r"[A-Za-z0-9_-]{22}")
SHA = re.compile(r"[0-9a-f]{64}")
FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z0-9]{1,10}")
SPARE_NAME = "spare"
FOLDERS = ("tables", "payloads", "files", "jobs", "cache", "deployments", "tmp")


def new_id() -> str:
    """An unguessable id of 22 characters (128 random bits)."""
    return secrets.token_urlsafe(16)


def check_id(value: str, what: str) -> str:
    """The id when it has the form of one.

    Raises:
        FoldlineError: ``<WHAT>`` (such as ``PROJECT``) when it has not.
    """
    return _matching(ID, value, what)


def _matching(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise FoldlineError(what.upper(), f"{value[:60]!r} is not a {what}.", "Use one that the app shows.")
    return value


def unusable(error: OSError, name: str) -> FoldlineError:
    """The error for a workspace whose folder the system does not give."""
    if is_full(error):
        return full(name)
    problem = f"The workspace folder {name} cannot be used: {error.strerror or type(error).__name__}."
    hint = "Check its disk and its rights, or name another folder in FOLDLINE_HOME and start again."
    return FoldlineError("DISK", problem, hint, name)


class Paths:
    """Where everything of one workspace lives.

    Args:
        root: the folder of the workspace; created (mode 0700) when absent.

    Raises:
        FoldlineError: ``PATH`` for a network path or a symbolic link, ``DISK`` when the system refuses.
    """

    def __init__(self, root: Path) -> None:
        if str(root).startswith(("\\\\", "//")):
            raise FoldlineError("PATH", f"{root} is a network path.", "Put the workspace on a local disk.")
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root = root.resolve()
            for name in FOLDERS:
                self._folder(name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise unusable(error, root.name) from error

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self._plain(self.root / "foldline.sqlite")

    @property
    def engine_lock(self) -> Path:
        """The file that the one running engine holds locked."""
        return self._plain(self.root / "engine.lock")

    @property
    def engine_log(self) -> Path:
        """What the engine itself printed."""
        return self._plain(self.root / "engine.log")

    @property
    def spare(self) -> Path:
        """The file that only holds room for a full disk."""
        return self._plain(self.root / SPARE_NAME)

    @property
    def tmp(self) -> Path:
        """The folder of files that do not outlive the work they serve."""
        return self._folder("tmp")

    def table(self, table: str) -> Path:
        """The Parquet file of a table id."""
        return self._plain(self._folder("tables") / f"{_matching(SHA, table, 'table')}.parquet")

    def payload(self, result: str) -> Path:
        """The JSON file of a result id."""
        return self._plain(self._folder("payloads") / f"{check_id(result, 'result')}.json")

    def files(self, result: str) -> Path:
        """The folder of the files that belong to a result id."""
        return self._plain(self._folder("files") / check_id(result, "result"))

    def file(self, result: str, name: str) -> Path:
        """One file of a result; its name is one of the product's own, such as ``model.skops``."""
        return self._plain(self.files(result) / _matching(FILE_NAME, name, "file"))

    def job(self, job: str) -> Path:
        """The folder that keeps the log of a job."""
        return self._plain(self._folder("jobs") / check_id(job, "job"))

    def log(self, job: str) -> Path:
        """What a job printed."""
        return self._plain(self.job(job) / "log")

    def scratch(self, job: str) -> Path:
        """The folder a job works in; removed when the job has ended."""
        return self._plain(self.tmp / check_id(job, "job"))

    def cache(self, key: str) -> Path:
        """The folder of a cache entry; the key is a SHA-256 in hex."""
        return self._plain(self._folder("cache") / _matching(SHA, key, "cache"))

    def deployment(self, deployment: str) -> Path:
        """The folder of a deployment id."""
        return self._plain(self._folder("deployments") / check_id(deployment, "deployment"))

    def upload(self) -> Path:
        """A new path for incoming bytes; its name tells which process writes it."""
        return self._plain(self.tmp / f"{os.getpid()}-{new_id()}.upload")

    def listing(self, folder: str) -> list[Path]:
        """What lies directly in one of the workspace's folders."""
        return sorted(self._folder(folder).iterdir())

    def _folder(self, name: str) -> Path:
        return self._plain(self.root / name)

    @staticmethod
    def _plain(path: Path) -> Path:
        if path.is_symlink():
            raise FoldlineError(
                "PATH",
                f"{path.name} is a symbolic link.",
                "Remove the link; Foldline follows none.",
                path.name,
            )
        return path
