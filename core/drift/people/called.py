"""What a column is called after: persons, their names, or things; in several languages."""

from __future__ import annotations

import re
from typing import Literal

from core.drift.people.column_words import DOERS, NAMES, NAMING, NUMBERED, PARTS, REACHED, ROLES
from core.drift.people.thing_words import HEADS_FIRST, THINGS
from core.drift.people.word_set import plain

Called = Literal["name", "reached", "person", "thing", ""]
"""``name``: names of people; ``reached``: where they are reached; ``person``: somebody in a role."""
LONG = 6
ROLE_ENDINGS = tuple(sorted(word for word in ROLES if len(word) >= LONG))
INFLECTED = ("innen", "in", "en", "es", "s", "n", "e")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


def called(name: str) -> Called:
    """What a column is called after, by the noun that its name ends or, in Romance languages, begins with."""
    words = [word for word in re.split(r"[\W\d_]+", plain(_CAMEL.sub(" ", name))) if word]
    if not words:
        return ""
    if NAMING & {*words, "".join(words[-2:]), "".join(words[:2])}:
        return "name"
    if words[-1] in NAMES or words[0] in NAMES:
        others = [word for word in words if word not in NAMES and word not in PARTS]
        return "thing" if others and not any(map(_is_role, others)) else "name"
    if words[0] in HEADS_FIRST:
        return "thing"
    if _is_somebody(words):
        return "person"
    if REACHED & {words[0], words[-1], "".join(words[-2:])}:
        return "reached"
    return "thing" if any(map(_is_thing, words)) else ""


def _is_somebody(words: list[str]) -> bool:
    """Whether the noun of a name is a role: its last word, one before a number, or its first."""
    if words[-1] in DOERS or (len(words) > 1 and words[-1] in NUMBERED and _is_role(words[-2])):
        return True
    return _is_role(words[-1]) or (_is_role(words[0]) and not _is_thing(words[-1]))


def _is_role(word: str) -> bool:
    """Whether a word says who somebody is: alone, at the end of another, before *name* or *number*."""
    bare = {word, re.sub(r"(name|nummer|nr|id)$", "", word)}
    bare |= {stem.replace("ae", "a").replace("oe", "o").replace("ue", "u") for stem in bare}
    stems = bare | {stem.removesuffix(end) for stem in bare for end in INFLECTED}
    return any(stem in ROLES or stem.endswith(ROLE_ENDINGS) for stem in stems)


def _is_thing(word: str) -> bool:
    return bool({word, *(word.removesuffix(end) for end in INFLECTED)} & THINGS)
