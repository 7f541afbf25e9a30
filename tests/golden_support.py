"""The workspace of 0.1.0 that is kept in tests/golden, unpacked for a test."""

from __future__ import annotations

import zipfile
from pathlib import Path

from core.store.workspace import Workspace

WORKSPACE = Path(__file__).parent / "golden" / "workspace.zip"


def unpack_workspace(home: Path) -> Path:
    """The folder, filled with the workspace as 0.1.0 left it."""
    home.chmod(0o700)
    with zipfile.ZipFile(WORKSPACE) as archive:
        for member in archive.infolist():
            archive.extract(member, home)  # our own file
    return home


def golden_workspace(home: Path) -> tuple[Workspace, str]:
    """The workspace in a folder of its own, opened and so migrated, and its one project."""
    workspace = Workspace(unpack_workspace(home))
    row = workspace.db.row("SELECT id FROM project")
    assert row is not None
    return workspace, str(row["id"])
