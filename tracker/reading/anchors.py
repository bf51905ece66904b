"""Passages that are found again in a text that changed a little: the W3C's TextQuoteSelector."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
import unicodedata
from dataclasses import dataclass

CONTEXT = 32
"""How many characters before and after a passage are kept with it."""

_SAME = (
    {ord(each): "'" for each in "‘’‚‛ʼ`´"}
    | {ord(each): '"' for each in "“”„‟«»״"}
    | {ord(each): "-" for each in "‐‑‒–—−"}
)
_UNSEEN = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
MOST_PLACES = 1000
"""So many places where the passage may be are compared by what stands around them."""


@dataclass(frozen=True, slots=True)
class Selector:
    """A passage by its words (``exact``) and what stood directly before and after it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def selector(text: str, start: int, end: int) -> Selector:
    """The selector of a passage. Raises ValueError for an empty one or one outside the text."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start} to {end} is no passage of a text of {len(text)} characters")
    return Selector(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find(text: str, wanted: Selector) -> tuple[int, int] | None:
    """Where the passage is now, in code points; None if it is not there.

    The very characters are looked for first, then the same words whatever white space, quotation marks and dashes were
    used. Among several places the one decides around which most of the kept context stands.
    """
    if not wanted.exact.strip():
        return None
    places = _places(text, wanted.exact)
    if places:
        return _fitting(text, places, wanted)
    plain, origin = _plain(text)
    exact, _ = _plain(wanted.exact)
    exact = exact.strip()
    if not exact:
        return None
    found = [
        (origin[start], origin[end - 1] + 1) for start, end in _places(plain, exact) or _without_case(plain, exact)
    ]
    return _fitting(text, found, wanted) if found else None


def _places(text: str, exact: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = text.find(exact)
    while at >= 0 and len(found) < MOST_PLACES:
        found.append((at, at + len(exact)))
        at = text.find(exact, at + 1)
    return found


def _without_case(plain: str, exact: str) -> list[tuple[int, int]]:
    lowered = plain.lower()
    return _places(lowered, exact.lower()) if len(lowered) == len(plain) else []


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with one kind of space, quotation mark and dash, and for each character its place in the original."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        if letter in _UNSEEN:
            continue
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letter = " "
        elif letter > "\x7f":
            letter = letter.translate(_SAME)
            if letter > "\x7f" and unicodedata.combining(letter) == 0:
                composed = unicodedata.normalize("NFKC", letter)
                letter = composed if len(composed) == 1 else letter
        letters.append(letter)
        origin.append(place)
    plain = "".join(letters)
    return (plain, origin) if len(plain) == len(origin) else (text, list(range(len(text))))


def _fitting(text: str, places: list[tuple[int, int]], wanted: Selector) -> tuple[int, int]:
    if len(places) == 1:
        return places[0]
    prefix = _words(wanted.prefix)
    suffix = _words(wanted.suffix)
    best, most = places[0], -1
    for start, end in places:
        before = _words(text[max(0, start - 3 * CONTEXT) : start])
        after = _words(text[end : end + 3 * CONTEXT])
        score = _shared(prefix[::-1], before[::-1]) + _shared(suffix, after)
        if score > most:
            best, most = (start, end), score
    return best


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_SAME)).strip()


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return count
    return min(len(one), len(other))
