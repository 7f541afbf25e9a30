"""Whether the levels of a column name people: by what it is called, and by how its values are written."""

from __future__ import annotations

import re
from collections.abc import Collection

from core.drift.people.called import called
from core.drift.people.family_names import ENDINGS, FAMILY
from core.drift.people.given_names import GIVEN
from core.drift.people.thing_words import OTHERWISE
from core.drift.people.word_set import plain, word_set
from core.standalone.rows.booleans import says_yes_or_no

FEW_WORDS = 6
MANY = 10
LONG_NUMBER, SHORT_NUMBER = 9, 6
SOME = 0.2
KNOWN = 0.12
"""Share of the levels that are known names. Of the surnames that Faker draws in English, German, French and
Spanish at least a quarter are known, of its towns, countries, jobs, colours and products at most 6 %."""
MOSTLY = 0.8
CLEARLY = 0.6
DIVERSE = 0.7
TITLES = word_set(
    """
    mr mrs ms miss mx sir lord lady dr prof herr frau hr fr dipl ing mag monsieur madame mademoiselle mme mlle
    m senor senora senorita sr sra srta don dona dra signor signora sig rev capt sgt lt col hon
    """
)
WORD = r"[^\W\d_][\w'’.-]*"
PERSON = re.compile(rf"{WORD},?( {WORD}){{1,3}}")
SINGLE = re.compile(r"[^\W\d_][^\W\d_'’-]+(-[^\W\d_]+)?")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
TELEPHONE = re.compile(r"[+(]?[\d ()/.+-]{7,}( ?(x|ext\.?) ?\d+)?")
NUMBERED = re.compile(r"([a-z]{2,6})[._-]?\d{2,6}")
PARTED = re.compile(r"([a-z]+)[._]([a-z]{2,})\d*")
JOINED = re.compile(r"[a-z]{4,}\d{0,3}")
FAMILY_ENDING = re.compile(rf"[^\W\d_]{{2,}}({'|'.join(sorted(ENDINGS))})")
STREETS = ("strasse", "weg", "platz", "allee", "gasse")


def names_somebody(name: str, levels: Collection[str]) -> bool:
    """Whether a column looks like people: names, user names, mail addresses, numbers of telephones.

    A column that is called after a name or a person does but for yes and no, a few plain words, and firms and
    places; one called after a thing does not, unless most levels are people in full. Of others the
    values decide: known names, forms of user names, and many names of two words that end differently.
    """
    texts = [level for level in levels if not _is_number(level)]
    what = called(name)
    if not texts:
        return what in ("name", "person") and len(levels) >= MANY and _have_three_digits(levels)
    if says_yes_or_no(texts):
        return False
    if sum(map(is_reachable, texts)) >= SOME * len(texts):
        return True
    if what == "reached":
        return len(texts) >= MANY
    if what in ("name", "person"):
        return not (_are_plain_words(texts) or (what == "name" and _are_otherwise(texts)))
    people = sum(map(is_person, texts))
    if what == "thing":
        return people >= max(2.0, CLEARLY * len(texts))
    known = people + sum(map(_single_name, texts)) + _user_names(texts)
    return known >= max(1.0, KNOWN * len(texts)) or _are_many_names(texts)


def is_somebody(name: str, level: str) -> bool:
    """Whether a single level of a column that names nobody else is a person in full, or can be reached."""
    return is_reachable(level) or (called(name) != "thing" and is_person(level))


def is_reachable(level: str) -> bool:
    """Whether a text is a mail address or the number of a telephone."""
    text = level.strip()
    if MAIL.fullmatch(text):
        return True
    digits = sum(map(str.isdigit, text))
    is_dialled = digits >= LONG_NUMBER or (text[:1] in "+(0" and digits >= SHORT_NUMBER)
    return bool(TELEPHONE.fullmatch(text)) and is_dialled and not _is_number(text) and not _is_day(text)


def is_person(level: str) -> bool:
    """Whether a text is a person in two words or more: by a title, a given name, an initial and a surname."""
    text = level.strip()
    if not PERSON.fullmatch(text) or text == text.lower() or _is_otherwise(text):
        return False
    words = _words(text)
    if words[0] in TITLES and len(words[-1]) > 2:
        return True
    is_given = any(set(word.split("-")) <= GIVEN for word in words)
    is_family = any(word in FAMILY for word in words)
    return is_given or (is_family and ("," in text or any(len(word) == 1 for word in words)))


def _words(text: str) -> list[str]:
    return [plain(word).replace(".", "").strip(",") for word in text.split()]


def _is_otherwise(text: str) -> bool:
    """Whether a text of several words names a place, a firm, an institution or a street."""
    words = _words(text)
    return bool(OTHERWISE & {*words}) or (words[-1:] != [] and words[-1].endswith(STREETS))


def _are_otherwise(levels: Collection[str]) -> bool:
    """Whether half of the levels are places, firms and the like, and none is a person."""
    return 2 * sum(map(_is_otherwise, levels)) >= len(levels) and not any(map(is_person, levels))


def _single_name(level: str) -> float:
    """1 for one word that is a known name, a half for one that ends as surnames do, else 0."""
    text = level.strip()
    if not SINGLE.fullmatch(text):
        return 0.0
    parts = plain(text).split("-")
    if all(part in GIVEN or part in FAMILY for part in parts):
        return 1.0
    return 0.5 if text.istitle() and FAMILY_ENDING.fullmatch(parts[-1]) else 0.0


def _user_names(levels: Collection[str]) -> int:
    """How many levels are user names: names with a dot, an initial and a surname, initials and a number."""
    numbered = [match[1] for level in levels if (match := NUMBERED.fullmatch(level))]
    is_diverse = len(set(numbered)) >= DIVERSE * len(numbered) and len(numbered) > max(2, len(levels) / 2)
    return sum(map(_is_user_name, levels)) + (len(numbered) if is_diverse else 0)


def _is_user_name(level: str) -> bool:
    if match := PARTED.fullmatch(level):
        return bool({match[1], match[2]} & (GIVEN | FAMILY))
    word = level.rstrip("0123456789")
    return bool(JOINED.fullmatch(level)) and word not in FAMILY and word[1:] in FAMILY


def _are_plain_words(levels: Collection[str]) -> bool:
    """Whether levels are a few words in small letters of which none is known as a name."""
    small = all(level == level.lower() and not re.search(r"[\d._]", level) for level in levels)
    return (
        small and len(levels) <= FEW_WORDS and not any(map(_single_name, levels)) and not _user_names(levels)
    )


def _are_many_names(levels: Collection[str]) -> bool:
    """Whether most of many levels are two to four words that end differently and say nothing else."""
    names = [level for level in levels if PERSON.fullmatch(level) and not _is_otherwise(level)]
    last = {name.split()[-1] for name in names}
    return len(levels) >= MANY and len(names) >= MOSTLY * len(levels) and len(last) >= DIVERSE * len(names)


def _have_three_digits(levels: Collection[str]) -> bool:
    """Whether most numbers are whole and of three digits or more, as numbers of people are."""
    long = [bool(re.fullmatch(r"\d{3,}(\.0)?", level)) for level in levels]
    return sum(long) >= MOSTLY * len(long)


def _is_day(level: str) -> bool:
    return bool(re.fullmatch(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([ T].*)?", level))


def _is_number(level: str) -> bool:
    try:
        float(level)
    except ValueError:
        return False
    return True
