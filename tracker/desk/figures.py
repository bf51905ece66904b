"""Entering figures from an article: a pasted table becomes observations, after every cell was looked at."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from tracker.codebook import QUOTE_WORDS, EventKind
from tracker.models import Agreement, Article, Event, Measure, Proposal
from tracker.models.intake import NewEvent, NewReport, add_figures, may_be_reported, take_in
from tracker.reading.anchors import Selector, selector

from . import kept
from .access import Request, at_the_desk, is_signed_in
from .forms.figures import Common, FiguresForm, Sheet, offer_figures, read_table, roles
from .forms.judgement import as_id
from .forms.reading import NEW, Menu
from .outcomes import SeeOther
from .passages import locate
from .reading import Reading, open_reading
from .sheets import sent

NUMBER = re.compile(r"\d[\d.,]*")
EVENTS_OFFERED = 12


@dataclass
class FiguresSheet:
    """The form with the table as it was read so far. Without a session there is no ``reading``."""

    request: Request
    article: Article
    agreement: Agreement
    form: FiguresForm
    table: Sheet
    measures: list[Measure]
    reading: Reading | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def fill(cls, request: Request, pk: uuid.UUID, data: QueryDict | None = None) -> "FiguresSheet":
        data = sent(request) if data is None else data
        given: Mapping[str, str] = request.GET if data is None else data
        slug, reading = given.get("agreement", "").replace("\0", ""), None
        if is_signed_in(request):
            reading = open_reading(request, pk, slug, given.get("at", ""))
            if reading.agreement is None:
                raise Http404("Choose the agreement for which this is read.")
            article, agreement, menu = reading.article, reading.agreement, reading.menu
        else:
            article, agreement = get_object_or_404(Article, pk=pk), get_object_or_404(Agreement, slug=slug)
            menu = Menu.of(agreement)
        measures = list(
            Measure.objects.filter(obligation__agreement=agreement)
            .select_related("obligation__phase", "obligation__agreement")
            .order_by("obligation__phase__ordinal", "obligation__code", "code")
        )
        first = start(reading, agreement)
        if data is not None and "title" not in data and reading is not None:
            # What stands below the table is shown only once that was read.
            data = data.copy()
            data["date"] = first["date"].isoformat() if first.get("date") else ""
            data["quote"] = first.get("quote", "")
        saving = data is not None and "read" not in data and reading is not None
        form = FiguresForm(
            data,
            unique=pk.hex,
            initial=first,
            checked=saving,
            use_required_attribute=False,
        )
        offer_figures(form, menu, measures)
        pasted = str(form["table"].value() or "")[:200_000]
        actor = menu.actor(str(form["originator"].value() or ""))
        chosen = str(form["measure"].value() or "")
        common = Common(
            measure=next((one for one in measures if str(one.pk) == chosen), None),
            as_of=_day(form),
            nature=str(form["nature"].value() or ""),
            counts=str(form["counts"].value() or ""),
            originator=actor,
            originator_text="" if actor else str(form["originator_text"].value() or "")[:200],
            published_on=article.published_on,
        )
        table = read_table(pasted, data, common, measures, menu.actors)
        return cls(request, article, agreement, form, table, measures, reading)

    def answer(self, status: int = 200, **outcome: Any) -> HttpResponse:
        if status in (401, 403):
            self.form.checked = False
        request = self.request
        context = {
            "section": "desk",
            "form": self.form,
            "table": self.table,
            "roles": roles(self.measures),
            "events": self.events(),
            "chosen": str(self.form["target"].value() or NEW),
            "article": self.article,
            "agreement": self.agreement,
            "reading": self.reading,
            "unique": self.article.pk.hex,
            "action": request.path,
            "measures": self.measures,
            "restored": request.method == "GET" and "kept" in request.GET and kept.recall(request) is not None,
            "wrong": self._wrong() if status == 422 else [],
            **outcome,
        }
        return render(request, "desk/figures.html", context, status=status)

    def _wrong(self) -> list[tuple[str, str]]:
        return [
            (str(self.form[name].label), self.form[name].id_for_label)
            for name in self.form.errors
            if name in self.form.fields
        ]

    def events(self) -> list[Event]:
        """The events that the figures may belong to: tallies on record, and what is in the set."""
        if self.reading is None:
            return []
        rows = may_be_reported(self.agreement, self.reading.proposal)
        mine = rows.filter(proposal=self.reading.proposal) if self.reading.proposal else rows.none()
        tallies = rows.filter(kind=EventKind.TALLY).order_by("-date", "-pk")
        found = [*mine.order_by("-date", "-pk")[:EVENTS_OFFERED], *tallies[:EVENTS_OFFERED]]
        return list(dict.fromkeys(found))

    def save(self) -> HttpResponse:
        form, reading = self.form, self.reading
        assert reading is not None  # noqa: S101  # only those who are signed in save
        valid = form.is_valid()
        words = Selector("")
        quote = form.cleaned_data.get("quote") or ""
        if quote:
            spot = locate(reading.text, reading.at, quote)
            if spot:
                words = selector(reading.text, *spot)
            else:
                form.add_error("quote", "These words do not stand in the text. Choose words as they are printed.")
        if not valid or form.errors or self.table.wrong or not self.table.figures:
            return self.answer(422)
        given, by = form.cleaned_data, self.request.user
        wanted = as_id(given["target"])
        event = may_be_reported(self.agreement, reading.proposal).filter(pk=wanted).first() if wanted else None
        if wanted and event is None:
            form.add_error("target", "This event is no longer open to figures. Choose another one.")
            return self.answer(422)
        told = NewReport(
            originator=given["originator"],
            originator_text=given["originator_text"],
            quote=words.exact,
            prefix=words.prefix,
            suffix=words.suffix,
        )
        try:
            with transaction.atomic():
                proposal = Proposal.open_for(self.agreement, self.article, by)
                if event is None:
                    new = NewEvent(date=given["date"], title=given["title"], kind=EventKind.TALLY)
                    event = take_in(proposal, self.article, new, told, [], by)
                stored = add_figures(proposal, self.article, event, self.table.figures, by)
        except ValidationError as error:
            self.blame(error)
            return self.answer(422)
        kept.forget(self.request)
        many = f"{len(stored)} figures are" if len(stored) > 1 else "One figure is"
        messages.success(self.request, f"{many} in your set: {event.title}")
        return SeeOther(reading.address())

    def blame(self, error: ValidationError) -> None:
        """Complaints about single figures name their row."""
        if not hasattr(error, "error_dict"):
            self.form.add_error(None, error.messages)
            return
        for key, problems in error.message_dict.items():
            part, _, name = key.partition(".")
            if part.isdigit():
                self.table.problems += [f"Figure {int(part) + 1}: {problem}" for problem in problems]
            else:
                field_name = name if part == "event" and name in self.form.fields else None
                self.form.add_error(field_name or ("quote" if key == "report.quote" else None), problems)


def _day(form: FiguresForm) -> Any:
    try:
        return form.fields["as_of"].clean(form["as_of"].value())
    except ValidationError:
        return None


def start(reading: Reading | None, agreement: Agreement) -> dict[str, Any]:
    """What the form says at first: the figures of the chosen passage, one in a line, each with the words after it."""
    if reading is None:
        return {}
    found: dict[str, Any] = {
        "agreement": agreement.slug,
        "as_of": reading.article.published_on,
        "date": reading.article.published_on,
    }
    if reading.at:
        words = reading.text[slice(*reading.at)]
        rows = []
        for one in NUMBER.finditer(words):
            after = " ".join(words[one.end() :].split()[:5])
            rows.append(f"{one[0].rstrip('.,')}\t{after}")
        found |= {
            "at": "{}-{}".format(*reading.at),
            "table": "\n".join(rows),
            "quote": " ".join(words.split()[:QUOTE_WORDS]),
        }
        actors = [one.ref for one in reading.marks_at("actor")]
        suggestion = reading.suggestion()
        if suggestion:
            found["originator"] = suggestion.originator or (actors[0] if len(actors) == 1 else "")
    return found


def figures_sheet(request: Request, pk: uuid.UUID) -> FiguresSheet:
    return FiguresSheet.fill(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk(figures_sheet)
def figures(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Paste, say what the columns hold, look, save."""
    if request.method != "POST":
        reading = (
            None if kept.recall(request) is not None else open_reading(request, pk, request.GET.get("agreement", ""))
        )
        if reading is not None and reading.agreement is None:
            return SeeOther(reading.address())
        return FiguresSheet.fill(request, pk).answer()
    sheet = figures_sheet(request, pk)
    return sheet.answer() if "read" in request.POST else sheet.save()
