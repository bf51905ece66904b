"""Reading an article at the desk: its kept text with what is known in it, and what was taken from it so far."""

import datetime as dt
import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from tracker.codebook import EventKind, Review, Stage
from tracker.models import (
    Agreement,
    Article,
    BrokenAnchor,
    Copy,
    Obligation,
    Outlet,
    Proposal,
    Report,
    Vantage,
)
from tracker.models.anchors import copy_to_read, place
from tracker.reading.duties import Duty
from tracker.reading.marks import Mark, Marked, mark, written
from tracker.reading.names import Known
from tracker.reading.suggest import Suggestion, suggest

from .access import Request
from .forms.reading import Menu

NO_READER = "The kept text of articles is for researchers. An administrator of this site can give you the role."

PART = 60_000
"""So many characters of a text are read at a time; a longer one is shown in parts."""

OUTLETS_KNOWN = 2000
AT = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text, ``start`` to ``end`` in code points, counted from 1."""

    number: int
    start: int
    end: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def parts(text: str, size: int = PART) -> list[Part]:
    """The text in pieces of about ``size`` characters, cut between paragraphs where there are any, else at a space."""
    found: list[Part] = []
    start = 0
    while start < len(text) or not found:
        end = min(start + size, len(text))
        if end < len(text):
            for cut in ("\n\n", "\n", ". ", " "):
                at = text.rfind(cut, start + size // 2, end)
                if at > 0:
                    end = at + len(cut)
                    break
        found.append(Part(len(found) + 1, start, end))
        start = end
    return found


def direction(text: str) -> str:
    """ "rtl" where the first letter belongs to a script written so, else "ltr"; the browser's own guess would look at
    the number of the sentence too.
    """
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: plain, or marked. ``label`` says what is meant, ``gloss`` is shown beside it."""

    text: str
    kind: str = ""
    label: str = ""
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested event beside its sentence."""

    start: int
    end: int
    title: str
    kind: str
    when: str

    @property
    def at(self) -> str:
        return f"{self.start}-{self.end}"

    @property
    def kind_label(self) -> str:
        return str(EventKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Use:
    """A report whose quote stands in the text. ``mine``: in the reader's own open set."""

    report: Report
    start: int
    end: int
    mine: bool

    @property
    def waits(self) -> bool:
        return self.report.stage != Stage.PUBLISHED

    @property
    def at(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(slots=True)
class Line:
    """A sentence as it is shown. ``number`` counts within the part; ``gap`` is the white space after it."""

    number: int
    start: int
    end: int
    notice: bool
    gap: str = ""
    pieces: list[Piece] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    chosen: bool = False

    @property
    def at(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(slots=True)
class Paragraph:
    """``direction`` is that of its first letter: "ltr" or "rtl"."""

    number: int
    lines: list[Line]
    direction: str = "ltr"

    @property
    def notice(self) -> bool:
        return all(line.notice for line in self.lines)

    @property
    def offers(self) -> list[tuple[Line, Offer]]:
        """What is suggested and not used yet."""
        return [(line, offer) for line in self.lines for offer in line.offers]

    @property
    def uses(self) -> list[tuple[Line, Use]]:
        return [(line, use) for line in self.lines for use in line.uses]

    @property
    def noted(self) -> list[Line]:
        """The sentences beside which something is to be said."""
        return [line for line in self.lines if line.uses or line.offers]


@dataclass(slots=True)
class Block:
    """Paragraphs shown together: what is no report is folded."""

    folded: bool
    paragraphs: list[Paragraph]

    @property
    def lines(self) -> int:
        return sum(len(one.lines) for one in self.paragraphs)


@lru_cache(maxsize=8)
def _read(
    text: str,
    known: tuple[Known, ...],
    duties: tuple[Duty, ...],
    published_on: dt.date | None,
    language: str,
    outlets: tuple[str, ...],
) -> tuple[Marked, tuple[Suggestion, ...]]:
    """Marks and suggestions. Kept for the next few requests: choosing one passage after another asks for the same."""
    marked = mark(text, known, duties, published_on, language)
    return marked, tuple(suggest(marked, known, duties, published_on, outlets))


@dataclass
class Reading:
    """An article, for one agreement, as one researcher reads it. ``at`` is the passage chosen, in code points."""

    request: Request
    article: Article
    agreement: Agreement | None
    agreements: Sequence[Agreement]
    at: tuple[int, int] | None = None
    asked_part: int = 1

    @cached_property
    def copy(self) -> Copy | None:
        return copy_to_read(self.article)

    @property
    def text(self) -> str:
        return self.copy.text if self.copy else ""

    @cached_property
    def parts(self) -> list[Part]:
        return parts(self.text)

    @cached_property
    def part(self) -> Part:
        if self.at:
            return next((one for one in self.parts if one.start <= self.at[0] < one.end), self.parts[0])
        return self.parts[min(max(self.asked_part, 1), len(self.parts)) - 1]

    @cached_property
    def proposal(self) -> Proposal | None:
        """The reader's open set, if there is one already."""
        if self.agreement is None:
            return None
        mine = Proposal.objects.open_by(self.request.user).filter(agreement=self.agreement, article=self.article)
        return mine.first()

    @cached_property
    def menu(self) -> Menu:
        assert self.agreement is not None  # noqa: S101  # nothing is chosen before the agreement is
        return Menu.of(self.agreement)

    # What is in the text

    @cached_property
    def read(self) -> tuple[Marked, tuple[Suggestion, ...]]:
        """Marks and suggestions of the part at hand; their places count from its start."""
        return _read(
            self.text[self.part.start : self.part.end],
            self._known(),
            self._duties(),
            self.article.published_on,
            self.article.language,
            tuple(Outlet.objects.order_by("name").values_list("name", flat=True)[:OUTLETS_KNOWN]),
        )

    def _known(self) -> tuple[Known, ...]:
        if self.agreement is None:
            return ()
        return tuple(Known(str(one.pk), one.name, tuple(one.aliases), one.kind) for one in self.menu.actors)

    def _duties(self) -> tuple[Duty, ...]:
        if self.agreement is None:
            return ()
        return tuple(_duty(one) for one in self.menu.obligations)

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        marked, suggestions = self.read
        shift = self.part.start
        by_sentence: dict[int, list[Mark]] = defaultdict(list)
        at = 0
        for number, sentence in enumerate(marked.sentences):
            while at < len(marked.marks) and marked.marks[at].start < sentence.end:
                by_sentence[number].append(marked.marks[at])
                at += 1
        lines: dict[int, list[Line]] = defaultdict(list)
        for number, sentence in enumerate(marked.sentences):
            start, end = sentence.start + shift, sentence.end + shift
            line = Line(number + 1, start, end, sentence.notice)
            line.pieces = _pieces(marked.text, sentence.start, sentence.end, by_sentence[number])
            line.uses = [use for use in self.uses if _within(use.start, use.end, start, end)]
            line.chosen = bool(self.at and self.at[0] < end and start < self.at[1])
            lines[sentence.paragraph].append(line)
        sentences = {line.number - 1: line for group in lines.values() for line in group}
        for one in suggestions:
            line = sentences[one.sentence]
            if not self._is_used(one):
                line.offers.append(Offer(one.start + shift, one.end + shift, one.title, one.kind, _when(one)))
        for group in lines.values():
            for line, following in pairwise(group):
                line.gap = self.text[line.end : following.start]
        return [
            Paragraph(number, group, direction(self.text[group[0].start : group[-1].end]))
            for number, group in lines.items()
        ]

    @cached_property
    def blocks(self) -> list[Block]:
        found: list[Block] = []
        for paragraph in self.paragraphs:
            if not found or found[-1].folded != paragraph.notice:
                found.append(Block(paragraph.notice, []))
            found[-1].paragraphs.append(paragraph)
        return found

    @cached_property
    def lines(self) -> list[Line]:
        return [line for paragraph in self.paragraphs for line in paragraph.lines]

    @property
    def offers(self) -> list[tuple[Line, Offer]]:
        return [pair for paragraph in self.paragraphs for pair in paragraph.offers]

    @property
    def next_offer(self) -> tuple[Line, Offer] | None:
        """The first suggestion after the passage that is not used yet; after the last one, the first."""
        after = self.at[0] if self.at else -1
        # Several may be made of one sentence; the one just used is no longer among them.
        later = [pair for pair in self.offers if pair[1].start >= after]
        return next(iter(later or self.offers), None)

    def suggestion(self) -> Suggestion | None:
        """The suggestion that fits the chosen passage best, of those not used yet."""
        if self.at is None:
            return None
        start, end = self.at[0] - self.part.start, self.at[1] - self.part.start
        touching = [one for one in self.read[1] if one.start < end and start < one.end and not self._is_used(one)]
        # Of a sentence with several, the first; of words chosen by hand, the one that is about them.
        made_of_it = (one for one in touching if (one.start, one.end) == (start, end))
        about_it = (one for one in touching if one.quote_start < end and start < one.quote_end)
        return next(made_of_it, None) or next(about_it, None) or next(iter(touching), None)

    def _is_used(self, one: Suggestion) -> bool:
        """Whether a quote on record shares words with the one that it suggests."""
        start, end = one.quote_start + self.part.start, one.quote_end + self.part.start
        return any(use.start < end and start < max(use.end, use.start + 1) for use in self.uses)

    def marks_at(self, kind: str) -> list[Mark]:
        """The marks of a kind inside the chosen passage."""
        if self.at is None:
            return []
        start, end = self.at[0] - self.part.start, self.at[1] - self.part.start
        return [one for one in self.read[0].marks if one.kind == kind and start <= one.start and one.end <= end]

    @property
    def actors_here(self) -> set[uuid.UUID]:
        """Actors that the part at hand names."""
        return {uuid.UUID(one.ref) for one in self.read[0].marks if one.kind == "actor"}

    # What was taken from it

    @cached_property
    def reports(self) -> list[Report]:
        """The article's reports that this reader may see: public ones, what waits for review, and their own drafts."""
        if self.agreement is None:
            return []
        rows = seen_by(Report.objects.filter(article=self.article, event__agreement=self.agreement), self.request.user)
        return list(rows.select_related("event", "originator", "proposal"))

    @cached_property
    def uses(self) -> list[Use]:
        found = []
        for report in self.reports:
            spot = place(report, self.text)
            if spot:
                mine = bool(self.proposal and report.proposal_id == self.proposal.pk)
                found.append(Use(report, *spot, mine=mine))
        return sorted(found, key=lambda use: (use.start, use.end))

    @cached_property
    def broken(self) -> list[BrokenAnchor]:
        """Quotes that the text no longer holds."""
        rows = BrokenAnchor.objects.filter(report__in=[report.pk for report in self.reports])
        return list(rows.select_related("report__event"))

    @property
    def tally(self) -> dict[str, int]:
        """What the open set holds so far, in numbers."""
        mine = self.proposal
        parts = {"events": 0, "reports": 0, "figures": 0, "statuses": 0, "effects": 0}
        if mine is not None:
            parts["events"] = mine.events.count()
            parts["reports"] = mine.reports.count()
            parts["figures"] = mine.observations.count()
            parts["statuses"] = mine.assessments.count()
            parts["effects"] = mine.effects.count()
        return parts | {"total": sum(parts.values())}

    @property
    def waiting(self) -> "list[Proposal]":
        """The reader's sets from this article that others look at now."""
        if self.agreement is None:
            return []
        rows = Proposal.objects.waiting().filter(agreement=self.agreement, article=self.article)
        return list(rows.filter(author=self.request.user))

    # Where it is

    @property
    def reviewed(self) -> bool:
        return self.agreement is not None and self.agreement.review != Review.NONE

    def address(self, at: str = "", **more: Any) -> str:
        asked = {"agreement": self.agreement.slug} if self.agreement else {}
        asked |= {"at": at} if at else {}
        return f"/desk/articles/{self.article.pk}/?{urlencode(asked | more)}"

    @property
    def base(self) -> str:
        """Everything of a passage's address but the passage: ``{{ base }}12-60``."""
        return f"{self.address()}&at="

    @property
    def passage_base(self) -> str:
        slug = self.agreement.slug if self.agreement else ""
        return f"/desk/articles/{self.article.pk}/passage/?{urlencode({'agreement': slug})}&at="


def seen_by(rows: QuerySet[Report], person: Any) -> QuerySet[Report]:
    """Of reports, those that a researcher may see: public ones, what waits for review, and their own drafts."""
    public = Report.objects.known(Vantage.now()).values("pk")
    return rows.filter(Q(pk__in=public) | Q(stage=Stage.IN_REVIEW) | Q(stage=Stage.DRAFT, proposal__author=person))


def _within(start: int, end: int, first: int, last: int) -> bool:
    """Whether a span meets a sentence; an empty one where it touches it."""
    return start < last and first < end if start < end else first <= start <= last


def _when(one: Suggestion) -> str:
    return written(one.date, one.date_end or one.date, one.date_precision) if one.date else ""


def _duty(one: Obligation) -> Duty:
    return Duty(
        str(one.pk),
        one.title,
        one.category,
        tuple(str(actor.pk) for actor in one.obligors.all()),
        tuple(str(actor.pk) for actor in one.beneficiaries.all()),
    )


def _pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """A sentence cut at its marks; together the pieces are exactly its text."""
    found: list[Piece] = []
    at = start
    for one in marks:
        first, last = max(one.start, at), min(one.end, end)
        if first >= last:
            continue
        if at < first:
            found.append(Piece(text[at:first]))
        words = text[first:last]
        # A date written out in full needs no gloss, and a name none that says the same.
        gloss = one.label if one.kind == "date" and one.label != words else ""
        found.append(Piece(words, one.kind, one.label, gloss))
        at = last
    if at < end:
        found.append(Piece(text[at:end]))
    return found


# Opening it


def article_to_read(request: Request, pk: uuid.UUID) -> Article:
    """For those who may add what is reported; of a merged one the heir. Raises PermissionDenied and Http404."""
    if not request.user.has_perms(["tracker.assess", "tracker.add_event", "tracker.add_report"]):
        raise PermissionDenied(NO_READER)
    rows = Article.with_merged.select_related("outlet", "same_text_as__outlet")
    rows = rows.select_related("merged_into__outlet", "merged_into__same_text_as__outlet")
    return get_object_or_404(rows, pk=pk).standing


def open_reading(request: Request, pk: uuid.UUID, slug: str = "", at: str = "", part: str = "") -> Reading:
    """The article with the chosen passage; whatever of the address makes no sense is passed over."""
    article = article_to_read(request, pk)
    agreements = list(Agreement.objects.order_by("title", "slug"))
    reading = Reading(request, article, _agreement(article, agreements, slug), agreements)
    reading.asked_part = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 1
    reading.at = passage(at, len(reading.text))
    return reading


def passage(given: str, length: int) -> tuple[int, int] | None:
    """ "12-60" as numbers, if there is such a passage in a text of that length."""
    found = AT.fullmatch(given)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    return (start, end) if 0 <= start < end <= length else None


def _agreement(article: Article, agreements: Sequence[Agreement], slug: str) -> Agreement | None:
    """The agreement that was asked for, else the one that the article was brought in for or served so far."""
    by_pk = {one.pk: one for one in agreements}
    asked = next((one for one in agreements if one.slug == slug), None)
    if asked or len(agreements) == 1:
        return asked or agreements[0]
    for found in (
        Copy.objects.filter(article=article, agreement__isnull=False).order_by("-recorded_at", "-id"),
        Proposal.objects.filter(article=article).order_by("-recorded_at", "-id"),
    ):
        newest = found.values_list("agreement", flat=True).first()
        if newest:
            return by_pk.get(newest)
    served = Report.objects.filter(article=article).values_list("event__agreement", flat=True).first()
    return by_pk.get(served) if served else None


def page_context(reading: Reading) -> dict[str, Any]:
    """What desk/reading.html needs besides the panel."""
    return {
        "section": "desk",
        "reading": reading,
        "article": reading.article,
        "agreement": reading.agreement,
        "set": reading.tally,
    }
