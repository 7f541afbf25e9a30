"""The one error type of the project."""

from __future__ import annotations


class FoldlineError(Exception):
    """A failure that a person can act on.

    Attributes:
        code: stable, upper-case id such as ``"RAGGED"``; tests and other programs match on it.
        problem: one plain sentence that names the thing and its value.
        hint: one sentence that says what to do now.
        where: the place (a column, a line, a file, a stage), or an empty string.
    """

    def __init__(self, code: str, problem: str, hint: str = "", where: str = "") -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code
        self.problem = problem
        self.hint = hint
        self.where = where

    def __reduce__(self) -> tuple[type[FoldlineError], tuple[str, str, str, str]]:
        return (FoldlineError, (self.code, self.problem, self.hint, self.where))

    def as_dict(self) -> dict[str, str]:
        """The four facts as a JSON-ready dict."""
        return {"code": self.code, "problem": self.problem, "hint": self.hint, "where": self.where}

    @classmethod
    def from_dict(cls, facts: dict[str, str]) -> FoldlineError:
        """The error that ``as_dict`` was made from."""
        return cls(facts["code"], facts["problem"], facts.get("hint", ""), facts.get("where", ""))
