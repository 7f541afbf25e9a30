"""The versions of libraries that a model was fitted with, beside those that are installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version


def other_versions(fitted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Package -> the version that fitted a model and the one here (``none`` without one), where they differ.

    Args:
        fitted: package -> version, and ``python``, which does not count.
    """
    here = {name: _installed(name) for name in fitted if name != "python"}
    return {name: (fitted[name], now) for name, now in here.items() if now != fitted[name]}


def versions_text(others: Mapping[str, tuple[str, str]]) -> str:
    """One sentence on versions that differ; empty when none do."""
    if not others:
        return ""
    listed = ", ".join(f"{name} {then} (here {now})" for name, (then, now) in others.items())
    return f"The model was fitted with {listed}."


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
