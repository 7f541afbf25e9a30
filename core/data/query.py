"""Previews and aggregates of a stored table, computed out of core by a locked DuckDB.

DuckDB may read the one Parquet file it was opened for and nothing else: no other file, no network, no
extension, no variable of this process. Column names never enter SQL: column 7 is ``c7`` in the view
``data``, so any name works, also two that differ only in case. Values are bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from core.errors import FoldlineError
from core.lack_of_memory import is_memory
from core.standalone.counts import counted

MOST_ROWS = 1_000
MEMORY = "500MB"


@dataclass(frozen=True)
class Opened:
    """A locked connection whose view ``data`` holds the columns ``c0, c1, ...`` and ``row``, the position."""

    name: str
    connection: duckdb.DuckDBPyConnection
    names: tuple[str, ...]
    types: tuple[str, ...]

    def column(self, name: str) -> str:
        """The identifier of a column in the view.

        Raises:
            FoldlineError: ``COLUMN`` when the table has no such column.
        """
        if name not in self.names:
            raise FoldlineError(
                "COLUMN", f"There is no column {name!r}.", "Choose a column of the table.", name
            )
        return f"c{self.names.index(name)}"

    def type(self, name: str) -> str:
        """DuckDB's name of a column's type: ``DOUBLE``, ``VARCHAR`` or ``TIMESTAMP``."""
        return self.types[self.names.index(name)]

    def frame(self, sql: str, values: list[int] | None = None) -> pd.DataFrame:
        """The result of a query as a frame.

        Raises:
            FoldlineError: ``DAMAGED`` when the file cannot be read, ``MEMORY`` when the query needs too much.
        """
        with _in_words(self.name):
            return self.connection.execute(sql, values or []).df()


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """A stored table, open for queries and locked against everything else.

    Raises:
        FoldlineError: ``DAMAGED`` when the file is missing, or cannot be read as what was stored.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "threads": 1,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        },
    )
    try:
        connection.execute("SET allowed_paths = ?", [[str(path)]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield _attached(connection, path)
    finally:
        connection.close()


def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Opened:
    literal = "'" + str(path).replace("'", "''") + "'"
    with _in_words(path.name):
        names = tuple(pq.read_schema(path).names)
        listed = ", ".join(f"c{i}" for i in range(len(names)))
        connection.execute(
            f"CREATE TEMP VIEW data ({listed}, row) AS SELECT *, file_row_number FROM read_parquet({literal})"
        )
        types = tuple(str(line[1]) for line in connection.execute("DESCRIBE data").fetchall())
    return Opened(path.name, connection, names, types)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """What DuckDB and Arrow refuse becomes a coded error."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        problem = f"This view of the table needs more memory than {MEMORY}."
        raise FoldlineError("MEMORY", problem, "Show fewer columns, or sort by none.", name) from error
    except (duckdb.Error, OSError, ValueError) as error:  # Arrow's are among the last two
        if is_memory(error):
            raise
        problem = f"The stored table {name} cannot be read."
        raise FoldlineError("DAMAGED", problem, "Load its file again on the Data page.", name) from error


def names(path: Path) -> tuple[str, ...]:
    """The column names of a stored table, in file order.

    Raises:
        FoldlineError: ``DAMAGED`` as in ``opened``.
    """
    with opened(path) as table:
        return table.names


def preview(
    path: Path,
    columns: tuple[str, ...] | None = None,
    offset: int = 0,
    limit: int = 200,
    order: str | None = None,
    descending: bool = False,
) -> pd.DataFrame:
    """Some rows of a stored table in file order, or sorted by one column with missing values last.

    Raises:
        FoldlineError: ``COLUMN`` for an unknown name, ``PARAM`` for more than 1,000 rows, and as ``opened``.
    """
    if not 0 <= limit <= MOST_ROWS or offset < 0:
        problem = f"{counted(limit, 'row')} from row {offset} were asked for."
        raise FoldlineError("PARAM", problem, f"Ask for at most {MOST_ROWS:,} rows from row 0 on.", "preview")
    with opened(path) as table:
        chosen = table.names if columns is None else tuple(columns)
        listed = ", ".join(table.column(name) for name in chosen)
        if order is None:  # a range of positions spares sorting all rows
            where = "WHERE row >= ? AND row < ? ORDER BY row"
            page = table.frame(f"SELECT {listed} FROM data {where}", [offset, offset + limit])
        else:
            first = f"{table.column(order)} {'DESC' if descending else 'ASC'} NULLS LAST"
            page = table.frame(
                f"SELECT {listed} FROM data ORDER BY {first}, row LIMIT ? OFFSET ?", [limit, offset]
            )
    page.columns = pd.Index(chosen)
    return page


def levels(path: Path, column: str, limit: int = 12, by: str | None = None) -> pd.DataFrame:
    """The most frequent values of a column with their counts.

    Args:
        by: a second column, such as the target: one row for each of its classes and each level.

    Returns:
        Columns ``level`` (text), ``count`` and, with ``by``, ``group`` (text); largest level first.

    Raises:
        FoldlineError: ``COLUMN``, and as ``opened``.
    """
    with opened(path) as table:
        name = table.column(column)
        group = "NULL" if by is None else _text(table.column(by))
        counts = table.frame(
            f"""
            WITH top AS (
                SELECT {name} AS value, count(*) AS total FROM data WHERE {name} IS NOT NULL
                GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?
            )
            SELECT {_text("value")} AS level, {group} AS "group", count(*) AS count
            FROM data JOIN top ON {name} = value GROUP BY value, total, 2 ORDER BY total DESC, value, 2
            """,
            [limit],
        )
    return counts if by is not None else counts[["level", "count"]]


def histogram(path: Path, column: str, bins: int = 30, by: str | None = None) -> pd.DataFrame:
    """Counts of a number or datetime column in bins of equal width, empty bins left out.

    Args:
        by: a second column, such as the target: one row for each of its classes and each bin.

    Returns:
        Columns ``low``, ``high`` (as the column; datetimes in seconds since 1970), ``count`` and, with
        ``by``, ``group`` (text).

    Raises:
        FoldlineError: ``COLUMN``, ``KIND`` when the column is text, and as ``opened``.
    """
    with opened(path) as table:
        group = "NULL" if by is None else _text(table.column(by))
        bars = table.frame(
            f"""
            {_binned(table, column, bins, group)}
            SELECT low, high, other AS "group", count(*) AS count FROM binned GROUP BY 1, 2, 3 ORDER BY 1, 3
            """
        )
    return bars if by is not None else bars[["low", "high", "count"]]


def _text(expression: str) -> str:
    """SQL for a label: whole numbers lose their ``.0``, as everywhere in Foldline."""
    return f"regexp_replace(CAST({expression} AS VARCHAR), '^(-?\\d+)\\.0$', '\\1')"


def _binned(table: Opened, column: str, bins: int, other: str) -> str:
    """The start of a query whose ``binned`` has the ends of the bin and ``other`` for each row."""
    name = table.column(column)
    if table.type(column) == "VARCHAR":
        raise FoldlineError("KIND", f"{column} is text and has no bins.", "Show its levels instead.", column)
    value = name if table.type(column) == "DOUBLE" else f"epoch({name})"
    return f"""
        WITH ends AS (
            SELECT min({value}) AS least, (max({value}) - min({value})) / {bins:d} AS width FROM data
        ), placed AS (
            SELECT least, width, {other} AS other,
                CASE WHEN width > 0 THEN least(floor(({value} - least) / width), {bins - 1:d})
                ELSE 0 END AS bin
            FROM data, ends WHERE {name} IS NOT NULL
        ), binned AS (
            SELECT least + bin * width AS low, least + (bin + 1) * width AS high, other FROM placed
        )"""
