"""Whether validation rows support another threshold for a recipe's model, wherever it came from."""

from __future__ import annotations

from core.engine.context import Context
from core.engine.work.inputs import predictions_of, runner, stored_result
from core.recipe.fingerprint import validation_key
from core.results.validate import ThresholdAdvice, ValidateResult
from core.train.judging.out_of_fold import out_of_fold
from core.train.judging.threshold_advice import advise
from core.train.work import Work


def advice_of(ctx: Context, work: Work) -> ThresholdAdvice | None:
    """Another threshold for the recipe's model, by what it said of validation rows; None without advice.

    A model of no comparison, such as a tuned one, is fitted on the folds, unless it was judged in validation.

    Raises:
        FoldlineError: as ``out_of_fold``.
    """
    recipe = work.recipe
    judged = stored_result(ctx, ValidateResult, validation_key(recipe))
    if judged is not None:
        return judged.advice
    if recipe.chosen is None or recipe.task != "binary":
        return None
    model = out_of_fold(work, recipe.chosen, predictions_of(ctx, recipe), None, runner(ctx, work))
    return advise(work, model.all_rows, model.whole)
