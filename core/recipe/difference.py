"""The difference of two recipes in words: history labels and run comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.checks import CHECKS
from core.catalog.drift_tests import DRIFT_TESTS, at_sensitivity
from core.catalog.features import FEATURES
from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STEPS
from core.data.table import Frozen
from core.recipe.document import AUTO, Candidate, Choice, Recipe
from core.recipe.labels import EXPORT_PARTS, GROUPS, KINDS, ROLES, SCHEMES, STAGES, TASKS, reading_words
from core.recipe.usage import Drift, Export, Settings, accepted_words
from core.spec import Catalog, Param, Spec, Value
from core.standalone.counts import counted

TUNED = "tuned"
"""Id of the candidate that a search has made."""
SIMPLE = {
    "task": "task",
    "target": "target",
    "positive": "positive class",
    "metric": "metric",
    "margin": "margin of the simplest model",
    "seed": "seed",
    "threshold": "threshold",
    "drop_duplicates": "drop duplicates",
    "apart": "drop near-duplicates within",
}
PLANS = {
    "test_size": "locked test set",
    "scheme": "validation",
    "folds": "folds",
    "repeats": "repeats",
    "order": "rows in the order of",
    "planned": "tune on the command line",
    "search": "search",
    "trials": "trials",
    "seconds": "longest search, in seconds",
    "false_alarm": "cost of a false alarm",
    "miss": "cost of a missed positive",
    "part": "rows it learns from",
    "joblib": "model.joblib",
    "compare": "minutes for a comparison",
    "export": "minutes for packing",
    "made_up": "made-up sample rows",
    "told": "columns that name nobody",
}
"""Field of a part of the recipe -> what it is called."""
ELSEWHERE = ("space", "params", "laid_aside")
"""Fields of a part whose words are made on their own."""


def _settings(params: dict[str, Any]) -> str:
    shown = {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in params.items()}
    words = (f"{name} {value}" for name, value in shown.items())
    return f" ({', '.join(words)})" if params else ""


def model_words(candidate: Candidate | None) -> str:
    """A candidate as people say it: its model, and whether its hyperparameters are those it starts with."""
    if candidate is None:
        return "none"
    name, changed = MODELS[candidate.model].label, len(candidate.params)
    if candidate.id == TUNED:
        return f"{name}, tuned"
    return f"{name}, {counted(changed, 'hyperparameter')} changed" if changed else name


def step_words(choice: Choice | None) -> str:
    """A preparation step as people say it."""
    if choice is None or choice.spec == AUTO:
        return "automatic"
    return STEPS[choice.spec].label + _settings(choice.params)


def _value_words(field: str, value: Any) -> str:
    """The value of a field as the pages show it."""
    if value in (None, "", ()):
        return "none" if field != "margin" else "automatic"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "metric":
        return METRICS[value].label if value in METRICS else str(value)
    if field == "test_size":
        return f"{value:.0%}"
    if field == "task":
        return TASKS[value].lower()
    if field == "search":
        from core.catalog.searches import SEARCHES  # brings Optuna, which few edits need

        return SEARCHES[value].label if value in SEARCHES else str(value)
    if field in ("false_alarm", "miss", "margin"):
        return f"{value:g}"
    if field == "part":
        return EXPORT_PARTS[value].lower() if value in EXPORT_PARTS else str(value)
    plain = ", ".join(value) if field == "told" else str(value)
    return SCHEMES.get(value, plain) if field == "scheme" else plain


def param_words(param: Param) -> str:
    """What a setting is called within a sentence."""
    name = param.label or param.name.replace("_", " ")
    return name[:1].lower() + name[1:]


def settings_words(catalog: Catalog[Any], settings: Settings) -> list[str]:
    """What was chosen for entries of a catalog, one phrase a setting."""
    return [
        f"{catalog[entry].label}, {param_words(catalog[entry].param(name))} {_number_words(value)}"
        for entry, values in settings.items()
        for name, value in values.items()
    ]


def _number_words(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _changed(spec: Spec, old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """What became of the settings of one entry, given all of them before and now."""
    return [
        f"{spec.label}, {param_words(param)}: {_number_words(old[param.name])} -> "
        f"{_number_words(new[param.name])}"
        for param in spec.params
        if old[param.name] != new[param.name]
    ]


def _checks(old: Settings, new: Settings) -> list[str]:
    words = []
    for check in dict.fromkeys([*old, *new]):
        spec = CHECKS[check]
        words += _changed(spec, spec.values(old.get(check, {})), spec.values(new.get(check, {})))
    return words


def _fields(old: Frozen, new: Frozen) -> list[str]:
    """What became of the fields of one part of a recipe."""
    return [
        f"{PLANS[name]}: {_value_words(name, was)} -> {_value_words(name, now)}"
        for name, now in dict(new).items()
        if (was := getattr(old, name)) != now and name not in ELSEWHERE
    ]


def export_words(old: Export, new: Export) -> list[str]:
    """What changed in how a model is fitted for keeps."""
    return _fields(old, new)


def drift_words(old: Drift, new: Drift) -> list[str]:
    """What changed in how large a change of the data must be to count."""
    words = []
    if old.sensitivity != new.sensitivity:
        words.append(f"sensitivity: {old.sensitivity} -> {new.sensitivity}")
    for test in dict.fromkeys([*old.tests, *new.tests]):
        spec = DRIFT_TESTS[test]
        was, now = (at_sensitivity(spec, one.sensitivity) | one.tests.get(test, {}) for one in (old, new))
        words += _changed(spec, was, now)
    return words


def _search(old: Recipe, new: Recipe) -> list[str]:
    """The ranges of a search, and its own settings; those of another search differ from its defaults."""
    words = ["search space"] if old.tuning.space != new.tuning.space else []
    before = old.tuning.params if old.tuning.search == new.tuning.search else {}
    if before == new.tuning.params:
        return words
    from core.catalog.searches import SEARCHES  # brings Optuna, which few edits need

    spec = SEARCHES[new.tuning.search]
    return words + _changed(spec, spec.values(before), spec.values(new.tuning.params))


def _columns(old: Recipe, new: Recipe) -> list[str]:
    before = {column.name: column for column in old.columns}
    choices: dict[str, Mapping[Any, str]] = {"kind": KINDS, "role": ROLES}
    words = []
    for column in new.columns:
        was = before.get(column.name, column)
        words += [
            f"{column.name}: {terms[getattr(was, field)]} -> {terms[getattr(column, field)]}"
            for field, terms in choices.items()
            if getattr(was, field) != getattr(column, field)
        ]
        words += [f"{column.name}: {change}" for change in reading_words(was, column)]
    return words


def _prepare(old: Recipe, new: Recipe) -> list[str]:
    words = []
    for place in ("defaults", "columns"):
        a, b = getattr(old.prepare, place), getattr(new.prepare, place)
        for key in dict.fromkeys([*a, *b]):
            for stage in dict.fromkeys([*a.get(key, {}), *b.get(key, {})]):
                was, now = a.get(key, {}).get(stage), b.get(key, {}).get(stage)
                if was != now:
                    where = GROUPS[key] if place == "defaults" else key
                    words.append(f"{where}, {STAGES[stage].lower()}: {step_words(was)} -> {step_words(now)}")
    return words


def _features(old: Recipe, new: Recipe) -> list[str]:
    def name(step: Any) -> str:
        return f"{FEATURES[step.spec].label} of {', '.join(step.columns)}{_settings(step.params)}"

    gone = [f"feature removed: {name(step)}" for step in old.features if step not in new.features]
    return gone + [f"feature added: {name(step)}" for step in new.features if step not in old.features]


def _models(old: Recipe, new: Recipe) -> list[str]:
    words = []
    before, after = {c.id for c in old.candidates}, {c.id for c in new.candidates}
    if before != after:
        added = ", ".join(MODELS[c.model].label for c in new.candidates if c.id not in before)
        removed = ", ".join(MODELS[c.model].label for c in old.candidates if c.id not in after)
        words += [f"compare also {added}"] if added else []
        words += [f"compare no more {removed}"] if removed else []
    earlier = {c.id: c for c in old.candidates}
    for c in new.candidates:
        if c.id in earlier and earlier[c.id].params != c.params:
            words.append(f"hyperparameters of {MODELS[c.model].label}")
    if old.chosen != new.chosen:
        was, now = model_words(old.chosen), model_words(new.chosen)
        words.append(f"hyperparameters of {now}" if was == now else f"model: {was} -> {now}")
    return words


def differences(old: Recipe, new: Recipe) -> list[str]:
    """What changed from one recipe to another, one plain sentence part each; empty when they are equal."""
    words = []
    if old.source.table != new.source.table:
        words.append(f"data: {old.source.name or 'none'} -> {new.source.name}")
    for field, label in SIMPLE.items():
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            words.append(f"{label}: {_value_words(field, was)} -> {_value_words(field, now)}")
    for group in ("split", "tuning", "costs", "export", "clocks"):
        words += _fields(getattr(old, group), getattr(new, group))
    words += _search(old, new) + _checks(old.checks, new.checks) + drift_words(old.drift, new.drift)
    words += accepted_words(old.accepted, new.accepted)
    if old.selection != new.selection:
        words.append(f"selection: {', '.join(SELECTORS[c.spec].label for c in new.selection) or 'none'}")
    return words + _columns(old, new) + _prepare(old, new) + _features(old, new) + _models(old, new)
