"""The sample tables: the same bytes each time, and as their truth says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
MOST_BYTES = 4_000_000


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}_truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def quarters() -> tuple[pd.DataFrame, pd.DataFrame]:
    return table("wafer_yield"), table("wafer_yield_next_quarter")


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, FOLDER / "make_samples.py", tmp_path], check=True, timeout=60)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".json"))
    for name in written:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.csv")) < MOST_BYTES


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("churn", "churn"),
        ("house_prices", "house_prices"),
        ("product_type", "product_type"),
        ("wafer_yield", "wafer"),
    ],
)
def test_target_and_rows_are_as_the_truth_says(name: str, facts: str) -> None:
    said = truth(facts)
    frame = table(name)
    assert len(frame) == said["rows"]
    assert said["target"] in frame.columns
    assert frame[said["target"]].notna().all()


def test_churn_is_as_messy_as_promised() -> None:
    raw = pd.read_csv(FOLDER / "churn.csv", dtype=str, keep_default_na=False)
    assert raw.duplicated().sum() == 40
    assert (raw["exit_survey"].eq("sent") == raw["churned"].eq("yes")).mean() > 0.99
    assert (raw["discount"] == "-999").mean() == pytest.approx(0.05, abs=0.01)
    assert (raw["payment_method"] == "?").mean() == pytest.approx(0.03, abs=0.01)
    assert raw["signup_date"].str.contains("T").mean() == pytest.approx(0.2, abs=0.02)


def test_no_sensor_alone_tells_the_product() -> None:
    frame = table("product_type")
    for sensor in ("weight_g", "length_mm", "width_mm", "height_mm", "reflectance", "stiffness", "sound_db"):
        by_type = [group.to_numpy() for _, group in frame.groupby("product_type")[sensor]]
        within = sum(((group - group.mean()) ** 2).sum() for group in by_type)
        assert within / ((frame[sensor] - frame[sensor].mean()) ** 2).sum() > 0.2, sensor


def test_wafers_fail_rarely_and_in_the_bad_chamber(quarters: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, _ = quarters
    failed = now["result"] == "fail"
    assert failed.mean() == pytest.approx(0.06, abs=0.01)
    bad = (now["tool"] == "ET03") & (now["chamber"] == "C")
    assert failed[bad].mean() > 4 * failed[~bad].mean()


def test_what_the_truth_says_drifted_did(quarters: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, later = quarters
    drifted = truth("wafer")["drifted"]
    pressure, helium = "chamber_pressure_mtorr", "helium_flow_sccm"
    shift = (later[pressure].mean() - now[pressure].mean()) / now[pressure].std()
    assert shift == pytest.approx(drifted[pressure]["by_sd"], abs=0.08)
    assert later[helium].std() / now[helium].std() == pytest.approx(drifted[helium]["sd_ratio"], abs=0.08)
    lost = later["endpoint_intensity"].isna().mean()
    assert lost == pytest.approx(drifted["endpoint_intensity"]["to"], abs=0.03)
    assert (later["tool"] == drifted["tool"]["level"]).mean() == pytest.approx(
        drifted["tool"]["share"], abs=0.01
    )
    assert not (now["tool"] == drifted["tool"]["level"]).any()


def test_the_pair_drifted_only_together(quarters: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, later = quarters
    pair = truth("wafer")["drifted_together"][0]
    first, second = pair["columns"]
    assert now[first].corr(now[second]) == pytest.approx(pair["from"], abs=0.03)
    assert later[first].corr(later[second]) == pytest.approx(pair["to"], abs=0.06)
    assert {first, second} <= set(truth("wafer")["undrifted"])


def test_nothing_else_drifted(quarters: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, later = quarters
    undrifted = truth("wafer")["undrifted"]
    assert len(undrifted) > 30
    probabilities = {
        name: min(_same_values(now[name], later[name]), _same_gaps(now, later, name)) for name in undrifted
    }
    assert min(probabilities.values()) > 0.05 / 2, probabilities


def test_every_column_has_a_truth(quarters: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, later = quarters
    said = truth("wafer")
    assert sorted([*said["drifted"], *said["new_by_nature"], *said["undrifted"]]) == sorted(now.columns)
    assert list(now.columns) == list(later.columns)


def _same_values(now: pd.Series, later: pd.Series) -> float:
    if pd.api.types.is_numeric_dtype(now.dtype):
        return float(stats.ks_2samp(now.dropna(), later.dropna()).pvalue)
    quarter = np.repeat([0, 1], [len(now), len(later)])
    return float(stats.chi2_contingency(pd.crosstab(pd.concat([now, later]).to_numpy(), quarter)).pvalue)


def _same_gaps(now: pd.DataFrame, later: pd.DataFrame, name: str) -> float:
    gaps = [[int(frame[name].isna().sum()), int(frame[name].notna().sum())] for frame in (now, later)]
    return float(stats.chi2_contingency(gaps).pvalue) if gaps[0][0] else 1.0
