"""The panel beside an article: what a chosen passage reports, taken into the reader's open set, and taken out again."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.codebook import QUOTE_WORDS, EventRole
from tracker.models import Agreement, Article, Effect, Event, Obligation, Proposal, Report, Vantage
from tracker.models.amending import amend
from tracker.models.intake import add_actor, add_report, may_be_reported, take_in
from tracker.models.likely import Hint, Likely, likely
from tracker.models.standing import board
from tracker.reading.anchors import Selector, find, selector
from tracker.reading.marks import Mark
from tracker.reading.suggest import Suggestion

from . import kept
from .access import Request, at_the_desk, is_signed_in
from .evidence import asked
from .forms.judgement import as_id
from .forms.reading import NEW, Menu, PassageForms, Start
from .outcomes import SeeOther
from .reading import Paragraph, Reading, article_to_read, open_reading, page_context
from .sheets import sent

SLOT = "passage"
FOUND = 10
MOVES = {"start-back": (0, -1), "start-on": (0, 1), "end-back": (1, -1), "end-on": (1, 1)}
"""The buttons beside a quote: which of its ends moves, and by how many words."""


@dataclass
class PassageSheet:
    """The form about one passage, on its way out. Without a session there is no ``reading``: only what was typed."""

    request: Request
    article: Article
    agreement: Agreement
    forms: PassageForms
    reading: Reading | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def fill(cls, request: Request, pk: uuid.UUID, data: QueryDict | None = None, **how: Any) -> "PassageSheet":
        data = sent(request) if data is None else data
        given: Mapping[str, str] = request.GET if data is None else data
        # The database knows no text with a NUL in it.
        slug, at = given.get("agreement", "").replace("\0", ""), given.get("at", "")
        if not is_signed_in(request):
            article, agreement = get_object_or_404(Article, pk=pk), get_object_or_404(Agreement, slug=slug)
            forms = PassageForms(Menu.of(agreement), data, unique=pk.hex, initial=Start(), checked=False)
            return cls(request, article, agreement, forms)
        reading = open_reading(request, pk, slug, at)
        if reading.agreement is None:
            raise Http404("Choose the agreement for which this is read.")
        reading.menu.here = reading.actors_here
        hint = hint_at(reading)
        choices = likely(reading.agreement, reading.proposal, hint)
        forms = PassageForms(
            reading.menu,
            data,
            unique=pk.hex,
            initial=start_at(reading, hint, choices),
            published_on=reading.article.published_on,
            **how,
        )
        query = asked(given) if data is not None else ""
        sheet = cls(request, reading.article, reading.agreement, forms, reading)
        sheet.context = {
            "choices": sheet._choices(choices, query),
            "query": query,
            "suggested": reading.suggestion() is not None,
        }
        return sheet

    def _choices(self, found: list[Likely], query: str) -> list[Likely]:
        """The events to choose from: the likely ones, those with the words searched for, and the one chosen already."""
        assert self.reading is not None  # noqa: S101  # only those who are signed in are offered events
        shown = {one.event.pk for one in found}
        rows = may_be_reported(self.agreement, self.reading.proposal).exclude(pk__in=shown)
        more: list[Likely] = []
        if query:
            for word in query.split()[:8]:
                rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(place__icontains=word))
            more = [Likely(event) for event in rows.order_by("-date", "-pk")[:FOUND]]
        chosen = as_id(self.forms.target)
        if chosen and chosen not in shown | {one.event.pk for one in more}:
            more += [Likely(event) for event in rows.filter(pk=chosen)]
        return [*found, *more]

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        request = self.request
        if status in (401, 403):
            for form in (
                self.forms.passage,
                self.forms.event,
                self.forms.report,
                *self.forms.cast,
                *self.forms.effects,
            ):
                form.checked = False
        context = {
            "section": "desk",
            "forms": self.forms,
            "article": self.article,
            "agreement": self.agreement,
            "unique": self.article.pk.hex,
            "action": f"/desk/articles/{self.article.pk}/passage/",
            "inline": True,
            "fragment": bool(request.htmx),
            "slot": SLOT,
            "most": QUOTE_WORDS,
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            **self.context,
            **outcome,
        }
        if self.reading is None:
            template = "desk/_passage.html" if request.htmx else "desk/passage.html"
            return aimed(render(request, template, context, status=status), self.request)
        context |= panel_at(self.reading)
        if request.htmx:
            response = render(request, "desk/_passage.html", context | {"set": self.reading.tally}, status=status)
            return aimed(response, request)
        context |= page_context(self.reading) | {"panel": "desk/_passage.html"}
        context["wrong"] = self._wrong() if status == 422 else []
        return render(request, "desk/reading.html", context, status=status)

    def _wrong(self) -> list[tuple[str, str]]:
        """Label and id of every control with a complaint, for a page on which no script moves the focus there."""
        fields = [form[name] for form in self.forms.parts for name in form.errors if name in form.fields]
        return [(str(one.label), one.id_for_label) for one in fields]

    # What its buttons do

    def save(self) -> HttpResponse:
        forms, reading = self.forms, self.reading
        assert reading is not None  # noqa: S101  # only those who are signed in save
        valid = forms.is_valid()
        words = self._anchor() if "quote" in forms.passage.cleaned_data else None
        wanted = as_id(forms.target)
        event = may_be_reported(self.agreement, reading.proposal).filter(pk=wanted).first() if wanted else None
        if not forms.is_new and event is None:
            forms.passage.add_error("target", "This event is no longer open to reports. Choose another one.")
        if not valid or words is None or forms.passage.errors:
            return self.answer(422)
        told = forms.report.report(words.exact, words.prefix, words.suffix)
        by = self.request.user
        try:
            with transaction.atomic():
                proposal = Proposal.open_for(self.agreement, self.article, by)
                if event is None:
                    new = forms.event.event(forms.actors())
                    made = take_in(proposal, self.article, new, told, forms.obligations(), by)
                    report = made.reports.get()
                else:
                    report = add_report(proposal, self.article, event, told, forms.obligations(), by)
        except ValidationError as error:
            forms.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        return saved(self.request, reading, report, "event" if event is None else "report")

    def _anchor(self) -> Selector | None:
        """The quote as it stands in the text with the words around it; a complaint beside the field if it does not."""
        assert self.reading is not None  # noqa: S101  # the same
        quote: str = self.forms.passage.cleaned_data["quote"]
        text = self.reading.text
        spot = locate(text, self.reading.at, quote)
        if spot:
            return selector(text, *spot)
        if self.forms.report.cleaned_data.get("translator"):
            start, end = self.reading.at or (0, 0)
            around = selector(text, start, end) if start < end else Selector("")
            return Selector(quote, around.prefix, around.suffix)
        self.forms.passage.add_error(
            "quote", "These words do not stand in the text. Choose words as they are printed, or name the translator."
        )
        return None

    def move(self, how: str) -> HttpResponse:
        """The quote with one word more or less at one of its ends."""
        reading = self.reading
        assert reading is not None  # noqa: S101  # the same
        data = self.request.POST.copy()
        spot = locate(reading.text, reading.at, data.get("quote", ""))
        if spot and how in MOVES:
            start, end = moved(reading.text, spot, *MOVES[how])
            data["quote"] = reading.text[start:end]
        again = self.fill(self.request, self.article.pk, data, checked=False)
        if spot is None:
            again.context["quote_note"] = "These words do not stand in the text, so they cannot be moved along it."
        return again.answer()

    def mend(self, given: str) -> HttpResponse:
        """The words in the form become the quote of a report whose own words are no longer in the text."""
        reading = self.reading
        assert reading is not None  # noqa: S101  # the same
        report = next((one.report for one in reading.broken if str(one.report.pk) == given), None)
        spot = locate(reading.text, reading.at, self.request.POST.get("quote", ""))
        problem = "" if spot else "These words do not stand in the text. Choose words as they are printed."
        if report is None:
            problem = "This quote was mended already."
        if spot and report and not problem:
            words = selector(reading.text, *spot)
            values = {"quote": words.exact, "prefix": words.prefix, "suffix": words.suffix}
            reason = self.request.POST.get("mend-reason", "")
            try:
                amend(report, values, by=self.request.user, reason=reason)
            except ValidationError as error:
                problem = " ".join(error.messages)
        again = self.fill(self.request, self.article.pk, checked=False)
        again.context["mended"] = None if problem else report
        again.context["mend_problem"] = problem
        return again.answer(422 if problem else 200)

    def add_actor(self) -> HttpResponse:
        """An actor that the record lacks, put among those involved at once."""
        again = self.fill(self.request, self.article.pk, checked=False, complete_actor=True)
        form = again.forms.actor
        if not form.is_valid():
            again.context["adding_actor"] = True
            return again.answer(422)
        try:
            given = form.cleaned_data
            actor = add_actor(given["name"], given["kind"], given["parent"], self.request.user)
        except ValidationError as error:
            form.blame(error)
            again.context["adding_actor"] = True
            return again.answer(422)
        data = self.request.POST.copy()
        rows = len(self.forms.cast)
        free = next((at for at in range(rows) if not data.get(f"cast-{at}-actor")), rows)
        data[f"cast-{free}-actor"] = str(actor.pk)
        data.setdefault(f"cast-{free}-role", EventRole.PARTICIPANT.value)
        for name in ("name", "kind", "parent"):
            data.pop(f"actor-{name}", None)
        again = self.fill(self.request, self.article.pk, data, checked=False)
        again.context["added_actor"] = actor
        return again.answer()


def aimed(response: HttpResponse, request: Request) -> HttpResponse:
    """An answer for htmx that goes into the panel, wherever the request said it should go."""
    if request.htmx and response.status_code != 200:
        response.headers["HX-Retarget"] = f"#{SLOT}"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


# What the form starts with


def hint_at(reading: Reading) -> Hint:
    """What is known of the event that the chosen passage speaks of, from the suggestion or else from the marks."""
    if reading.at is None:
        return Hint()
    found, menu = reading.suggestion(), reading.menu
    published = reading.article.published_on
    text = reading.text[slice(*reading.at)]
    named = [actor for actor, _ in found.actors] if found else [one.ref for one in reading.marks_at("actor")]
    actors = [menu.actor(ref) for ref in named]
    duties = [menu.obligation(one.ref) for one in reading.marks_at("duty")]
    first, last = (found.date, found.date_end) if found else _days(reading.marks_at("date"))
    dated = first is not None
    if first is None and published:
        # Where no day is named, what an article tells has mostly happened in the days before it.
        first, last = published - dt.timedelta(days=4), published
    return Hint(
        first=first,
        last=last or first,
        dated=dated,
        speaker=menu.actor(found.originator) if found else None,
        kind=found.kind if found else "",
        place=found.place if found else "",
        actors=list(dict.fromkeys(actor for actor in actors if actor)),
        obligations=list(dict.fromkeys(duty for duty in duties if duty)),
        text=text,
    )


def start_at(reading: Reading, hint: Hint, choices: list[Likely]) -> Start:
    """The form filled in from the suggestion, or from what is marked in the passage."""
    if reading.at is None or reading.agreement is None:
        return Start()
    found = reading.suggestion()
    sure = choices[0].event.pk if choices and choices[0].sure else NEW
    first = {
        "agreement": reading.agreement.slug,
        "at": "{}-{}".format(*reading.at),
        "quote": first_quote(reading, found),
        "target": str(sure),
    }
    unknown = [reading.text[one.start + reading.part.start : one.end + reading.part.start] for one in _unknown(reading)]
    new_actor = {"name": unknown[0] if unknown else ""}
    if found is None:
        day, end = _days(reading.marks_at("date"))
        return Start(
            passage=first,
            event={"date": day or reading.article.published_on, "date_end": end if end != day else None},
            cast=[{"actor": str(actor.pk)} for actor in hint.actors],
            effects=[{"obligation": str(duty.pk)} for duty in hint.obligations],
            actor=new_actor,
        )
    return Start(
        passage=first,
        event={
            "title": found.title,
            "kind": found.kind,
            "state": found.state,
            "date": found.date or reading.article.published_on,
            "date_end": found.date_end if found.date_end != found.date else None,
            "date_precision": found.date_precision,
            "place": found.place,
            "verification": found.verification,
        },
        report={
            "originator": found.originator,
            "originator_text": "" if found.originator else found.originator_text,
            "relays": found.relays,
            "stance": found.stance,
            "about": found.about,
        },
        cast=[{"actor": actor, "role": role} for actor, role in found.actors],
        effects=[{"obligation": duty, "effect": effect} for duty, effect in found.effects],
        actor=new_actor,
    )


def _days(marks: list[Mark]) -> tuple[dt.date | None, dt.date | None]:
    return (marks[0].first, marks[0].last) if marks else (None, None)


def _unknown(reading: Reading) -> list[Mark]:
    seen: dict[str, Mark] = {}
    for one in reading.marks_at("name"):
        seen.setdefault(one.label, one)
    return list(seen.values())


def first_quote(reading: Reading, found: Suggestion | None) -> str:
    """The words that the quote starts with: a short passage itself, else those suggested, else its first words."""
    assert reading.at is not None  # noqa: S101  # asked of a chosen passage
    start, end = reading.at
    shift = reading.part.start
    whole = any(line.start == start and line.end == end for line in reading.lines) or (
        found is not None and (found.start + shift, found.end + shift) == reading.at
    )
    if found and (whole or len(reading.text[start:end].split()) > QUOTE_WORDS):
        first, last = found.quote_start + shift, found.quote_end + shift
        if start <= first < last <= end:
            return reading.text[first:last]
    spans = _spans(reading.text, start, end)
    if len(spans) > QUOTE_WORDS:
        spans = spans[:QUOTE_WORDS]
        # Rather a whole clause than one that breaks off.
        pauses = [at for at in range(6, QUOTE_WORDS) if reading.text[spans[at][1] - 1] in ",;:.،؛"]
        spans = spans[: pauses[-1] + 1] if pauses else spans
    return reading.text[spans[0][0] : spans[-1][1]].rstrip(",;:") if spans else ""


# A quote in its text


def locate(text: str, at: tuple[int, int] | None, quote: str) -> tuple[int, int] | None:
    """Where the words stand: inside the passage if they do, else the place nearest to what is around the passage."""
    quote = quote.strip()
    if not quote or len(quote) > 2000:
        return None
    if at is None:
        return find(text, Selector(quote))
    start, end = at
    inside = find(text[start:end], Selector(quote))
    if inside:
        return inside[0] + start, inside[1] + start
    around = selector(text, start, end)
    return find(text, Selector(quote, around.prefix, around.suffix))


def moved(text: str, spot: tuple[int, int], end: int, by: int) -> tuple[int, int]:
    """The span with its start (``end`` 0) or its end (1) moved by one word; never empty, never too long."""
    start, last = spot
    spans = _spans(text, max(0, start - 200), min(len(text), last + 200))
    inside = [at for at, (first, final) in enumerate(spans) if first < last and start < final]
    if not inside:
        return spot
    bounds = [inside[0], inside[-1]]
    bounds[end] += by
    bounds = [max(0, bounds[0]), min(len(spans) - 1, bounds[1])]
    if bounds[0] > bounds[1] or bounds[1] - bounds[0] >= QUOTE_WORDS:
        return spot
    return spans[bounds[0]][0], spans[bounds[1]][1]


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the words stand, parted by white space."""
    found: list[tuple[int, int]] = []
    first = None
    for at in range(start, end):
        if text[at].isspace():
            if first is not None:
                found.append((first, at))
                first = None
        elif first is None:
            first = at
    if first is not None:
        found.append((first, end))
    return found


# The panel


def panel_at(reading: Reading) -> dict[str, Any]:
    """What the panel says about the chosen passage beside the form."""
    lines = [line for line in reading.lines if line.chosen]
    numbers = [line.number for line in lines]
    before = next((line for line in reading.lines if lines and line.number == numbers[0] - 1), None)
    after = next((line for line in reading.lines if lines and line.number == numbers[-1] + 1), None)
    return {
        "reading": reading,
        "lines": lines,
        "passage_text": reading.text[slice(*reading.at)] if reading.at else "",
        "with_before": f"{before.start}-{lines[-1].end}" if before else "",
        "with_after": f"{lines[0].start}-{after.end}" if after else "",
        "uses": [use for line in lines for use in line.uses],
        "unknown": [one.label for one in _unknown(reading)],
        "has_figures": reading.at is not None and any(one.isdecimal() for one in reading.text[slice(*reading.at)]),
        "next": reading.next_offer,
    }


@require_safe
@at_the_desk()
def read(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The article, beside it the passage that the address names, what was just saved, or the suggestions."""
    given = request.GET
    reading = open_reading(request, pk, given.get("agreement", ""), given.get("at", ""), given.get("part", ""))
    if reading.article.pk != pk:
        return SeeOther(f"/desk/articles/{reading.article.pk}/?{request.GET.urlencode()}")
    if reading.agreement is not None and reading.at is not None:
        report = mine(reading, given.get("saved", ""))
        if report is None:
            return PassageSheet.fill(request, pk).answer()
        context = page_context(reading) | saved_context(reading, report, given.get("how", ""))
        return render(request, "desk/reading.html", context | {"panel": "desk/_saved.html"})
    panel = {"panel": "desk/_suggestions.html", "next": reading.next_offer}
    return render(request, "desk/reading.html", page_context(reading) | panel)


def passage_sheet(request: Request, pk: uuid.UUID) -> PassageSheet:
    return PassageSheet.fill(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(passage_sheet)
def passage(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The form beside a passage; every button of it that does not save gives the form back as it was typed."""
    if request.method != "POST":
        return _asked(request, pk)
    given = request.POST
    article_to_read(request, pk)
    if "move" in given:
        return PassageSheet.fill(request, pk, checked=False).move(given["move"])
    if "more" in given:
        sheet = PassageSheet.fill(request, pk, checked=False, adding=given["more"])
        sheet.context["added_rows"] = given["more"]
        return sheet.answer()
    if "search" in given:
        sheet = PassageSheet.fill(request, pk, checked=False)
        sheet.context["searched"] = True
        return sheet.answer()
    if "mend" in given:
        return PassageSheet.fill(request, pk, checked=False).mend(given["mend"])
    if "add-actor" in given:
        return PassageSheet.fill(request, pk, checked=False).add_actor()
    return PassageSheet.fill(request, pk).save()


def _asked(request: Request, pk: uuid.UUID) -> HttpResponse:
    if kept.recall(request) is None:
        reading = open_reading(request, pk, request.GET.get("agreement", ""), request.GET.get("at", ""))
        if reading.agreement is None or reading.at is None:
            # Nothing is chosen: the suggestions are what there is to show.
            if request.htmx:
                context = page_context(reading) | {"next": reading.next_offer}
                return render(request, "desk/_suggestions.html", context)
            return SeeOther(reading.address())
    response = PassageSheet.fill(request, pk).answer()
    if request.htmx:
        asked_for = {"agreement": request.GET.get("agreement", ""), "at": request.GET.get("at", "")}
        response.headers["HX-Replace-Url"] = f"/desk/articles/{pk}/?{urlencode(asked_for)}"
    return response


# What was saved


def mine(reading: Reading, given: str) -> Report | None:
    """A report of the reader's open set."""
    wanted = as_id(given)
    if wanted is None or reading.proposal is None:
        return None
    return reading.proposal.reports.filter(pk=wanted).select_related("event").first()


def saved_context(reading: Reading, report: Report, how: str) -> dict[str, Any]:
    """``how``: "event" for a new event, "report" for another report of a known one."""
    event = report.event
    effects = {one.obligation_id: one for one in event.effects.all()}
    touched = Obligation.objects.filter(pk__in=effects).select_related("phase").order_by("phase__ordinal", "code")
    rows: list[tuple[Obligation, Effect, Any]] = []
    if effects and reading.agreement is not None:
        standing = board(reading.agreement, Vantage.now())
        rows = [(duty, effects[duty.pk], standing.row(duty.code)) for duty in touched]
    return panel_at(reading) | {
        "report": report,
        "event": event,
        "how": how if how in ("event", "report") else "report",
        "touched": rows,
        "set": reading.tally,
    }


def saved(request: Request, reading: Reading, report: Report, how: str) -> HttpResponse:
    fresh = again(reading)
    if not request.htmx:
        noun = "A new event is" if how == "event" else "Another report is"
        messages.success(request, f"{noun} in your set: {report.event.title}")
        at = "{}-{}".format(*reading.at) if reading.at else ""
        return SeeOther(f"{fresh.address(at, saved=report.pk, how=how)}#{SLOT}")
    changed = [one for one in fresh.paragraphs if _shows(one, report)]
    context = page_context(fresh) | saved_context(fresh, report, how) | {"fragment": True, "changed": changed}
    return render(request, "desk/_saved.html", context)


def again(reading: Reading) -> Reading:
    """The same passage, read anew after a change."""
    slug = reading.agreement.slug if reading.agreement else ""
    at = "{}-{}".format(*reading.at) if reading.at else ""
    return open_reading(reading.request, reading.article.pk, slug, at)


def _shows(paragraph: Paragraph, report: Report) -> bool:
    """Whether something of it looks different since the report is there."""
    return any(line.chosen or any(use.report == report for use in line.uses) for line in paragraph.lines)


@require_POST
@at_the_desk()
def undo(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Takes an event or a report of the reader's open set out again."""
    given = request.POST
    reading = open_reading(request, pk, given.get("agreement", ""), given.get("at", ""))
    kind: type[Event] | type[Report] = Event if given.get("kind") == "event" else Report
    row = kind._default_manager.filter(pk=as_id(given.get("row", "")), proposal__author=request.user).first()
    if row is None or reading.agreement is None:
        raise Http404("This is no part of your set any more.")
    proposal: Any = row.proposal
    event = row if isinstance(row, Event) else row.event
    title = event.title
    touched = {
        paragraph.number for paragraph in reading.paragraphs for _, use in paragraph.uses if use.report.event == event
    }
    try:
        with transaction.atomic():
            proposal.remove(row, request.user)
            if isinstance(row, Report) and not proposal.reports.filter(event=event).exists():
                # What it said of obligations came with it.
                for effect in proposal.effects.filter(event=event).exclude(event__proposal=proposal):
                    proposal.remove(effect, request.user)
    except ValidationError as error:
        raise PermissionDenied(" ".join(error.messages)) from error
    fresh = again(reading)
    if not request.htmx:
        messages.success(request, f"Taken out of your set: {title}")
        at = "{}-{}".format(*reading.at) if reading.at else ""
        return SeeOther(f"{fresh.address(at)}#{SLOT}")
    changed = [one for one in fresh.paragraphs if one.number in touched]
    context = page_context(fresh) | {"changed": changed, "removed": title, "next": fresh.next_offer}
    return render(request, "desk/_removed.html", context)
