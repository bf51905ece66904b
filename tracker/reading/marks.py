"""What is marked in a text: actors, names, dates and phrases that speak of an obligation."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.codebook import DatePrecision
from tracker.reading import dates, names
from tracker.reading.duties import Duty, vocabulary
from tracker.reading.duties import find as find_phrases
from tracker.reading.names import Known
from tracker.reading.sentences import Sentence, sentences
from tracker.reading.tokens import Tokens, tokens

MarkKind = Literal["actor", "name", "date", "duty"]

TITLED_SHARE = 0.75
"""From this share of capitalised longer words on, a line is a headline in which capitals say nothing."""

_RANK = {"actor": 0, "date": 1, "duty": 2, "name": 3}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked passage, ``start`` to ``end`` in code points.

    ``kind`` "actor": ``ref`` is the id of a ``Known``. "name": a person or body that nobody knows, ``ref`` "".
    "duty": ``ref`` is the id of the ``Duty`` most likely meant. "date": ``first`` to ``last`` are the days it may mean,
    ``precision`` a ``DatePrecision``. ``label`` says in words what is meant.
    """

    start: int
    end: int
    kind: MarkKind
    ref: str = ""
    label: str = ""
    first: date | None = None
    last: date | None = None
    precision: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its sentences and marks, both in order; marks do not overlap and none lies in a notice."""

    text: str
    sentences: tuple[Sentence, ...]
    marks: tuple[Mark, ...]


def mark(
    text: str, known: Sequence[Known], duties: Sequence[Duty], published_on: date | None, language: str = "en"
) -> Marked:
    """Mark everything that can be found. Never raises for any text.

    Without ``published_on`` only dates written out in full are found. ``language`` is a code such as "en", "ar", "he";
    names and obligations are looked for in all three, other languages keep names and dates in figures.
    """
    found = sentences(text)
    words = tokens(text)
    number = sentence_numbers(words, found)
    titled = [_titled(text[each.start : min(each.end, each.start + 400)]) for each in found]
    lexicon = names.lexicon(known)
    people = names.find(words, lexicon, number, titled)
    who: list[str | None] = [None] * len(words)
    for each in people:
        for index in range(each.first, each.last + 1):
            who[index] = each.ref or None
    marks: list[Mark] = []
    lowered: set[tuple[int, int]] = set()
    for each in people:
        marks.append(
            Mark(each.start, each.end, "actor" if each.ref else "name", each.ref, lexicon.labels.get(each.ref, ""))
            if each.ref
            else Mark(each.start, each.end, "name", "", text[each.start : each.end])
        )
        if each.lowered:
            lowered.add((each.start, each.end))
    marks += [
        Mark(
            each.start,
            each.end,
            "date",
            "",
            written(each.first, each.last, each.precision),
            each.first,
            each.last,
            each.precision,
        )
        for each in dates.find(words, number, published_on, language)
    ]
    titles = {duty.id: duty.title for duty in duties}
    book = vocabulary(duties, [name for actor in known for name in (actor.name, *actor.aliases)])
    marks += [
        Mark(each.start, each.end, "duty", each.ref, titles[each.ref])
        for each in find_phrases(words, number, book, who)
    ]
    return Marked(text, found, _settled(marks, lowered, found))


def sentence_numbers(words: Tokens, found: Sequence[Sentence]) -> list[int]:
    """For every word the number of the sentence in which it starts; words outside belong to the one before."""
    starts = [each.start for each in found]
    return [max(0, bisect_right(starts, start) - 1) for start in words.starts]


def _titled(line: str) -> bool:
    if line.isupper():
        return True
    longer = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    if len(longer) < (2 if len(line.split()) <= 5 else 3) or line.rstrip()[-1:] in '.?!”"':
        return False
    return sum(1 for word in longer if word[0].isupper()) >= TITLED_SHARE * len(longer)


def _settled(marks: list[Mark], lowered: set[tuple[int, int]], found: Sequence[Sentence]) -> tuple[Mark, ...]:
    """Without overlaps: a name written as such before all else, then the longer, then by kind."""

    def rank(each: Mark) -> tuple[int, int, int, int]:
        if each.kind == "actor":  # written small it is rather a description, and may be what is owed
            return (2 if (each.start, each.end) in lowered else 0, each.start - each.end, 0, each.start)
        return (1, each.start - each.end, _RANK[each.kind], each.start)

    silent = [(each.start, each.end) for each in found if each.notice]
    begins = [start for start, _ in silent]
    taken: list[Mark] = []
    for group in _overlapping(sorted(marks, key=lambda each: (each.start, each.end))):
        kept: list[Mark] = []
        for each in sorted(group, key=rank):
            if all(each.end <= other.start or other.end <= each.start for other in kept):
                kept.append(each)
        taken += sorted(kept, key=lambda each: each.start)
    result = []
    for each in taken:
        at = bisect_right(begins, each.start) - 1
        if at >= 0 and each.start < silent[at][1]:
            continue
        result.append(each)
    return tuple(result)


def _overlapping(marks: Iterable[Mark]) -> Iterable[list[Mark]]:
    group: list[Mark] = []
    end = 0
    for each in marks:
        if group and each.start >= end:
            yield group
            group = []
            end = 0
        group.append(each)
        end = max(end, each.end)
    if group:
        yield group


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def written(first: date, last: date, precision: int) -> str:
    """The days in words: "19 Dec 2025", "13 to 14 Dec 2025", "Oct 2025"."""
    if first == last:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        if precision == DatePrecision.MONTH and first.day == 1 and (last - first).days >= 27:
            return f"{_MONTHS[first.month - 1]} {first.year}"
        return f"{first.day} to {last.day} {_MONTHS[first.month - 1]} {first.year}"
    if (
        precision == DatePrecision.YEAR
        and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        and first.year == last.year
    ):
        return f"{first.year}"
    head = f"{first.day} {_MONTHS[first.month - 1]}" + (f" {first.year}" if first.year != last.year else "")
    return f"{head} to {last.day} {_MONTHS[last.month - 1]} {last.year}"
