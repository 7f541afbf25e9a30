"""Wafers that pass or fail, and a later quarter in which some columns have changed by known amounts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

LOT = 25
LOTS, LATER_LOTS = 240, 80
PRODUCTS = ("LP28", "HX14", "RF40")
TOOLS = ("ET01", "ET02", "ET03", "ET04", "ET05", "ET06")
NEW_TOOL, NEW_TOOL_SHARE = "ET07", 0.15
CHAMBERS = ("A", "B", "C")
INTERCEPT = -3.85


class Sensor(NamedTuple):
    """Mean, spread, digits after the point and share of missing readings."""

    mean: float
    sd: float
    digits: int
    missing: float = 0.0


SENSORS: dict[str, Sensor] = {
    "rf_forward_w": Sensor(850, 12, 1),
    "rf_reflected_w": Sensor(14, 2.5, 2),
    "rf_bias_v": Sensor(-310, 9, 1),
    "chamber_pressure_mtorr": Sensor(42, 1.6, 2),
    "foreline_pressure_mtorr": Sensor(180, 6, 1),
    "helium_flow_sccm": Sensor(11.5, 0.7, 2),
    "cf4_flow_sccm": Sensor(62, 1.1, 2),
    "o2_flow_sccm": Sensor(9.4, 0.25, 3),
    "ar_flow_sccm": Sensor(140, 2.2, 1),
    "n2_purge_sccm": Sensor(310, 8, 1, 0.02),
    "chuck_temp_c": Sensor(38, 0.8, 2),
    "wall_temp_c": Sensor(65, 1.2, 2),
    "lid_temp_c": Sensor(71, 1.5, 2, 0.01),
    "coolant_temp_c": Sensor(18.5, 0.35, 2),
    "coolant_flow_lpm": Sensor(14.2, 0.4, 2, 0.04),
    "chuck_voltage_v": Sensor(1450, 22, 0),
    "chuck_leak_ua": Sensor(3.1, 0.5, 2),
    "endpoint_time_s": Sensor(48.5, 1.9, 2),
    "endpoint_intensity": Sensor(2150, 130, 0, 0.03),
    "etch_time_s": Sensor(61, 1.0, 2),
    "particle_count": Sensor(1.9, 0.55, 0),
    "particle_max_um": Sensor(0.34, 0.07, 3, 0.06),
    "valve_position_pct": Sensor(36, 3.1, 1),
    "turbo_speed_krpm": Sensor(31.2, 0.2, 3),
    "pump_current_a": Sensor(7.6, 0.3, 2),
    "pump_vibration_mms": Sensor(1.3, 0.22, 3, 0.02),
    "robot_offset_um": Sensor(0, 14, 1),
    "load_lock_time_s": Sensor(92, 5, 1),
    "queue_time_h": Sensor(6.5, 2.0, 2),
    "resist_thickness_nm": Sensor(412, 5.5, 1),
    "exposure_mj": Sensor(24.8, 0.3, 2),
    "focus_offset_nm": Sensor(0, 11, 1),
    "clean_age_wafers": Sensor(0, 1, 0),
}
RF_LINK = 0.8
SHIFT_SD, SCALE, MISSING_LATER = 0.8, 1.8, 0.25


def make(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """The quarters and the truth about them: the table, the later table, what fails and what drifted."""
    rng = np.random.default_rng(seed)
    now = _quarter(rng, LOTS, 1_000, "2025-01-02", later=False)
    later = _quarter(rng, LATER_LOTS, 2_000, "2025-07-01", later=True)
    return now, later, _truth(now, later)


def _quarter(rng: np.random.Generator, lots: int, first: int, start: str, later: bool) -> pd.DataFrame:
    rows = lots * LOT
    z = {name: rng.normal(size=rows) for name in SENSORS}
    own = np.sqrt(1 - RF_LINK**2) * z["rf_reflected_w"]
    if not later:
        z["rf_reflected_w"] = RF_LINK * z["rf_forward_w"] + own
    else:
        z["chamber_pressure_mtorr"] = z["chamber_pressure_mtorr"] + SHIFT_SD
        z["helium_flow_sccm"] = z["helium_flow_sccm"] * SCALE
    frame = _places(rng, lots, first, start, later)
    for name, sensor in SENSORS.items():
        frame[name] = _reading(z[name], name, sensor)
    frame["spare_line_sccm"] = 0
    failed = rng.random(rows) < 1 / (1 + np.exp(-_log_odds(frame, z, rng)))
    for name, sensor in SENSORS.items():
        share = MISSING_LATER if later and name == "endpoint_intensity" else sensor.missing
        lost = rng.random(rows) < share
        frame[name] = frame[name].where(~lost)
        if sensor.digits == 0:
            frame[name] = frame[name].astype("Int64")
    frame["result"] = np.where(failed, "fail", "pass")
    return frame


def _places(rng: np.random.Generator, lots: int, first: int, start: str, later: bool) -> pd.DataFrame:
    """Where and when: products and tools are dealt out evenly to lots, so that their shares do not drift."""
    tools = rng.permutation(np.resize(TOOLS, lots)).astype(object)
    if later:
        tools[rng.choice(lots, round(NEW_TOOL_SHARE * lots), replace=False)] = NEW_TOOL
    rows = lots * LOT
    lot = np.repeat([f"L{first + n}" for n in range(lots)], LOT)
    slot = np.tile(np.arange(1, LOT + 1), lots)
    minutes = np.repeat(np.arange(lots) * (90 * 24 * 60 // lots), LOT) + slot * 4
    return pd.DataFrame(
        {
            "wafer_id": [f"{name}-{n:02d}" for name, n in zip(lot, slot, strict=True)],
            "lot": lot,
            "processed_at": np.datetime64(start, "m") + minutes.astype("timedelta64[m]"),
            "product": np.repeat(rng.permutation(np.resize(PRODUCTS, lots)), LOT),
            "tool": np.repeat(tools, LOT),
            "chamber": rng.permutation(np.resize(CHAMBERS, rows)),
            "slot": slot,
        }
    )


def _reading(z: np.ndarray, name: str, sensor: Sensor) -> np.ndarray:
    if name == "particle_count":
        return np.floor(np.exp(sensor.mean + sensor.sd * z))
    if name == "queue_time_h":
        return np.round(sensor.mean * np.exp(sensor.sd / sensor.mean * z), sensor.digits)
    if name == "clean_age_wafers":
        uniform = 0.5 * (1 + np.tanh(z * 0.8))
        return np.floor(uniform * 500)
    return np.round(sensor.mean + sensor.sd * z, sensor.digits)


def _log_odds(frame: pd.DataFrame, z: dict[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    lot = np.repeat(rng.normal(0, 0.4, len(frame) // LOT), LOT)
    bad_chamber = ((frame["tool"] == "ET03") & (frame["chamber"] == "C")).to_numpy()
    high_pressure = np.maximum(z["chamber_pressure_mtorr"] - 0.5, 0)
    return (
        INTERCEPT
        + 2.6 * bad_chamber
        + 1.1 * high_pressure
        + 0.9 * z["particle_count"]
        + 0.6 * z["chuck_temp_c"] * z["resist_thickness_nm"]
        + 0.5 * (frame["clean_age_wafers"].to_numpy() > 420) * 2
        + lot
    )


def _truth(now: pd.DataFrame, later: pd.DataFrame) -> dict[str, Any]:
    drifted: dict[str, Any] = {
        "chamber_pressure_mtorr": {"what": "mean shift", "by_sd": SHIFT_SD},
        "helium_flow_sccm": {"what": "scale change", "sd_ratio": SCALE},
        "endpoint_intensity": {"what": "missing rate", "from": 0.03, "to": MISSING_LATER},
        "tool": {"what": "new level", "level": NEW_TOOL, "share": NEW_TOOL_SHARE},
        "result": {
            "what": "target",
            "fail_from": _failing(now),
            "fail_to": _failing(later),
            "because": "pressure",
        },
    }
    moving = ["wafer_id", "lot", "processed_at"]
    rest = [name for name in now.columns if name not in drifted and name not in moving]
    return {
        "target": "result",
        "task": "binary",
        "positive": "fail",
        "group": "lot",
        "time": "processed_at",
        "rows": len(now),
        "rows_later": len(later),
        "causes": {
            "tool, chamber": "chamber C of ET03 adds 2.6 to the log-odds",
            "chamber_pressure_mtorr": "above half a standard deviation, 1.1 for each further one",
            "particle_count": "0.9 for each standard deviation of its logarithm",
            "chuck_temp_c, resist_thickness_nm": "0.6 times the product of the two, standardised",
            "clean_age_wafers": "1.0 above 420 wafers since the last clean",
            "lot": "a random effect with standard deviation 0.4",
        },
        "drifted": drifted,
        "drifted_together": [
            {
                "columns": ["rf_forward_w", "rf_reflected_w"],
                "what": "correlation",
                "from": RF_LINK,
                "to": 0.0,
                "note": "each column alone is unchanged",
            }
        ],
        "new_by_nature": moving,
        "undrifted": rest,
        "concept": "what makes a wafer fail is the same in both quarters",
    }


def _failing(frame: pd.DataFrame) -> float:
    return round(float((frame["result"] == "fail").mean()), 4)
