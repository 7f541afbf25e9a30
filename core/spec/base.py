"""One thing that may be chosen, and all of one kind by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from core.errors import FoldlineError
from core.spec.param import Param
from core.spec.words import Value


@dataclass(frozen=True)
class Spec:
    """One thing that may be chosen.

    Attributes:
        id: snake_case, never changed once released; recipes store it.
        label: the words for people.
        help: what choosing it does to the result.
        make: the real class or function that does the work.
        params: its parameters.
        fixed: keywords that ``make`` always gets and nobody edits.
    """

    id: str
    label: str
    help: str
    make: Callable[..., Any]
    params: tuple[Param, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def param(self, name: str) -> Param:
        """The parameter of that name.

        Raises:
            FoldlineError: ``PARAM`` when there is none.
        """
        for param in self.params:
            if param.name == name:
                return param
        names = ", ".join(param.name for param in self.params) or "none"
        raise FoldlineError(
            "PARAM", f"{self.label} has no parameter {name!r}.", f"Its parameters: {names}.", self.id
        )

    def values(self, chosen: Mapping[str, Value]) -> dict[str, Value]:
        """All parameters: what was chosen, checked, and the default for the rest.

        Raises:
            FoldlineError: ``PARAM`` for an unknown name or a value out of bounds.
        """
        for name in chosen:
            self.param(name)
        return {p.name: p.check(chosen.get(p.name, p.default), self.id) for p in self.params}

    def active(self, chosen: Mapping[str, Value]) -> tuple[Param, ...]:
        """The parameters that count, given what was chosen for the others."""
        values = {p.name: chosen.get(p.name, p.default) for p in self.params}
        return tuple(p for p in self.params if p.when is None or values[p.when[0]] in p.when[1])

    def build(self, chosen: Mapping[str, Value], **more: Any) -> Any:
        """``make`` called with the fixed keywords, the parameters that count and ``more``."""
        values = self.values(chosen)
        active = {p.name: values[p.name] for p in self.active(chosen)}
        return self.make(**{**self.fixed, **active, **more})


S = TypeVar("S", bound=Spec)


class Catalog(Generic[S]):
    """The Specs of one kind, by id and in order of display."""

    def __init__(self, name: str, specs: Iterable[S]) -> None:
        self.name = name
        self._specs: dict[str, S] = {}
        for spec in specs:
            if spec.id in self._specs:
                raise ValueError(f"two {name} entries have the id {spec.id!r}")
            self._specs[spec.id] = spec

    def __iter__(self) -> Iterator[S]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, spec_id: object) -> bool:
        return spec_id in self._specs

    def __getitem__(self, spec_id: str) -> S:
        """The entry with that id.

        Raises:
            FoldlineError: ``CATALOG`` when there is none.
        """
        if spec_id not in self._specs:
            ids = ", ".join(self._specs)
            raise FoldlineError("CATALOG", f"There is no {self.name} {spec_id!r}.", f"Choose one of: {ids}.")
        return self._specs[spec_id]

    def ids(self) -> tuple[str, ...]:
        """All ids in order of display."""
        return tuple(self._specs)
