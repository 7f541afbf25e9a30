"""Customers of a subscription who leave or stay: a messy export with one column that knows the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

ROWS = 5_000
REPEATED = 40
TIMED_DATES = 0.2
PLANS = {"Basic": 19.0, "Standard": 35.0, "Premium": 59.0}
TRUTH: dict[str, Any] = {
    "target": "churned",
    "task": "binary",
    "positive": "yes",
    "causes": {
        "contract": "monthly raises the log-odds by 1.2, two-year lowers them by 0.9",
        "tenure_months": "each month lowers the log-odds by 0.03",
        "support_calls": "each call raises them by 0.35",
        "satisfaction": "each point lowers them by 0.45",
        "monthly_fee": "each unit raises them by 0.015",
        "days_since_login": "each day raises them by 0.02",
    },
    "no_effect": ["age", "country", "paperless", "referral"],
    "planted": {
        "customer_id": "id",
        "exit_survey": "leak: filled in after the customer left, wrong in 0.3 % of the rows",
        "signup_date": "20 % of the dates carry a time, the rest do not",
        "monthly_fee": "2 % blank",
        "payment_method": "3 % '?'",
        "satisfaction": "30 % blank",
        "discount": "-999 stands for no value in 5 %",
        "referral": "'unknown' stands for no value in 6 %",
        "rows": "40 rows are exact copies",
    },
}


def make(seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table and the truth about it."""
    rng = np.random.default_rng(seed)
    frame = _customers(rng)
    churned = rng.random(ROWS) < 1 / (1 + np.exp(-_log_odds(frame)))
    noisy = churned ^ (rng.random(ROWS) < 0.003)
    frame["exit_survey"] = np.where(noisy, "sent", "not sent")
    frame["churned"] = np.where(churned, "yes", "no")
    frame = _spoil(frame, rng)
    copies = frame.iloc[np.sort(rng.choice(ROWS, REPEATED, replace=False))]
    frame = pd.concat([frame, copies], ignore_index=True)
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    truth = {**TRUTH, "rows": len(frame), "rate": round(float(churned.mean()), 4)}
    return frame, truth


def _customers(rng: np.random.Generator) -> pd.DataFrame:
    plan = rng.choice(list(PLANS), ROWS, p=[0.45, 0.35, 0.2])
    tenure = np.minimum(rng.gamma(1.6, 14, ROWS).astype(int), 72)
    fee = np.array([PLANS[p] for p in plan]) * rng.uniform(0.85, 1.25, ROWS)
    signup = np.datetime64("2025-06-30") - (tenure * 30 + rng.integers(0, 30, ROWS)).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "customer_id": [f"C-{n:06d}" for n in rng.choice(900_000, ROWS, replace=False) + 100_000],
            "signup_date": signup,
            "age": np.clip(rng.normal(44, 15, ROWS), 18, 90).astype(int),
            "country": rng.choice(
                ["DE", "FR", "IT", "ES", "PL", "NL"], ROWS, p=[0.3, 0.2, 0.18, 0.15, 0.1, 0.07]
            ),
            "plan": plan,
            "contract": rng.choice(["monthly", "yearly", "two-year"], ROWS, p=[0.55, 0.28, 0.17]),
            "tenure_months": tenure,
            "monthly_fee": fee.round(2),
            "total_charges": (fee * tenure * rng.uniform(0.95, 1.0, ROWS)).round(2),
            "discount": rng.choice([0, 5, 10, 15, 20], ROWS, p=[0.6, 0.15, 0.12, 0.08, 0.05]),
            "payment_method": rng.choice(
                ["card", "transfer", "wallet", "invoice"], ROWS, p=[0.5, 0.2, 0.2, 0.1]
            ),
            "paperless": rng.choice(["yes", "no"], ROWS, p=[0.7, 0.3]),
            "support_calls": rng.poisson(1.3, ROWS),
            "days_since_login": np.minimum(rng.exponential(12, ROWS).astype(int), 90),
            "satisfaction": rng.choice([1, 2, 3, 4, 5], ROWS, p=[0.06, 0.12, 0.27, 0.35, 0.2]),
            "referral": rng.choice(["search", "friend", "advert", "shop"], ROWS, p=[0.4, 0.25, 0.25, 0.1]),
        }
    )


def _log_odds(frame: pd.DataFrame) -> np.ndarray:
    contract = frame["contract"].map({"monthly": 1.2, "yearly": 0.0, "two-year": -0.9}).to_numpy()
    return (
        -1.7
        + contract
        - 0.03 * frame["tenure_months"].to_numpy()
        + 0.35 * frame["support_calls"].to_numpy()
        - 0.45 * (frame["satisfaction"].to_numpy() - 3)
        + 0.015 * (frame["monthly_fee"].to_numpy() - 35)
        + 0.02 * frame["days_since_login"].to_numpy()
    )


def _spoil(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The mess of a real export, as text."""
    frame = frame.copy()
    timed = rng.random(ROWS) < TIMED_DATES
    dates = frame["signup_date"]
    moments = dates + rng.integers(7 * 60, 22 * 60, ROWS).astype("timedelta64[m]")
    frame["signup_date"] = np.where(
        timed, moments.dt.strftime("%Y-%m-%dT%H:%M"), dates.dt.strftime("%Y-%m-%d")
    )
    for name, share, word in (
        ("monthly_fee", 0.02, ""),
        ("payment_method", 0.03, "?"),
        ("satisfaction", 0.30, ""),
        ("discount", 0.05, "-999"),
        ("referral", 0.06, "unknown"),
    ):
        text = frame[name].astype("str").to_numpy(dtype=object)
        text[rng.random(ROWS) < share] = word
        frame[name] = text
    frame["total_charges"] = np.where(frame["tenure_months"] == 0, " ", frame["total_charges"].astype("str"))
    return frame
