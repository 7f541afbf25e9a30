"""What the test set said: the scores with their intervals, beside the baseline and the training rows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS, headline_metrics, ranking_first
from core.claims import measured
from core.digits import decimals, fixed, span
from core.evaluate.fit_check import FitCheck, fit_check
from core.recipe.difference import model_words
from core.recipe.fingerprint import fingerprint, validation_key
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult, TestScore
from core.results.validate import ValidateResult
from core.spec import Metric
from core.standalone.counts import counted
from ui.evaluate.locked_test_set import opened_words
from ui.jobs.results import stored_under
from ui.jobs.staleness import Standing, banner, recipe_then
from ui.widgets.catalog_names import short_metric
from ui.widgets.hyperparameters import hyperparameters_help
from ui.widgets.text import count, label

MOST_CARDS = 4
ALIKE = {
    "rows": "take every row for one of its own",
    "groups": "take whole groups, because rows of one are alike",
    "times": "allow for rows that are like those shortly before them",
    "both": "allow for rows that are like those of their group, and like those shortly before them",
}
LONGEST_NAME = 24
LOOKS = {
    "good": ("green", "check_circle"),
    "worse": ("gray", "info"),
    "overfit": ("orange", "warning"),
    "chance": ("gray", "info"),
    "changed": ("orange", "warning"),
    "no_better": ("orange", "warning"),
    "unknown": ("gray", "help"),
}


def number(value: float | None, score: TestScore) -> str:
    """A number as shown beside a score and its interval, with their decimals; a dash when it is not known."""
    return fixed(value, decimals(score.value, score.low, score.high))


def interval(score: TestScore) -> str:
    """The 95 % interval as shown, with the decimals of its score; empty when there is none."""
    return span(score.low, score.high, score.value).replace(" ", "\u00a0")


def no_interval(score: TestScore) -> str:
    """Why there is no interval, as Markdown."""
    return f"No interval: {label(score.why, 200)}" if score.why else "No interval"


def cards(result: EvaluateResult, metric: str) -> None:
    """The main scores as cards, the one that ranks first.

    Args:
        metric: that ranks models now, here and below.
    """
    main = {one.id: result.scores[one.id] for one in headline_metrics(result.task) if one.id in result.scores}
    if metric in result.scores:
        main = {metric: result.scores[metric], **main}
    with st.grid(MOST_CARDS, min_column_width=180, gap="small", key="evaluate.cards"):
        for name in list(main)[:MOST_CARDS]:
            _card(_name(name), METRICS[name].help, main[name])


def _name(metric: str) -> str:
    label = METRICS[metric].label
    return label if len(label) <= LONGEST_NAME else short_metric(metric)


def _card(name: str, about: str, score: TestScore) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        # A label of its own: that of the number would be cut where it is long.
        st.markdown(f":small[{name}]", help=f"{about}\n\n{measured('test interval')}")
        st.metric(name, number(score.value, score), label_visibility="collapsed")
        plain = "not defined" if score.baseline is None else number(score.baseline, score)
        ends = interval(score)
        st.caption(f"{f'95%: {ends}' if ends else no_interval(score)}  \nbaseline {plain}")


def facts(result: EvaluateResult) -> None:
    """Which rows the scores stand on, and how often they were looked at."""
    looks = opened_words(result)
    then = recipe_then(result.run)
    model = model_words(then.chosen) if then else result.model
    st.caption(
        f":material/lock_open: {label(model)}, fitted on {counted(result.train_rows, 'row')}, judged on "
        f"{count(result.test_rows)}. {looks} Intervals {ALIKE[result.resampled]}.",
        help=hyperparameters_help(then.chosen) if then and then.chosen else None,
    )
    if result.unfound:
        st.warning(f"**No positive is found.** {label(result.unfound, 400)}", icon=":material/warning:")


def check(result: EvaluateResult, ranking: str) -> FitCheck:
    """What training and test scores say together, by the metric that ranks."""
    metric = METRICS[ranking if ranking in result.scores else result.metric]
    score = result.scores[metric.id]
    ends = None if score.low is None or score.high is None else (score.low, score.high)
    train = result.train_scores.get(metric.id)
    baseline = score.baseline
    if baseline is None:
        return FitCheck("unknown", "There is no score of the baseline to compare with.")
    return fit_check(metric, train, score.value, ends, baseline, _in_validation(result, metric.id))


def _in_validation(result: EvaluateResult, metric: str) -> float | None:
    """The out-of-fold score of the judged model; None when it was not measured for this very recipe."""
    then = recipe_then(result.run)
    if then is None or then.chosen is None:
        return None
    judged = stored_under(ValidateResult, validation_key(then))
    if judged is not None and metric in judged.scores:
        return judged.scores[metric].mean
    compared = stored_under(CompareResult, fingerprint(then, "compare"))
    if compared is None or then.chosen not in then.candidates:
        return None
    row = next((row for row in compared.board if row.id == then.chosen.id), None)
    return row.mean if row is not None and compared.metric == metric else None


def verdict(result: EvaluateResult, metric: str) -> None:
    """The sentence on over- and underfitting."""
    fit = check(result, metric)
    colour, icon = LOOKS[fit.state]
    st.markdown(f":{colour}[:material/{icon}:] {fit.text}")


def _named(metric: Metric) -> str:
    return f"{metric.label}  \n:small[:gray[{metric.help} {metric.better.capitalize()} is better.]]"


def table(result: EvaluateResult, metric: str) -> None:
    """All scores with intervals, baseline and training rows, the one that ranks first."""
    rows = [
        {
            "Score": _named(METRICS[name]),
            "Test": number(score.value, score),
            "95% interval": interval(score) or no_interval(score),
            "Baseline": "not defined" if score.baseline is None else number(score.baseline, score),
            "Training": number(result.train_scores.get(name), score),
        }
        for name, score in ranking_first(result.scores, metric).items()
    ]
    # A table of the page, not a grid: its words may take several lines, at any width.
    st.table(
        pd.DataFrame(rows),
        border="horizontal",
        hide_index=True,
        alt="All scores on the test rows with 95% intervals, the baseline and the training rows",
    )


def of_earlier(shown: Standing[EvaluateResult], metric: str) -> None:
    """The scores of an earlier recipe, which say nothing of the model that is chosen now; no pictures."""
    with st.container(border=True, key="evaluate.earlier"):
        st.subheader("On the test set, with an earlier recipe", anchor=False)
        banner(shown, "evaluate.again")
        cards(shown.payload, metric)
        facts(shown.payload)
        scores(shown.payload, metric)
        st.caption(
            "Pictures are of the recipe as it is now, on validation rows. "
            "Those of this result come back when its recipe is restored on Runs."
        )


def scores(result: EvaluateResult, metric: str) -> None:
    """The tab of all scores."""
    verdict(result, metric)
    table(result, metric)
