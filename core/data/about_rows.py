"""Which notes of the reader matter to who uses a file that goes with a model."""

ABOUT_ROWS = frozenset(
    (
        "PREAMBLE",
        "HEADER_REPEATED",
        "NO_HEADER",
        "BLANK_LINES",
        "EMPTY_ROWS",
        "SHORT_ROWS",
        "TOTAL",
        "FOOTER",
        "SHEETS",
        "OTHER_DECIMAL",
        "AMBIGUOUS_NUMBER",
    )
)
"""Notes that tell which rows of a file were taken, and how its numbers were understood."""
