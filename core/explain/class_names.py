"""Names of classes as the training file writes them, beside those that the model gives."""

from __future__ import annotations

from core.errors import FoldlineError
from core.export.bundle.open import Bundle
from core.standalone.prediction import class_as_written


class ClassNames:
    """The names of the classes of a bundle.

    Args:
        bundle: opened; classes that are times have a name of their own in the file.
    """

    def __init__(self, bundle: Bundle) -> None:
        classes, is_time = bundle.manifest.classes, bundle.schema.target_type == "datetime"
        format = bundle.schema.target_format
        written = {name: class_as_written(name, format) for name in classes} if is_time else {}
        self._classes = classes
        self._written = written if len(set(written.values())) == len(classes) else {}
        self._own = {text: name for name, text in self._written.items()}

    def written(self, name: str) -> str:
        """As in the file."""
        return self._written.get(name, name)

    def own(self, name: str) -> str:
        """As the model gives it, from either."""
        return self._own.get(name, name)

    def goal(self, goal: str | float) -> str | float:
        """A class or a number that is wanted; a class as the model gives it."""
        return self.own(goal) if isinstance(goal, str) else goal

    def unknown(self, goal: str | float) -> FoldlineError:
        """The refusal of a class that the model does not know."""
        names = ", ".join(repr(self.written(name)) for name in self._classes)
        return FoldlineError("GOAL", f"The model knows no class {goal!r}.", f"Choose from {names}.")
