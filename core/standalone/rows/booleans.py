"""Yes and no in the spellings of files: languages, spreadsheets, programs; upper and lower case alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ..cells import as_text

TRUE_WORDS = frozenset(
    "1 1.0 1,0 true t .true. yes y on ja j wahr oui o vrai v si sí sì s verdadero vero sim verdadeiro "
    "waar sant sann sand tak prawda ano áno pravda igen igaz kyllä tosi evet doğru da adevărat istina "
    "ναι αληθές да истина так правда はい 是 真 예 हाँ نعم כן".casefold().split()
)
FALSE_WORDS = frozenset(
    "0 0.0 0,0 false f .false. no n off nein falsch non faux falso não nao nee onwaar nej nei falskt usann "
    "falsk usand nie fałsz ne nepravda nem hamis ei epätosi hayır hayir yanlış yanliş nu fals laž "
    "όχι ψευδές нет ложь ні неправда いいえ 否 假 아니요 नहीं لا לא".casefold().split()
)


def truth(text: str) -> bool | None:
    """Whether a word says yes or no in some language; None for other words."""
    word = text.strip().casefold()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def says_yes_or_no(levels: Iterable[str]) -> bool:
    """Whether all levels, at least one, say yes or no in some language."""
    values = [truth(level) for level in levels]
    return bool(values) and None not in values


def spellings(levels: Iterable[str]) -> dict[bool, str]:
    """How a column that says yes and no writes each, by its first level that does; empty for other columns.

    Args:
        levels: all distinct values as texts, the most frequent first.
    """
    written: dict[bool, str] = {}
    for level in levels:
        value = truth(level)
        if value is None:
            return {}
        written.setdefault(value, level)
    return written if len(written) == 2 else {}


def in_trained_spelling(values: pd.Series, levels: Sequence[str]) -> pd.Series:
    """A column of yes and no with each cell written as in training; other cells and columns as they stand.

    Args:
        values: texts, numbers or booleans, any length.
        levels: all distinct values of training as texts, the most frequent first.
    """
    written = spellings(levels)
    if not written or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    texts = as_text(values)
    others = texts[texts.notna() & ~texts.isin(list(levels))].unique()
    values_of = {text: truth(text) for text in others}
    moved = {text: written[value] for text, value in values_of.items() if value is not None}
    return texts.replace(moved) if moved else values
