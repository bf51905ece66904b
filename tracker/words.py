"""Days, numbers and lists as a reader writes them, in the language of the page.

The desk and everything without a page of its own (feeds' ids, logs) speak English.
"""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from tracker.codebook import DEFAULT_LANGUAGE, DatePrecision

WRITTEN_FROM_THE_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

# Short names of months are common in English only. The digits are the same in all three, as in their newspapers.
DAY = {"en": "d MMM y", "ar": "d MMMM y", "he": "d בMMMM y"}
DAY_OF_YEAR = {"en": "d MMM", "ar": "d MMMM", "he": "d בMMMM"}
MONTH = {"en": "MMM y", "ar": "MMMM y", "he": "MMMM y"}
MONTH_OF_YEAR = {"en": "LLL", "ar": "LLLL", "he": "LLLL"}

HEBREW_AND = re.compile(r"( ו)(?=[A-Za-z0-9<])")  # noqa: RUF001  # the letter is meant
"""The "and" that Hebrew writes as one with the next word, before one in Latin script: there it takes a hyphen."""


def here() -> str:
    """The code of the page's language."""
    return get_language() or DEFAULT_LANGUAGE


# Days


def written(day: dt.date) -> str:
    """The day as readers see it: 18 Dec 2025."""
    return _dated(day, DAY)


def day_of_year(day: dt.date) -> str:
    """The day without its year, where the year stands beside it: 18 Dec."""
    return _dated(day, DAY_OF_YEAR)


def month(day: dt.date) -> str:
    """The month of the day: Dec 2025."""
    return _dated(day, MONTH)


def month_of_year(day: dt.date) -> str:
    """The month without its year, where the year stands beside it: Dec."""
    return _dated(day, MONTH_OF_YEAR)


def moment(at: dt.datetime) -> str:
    """A moment with its zone, always UTC: 24 Nov 2026, 11:05 UTC."""
    utc = at.astimezone(dt.UTC)
    return _("%(day)s, %(time)s UTC") % {"day": written(utc.date()), "time": f"{utc:%H:%M}"}


def span(start: dt.date, end: dt.date) -> str:
    """A range of days without repeating what both ends share: 13 to 15 Dec 2025."""
    if start == end:
        return written(start)
    if (start.year, start.month) == (end.year, end.month):
        first = str(start.day)
    else:
        first = day_of_year(start) if start.year == end.year else written(start)
    return _("%(first)s to %(last)s") % {"first": first, "last": written(end)}


def roughly(day: dt.date, end: dt.date | None, precision: int) -> str:
    """A day as exactly as it is known and no more exactly. ``precision`` is a ``DatePrecision``."""
    if end is not None:
        known = precision == DatePrecision.DAY
        return span(day, end) if known else _("some time from %(span)s") % {"span": span(day, end)}
    match precision:
        case DatePrecision.DAYS:
            return _("within a few days from %(day)s") % {"day": written(day)}
        case DatePrecision.WEEK:
            return _("in the week of %(day)s") % {"day": written(day)}
        case DatePrecision.MONTH:
            return _("%(month)s (day not known)") % {"month": month(day)}
        case DatePrecision.YEAR:
            return _("%(year)s (month not known)") % {"year": day.year}
        case _other:
            return written(day)


def _dated(day: dt.date, shapes: dict[str, str]) -> str:
    language = here()
    return format_date(day, shapes.get(language, shapes[DEFAULT_LANGUAGE]), locale=_locale(language))


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


# Numbers and lists


def number(value: Decimal | int) -> str:
    """1,968 or 12.5: thousands set apart, no empty decimals."""
    return format_decimal(Decimal(value).normalize(), format="#,##0.####", locale=_locale(here()))


def numbers(low: Decimal | int, high: Decimal | int) -> str:
    """24 to 26; one number where both are the same."""
    if low == high:
        return number(low)
    return _("%(first)s to %(last)s") % {"first": number(low), "last": number(high)}


def joined(items: Iterable[object]) -> str:
    """Israel, Egypt and Qatar."""
    language = here()
    # Without the comma before "and", as in the rest of the site's English.
    written = format_list([str(item) for item in items], locale="en_GB" if language == "en" else _locale(language))
    return HEBREW_AND.sub(r"\1-", written) if language == "he" else written


def strung(items: Iterable[str]) -> str:
    """Israel, Egypt, Qatar: parts of a sentence that need no "and"."""
    return _(", ").join(items)


def apart(items: Iterable[str]) -> str:
    """Israel; Egypt; Qatar: parts that may hold commas."""
    return _("; ").join(items)


# Languages


def language(code: str) -> str:
    """The name of a language in the page's language; the code where there is none."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def direction(code: str) -> str:
    """``rtl`` for scripts that run from the right, else nothing."""
    return "rtl" if code.split("-")[0].casefold() in WRITTEN_FROM_THE_RIGHT else ""
