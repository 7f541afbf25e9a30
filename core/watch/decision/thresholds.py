"""The thresholds of the rule on retraining by name: what each means, and how one is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from core.errors import FoldlineError
from core.watch.decision.window import Policy

USUAL = "usual"
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True)
class Threshold:
    """One threshold of ``Policy``.

    Attributes:
        name: its field there.
        label, help: for people.
        low, high: what a person may choose; None without an end.
        whole: whether it is a whole number.
    """

    name: str
    label: str
    help: str
    low: float = 0.0
    high: float | None = None
    whole: bool = False


THRESHOLDS = (
    Threshold(
        "tol",
        "Drop that matters",
        "A smaller fall of the score asks for nothing, however sure it is. In units of the score.",
        1e-6,
    ),
    Threshold(
        "evidence",
        "Evidence that is proof",
        "Chance reaches it in one of so many deployments at most, however often one looks.",
        1.01,
    ),
    Threshold(
        "cool_down_days", "Days of cool-down", "So long after a model began to work none is asked for.", 0.0
    ),
    Threshold(
        "least_labelled",
        "New labelled rows to learn from",
        "A retraining is asked for when there are so many, or enough of each class.",
        0,
        whole=True,
    ),
    Threshold(
        "least_per_class",
        "Or rows of each class",
        "So many new labelled rows of the rarest class are enough, too.",
        0,
        whole=True,
    ),
    Threshold("in_a_row", "Windows in a row", "The second test looks at so many.", 1, 20, True),
    Threshold("p", "p of each of them", "One-sided: how likely chance makes so much of a fall.", 1e-6, 0.499),
    Threshold("together", "p of them together", "It bounds false alarms over many checks.", 1e-9, 0.499),
    Threshold(
        "recent", "Windows that rule a drop out", "Keep is said over so many labelled ones.", 1, 520, True
    ),
)
UNCONFIRMED = Threshold(
    "unconfirmed",
    "Ask without labels, too",
    "Where drift was seen twice and an estimate without labels fell by as much; it is called unconfirmed.",
)
BY_NAME: Mapping[str, Threshold] = {one.name: one for one in (*THRESHOLDS, UNCONFIRMED)}


def policy_from(stored: Mapping[str, Any]) -> Policy:
    """The policy of a plan; what is not named is as usual.

    Raises:
        FoldlineError: ``THRESHOLD`` when it is none.
    """
    try:
        return Policy.model_validate(dict(stored))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        shown = BY_NAME[name].label if name in BY_NAME else name[:60]
        problem = f"The rule on retraining cannot have this value of {shown!r}: {first['msg']}."
        raise FoldlineError(
            "THRESHOLD", problem, "Give another value, or leave it as usual.", name
        ) from error


def stored_policy(policy: Policy) -> dict[str, float | int | str | bool]:
    """What a plan keeps of a policy: only what is not as usual."""
    return policy.model_dump(mode="json", exclude_defaults=True)


def threshold_of_words(text: str) -> dict[str, Any]:
    """One threshold as it is written, such as ``tol=0.03`` or ``tol=usual``: its name with its value.

    Raises:
        FoldlineError: ``THRESHOLD`` when there is none of that name, or the value is no number.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    if name not in BY_NAME:
        known = ", ".join(BY_NAME)
        problem = f"The rule on retraining has no threshold {name[:60]!r}."
        raise FoldlineError("THRESHOLD", problem, f"Write NAME=VALUE with one of: {known}.", name[:60])
    if value == USUAL:
        return {name: getattr(Policy(), name)}
    if name == UNCONFIRMED.name and value.lower() in (*YES, *NO):
        return {name: value.lower() in YES}
    try:
        number = float(value)
        return {name: int(number) if BY_NAME[name].whole and number.is_integer() else number}
    except ValueError as error:
        problem = f"{value[:60]!r} is no value of {name!r}."
        raise FoldlineError("THRESHOLD", problem, f"Give a number, or {USUAL!r}.", name) from error


def policy_words(stored: Mapping[str, Any]) -> str:
    """What a plan keeps of its policy, such as ``drop that matters 0.03``; empty where all is as usual."""
    return ", ".join(f"{_named(name)} {_shown(value)}" for name, value in stored.items())


def _named(name: str) -> str:
    label = BY_NAME[name].label if name in BY_NAME else name
    return label[:1].lower() + label[1:]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
