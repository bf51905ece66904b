"""Which words the site uses for what is named differently by different sides, and why, in each of its languages."""

# ruff: noqa: RUF001 - words and quotation marks of three scripts are the matter

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker import words
from tracker.errors import explains_bad_addresses

from .frame import frame
from .vantage import asked_vantage


@dataclass(frozen=True)
class Wording:
    """One thing, what it is called in English, Arabic and Hebrew, and why so."""

    en: str
    ar: str
    he: str
    why: str | Promise

    @cached_property
    def anchor(self) -> str:
        return self.en.lower().replace(",", "").replace(" ", "-")

    @property
    def in_languages(self) -> list[tuple[str, str, str]]:
        """(code, direction, word), the page's language first."""
        found = [("en", "ltr", self.en), ("ar", "rtl", self.ar), ("he", "rtl", self.he)]
        return sorted(found, key=lambda one: one[0] != words.here())


PEOPLE = (
    Wording(
        "hostages",
        "رهائن",
        "בני ערובה",
        _(
            "The word of the convention against the taking of hostages: people held to force somebody’s hand, living"
            " or dead, civilians or soldiers. Hebrew newspapers mostly say “abducted” (חטופים), Arabic ones often"
            " “captives” (أسرى); each carries a view of how they came to be held, so both stand in quotations only."
        ),
    ),
    Wording(
        "prisoners and detainees",
        "سجناء ومعتقلون",
        "אסירים ועצורים",
        _(
            "Prisoners were sentenced or charged, detainees were not; we say both where a group has both. “Captives”"
            " (أسرى) and “security prisoners” (אסירים ביטחוניים) are words of one side."
        ),
    ),
    Wording(
        "the dead, with who counts them",
        "القتلى، مع ذكر من يُحصيهم",
        "הרוגים, ומי מונה אותם",
        _("Not “martyrs”, not “eliminated”. A toll is never given without the one who gives it."),
    ),
    Wording(
        "armed group, fighters",
        "جماعة مسلحة، مقاتلون",
        "קבוצה חמושה, לוחמים",
        _("For everybody who fights and is no state’s army. “Terrorists” and “resistance” stand in quotations only."),
    ),
)
SAYING = (
    Wording(
        "says",
        "يقول",
        "אומר",
        _("For every party alike. Not “claims” for one and “states” for another: a verb must not weigh the words."),
    ),
    Wording(
        "insists",
        "يصرّ على",
        "עומד על",
        _("Only for a condition that a party makes for going on."),
    ),
    Wording(
        "breach",
        "خرق",
        "הפרה",
        _(
            "Only by our rule: somebody is accused and it is said how far that is verified. “Violation”"
            " (انتهاك) is a word of those who use it."
        ),
    ),
    Wording(
        "breach alleged",
        "خرق مُدّعى",
        "הפרה נטענת",
        _("One side says so and it is not admitted, observed or verified. It is no milder or harsher for anybody."),
    ),
    Wording(
        "disputed",
        "محل خلاف",
        "שנוי במחלוקת",
        _("At least one report denies, disputes or justifies it. It does not say who is right."),
    ),
)
DEAL = (
    Wording(
        "ceasefire",
        "وقف إطلاق النار",
        "הפסקת אש",
        _("What the agreement says. “Truce” (هدنة, הפוגה) is used for the days that are counted, not for the text."),
    ),
    Wording(
        "obligation",
        "التزام",
        "התחייבות",
        _("What the text binds somebody to. Whether they accept being bound is shown beside it."),
    ),
    Wording(
        "withdrawal",
        "انسحاب",
        "נסיגה",
        _(
            "Of troops, whichever army. “Redeployment” (إعادة انتشار, היערכות מחדש) stands where the text itself says"
            " so."
        ),
    ),
    Wording(
        "disarmament",
        "نزع السلاح",
        "פירוק מנשק",
        _(
            "The name of the subject in datasets of peace agreements; it takes no side. The texts speak of"
            " demilitarisation and decommissioning. “Surrender”, “freezing” or “storage” of weapons are quoted with"
            " who says it."
        ),
    ),
    Wording(
        "international stabilization force",
        "قوة الاستقرار الدولية",
        "כוח הייצוב הבין-לאומי",
        _("The name in the Security Council’s resolution, translated literally."),
    ),
    Wording(
        "interim authority",
        "سلطة انتقالية",
        "רשות מעבר",
        _("Whoever is to govern for a time by the text. Its own name is used once it has one."),
    ),
)
RECORD = (
    Wording(
        "record, recorded",
        "السجل، سُجّل",
        "הרישום, נרשם",
        _("What this site holds and since when; never what “is known”."),
    ),
    Wording(
        "withdrawn record",
        "سجل مسحوب",
        "רשומה שבוטלה",
        _("One of ours that should not have been made. Not to be confused with the withdrawal of troops."),
    ),
    Wording(
        "not assessed",
        "غير مقيَّم",
        "לא הוערך",
        _("Nobody has judged it here yet. It says nothing about what the parties did."),
    ),
    Wording(
        "18 Dec 2025",
        "18 ديسمبر 2025",
        "18 בדצמבר 2025",
        _(
            "Months by their international names in Arabic, which all Arab countries understand, rather than"
            " كانون الأول; the digits are those that newspapers in all three languages print. Days are days in UTC."
        ),
    ),
)


@require_safe
@explains_bad_addresses
def terms(request: HttpRequest) -> HttpResponse:
    vantage = asked_vantage(request)
    context = frame(request, vantage, "about") | {
        "groups": [
            (_("Who says what"), SAYING),
            (_("People"), PEOPLE),
            (_("What was agreed"), DEAL),
            (_("This record"), RECORD),
        ],
    }
    return render(request, "browse/terms.html", context)
