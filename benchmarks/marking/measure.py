"""Compares what ``tracker.reading`` marks with what a person marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tracker.reading.duties import Duty
from tracker.reading.marks import Mark, mark
from tracker.reading.names import Known

from .corpus import Article, Passage, Place, Reading, agreement

ROWS = {
    "actor": "Actors, the right one",
    "name": "Names nobody recorded",
    "date": "Dates, found",
    "resolved": "Dates, found and rightly resolved",
    "duty": "Obligation terms, found",
    "category": "Obligation terms, in the right category",
    "notice": "Notices, by line",
}
"""What is counted, in the order shown, as it is called in the table."""

ROWS_OF = {"actor": ("actor",), "name": ("name",), "date": ("date", "resolved"), "duty": ("duty", "category")}
"""Under which rows a kind of mark is counted."""


class Span(Protocol):
    """Anything with a place in a text, in code points."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(slots=True)
class Tally:
    """Counts of one row: of a person's marks, how many were found; of the marks made, how many were right.

    ``exact_*`` count only those whose first and last character agree too.
    """

    wanted: int = 0
    found: int = 0
    made: int = 0
    right: int = 0
    exact_found: int = 0
    exact_right: int = 0

    def add(self, other: "Tally") -> None:
        """Adds another's counts to these."""
        for each in self.__slots__:
            setattr(self, each, getattr(self, each) + getattr(other, each))

    @property
    def precision(self) -> float | None:
        """Share of the marks made that are right, 0 to 1; ``None`` where none was made."""
        return self.right / self.made if self.made else None

    @property
    def recall(self) -> float | None:
        """Share of the marks wanted that were found, 0 to 1; ``None`` where none was wanted."""
        return self.found / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 0 where nothing is right; ``None`` where nothing was wanted and nothing made."""
        return self._f1(self.right, self.found)

    @property
    def exact_f1(self) -> float | None:
        """The same, counting only marks that agree to the letter."""
        return self._f1(self.exact_right, self.exact_found)

    def _f1(self, right: int, found: int) -> float | None:
        if not self.wanted and not self.made:
            return None
        if not right or not found:
            return 0.0
        precision, recall = right / self.made, found / self.wanted
        return 2 * precision * recall / (precision + recall)


@dataclass(frozen=True, slots=True)
class Slip:
    """A miss or a false alarm: which article, which row, what happened, and the words in their context."""

    article: str
    row: str
    what: str
    context: str


@dataclass(slots=True)
class Result:
    """What came out for one article or several. ``rows`` has a tally for every key of ``ROWS``."""

    articles: int = 0
    words: int = 0
    rows: dict[str, Tally] = field(default_factory=lambda: {row: Tally() for row in ROWS})
    slips: list[Slip] = field(default_factory=list)
    linked_wanted: int = 0
    """Obligation terms found whose obligation is beyond doubt ..."""
    linked: int = 0
    """... and how many of them were linked to it."""
    inside_notices: int = 0
    """Marks made inside notices."""

    def add(self, other: "Result") -> None:
        """Adds another's counts to these."""
        self.articles += other.articles
        self.words += other.words
        for row, tally in other.rows.items():
            self.rows[row].add(tally)
        self.slips += other.slips
        self.linked_wanted += other.linked_wanted
        self.linked += other.linked
        self.inside_notices += other.inside_notices


def together(results: Iterable[Result]) -> Result:
    """The sum of several results."""
    total = Result()
    for each in results:
        total.add(each)
    return total


def measure(article: Article) -> Result:
    """Marks one article and compares."""
    known = agreement(article.agreement)
    marked = mark(
        article.text,
        [Known(each.ref, each.name, each.aliases, each.kind) for each in known.actors],
        [Duty(each.code, each.title, each.category, each.obligors, each.beneficiaries) for each in known.obligations],
        article.published_on,
        article.language,
    )
    return compare(article, marked.marks, [each for each in marked.sentences if each.notice])


def compare(article: Article, made: Sequence[Mark], notices: Sequence[Span]) -> Result:
    """Compares marks and notices that were made with those of the article."""
    comparison = _Comparison(article)
    for each in made:
        comparison.judge(each)
    for passage in article.passages:
        comparison.look_for(passage, made)
    comparison.lines(notices)
    return comparison.result


class _Comparison:
    def __init__(self, article: Article) -> None:
        self.article = article
        self.categories = {each.code: each.category for each in agreement(article.agreement).obligations}
        self.result = Result(articles=1, words=article.words)

    def is_right(self, row: str, made: Mark, wanted: Reading) -> bool:
        match row:
            case "actor":
                return made.ref in wanted.refs
            case "category":
                return self.categories.get(made.ref) in wanted.refs
            case "resolved":
                return any(when.holds(made.first, made.last) for when in wanted.whens)
        return True

    def judge(self, made: Mark) -> None:
        """Counts a mark that was made as right, wrong, or neither."""
        if any(_overlap(made, notice) for notice in self.article.notices):
            self.result.inside_notices += 1
        near = [each for each in self.article.passages if _overlap(made, each) and each.reading(made.kind)]
        if not near and any(each.kind == made.kind and _overlap(made, each) for each in self.article.open):
            return
        for row in ROWS_OF[made.kind]:
            hits = [each for each in near if self.hits(row, made, each)]
            tally = self.result.rows[row]
            tally.made += 1
            tally.right += bool(hits)
            tally.exact_right += any(_same(made, each) for each in hits)
            if not hits:
                self.slip(row, f"{'wrong' if near else 'false alarm'}: {_said(made)}", made)

    def look_for(self, passage: Passage, made: Sequence[Mark]) -> None:
        """Counts a person's mark as found or missed, under the kind it was found as, else under its first."""
        near = [each for each in made if _overlap(each, passage) and passage.reading(each.kind)]
        kind = near[0].kind if near else passage.readings[0].kind
        for row in ROWS_OF[kind]:
            hits = [each for each in near if self.hits(row, each, passage)]
            tally = self.result.rows[row]
            tally.wanted += 1
            tally.found += bool(hits)
            tally.exact_found += any(_same(each, passage) for each in hits)
            if not hits:
                self.slip(row, f"missed: {_wanted(passage)}", passage)
        wanted = passage.reading(kind)
        if wanted and wanted.code and near:
            self.result.linked_wanted += 1
            self.result.linked += any(each.ref == wanted.code for each in near if each.kind == kind)

    def hits(self, row: str, made: Mark, passage: Passage) -> bool:
        wanted = passage.reading(made.kind)
        return wanted is not None and row in ROWS_OF[made.kind] and self.is_right(row, made, wanted)

    def lines(self, notices: Sequence[Span]) -> None:
        """Compares which lines are mostly notice."""
        tally, at = self.result.rows["notice"], 0
        for line in self.article.text.split("\n"):
            span = Place(at, at + len(line))
            at = span.end + 1
            if not line.strip():
                continue
            wanted, made = _mostly(span, self.article.notices), _mostly(span, notices)
            tally.wanted += wanted
            tally.made += made
            tally.found += wanted and made
            tally.right += wanted and made
            tally.exact_found += wanted and made
            tally.exact_right += wanted and made
            if wanted != made:
                self.slip("notice", "missed" if wanted else "false alarm", span)

    def slip(self, row: str, what: str, span: Span) -> None:
        text, around = self.article.text, 45
        before, after = text[max(0, span.start - around) : span.start], text[span.end : span.end + around]
        words = f"{before}>>{text[span.start : span.end]}<<{after}".replace("\n", " / ")
        self.result.slips.append(Slip(self.article.name, row, what, words))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _same(one: Span, other: Span) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _mostly(line: Span, parts: Sequence[Span]) -> bool:
    covered = sum(max(0, min(line.end, each.end) - max(line.start, each.start)) for each in parts)
    return 2 * covered > line.end - line.start


def _said(made: Mark) -> str:
    return f"{made.first}..{made.last}" if made.kind == "date" else made.ref or made.kind


def _wanted(passage: Passage) -> str:
    first = passage.readings[0]
    return ", ".join(first.refs) or " or ".join(f"{when.first}..{when.last}" for when in first.whens) or first.kind
