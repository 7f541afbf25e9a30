"""Code that reads a raw file as the reader did, for scripts that run without Foldline."""

from __future__ import annotations

from core.data.raw import pandas_call
from core.data.table import ReadOptions


def reader_code(read: ReadOptions) -> str:
    """A function ``read_raw(path, separator="")`` that gives a raw table of a csv, xlsx or Parquet file.

    Files of the format of the training file are read exactly as that was; others with plain settings.
    """
    call = pandas_call(read, "path").replace("\n", "\n    ")
    suffix = {"csv": "", "xlsx": '".xlsx", ".xlsm"', "parquet": '".parquet", ".pq"', "jsonl": '".jsonl"'}[
        read.format
    ]
    plain = 'dtype="str", na_filter=False'
    lines = [
        'def read_raw(path, separator=""):',
        '    """The raw table in a file."""',
        "    ending = os.path.splitext(path)[1].lower()",
        "    if separator:",
        f"        return pd.read_csv(path, sep=separator, {plain})",
    ]
    if suffix:
        lines += [f"    if ending in ({suffix},):", "        return " + call.replace("\n", "\n    ")]
    if read.format != "parquet":
        lines += ['    if ending in (".parquet", ".pq"):', "        return pd.read_parquet(path)"]
    if read.format != "xlsx":
        lines += [
            '    if ending in (".xlsx", ".xlsm"):',
            f'        return pd.read_excel(path, engine="calamine", {plain})',
        ]
    lines.append(f"    return {call}" if read.format == "csv" else f"    return pd.read_csv(path, {plain})")
    return "\n".join(lines)
