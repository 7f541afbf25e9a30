"""The workspace: everything that people made, in one folder that survives crashes and restarts."""

from __future__ import annotations

from core.store.deployments import Deployments
from core.store.history import History
from core.store.models import Models
from core.store.openings import Openings
from core.store.projects import Projects
from core.store.runs import Runs
from core.store.settings import Settings
from core.store.tables import Tables


class Workspace(Projects, History, Tables, Runs, Openings, Models, Deployments, Settings):
    """One folder with its SQLite file; cheap to make, safe to share between threads and after a fork.

    Args:
        root: the folder; created (mode 0700) when absent.

    Raises:
        FoldlineError: ``PATH`` or ``DISK`` when the folder cannot be one; its first use raises ``WORKSPACE``
            when a newer Foldline wrote it, ``DISK`` or ``DAMAGED`` when it cannot be read.
    """
