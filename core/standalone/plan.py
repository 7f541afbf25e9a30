"""What a model must know beside its pipeline, as data that a script writes down."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableFile:
    """How the bytes of a file become cells.

    Attributes:
        format: ``csv``, ``xlsx``, ``parquet`` or ``jsonl``.
        compression: ``""``, ``"gzip"`` or ``"zip"``.
        encoding, delimiter, decimal, quote: of a CSV; for JSON the delimiter is a line end or a comma.
        escape: character before a quote inside a quoted field, or empty when quotes are doubled.
        skip_rows: lines before the header.
        header: whether the first line after them holds the names.
        names: of the columns, when they differ from the file's own.
        sheet: of a workbook; empty for the first.
        drop_rows: positions, after the header, of rows that are left out.
        strip_nul: NUL bytes are taken out of the cells of a CSV.
    """

    format: str = "csv"
    compression: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    quote: str = '"'
    escape: str = ""
    skip_rows: int = 0
    header: bool = True
    names: tuple[str, ...] = ()
    sheet: str = ""
    drop_rows: tuple[int, ...] = ()
    strip_nul: bool = False


@dataclass(frozen=True)
class TargetColumn:
    """How the target is read.

    Attributes:
        name: of its column.
        number: read numbers rather than classes.
        missing: texts that mean "no value"; ``format`` and ``decimal`` say how times and numbers are written.
        distinct: columns in which equal rows count once, the first of them; None to use all rows.
        marks: mark of thousands and decimal mark of numbers that are written with both, or empty.
        near: columns by which near-duplicates are told, the first of which counts; ``within`` is how near.
        joined: levels of classes with the ones that they are other spellings of.
    """

    name: str
    number: bool
    missing: tuple[str, ...] = ()
    format: str = ""
    decimal: str = "."
    distinct: tuple[str, ...] | None = None
    marks: str = ""
    near: tuple[str, ...] = ()
    within: float = 0.0
    joined: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class HoldOut:
    """How the test set is chosen.

    Attributes:
        share: of the rows, or of the groups.
        seed: of the draw.
        proportional: draw each class in proportion, where every class has at least two rows.
        group: column whose groups are never divided, or empty.
        time: column by which the last rows, or groups, are the test set, or empty.
        time_kind: ``datetime``, ``numeric`` or another.
        time_format, decimal: how times and numbers are written as text.
        group_missing, time_missing: texts that mean "no value" in the column.
        by_content: rows are taken in the order of their content, not as they stand in the file.
        group_joined: names of groups with the ones that they are other spellings of.
    """

    share: float
    seed: int
    proportional: bool = False
    group: str = ""
    group_missing: tuple[str, ...] = ()
    time: str = ""
    time_kind: str = ""
    time_format: str = ""
    time_missing: tuple[str, ...] = ()
    decimal: str = "."
    by_content: bool = False
    group_joined: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Training:
    """What a script must know beside its pipeline and how its file is read.

    Attributes:
        task: ``binary``, ``multiclass`` or ``regression``.
        positive, threshold: of a binary task; the threshold None means 0.5.
        target: how the target is read.
        hold_out: how the test set is chosen.
        missing: texts that mean "no value" in every column.
        types: column -> how its cells are stored, and the format of dates written as text.
        inputs: column that the model reads -> its kind, and its own texts that mean "no value".
        joined: column that the model reads -> levels with the ones that they are other spellings of.
        marks: column that the model reads -> mark of thousands and decimal mark of numbers written with both.
        verbatim: columns in which the words of ``missing`` are words as any other.
    """

    task: str
    positive: str
    threshold: float | None
    target: TargetColumn
    hold_out: HoldOut
    missing: tuple[str, ...]
    types: dict[str, tuple[str, str]]
    inputs: dict[str, tuple[str, tuple[str, ...]]]
    verbatim: tuple[str, ...] = ()
    joined: dict[str, dict[str, str]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
