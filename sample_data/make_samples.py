"""Write the sample tables and the truth about each, the same bytes every time.

python sample_data/make_samples.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import churn
import houses
import pandas as pd
import products
import wafers


def main(folder: Path) -> None:
    """Write every table as CSV and every truth as JSON into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, "churn", *churn.make(seed=11))
    write(folder, "house_prices", *houses.make(seed=12))
    write(folder, "product_type", *products.make(seed=13))
    now, later, truth = wafers.make(seed=24)
    write(folder, "wafer", now, truth, table="wafer_yield")
    later.to_csv(folder / "wafer_yield_next_quarter.csv", index=False, lineterminator="\n")


def write(folder: Path, name: str, frame: pd.DataFrame, truth: dict[str, Any], table: str = "") -> None:
    """One table and its truth."""
    frame.to_csv(folder / f"{table or name}.csv", index=False, lineterminator="\n")
    text = json.dumps(truth, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{name}_truth.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
