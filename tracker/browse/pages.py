"""Pages that explain: by which rules everything is recorded and judged, and what this site is.

All lists of values come from the codebook and the rules from the rubric, so that what is published is what is computed.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tracker import codebook
from tracker.codebook import CROSSWALK, Grade, StatusWord, Term
from tracker.errors import explains_bad_addresses
from tracker.models import Agreement
from tracker.models.coding import closed_rounds
from tracker.rubric.status import RULES

from .citations import sentence_case
from .frame import frame
from .vantage import asked_vantage


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the codebook as a reader sees it."""

    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A status word, with the rule by which it is given."""

    status: dict[str, str]
    rule: str
    definition: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """One of our subjects, and the same in three other datasets."""

    category: codebook.Category
    pam: str
    pax: str
    ucdp: str


LISTS: dict[str, type[Term] | type[Grade]] = {
    "levels": codebook.Level,
    "movements": codebook.Movement,
    "conformities": codebook.Conformity,
    "timelinesses": codebook.Timeliness,
    "contestations": codebook.Contestation,
    "stances": codebook.Stance,
    "quarrels": codebook.Quarrel,
    "verifications": codebook.Verification,
    "effects": codebook.EffectKind,
    "roles": codebook.EventRole,
    "event_kinds": codebook.EventKind,
    "event_states": codebook.EventState,
    "date_precisions": codebook.DatePrecision,
    "where_precisions": codebook.WherePrecision,
    "reliabilities": codebook.Reliability,
    "credibilities": codebook.Credibility,
    "interests": codebook.Interest,
    "natures": codebook.Nature,
    "categories": codebook.Category,
    "specificities": codebook.Specificity,
    "bases": codebook.Basis,
    "measure_kinds": codebook.MeasureKind,
    "figure_natures": codebook.FigureNature,
    "countings": codebook.Counting,
    "states": codebook.AgreementState,
    "classes": codebook.CeasefireClass,
    "party_roles": codebook.PartyRole,
    "sayings": codebook.Saying,
    "actor_kinds": codebook.ActorKind,
    "relations": codebook.RelationKind,
    "reviews": codebook.Review,
}
"""The lists of the methodology page, by their names in its template."""

CONTENTS: tuple[tuple[str, Any], ...] = (
    ("chain", gettext_lazy("From a promise to a status")),
    ("status", gettext_lazy("Status words and their rules")),
    ("not-assessed", gettext_lazy("Not assessed is not inaction")),
    ("levels", gettext_lazy("Levels")),
    ("direction", gettext_lazy("Direction")),
    ("conformity", gettext_lazy("Fit with the text")),
    ("timeliness", gettext_lazy("On time or late")),
    ("disputed", gettext_lazy("Disputed, or one voice only")),
    ("independence", gettext_lazy("Independent sources")),
    ("same-rule", gettext_lazy("Breaches, and the same rule for all")),
    ("evidence", gettext_lazy("What counts as evidence")),
    ("events", gettext_lazy("Events")),
    ("imprecise", gettext_lazy("Dates known only roughly")),
    ("sources", gettext_lazy("Sources")),
    ("quotes", gettext_lazy("Quotes")),
    ("figures", gettext_lazy("Figures")),
    ("checked", gettext_lazy("Last checked, last known")),
    ("two-dates", gettext_lazy("On a day, as recorded by a day")),
    ("corrections", gettext_lazy("Corrections and withdrawals")),
    ("score", gettext_lazy("The implementation score")),
    ("opening", gettext_lazy("The opening sentences")),
    ("double-coding", gettext_lazy("Coding twice")),
    ("agreements", gettext_lazy("Agreements, obligations, actors")),
    ("crosswalk", gettext_lazy("Codes in other datasets")),
    ("taken-from", gettext_lazy("What is taken from others")),
    ("edition", gettext_lazy("Edition of the rules")),
)


ROUNDS = 10
"""So many closed coding rounds are listed, the latest first."""


def values_of(choices: type[Term] | type[Grade]) -> list[Value]:
    numbered = choices is codebook.Level
    return [
        Value(
            _("%(number)s, %(label)s") % {"number": one.value, "label": one.label.lower()}
            if numbered
            else sentence_case(str(one.label)),
            one.definition,
        )
        for one in choices
    ]


@require_safe
@explains_bad_addresses
def methodology(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    context: dict[str, Any] = frame(request, vantage, "methodology")
    context |= {name: values_of(choices) for name, choices in LISTS.items()}
    context |= {
        "contents": CONTENTS,
        "rules": [_rule(word, str(rule)) for word, rule in RULES],
        "crosswalk": [Crossing(category, *codes) for category, codes in CROSSWALK.items()],
        "edition": codebook.RUBRIC_VERSION,
        "stale_days": codebook.STALE_AFTER_DAYS,
        "retrospect_days": codebook.RETROSPECT_AFTER_DAYS,
        "quote_words": codebook.QUOTE_WORDS,
        "coded_twice": closed_rounds(vantage, ROUNDS),
        "rounds_shown": ROUNDS,
    }
    return render(request, "browse/methodology.html", context)


def _rule(word: StatusWord, rule: str) -> Rule:
    return Rule({"key": word.value, "label": str(word.label)}, rule, word.definition)


@require_safe
@explains_bad_addresses
def about(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    context = frame(request, vantage, "about") | {
        "operator": settings.OPERATOR,
        "contact": settings.CONTACT,
        "source": settings.SOURCE,
        "site": request.get_host(),
        "example": Agreement.objects.known(vantage).order_by("recorded_at", "slug").first(),
        "edition": codebook.RUBRIC_VERSION,
    }
    return render(request, "browse/about.html", context)
