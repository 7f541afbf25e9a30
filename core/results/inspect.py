"""What reading a table and looking at it has found."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.checks.finding import Finding
from core.data.table import Note
from core.data.table_profile import TableProfile
from core.results.base import Result


class ReadResult(Result):
    """A file that became a table of the project.

    Attributes:
        table: id of the table.
        columns: how many it has.
    """

    KIND: ClassVar[str] = "read"

    table: str
    rows: int
    columns: int


class ProfileResult(TableProfile, Result):
    """A table as it was read, before anything was said about it; kept under the id of the table."""

    KIND: ClassVar[str] = "profile"


class InspectResult(Result):
    """A table against its target, and what the checks find in it, errors first.

    Attributes:
        unread: of cells of used columns that cannot be read as the recipe says, and count as missing.
        edition: of the checks; what fewer checks found counts as absent, so that they run again.
    """

    KIND: ClassVar[str] = "inspect"

    edition: Literal[2]
    profile: TableProfile
    findings: tuple[Finding, ...]
    unread: tuple[Note, ...] = ()
