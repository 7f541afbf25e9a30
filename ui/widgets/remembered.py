"""What a person looked at last, kept with the project: it survives a page switch, a refresh and a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ui.frame.session import project, workspace
from ui.widgets.tied import tie


def _name(key: str) -> str:
    return f"view.{key}"


def remembered(key: str, default: Any, options: Sequence[Any] | None = None) -> Any:
    """The value kept under the key; the default when there is none, or when it is no option any more."""
    value = workspace().get(project(), _name(key), default)
    return default if options is not None and value not in options else value


def keep(key: str, value: Any) -> None:
    """Keep a JSON value under the key."""
    workspace().put(project(), _name(key), value)


def _tied(key: str, value: Any, words: Iterable[str] = ()) -> dict[str, Any]:
    return tie(key, value, lambda chosen: keep(key, chosen), words)


def remember_tab(key: str, names: Sequence[str]) -> dict[str, Any]:
    """Keywords that keep which tab was open, to be splatted into ``st.tabs(names, ...)``."""
    tied = _tied(key, remembered(key, names[0], names))
    del tied["persist_state"]  # tabs know of none
    return tied


def remember(
    key: str, default: Any, options: Sequence[Any] | None = None, words: Iterable[str] = ()
) -> dict[str, Any]:
    """Keywords that tie a widget to a kept value, to be splatted into the widget's call.

    For what only decides what is shown, and for what a job will be asked, which its spec then keeps. What
    else changes a number is in the recipe and goes through ``state.bind``.

    Args:
        key: unique within the app.
        default: what it shows at first, and when the kept value is no option any more.
        options: the values that can be chosen, as far as they are few.
        words: as in ``tie``.
    """
    return _tied(key, remembered(key, default, options), words)
