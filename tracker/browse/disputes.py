"""Everything contested in an agreement on a day, by what the quarrel is about and by obligation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.codebook import Quarrel
from tracker.errors import explains_bad_addresses
from tracker.models.disputes import Contested, Counted, Declared, Disputes, Unbound, disputes
from tracker.models.standing import board

from .agreements import below, find, known_agreements, unrecorded
from .vantage import asked_vantage


@dataclass(frozen=True, slots=True)
class Section:
    """Everything contested in one way. ``elsewhere`` are events told under another heading that are about this too."""

    anchor: str
    heading: str
    note: str
    events: Sequence[Contested] = ()
    elsewhere: Sequence[Contested] = ()
    phases: Sequence[Declared] = ()
    counts: Sequence[Counted] = ()
    texts: Sequence[Unbound] = ()

    @property
    def number(self) -> int:
        return len(self.events) + len(self.phases) + len(self.counts) + len(self.texts)


@require_safe
@explains_bad_addresses
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    vantage = asked_vantage(request)
    agreement = find(slug)
    if not known_agreements(vantage).filter(pk=agreement.pk).exists():
        return unrecorded(request, vantage, agreement)
    now = board(agreement, vantage)
    found = disputes(now)
    context = below(request, now, "disputes") | {
        "disputes": found,
        "sections": [section for section in sections(found) if section.number or section.elsewhere],
        "by_text": [touched for touched in found.touched if touched.only_by_text],
        "names": names(),
    }
    return render(request, "browse/disputes.html", context)


def names() -> dict[str, str]:
    """What a reader calls the kinds of quarrels."""
    return {
        Quarrel.FACT.value: _("What happened"),
        Quarrel.AUTHOR.value: _("Who did it"),
        Quarrel.LEGALITY.value: _("Whether it was allowed"),
        Quarrel.AMOUNT.value: _("How much or how many"),
        Quarrel.BINDING.value: _("Whether the text binds"),
    }


def sections(found: Disputes) -> list[Section]:
    """One for each kind of quarrel, in the codebook's order, and one for what is not recorded.

    An event that is contested in several ways is told under the first of them.
    """
    notes = {
        Quarrel.FACT: _("One says that it is so, another that it is not."),
        Quarrel.AUTHOR: _("That something happened is not contested; who did it is."),
        Quarrel.LEGALITY: _(
            "One calls it a breach or unlawful, another justifies it. Whoever justifies an act accepts that it was "
            "done; what is left in dispute is whether it was allowed."
        ),
        Quarrel.AMOUNT: _(
            "Independent sources give different figures for the same day, or a lower running total for a later one."
        ),
        Quarrel.BINDING: _("Somebody disputes being bound by a text, and so by what was agreed in it."),
    }
    of_kind = [
        Section(
            anchor=kind.value,
            heading=names()[kind.value],
            note=notes[kind],
            events=[one for one in found.events if one.kinds[:1] == (kind,)],
            elsewhere=[one for one in found.events if kind in one.kinds[1:]],
            phases=found.phases if kind == Quarrel.FACT else (),
            counts=found.counts if kind == Quarrel.AMOUNT else (),
            texts=found.texts if kind == Quarrel.BINDING else (),
        )
        for kind in Quarrel
    ]
    rest = Section(
        anchor="not-recorded",
        heading=_("Contradicted; about what is not recorded"),
        note=_("One denies or disputes what another says, and the record does not say which part of it."),
        events=[one for one in found.events if not one.kinds],
    )
    return [*of_kind, rest]
