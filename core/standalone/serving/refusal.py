"""Why a request is refused, in a code and few words that tell a stranger nothing of the table."""

from __future__ import annotations


class RefusedRequestError(Exception):
    """A request that gets no answer.

    Attributes:
        status: of HTTP.
        code: stable.
        problem: one sentence.
        column: the column at fault, which is told to those alone who have shown a key, or empty.
    """

    def __init__(self, status: int, code: str, problem: str, column: str = "") -> None:
        super().__init__(f"{code}: {problem}")
        self.status, self.code, self.problem, self.column = status, code, problem, column

    def facts(self, is_known: bool) -> dict[str, dict[str, str]]:
        """The body of the answer.

        Args:
            is_known: whether who asks has shown a key.
        """
        error = {"code": self.code, "problem": self.problem}
        return {"error": error | ({"column": self.column} if is_known and self.column else {})}
