"""Code that reads a raw file as the reader did, for scripts that run without Foldline."""

from __future__ import annotations

import inspect

import core.data.names
from core.data.raw import pandas_call
from core.data.table import ReadOptions
from core.export.inline import inline

ENDINGS = {"csv": (".csv",), "xlsx": (".xlsx", ".xlsm"), "parquet": (".parquet", ".pq"), "jsonl": (".jsonl",)}
PLAIN = 'dtype="str", na_filter=False'
FIRST_ROW = """    names = unique_names(list(as_text(frame.iloc[0]).fillna("")))
    return frame.iloc[1:].reset_index(drop=True).set_axis(names, axis=1)"""
OWN_NAMES = "    return frame.set_axis(unique_names([str(name) for name in frame.columns]), axis=1)"


def reader_code(read: ReadOptions) -> str:
    """A function ``read_raw(path, separator="")`` that gives the raw table of any file with such columns.

    Files of the format of the training file are read with its settings, others with plain ones. Columns are
    found by their names, in any order and number; positions of the training file mean nothing here.
    """
    call, named = _call(read)
    lines = [
        'def read_raw(path, separator=""):',
        '    """The raw table in a file."""',
        "    ending = os.path.splitext(path)[1].lower()",
        "    if separator:",
        f"        return pd.read_csv(path, sep=separator, {PLAIN})",
    ]
    if read.format != "csv":
        lines += [
            f"    if ending in {ENDINGS[read.format]!r}:",
            "        return " + call.replace("\n", "\n    "),
        ]
    if read.format != "parquet":
        lines += [f"    if ending in {ENDINGS['parquet']!r}:", "        return pd.read_parquet(path)"]
    if read.format != "xlsx":
        excel = f'pd.read_excel(path, engine="calamine", {PLAIN})'
        lines += [f"    if ending in {ENDINGS['xlsx']!r}:", f"        return {excel}"]
    lines.append(f"    return {call}" if read.format == "csv" else f"    return pd.read_csv(path, {PLAIN})")
    return "\n\n\n".join([*named, "\n".join(lines)])


def training_code(read: ReadOptions) -> str:
    """A function ``read_training(path)`` that reads the training file exactly as it was read."""
    head = ["def read_training(path):", '    """The raw table in the training file."""']
    if read.format == "csv":
        others = (*ENDINGS["parquet"], *ENDINGS["xlsx"])
        head.append(f"    if os.path.splitext(path)[1].lower() in {others!r}:")
    else:
        head.append(f"    if os.path.splitext(path)[1].lower() not in {ENDINGS[read.format]!r}:")
    call = pandas_call(read, "path").replace("\n", "\n    ")
    return "\n".join([*head, "        return read_raw(path)", f"    return {call}"])


def _call(read: ReadOptions) -> tuple[str, list[str]]:
    """The expression that reads a file with such columns, and the functions that it needs."""
    plain = read.model_copy(update={"drop_rows": ()})
    if not read.names or (read.format in ("csv", "xlsx") and not read.header):
        return _text(plain), []
    found = inline(inspect.getsource(core.data.names), {"unique_names"}).code
    rule = OWN_NAMES
    if read.format in ("csv", "xlsx"):
        rule = FIRST_ROW
        # pandas must not rename what stands twice, and lines may be longer than the header.
        places = tuple(map(str, range(len(read.names)))) if read.format == "csv" else ()
        plain = plain.model_copy(update={"header": False, "names": places})
    else:
        plain = plain.model_copy(update={"names": ()})
    doc = '    """The table under the names that its own header gives it."""'
    return f"named({_text(plain)})", [found, "\n".join(["def named(frame):", doc, rule])]


def _text(read: ReadOptions) -> str:
    return pandas_call(read, "path").replace("\n", "\n    ")
