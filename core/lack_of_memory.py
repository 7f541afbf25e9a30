"""Whether an exception means that memory was lacking, whatever raised it."""

from __future__ import annotations

import errno

from core.errors import FoldlineError

SIGNS = (
    "bad_alloc",
    "memoryerror",
    "unable to allocate",
    "cannot allocate memory",
    "failed to allocate",
    "out of memory",
    "can't start new thread",
    "thread creation failed",
    "pthread_create failed",
    "failed to map segment",
    "too many memory regions",
)
"""What allocators, threads (which need a stack) and loaders of libraries say, in small letters."""
TOO_BIG = ("array is too big", "maximum allowed dimension exceeded", "maximum allowed size exceeded")
"""How NumPy begins when an array is larger than any memory."""
ABOUT_VALUES = (FoldlineError, ValueError, LookupError, TypeError)
"""Exceptions that may quote a cell, which can say anything."""
HINT_MEMORY = "Use fewer rows, columns or categories, or a smaller model; other jobs are not affected."


def too_much(limit: int | None = None) -> FoldlineError:
    """The error of work that needed more memory than it may have (bytes); None: than there is."""
    allowed = "there is" if limit is None else f"allowed ({limit / 2**30:.2g} GB)"
    return FoldlineError("MEMORY", f"This needs more memory than {allowed}.", HINT_MEMORY)


def says_memory(printed: str) -> bool:
    """Whether what native code printed tells of a lack of memory."""
    said = printed.lower()
    return any(sign in said for sign in SIGNS)


def is_memory(error: BaseException | None) -> bool:
    """Whether an exception, or one that led to it, was a lack of memory."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if _is_memory(error):
            return True
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    if isinstance(error, ABOUT_VALUES):
        return str(error).lower().startswith(TOO_BIG)
    if isinstance(error, OSError) and error.errno is not None:
        return False
    return says_memory(str(error))
