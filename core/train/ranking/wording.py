"""What a comparison, a search or a difference means, as sentences that a person can pass on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.catalog.metrics import METRICS
from core.digits import difference, is_defined
from core.results.compare import BoardRow, CompareResult
from core.results.tune import Gain, NoGain
from core.spec import Metric
from core.standalone.counts import counted, first_of
from core.train.ranking.simplest import margin_words

HOLD_OUT = (
    "Each model was fitted once and judged on one hold-out: ahead and behind are said of these fitted "
    "models, not of these kinds of model, which may change places when fitted again. Several folds on "
    "Prepare tell more."
)
NAMED = 2
"""How many tied models a sentence names before it counts the rest."""


def listed(names: Sequence[str], most: int = NAMED) -> str:
    """Names as a phrase; those beyond ``most`` are counted: ``A, B and 3 more``."""
    if len(names) > most or len(names) == 1:
        return first_of(names, most)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def verdict(compared: CompareResult) -> str:
    """What a leaderboard says, in one or two sentences."""
    board, baseline = compared.board, compared.baseline
    if not board:
        return "No model finished."
    rivals = [row for row in board if row.id != baseline]
    if not rivals:
        return "Only the baseline finished."
    return f"{_lead(compared)} {_against_baseline(rivals, baseline, board)}".strip()


def _lead(compared: CompareResult) -> str:
    board, labels, baseline = compared.board, compared.labels, compared.baseline
    best = board[0]
    if best.id == baseline:
        return "No model scores better than the baseline."
    tied = [row for row in board if row.tied_with_best and row.id != baseline]
    if len(tied) > 1:
        names = listed([labels[row.id] for row in tied])
        simplest = next((row for row in tied if row.simplest_tie), tied[0])
        which = f"simplest {margin_words(compared)}"
        if simplest.beats_baseline and any(row.beats_baseline is False for row in tied):
            which = f"simplest {margin_words(compared)} that beats the baseline"
        return f"{names} cannot be told apart; the {which} is {labels[simplest.id]}."
    rest = [row for row in board[1:] if row.id != baseline]
    if not rest:
        all_done = all(one.status == "done" for one in compared.candidates)
        return (
            f"{labels[best.id]} is the only model {'beside the baseline' if all_done else 'that finished'}."
        )
    untold = [labels[row.id] for row in rest if not is_defined(row.diff_low)]
    if len(untold) == len(rest):
        return f"{labels[best.id]} leads, but the rows are too few to tell which differences are real."
    if untold:
        return f"{labels[best.id]} leads; the rows are too few to tell whether {listed(untold)} can keep up."
    stopped = any(one.status == "stopped" for one in compared.candidates)
    others = f"{listed([labels[row.id] for row in rest])}, all that finished," if stopped else "all others"
    return f"{labels[best.id]} is ahead of {others} by more than chance explains."


def _against_baseline(rivals: Sequence[BoardRow], baseline: str, board: Sequence[BoardRow]) -> str:
    if not any(row.id == baseline for row in board):
        return ""
    answers = [row.beats_baseline for row in rivals]
    if all(answer is None for answer in answers):
        return ""
    beaten = sum(bool(answer) for answer in answers)
    if beaten == len(answers):
        return f"{'All beat' if beaten > 1 else 'It beats'} the baseline on the same rows, beyond chance."
    if not beaten:
        return "None of them beats the baseline beyond chance."
    return f"{beaten} of {len(answers)} beat the baseline on the same rows, beyond chance."


def unbeaten_words(compared: CompareResult, chosen: str) -> str:
    """That the chosen model did not beat the baseline beyond chance; empty where it did, or nobody knows.

    Args:
        chosen: id of the candidate; of one that was not compared, only what is true of all is said.
    """
    rivals = [row for row in compared.board if row.id != compared.baseline]
    answers = [row.beats_baseline for row in rivals]
    if rivals and all(answer is False for answer in answers):
        return "In the comparison no model beats the baseline beyond chance: they may have learned nothing."
    if not any(row.id == chosen and row.beats_baseline is False for row in rivals):
        return ""
    beaten = sum(bool(answer) for answer in answers)
    others = f"; {beaten} of {len(answers)} do" if beaten else ""
    return (
        f"In the comparison {compared.labels[chosen]} does not beat the baseline beyond chance{others}: it "
        "may have learned nothing."
    )


def undefined_words(compared: CompareResult) -> str:
    """That folds in which a model leaves the score undefined count in the ranking; empty where none does."""
    done = [one for one in compared.candidates if one.status == "done"]
    return counted_words(compared.metric, {one.label: one.scores.get(compared.metric, ()) for one in done})


def counted_words(metric_id: str, of: Mapping[str, Sequence[float | None]]) -> str:
    """The same for fold scores by the name of their model."""
    metric = METRICS[metric_id]
    gaps = {name: sum(score is None for score in scores) for name, scores in of.items() if None in scores}
    if metric.ranked_as is None or not gaps:
        return ""
    each = listed(
        [(f"{name} ({number} of {counted(len(of[name]), 'fold')})") for name, number in gaps.items()], 4
    )
    return (
        f"{metric.label} is not defined where a model calls no row positive; such a fold counts as "
        f"{metric.ranked_as:g} in this ranking, so that calling none never wins: {each}."
    )


def hold_out_words(compared: CompareResult) -> str:
    """What *behind* means where a single hold-out judged; empty for several folds or a lone model."""
    if len(compared.sizes) != 1 or len(compared.board) < 2:
        return ""
    return HOLD_OUT


def overlap_words(compared: CompareResult) -> str:
    """Why a model beats the baseline whose own interval holds the baseline's score; empty where none does."""
    plain = next((row.mean for row in compared.board if row.id == compared.baseline), None)
    if compared.judged_by != "rows" or not is_defined(plain):
        return ""
    names = [
        compared.labels[row.id]
        for row in compared.board
        if row.beats_baseline
        and is_defined(row.low)
        and is_defined(row.high)
        and row.low <= plain <= row.high
    ]
    if not names:
        return ""
    return (
        f"The interval of {listed(names)} holds the score of the baseline: it says how far the score by "
        "itself may be off. Whether a model beats the baseline is told by their difference on the same rows."
    )


def gain_words(gain: Gain | NoGain, metric: str) -> str:
    """What a search gained over the untuned model, in one sentence.

    Args:
        gain: of ``core.train.tune.gain``.
        metric: id of the score.
    """
    if isinstance(gain, NoGain):
        return f"The gain is not known. {gain.error.problem}"
    where = "on fresh folds" if gain.fresh_folds else "on the same folds, which flatters the tuned model"
    mean, low, high = gain.mean, gain.low, gain.high
    if not (is_defined(mean) and is_defined(low) and is_defined(high)):
        return f"The gain cannot be told: the rows are too few to give an interval {where}."
    if low == high == 0:
        return f"No gain: {METRICS[metric].label} is the same {where}."
    size = _change(mean, low, high, METRICS[metric])
    if low > 0:
        return f"The tuned model is better: {size} {where}."
    if high < 0:
        return f"Worse {where}: {size}. Keep the untuned model."
    return f"No gain beyond noise: {size} {where}."


def _change(mean: float, low: float, high: float, metric: Metric) -> str:
    """The gain as a change of the score: ``F1 +0.02 [+0.01, +0.03]``, ``RMSE lower by 12 [3, 21]``."""
    if metric.better == "higher":
        return f"{metric.label} {difference(mean, low, high)}"
    way = "lower" if mean >= 0 else "higher"
    ends = (mean, low, high) if mean >= 0 else (-mean, -high, -low)
    return f"{metric.label} {way} by {difference(*ends).replace('+', '')}"


def lead_words(compared: CompareResult) -> str:
    """A comparison in a few words: how many models, how many finished if not all did, and which is best."""
    models = [one for one in compared.candidates if one.model != compared.baseline]
    words = counted(len(models), "model")
    states = [one.status for one in models]
    if "stopped" in states:
        how = "time was over" if compared.cut_by == "time" else "stopped"
        words = f"{states.count('done')} of {words}, {how}"
    best = compared.board[0].id if compared.board else None
    label = compared.labels.get(best, "") if best else ""
    return f"Compared {words}, best {label}" if label else f"Compared {words}"
