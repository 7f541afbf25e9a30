"""The records of a text table: which are blank, and whether they fit the header."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..counts import counted

DELIMITERS = (",", ";", "\t", "|", " ")
QUOTES = ('"', "'")
"""The separators and the quotes of text tables."""
SEPARATOR = "Correct the row, or name another separator with --sep."


class UnreadableFileError(Exception):
    """A file that cannot be read for a model: a stable code, what is wrong, and what to do."""

    def __init__(self, code: str, problem: str, hint: str) -> None:
        super().__init__(f"{code}: {problem} {hint}")
        self.code, self.problem, self.hint = code, problem, hint


def check_output(output: str, *inputs: str) -> None:
    """Refuse to write where one of the files that are read lies.

    Raises:
        UnreadableFileError: ``FILE``.
    """
    if any(one and os.path.realpath(one) == os.path.realpath(output) for one in inputs):
        raise UnreadableFileError("FILE", f"{output} is read here and would be lost.", "Give another name.")


@contextmanager
def refusing(path: str, code: str = "DAMAGED") -> Iterator[None]:
    """Whatever a foreign file does to the libraries that read it becomes a refusal in a sentence.

    Args:
        code: of all that is not foreseen.

    Raises:
        UnreadableFileError: ``FILE`` when the system refuses it, ``READER`` when a library is not installed,
            ``ENCODING`` when its letters are not what they seem, ``MEMORY``, that code for all else.
    """
    try:
        yield
    except UnreadableFileError:
        raise
    except UnicodeError as error:
        raise UnreadableFileError("ENCODING", f"{path}: {error}.", "Save it as UTF-8.") from error
    except ImportError as error:
        hint = "Install it with pip, or give a csv file."
        raise UnreadableFileError("READER", f"{path} needs a library: {error}.", hint) from error
    except MemoryError as error:
        hint = "Divide it into smaller files, or use a machine with more memory."
        raise UnreadableFileError("MEMORY", f"{path} needs more memory than there is.", hint) from error
    except Exception as error:
        if isinstance(error, OSError) and error.strerror:
            problem = f"{path}: {error.strerror}."
            raise UnreadableFileError("FILE", problem, "Check the name and the rights.") from error
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise UnreadableFileError(code, f"{path} cannot be used ({reason}).", "Save it again.") from error


def is_blank(record: list[str]) -> bool:
    """Whether a record is an empty line, which pandas leaves out too."""
    return not record or (len(record) == 1 and not record[0].strip(" \t"))


def count_rows(records: Iterable[list[str]], width: int) -> int:
    """How many rows there are: none may have more fields than the header, or lack one that others fill.

    Raises:
        UnreadableFileError: when one does.
    """
    rows, least, filled = 0, width, 0
    for record in records:
        if is_blank(record):
            continue
        rows += 1
        if len(record) > width:
            raise UnreadableFileError(
                "RAGGED", f"Row {rows:,} has {counted(len(record), 'field')} instead of {width}.", SEPARATOR
            )
        if len(record) < width:
            least = min(least, len(record))
        elif any(record[filled:]):
            filled = width - next(place for place, cell in enumerate(reversed(record)) if cell)
    if filled > least:
        raise UnreadableFileError(
            "RAGGED", f"Some rows have only {counted(least, 'field')} instead of {width}.", SEPARATOR
        )
    return rows
