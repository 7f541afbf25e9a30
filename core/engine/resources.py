"""The resources of a project: its tables by their ids, and the fold cache of its workspace."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.data.formats.parquet import read_table
from core.store.workspace import Workspace
from core.train.folds.fold_cache import FolderCache
from core.train.rows.split import Rows
from core.train.work import Resources


def resources_of(workspace: Workspace, project: str) -> Resources:
    """What work on the tables of a project needs; the same in any process that has the workspace's folder."""

    def read(table: str, columns: Sequence[str] | None = None, rows: Rows | None = None) -> pd.DataFrame:
        return read_table(workspace.table_path(project, table), columns, rows)

    return Resources(read, FolderCache(workspace.paths.cache))
