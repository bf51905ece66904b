"""Where sentences and paragraphs begin and end."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.reading import notices
from tracker.reading.tokens import listed

_TITLES = listed(
    "mr mrs ms dr prof gen lt col maj capt sgt cpl pvt adm cmdr brig sen rep gov pres hon rev st fr supt insp "
    "amb messrs mme min sec dep asst"
)
_SHORT = listed(
    "jr sr vs etc inc ltd co corp dept est approx jan feb mar apr jun jul aug sep sept oct nov dec mon tue "
    "tues wed thu thur thurs fri sat al cf ca fig vol pp ave blvd rd govt intl natl"
)
_NUMBERED = frozenset(["no", "nos", "art", "para", "p", "ch", "sec"])
_OPENERS = listed(
    "the a an in on at it he she they we i but and this that these those there his her their its after before "
    "when while as if for from by with however meanwhile since under both all some many more most no not one "
    "two what who how why where so then now still yet even also according earlier later last next"
)
_STOP = re.compile(r"[.!?…؟۔。！？]+")
_CLOSERS = "\"'”’»)]}›"
_OPENING = "\"'“‘«([{‹¿¡—–-"
_BLANK = re.compile(r"\n[ \t\u00a0\u200e\u200f]*(?:\n[ \t\u00a0\u200e\u200f]*)+")
_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029\u0085\x0b\x0c]")
_BULLET = re.compile(r"\s*(?:[•●▪◦*·–—-]\s|\d{1,2}[.)]\s)")
_WRAPPED_FROM = 50
"""A line at least this long that ends without a full stop goes on in the next one: text wrapped at a fixed width."""
_BEFORE = 24
"""How far back an abbreviation is looked for, in characters."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, as code points into the text; ``paragraph`` counts from 0; ``notice``: it is no report."""

    start: int
    end: int
    paragraph: int
    notice: bool


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order, without the white space around them."""
    found: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(text)):
        found += [Sentence(first, last, number, notice=False) for first, last in _split(text, start, end)]
    told = notices.notices(text, [(each.start, each.end, each.paragraph) for each in found])
    return tuple(replace(each, notice=True) if is_notice else each for each, is_notice in zip(found, told, strict=True))


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every paragraph. A single line break ends one unless the line was wrapped at a fixed width."""
    even = _BREAKS.sub(lambda found: "\n" * len(found[0]) if found[0] != "\r\n" else " \n", text)
    blocks: list[tuple[int, int]] = []
    at = 0
    for blank in _BLANK.finditer(even):
        blocks += _lines(even, at, blank.start())
        at = blank.end()
    blocks += _lines(even, at, len(even))
    return blocks


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    while first < end:
        cut = first
        while True:
            line_end = text.find("\n", cut, end)
            if line_end < 0:
                line_end = end
                break
            if not _goes_on(text, cut, line_end, end):
                break
            cut = line_end + 1
        inner = _trimmed(text, first, line_end)
        if inner:
            yield inner
        first = line_end + 1


def _goes_on(text: str, start: int, line_end: int, end: int) -> bool:
    """Whether the sentence of the line before ``line_end`` goes on after the break."""
    last = text[max(start, line_end - 3) : line_end].rstrip().rstrip(_CLOSERS)[-1:]
    if not last or last in ".!?…؟:":
        return False
    following = text[line_end + 1 : min(end, line_end + 8)].lstrip(" \t\u00a0")
    if not following or _BULLET.match(following):
        return False
    return following[0].islower() or (line_end - start >= _WRAPPED_FROM and last not in ")|")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in _STOP.finditer(text, start, end):
        after = stop.end()
        if after < first:
            continue
        while after < end and text[after] in _CLOSERS:
            after += 1
        if after < end and _ends(text, first, stop.start(), stop.end(), after, end):
            inner = _trimmed(text, first, after)
            if inner:
                yield inner
            first = after
    inner = _trimmed(text, first, end)
    if inner:
        yield inner


def _ends(text: str, start: int, stop: int, stop_end: int, after: int, end: int) -> bool:
    """Whether the stop (``stop`` to ``stop_end``, closing marks up to ``after``) ends the sentence."""
    if not text[after].isspace():
        # A stop inside a number, an address or an abbreviation; a quotation mark says that the sentence is over.
        return after > stop_end and text[after].isupper() and text[stop] != "."
    at = after
    while at < end and (text[at].isspace() or text[at] in _OPENING):
        at += 1
    if at >= end:
        return True
    following = text[at]
    if following.islower():
        return False
    if text[stop:stop_end] != ".":
        return True
    if after > stop_end:  # a closing mark: a bracket that opened inside the sentence leaves it open
        return text[stop_end] != ")" or text.rfind("(", max(start, stop - 200), stop) <= start + 1
    return not _abbreviates(text, max(start, stop - _BEFORE), stop, at, end)


def _abbreviates(text: str, start: int, stop: int, at: int, end: int) -> bool:
    """Whether the single full stop at ``stop`` belongs to an abbreviation that does not end the sentence."""
    begin = stop
    while begin > start and (text[begin - 1].isalpha() or text[begin - 1] == "."):
        begin -= 1
    word = text[begin:stop]
    if not word:
        return False
    last = at
    while last < min(end, at + 12) and text[last].isalpha():
        last += 1
    following = text[at:last].lower()
    plain = word.lower()
    if "." in plain:
        return following not in _OPENERS and plain not in ("a.m", "p.m")
    if plain in _TITLES:
        return True
    if plain in _NUMBERED:
        return text[at].isdigit()
    if plain in _SHORT:
        return following not in _OPENERS
    return len(word) == 1 and word.isupper() and word != "I" and following not in _OPENERS
