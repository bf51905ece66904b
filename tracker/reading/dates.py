"""Dates in a text: written out, or told relative to the day on which the article was published."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.codebook import DatePrecision
from tracker.reading.tokens import Tokens, key, listed

# Names of days and months


def _numbered(words: str, first: int = 1) -> dict[str, int]:
    """Each "|"-separated group of names gets the next number."""
    return {
        key(name): number for number, group in enumerate(words.split("|"), first) for name in group.split("/") if name
    }


MONTHS = _numbered(
    "january/jan|february/feb|march/mar|april/apr|may|june/jun|july/jul|august/aug|september/sept/sep|october/oct"
    "|november/nov|december/dec"
)
ARABIC_MONTHS = _numbered(
    "يناير/جانفي|فبراير/شباط/فيفري|مارس/آذار|أبريل/إبريل/نيسان/أفريل|مايو/أيار/ماي|يونيو/حزيران/جوان|يوليو/تموز/جويلية"
    "|أغسطس/آب/أوت|سبتمبر/أيلول|أكتوبر|نوفمبر|ديسمبر"
)
HEBREW_MONTHS = _numbered("ינואר|פברואר|מרץ/מרס|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר")
WEEKDAYS = _numbered("monday|tuesday|wednesday|thursday|friday|saturday|sunday", 0)
_SHORT_DAYS = _numbered("mon|tue/tues|wed|thu/thur/thurs|fri|sat|sun", 0)
ARABIC_DAYS = _numbered("الاثنين/الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد", 0)
HEBREW_DAYS = _numbered("שני|שלישי|רביעי|חמישי|שישי|שבת|ראשון", 0)
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "couple": 2,
}  # fmt: skip
_BEFORE_MONTH = listed("in since until of by last next this from through during late early mid and")
_DOUBTFUL_MONTHS = frozenset(("may", "march", "mar"))
"""English months that are other words too; "mar" stands in Mar-a-Lago."""

# Words that tell whether something lies ahead

_AHEAD = listed(
    "will shall would ll could may might tomorrow upcoming expected scheduled slated planned plans plan planning "
    "set due "
    "owed deadline ahead until going intends hopes wants aims hoped coming arriving travel arrive ends expires begins "
    "starts resumes opens meets comes visits travels hosts convenes returns flies arrives votes gathers reconvenes "
    "سوف لن المقبل "
    "المقبلة القادم القادمة المقرر المرتقب יתקיים תתקיים ייערך תיערך ייפתח יפתח יהיה תהיה יגיע תגיע ידונו ייפגשו "
    "ייפגש צפוי צפויה צפויים אמור אמורה אמורים עתיד הבא הבאה "
    "הקרוב"
)
_BEHIND = listed(
    "said told was were had did has have met held took came went saw began struck hit shot left sent gave "
    "made found said fell rose spoke wrote broke brought became put since ago earlier last got fled led ran "
    "kept lost heard paid died killed אמר אמרה אמרו הודיע הודיעה הודיעו מסר מסרה נהרג נהרגו קרא הזהיר قال قالت "
    "اعلن اعلنت صرح "
    "اكد اكدت قتل قتلت وقال وقالت واعلن قتلوا"
)
_NOT_PAST = listed("need needed indeed speed feed exceed proceed succeed united armed so-called")
_LOOK_BACK = 30
_LOOK_AHEAD = 16

_NEXT_AFTER = listed("المقبل المقبله القادم القادمه הבא הבאה הקרוב הקרובה")
_PRESENT = listed("comes visits travels returns arrives votes gathers")
_AFTERMATH = listed("after as amid days hours weeks months a one two three less just following despite from with when")
"""What follows a present verb that tells of no plan: "the strike comes a day after"."""

_LATELY = 60
"""A day so many days ago and a year away from its next return is the one gone by, unless a word says otherwise."""
_SINCE = 270
"""So many days ago where the day opens a line of a list."""
_RECALLS = listed("recall remember since after assured from")
_OPENING = 400
_DIARY = re.compile(
    r"(?i)\b(?:week|days|month) ahead\b|\b(?:this|the coming|next|coming) week\b|\bto come\b|\bcoming up\b"
    r"|\b(?:agenda|diary|calendar|schedule|programme|what to watch)\b"
)
"""What a list of coming days says of itself at its beginning."""

_EVENTS_OF_A_DAY = (
    # A day that is named without its year because everybody knows which: month, day, the date, and the words of which
    # one has to stand beside it ("" for none).
    (10, 7, date(2023, 10, 7), frozenset(("",))),
    (9, 11, date(2001, 9, 11), frozenset(("attacks", "terror"))),
)
_ANNIVERSARY = 45
"""So many days after its anniversary such a day may be this year's, unless a word beside it says which is meant."""
_ASSAULT = listed(
    "attack attacks massacre onslaught invasion assault rampage atrocities since terror suspects attackers"
)
_OF_THAT_YEAR = re.compile(r"[ \u00a0]of (?:that|the same) year\b")

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class When:
    """A date in the text (``start``, ``end`` code points): the days it may mean and how well it is known."""

    start: int
    end: int
    first: date
    last: date
    precision: int


@dataclass(frozen=True, slots=True)
class _Span:
    """What a matched expression means."""

    first: date
    last: date
    precision: int


def precision(first: date, last: date) -> int:
    """The ``DatePrecision`` of an interval by its length."""
    length = (last - first).days + 1
    if length == 1:
        return DatePrecision.DAY
    if length <= 6:
        return DatePrecision.DAYS
    if length <= 8:
        return DatePrecision.WEEK
    return DatePrecision.MONTH if length <= 31 else DatePrecision.YEAR


def find(words: Tokens, sentence: Sequence[int], published_on: date | None, language: str = "en") -> list[When]:
    """All dates in order, not overlapping. Without ``published_on`` only those that need no other day."""
    reader = _Reader(words, sentence, published_on, language)
    found: list[When] = []
    index = 0
    free = 0
    while index < len(words):
        if words.starts[index] < free:
            index += 1
            continue
        got = reader.at(index)
        if got is not None:
            found.append(got)
            free = max(got.end, words.ends[index])
        index += 1
    return found


# The expressions. A space in them is one or two of any kind.

_M = (
    "(?:jan(?:uary|\\.)?|feb(?:ruary|\\.)?|mar(?:ch|\\.)|apr(?:il|\\.)?|may|june?|jun\\.|july?|jul\\.|aug(?:ust|\\.)?"
    "|sept?(?:ember|\\.)?|oct(?:ober|\\.)?|nov(?:ember|\\.)?|dec(?:ember|\\.)?)"
)
_D = "(?:mon|tues?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day|\\.)?"
_TH = "(?:st|nd|rd|th)?"
_COUNT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_S = "(?:[\\x20\\t\\u00a0\\n]{1,2})"
_END = "(?![a-z\\d])"


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", _S), re.IGNORECASE)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")
_NUMERIC = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/.]*\d)")
_WEEKDAY_AND = _re(f"(?:{_D}),? (?:the )?(?={_M}|\\d)")
_MONTH_DAY = _re(
    f"({_M}) (?:the )?(\\d{{1,2}}){_TH}(?!\\d|[:.,]\\d|%| (?:percent|per cent|million|billion|people|trucks)\\b)"
    f"(?: ?(?:[-–—]|to|through|until|and) ?(?:({_M}) )?(\\d{{1,2}}){_TH}(?!\\d|[:.,]\\d| {_M}))?"
    "(?:,? (\\d{4})(?!\\d))?"
)
_DAY_MONTH = _re(
    f"(\\d{{1,2}}){_TH}(?: ?(?:[-–—]|to|and) ?(\\d{{1,2}}){_TH})? (?:of )?({_M})(?![a-z])(?:,? (\\d{{4}})(?!\\d))?"
)
_MONTH_YEAR = _re(f"({_M})(?:,| of)? ?(\\d{{4}})(?!\\d)")
_THE_NTH = _re(
    "the (\\d{1,2})(?:st|nd|rd|th)(?![\\w-])(?! (?:century|anniversary|floor|day|time|session|meeting|round|annual"
    "|point"
    "|of|man|week|month|year|division|brigade|battalion|parallel|amendment|article|birthday|largest|and|or)\\b)"
)
_PART_OF = _re(
    "(?:the )?(?:(mid|early|late|end)[-\\x20]?|(?:(?:very )?(beginning|start|middle|end) of )(?:the )?)"
    f"({_M}|\\d{{4}}|(?:this |the |last |next )?(?:year|month|week)){_END}(?:,? (\\d{{4}})(?!\\d))?"
)
_WEEK_OF = _re(
    f"(?:the )?(first|second|third|fourth|last|final) week (?:of|in) ({_M})(?![a-z])(?:,? (\\d{{4}})(?!\\d))?"
)
_QUARTER = _re("(?:the )?(first|second|third|fourth|last) (quarter|half)(?![a-z])(?: of (\\d{4})(?!\\d))?")
_WEEKDAY = _re(
    "(?:(earlier|later) )?(?:(this past|this coming|last|next|this|coming|past|previous|following) )?"
    f"({_D})(?![a-z])(?: (week|last|next)(?! (?:week|month|year|night))(?![a-z]))?"
)
_RELATIVE = _re(
    "(?:(earlier|later|late|early) )?(?:the )?(last|this|next|past|coming|previous|current|following) "
    "(?:(\\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|several|few) )?"
    "(hours?|days?|weeks?|weekend|months?|years?|night|morning|afternoon|evening|summer|winter|spring|autumn|fall)"
    "(?![a-z])"
)
_AGO = _re(
    f"(\\d{{1,3}}|an?|{_COUNT}|a couple of|couple of) (hours?|days?|nights?|weeks?|weekends?|months?|years?)"
    " (ago|earlier|before|prior|previously|later|from now)(?![a-z])"
)
_IN_TIME = _re(
    f"(?:with)?in (?:the )?(?:next |coming )?(\\d{{1,3}}|a|{_COUNT}) (days?|weeks?|months?)(?:['’] time)?(?![a-z])"
)
_VAGUE = _re("(recent|coming|past) (days|weeks|months)(?![a-z])")
_WEEKEND = _re("(?:over|during|at|on) (the weekend)(?![a-z])")
_DAY_WORD = _re(
    "(the day before yesterday|the day after tomorrow|(?:earlier |later )?today|yesterday|tonight|tomorrow|overnight)"
    "(?![a-z])"
)
_SAME_DAY = _re("the (?:very )?same day(?![a-z])")
_FEAST = _re("(new year['’]?s|christmas) (day|eve)(?![a-z])")
_YEAR = re.compile(
    r"(\d{4})(?![\d,.]*\d)(?!s|-\d|[ \u00a0](?:people|trucks|prisoners|detainees|soldiers|palestinians|israelis|dollars"
    r"|tons|tonnes|men|women|children|km|miles|troops|fighters|homes|families|houses|bodies|hours|GMT)\b)"
)
_YEAR_BEFORE = re.compile(
    r"(?i)(?:\b(?:in|since|until|of|by|before|after|from|during|for|through|to|year|and|between|early|late|mid|was|for)"
    r"[ \u00a0-]|[\u0590-\u05ff]-|(?:سنة|عام|العام|نهاية|منذ|בשנת|שנת|סוף|עד|מאז)[ \u00a0])$"
)
_YEAR_ARTICLE = re.compile(r"(?i)\b(?:the|a)[ \u00a0]$")

_TRIGGERS = frozenset((*MONTHS, *WEEKDAYS, *_SHORT_DAYS, *NUMBERS)) | listed(
    "the earlier later late early last this next past coming previous current following in within recent over "
    "during at "
    "on today yesterday tonight tomorrow overnight mid beginning start middle end first second third fourth final "
    "new christmas"
)


class _Reader:
    def __init__(self, words: Tokens, sentence: Sequence[int], published: date | None, language: str) -> None:
        self.limits = dict(zip(sentence, words.ends, strict=True))  # the last word's end of each sentence
        self.figures_only = language not in ("", "en", "ar", "he")
        self.spoken_year: tuple[int, int] | None = None
        self.named_year: int | None = None
        self.words = words
        self.text = words.text
        self.sentence = sentence
        self.published = published
        self.language = language
        self.stated: tuple[int, date] | None = None

    def at(self, index: int) -> When | None:
        """The date that begins at the word, if any."""
        folded = self.words.keys[index]
        if not folded or (self.figures_only and not folded[0].isdecimal()):
            return None
        start = self.words.starts[index]
        try:
            if folded[0].isdigit():
                return self._digits(index, start)
            if folded in _TRIGGERS:
                return self._english(index, start, folded)
            if not folded.isascii():
                return self._elsewhere(index, folded)
        except (ValueError, OverflowError):  # a day that no calendar has
            return None
        return None

    def _limit(self, index: int) -> int:
        """Where the word's sentence ends, its full stop included: it may end an abbreviation."""
        return self.limits[self.sentence[index]] + 1

    # What was matched

    def _when(self, start: int, end: int, span: _Span | None, *, stated: bool = False) -> When | None:
        if span is None:
            return None
        if stated:
            self.stated = (start, span.first)
        if span.first.year == span.last.year and str(span.first.year) in self.text[start:end]:
            self.named_year = span.first.year
        return When(start, end, span.first, span.last, span.precision)

    def _digits(self, index: int, start: int) -> When | None:
        text = self.text
        after = text[self.words.ends[index] : self.words.ends[index] + 1]
        if not after or after in ",;:)":  # figures in a row of figures
            return self._figure_alone(index, start)
        limit = self._limit(index)
        if (found := _ISO.match(text, start, limit)) and (day := _day(int(found[1]), int(found[2]), int(found[3]))):
            return self._when(start, found.end(), _one(day), stated=True)
        if (index == 0 or text[start - 1 : start] not in ("/", ".")) and (found := _NUMERIC.match(text, start, limit)):
            day = self._numeric(int(found[1]), int(found[3]), _full_year(found[4]), found[2])
            return self._when(start, found.end(), _one(day), stated=True) if day else None
        if self.figures_only:
            return None
        if found := _DAY_MONTH.match(text, start, limit):
            month = MONTHS.get(key(found[3]))
            if month and self._month_fits(found[3], True):
                span = self._range(index, month, int(found[1]), month, found[2], found[4], found.end())
                return self._when(start, found.end(), span, stated=True)
        if got := self._figure_alone(index, start):
            return got
        if got := self._foreign_day(index, start):
            return got
        if self.published is not None and (found := _AGO.match(text, start, limit)):
            return self._when(start, found.end(), self._ago(start, found))
        return None

    def _figure_alone(self, index: int, start: int) -> When | None:
        """A year."""
        text = self.text
        if len(self.words.keys[index]) == 4 and (found := _YEAR.match(text, start)):
            year = int(found[1])
            lead = text[max(0, start - 12) : start]
            named = _YEAR_ARTICLE.search(lead) and text[found.end() : found.end() + 2].lstrip(" ")[:1].isalpha()
            if 1945 <= year <= 2060 and (named or _YEAR_BEFORE.search(lead)):
                if lead[-3:].lower() == "in ":
                    self.spoken_year = (self.sentence[index], year)
                return self._when(start, found.end(), _year(year))
        return None

    def _numeric(self, one: int, two: int, year: int, between: str) -> date | None:
        """Day and month in figures: which is which by what is possible, else by language and the published date."""
        if between == "." or one > 12 or self.language != "en":
            return _day(year, two, one)
        if two > 12:
            return _day(year, one, two)
        if one == two:
            return _day(year, one, two)
        if self.published is None:
            return None
        near = [
            day
            for day in (_day(year, two, one), _day(year, one, two))
            if day is not None and abs((day - self.published).days) <= 45
        ]
        return near[0] if len(near) == 1 else None

    def _english(self, index: int, start: int, folded: str) -> When | None:
        text = self.text
        limit = self._limit(index)
        if folded in WEEKDAYS or folded in _SHORT_DAYS:
            return self._weekday_first(index, start, folded)
        if folded in MONTHS:
            return self._month_first(index, start, start)
        if found := _WEEK_OF.match(text, start, limit):
            return self._when(start, found.end(), self._week_of(index, found))
        if (found := _PART_OF.match(text, start, limit)) and (got := self._part(index, start, found)):
            return got
        if self.published is None:
            return None
        if found := _FEAST.match(text, start, limit):
            return self._when(start, found.end(), self._feast(index, found))
        if found := _QUARTER.match(text, start, limit):
            return self._when(start, found.end(), self._quarter(index, found))
        if (found := _SAME_DAY.match(text, start, limit)) and self.stated and start - self.stated[0] < 400:
            return self._when(start, found.end(), _one(self.stated[1]))
        if found := _DAY_WORD.match(text, start, limit):
            return self._when(start, found.end(), self._day_word(found[1].lower()))
        found = _WEEKDAY.match(text, start, limit)
        if found and (found[1] or found[2]) and self._day_name(found[3]):
            return self._when(start, found.end(), self._weekday(index, found))
        found = _RELATIVE.match(text, start, limit)
        if found and not self._lasts(index, folded) and (span := self._relative(index, found)):
            return self._when(start, found.end(), span)
        if found := _WEEKEND.match(text, start, limit):
            return self._when(found.start(1), found.end(), self._weekend("the", index, found.end()))
        if (found := _IN_TIME.match(text, start, limit)) and self._ahead(index, found.end(), default=False):
            return self._when(start, found.end(), self._in_time(found))
        if found := _VAGUE.match(text, start, limit):
            return self._when(start, found.end(), self._vague(found))
        if found := _AGO.match(text, start, limit):
            return self._when(start, found.end(), self._ago(start, found))
        if found := _THE_NTH.match(text, start, limit):
            return self._when(start, found.end(), self._nth(index, int(found[1]), found.end()))
        return None

    def _lasts(self, index: int, folded: str) -> bool:
        """Whether "last" is a verb: to last six months."""
        return folded == "last" and bool(index) and self.words.keys[index - 1] in (
            "to", "will", "would", "could", "can", "should", "may", "might", "not", "only",
        )  # fmt: skip

    def _weekday_first(self, index: int, start: int, folded: str) -> When | None:
        text = self.text
        limit = self._limit(index)
        if found := _WEEKDAY_AND.match(text, start, limit):
            inner = found.end()
            at = index + 1
            while at < len(self.words) and self.words.starts[at] < inner:
                at += 1
            got = None
            if at < len(self.words) and self.words.starts[at] == inner:
                if self.words.keys[at] in MONTHS:
                    got = self._month_first(at, inner, start)
                elif self.words.keys[at][:1].isdigit() and _DAY_MONTH.match(text, inner, limit):
                    got = self._digits(at, inner)
            if got is not None and got.precision <= DatePrecision.DAYS:
                return When(start, got.end, got.first, got.last, got.precision)
        if self.published is None or not self.words.capital(index):
            return None
        found = _WEEKDAY.match(text, start, limit)
        if found is None or not self._day_name(found[3]):
            return None
        return self._when(start, found.end(), self._weekday(index, found))

    def _day_name(self, written: str) -> bool:
        """Whether it is a weekday: whole with a capital, or shortened with a full stop and no other sense."""
        if not written[0].isupper():
            return False
        return written.lower().endswith("day") or (written.endswith(".") and key(written) not in ("sun", "sat"))

    def _month_first(self, index: int, at: int, start: int) -> When | None:
        text = self.text
        limit = self._limit(index)
        word = self.words.words[index]
        if not word[0].isupper():
            return None
        if found := _MONTH_DAY.match(text, at, limit):
            month = MONTHS[key(found[1])]
            until = MONTHS[key(found[3])] if found[3] else month
            end = found.end()
            span = self._range(index, month, int(found[2]), until, found[4], found[5], end)
            if span is None and found[4]:
                span = self._range(index, month, int(found[2]), month, None, None, end)
                end = found.start(4)
                end = at + len(text[at:end].rstrip(" -–—\n\t\u00a0"))
            return self._when(start, end, span, stated=True)
        if found := _MONTH_YEAR.match(text, at, limit):
            year = int(found[2])
            if FIRST_YEAR <= year <= LAST_YEAR:
                return self._when(at, found.end(), _month(year, MONTHS[key(found[1])]), stated=False)
        if self.published is None or not self._month_fits(word, False, index):
            return None
        end = self.words.ends[index]
        if len(word) < 4 and word.lower() != "may" and text[end : end + 1] == ".":
            end += 1
        elif len(word) <= 4 and word.lower() not in ("may", "june", "july"):
            return None
        return self._when(at, end, self._bare_month(index, MONTHS[self.words.keys[index]], end))

    def _month_fits(self, word: str, beside_number: bool, index: int | None = None) -> bool:
        """Whether a word such as May is a month here."""
        if not word[0].isupper():
            return False
        if key(word) not in _DOUBTFUL_MONTHS or beside_number:
            return True
        before = self.words.keys[index - 1] if index else ""
        return before in _BEFORE_MONTH

    def _part(self, index: int, start: int, found: re.Match[str]) -> When | None:
        """mid-December, the end of the year, early 2026."""
        part = (found[1] or found[2] or "").lower()
        what = found[3].lower()
        year = int(found[4]) if found[4] else None
        end = found.end() if year is None or key(what) in MONTHS else found.end(3)
        whole: _Span | None
        if what.isdigit():
            number = int(what)
            if not 1945 <= number <= 2060:
                return None
            whole = _year(number)
        elif key(what) in MONTHS:
            if not found[3][0].isupper():
                return None
            number = MONTHS[key(what)]
            whole = _month(year, number) if year else self._bare_month(index, number, end)
        elif self.published is None:
            return None
        else:
            whole = _period(self.published, what.split()[-1], {"last": -1, "next": 1}.get(what.split()[0], 0))
        if whole is None:
            return None
        if found[2] and (key(what) in MONTHS or what.isdigit()):  # "the end of May": the month is what is named
            return self._when(found.start(3), end, whole)
        return self._when(start, end, _cut(whole, part))

    # What it means

    def _range(
        self, index: int, month: int, day: int, until_month: int, until: str | None, year: str | None, end: int
    ) -> _Span | None:
        if year is not None:
            number = int(year)
            if not FIRST_YEAR <= number <= LAST_YEAR:
                return None
        else:
            if self.published is None:
                return None
            number = self._year_of(index, month, day, end)
        first = _day(number, month, day)
        if first is None:
            return None
        if until is None:
            return _one(first)
        last = _day(number, until_month, int(until))
        if last is not None and last < first:
            earlier = _day(number - 1, month, day) if year is not None else None
            if earlier is not None and until_month < month:
                first = earlier
            else:
                last = _day(number + 1, until_month, int(until)) if until_month < month else None
        if last is None or last < first or (last - first).days > 366:
            return None
        return _Span(first, last, precision(first, last))

    def _year_of(self, index: int, month: int, day: int, end: int) -> int:
        """The year of a day without one: past by default, ahead where the sentence speaks of what is to come."""
        published = self._base()
        for named_month, named_day, known, beside in _EVENTS_OF_A_DAY:
            if (month, day) == (named_month, named_day) and published >= known + timedelta(days=_ANNIVERSARY):
                recent = 0 <= (published - date(published.year, month, day)).days <= _ANNIVERSARY
                nearby = {self.words.keys[each] for each in self._around(index, 4)}
                if nearby & beside or ("" in beside and (not recent or nearby & _ASSAULT)):
                    return known.year
        if self.spoken_year is not None and self.spoken_year[0] == self.sentence[index]:
            return self.spoken_year[1]
        if self.named_year is not None and _OF_THAT_YEAR.match(self.text, end):
            return self.named_year
        candidates = [
            candidate
            for year in (published.year - 1, published.year, published.year + 1)
            if (candidate := _day(year, month, day)) is not None
        ]
        past = [each for each in candidates if each <= published]
        later = [each for each in candidates if each > published]
        if published in candidates:
            return published.year
        if past and later and (published - past[-1]).days <= 7 and (later[0] - published).days > 300:
            return past[-1].year
        if not past or not later:
            return (past or later or [published])[-1].year
        ago = (published - past[-1]).days
        if ago <= _LATELY or (ago <= _SINCE and self._opens_line(index)):
            near = {self.words.keys[each] for each in self._around(index, 2)}
            said = self._nearest_before(index)
            recalls = said is not True or any(
                self.words.keys[each] in _RECALLS for each in self._around(index, 8) if each < index
            )
            if not self._limit_word(index) and not near & {"next", "coming", "year"} and recalls:
                return past[-1].year
        near_future = (later[0] - published).days <= 60 and (published - past[-1]).days >= 270
        if near_future and self._limit_word(index):
            return later[0].year
        return (later[0] if self._ahead(index, end, default=near_future) else past[-1]).year

    def _opens_line(self, index: int) -> bool:
        """Whether nothing stands before the day in its line, as in a list of what happened."""
        start = self.words.starts[index]
        line = self.text[max(0, start - 20) : start].rpartition("\n")[2]
        return len(line) < 20 and not any(letter.isalpha() for letter in line)

    def _scheduled(self, index: int, end: int) -> bool:
        """Whether a weekday heads a line ("MONDAY: ministers meet") of a list of the days to come."""
        return (
            self._opens_line(index)
            and self.text[end : end + 1] in (":", "-", "–", "—")
            and _DIARY.search(self.text[:_OPENING]) is not None
        )

    def _week_of(self, index: int, found: re.Match[str]) -> _Span | None:
        """The last week of April: seven days counted from the month's beginning or end."""
        number = MONTHS[key(found[2])]
        if not found[2][0].isupper():
            return None
        month = _month(int(found[3]), number) if found[3] else self._bare_month(index, number, found.end())
        if month is None:
            return None
        place = {"first": 0, "second": 1, "third": 2, "fourth": 3}.get(found[1].lower())
        first = month.last - timedelta(days=6) if place is None else month.first + timedelta(days=7 * place)
        return _Span(first, min(first + timedelta(days=6), month.last), DatePrecision.WEEK)

    def _quarter(self, index: int, found: re.Match[str]) -> _Span | None:
        published = self._base()
        if found[2].lower() == "half" and not found[3]:
            return None
        length = 3 if found[2].lower() == "quarter" else 6
        count = 12 // length
        place = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": count - 1}[found[1].lower()]
        if place >= count:
            return None
        year = int(found[3]) if found[3] else published.year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        first = date(year, place * length + 1, 1)
        if not found[3] and first > published and not self._ahead(index, found.end(), default=True):
            first = first.replace(year=year - 1)
        return _Span(first, _shift_months(first, length) - timedelta(days=1), DatePrecision.YEAR)

    def _feast(self, index: int, found: re.Match[str]) -> _Span | None:
        month, day = (12, 25) if found[1].lower() == "christmas" else (1, 1)
        if found[2].lower() == "eve":
            month, day = (12, 24) if month == 12 else (12, 31)
        year = self._year_of(index, month, day, found.end())
        published = self._base()
        near = date(published.year, month, day)
        if abs((near - published).days) > 183:
            near = near.replace(year=published.year + (1 if near < published else -1))
        if abs((near - published).days) <= 31:  # these days are spoken of when they are near
            return _one(near)
        return _one(date(year, month, day))

    def _bare_month(self, index: int, month: int, end: int) -> _Span | None:
        if self.published is None:
            return None
        published = self.published
        before = self.words.keys[index - 1] if index else ""
        if self.named_year is not None and _OF_THAT_YEAR.match(self.text, end):
            return _month(self.named_year, month)
        if month == published.month and before not in ("last", "next"):
            return _month(published.year, month)
        past = published.year if month < published.month else published.year - 1
        if before == "next":
            return _month(past + 1, month)
        if before == "last":
            return _month(past, month)
        gap = (published.year * 12 + published.month) - (past * 12 + month)
        limit = self._limit_word(index) and gap >= 6
        ahead = limit or self._ahead(index, end, default=False)
        return _month(past + 1 if ahead else past, month)

    def _nth(self, index: int, day: int, end: int) -> _Span | None:
        published = self._base()
        this = _day(published.year, published.month, day)
        ahead = self._ahead(index, end, default=False)
        if this is not None and (this <= published) != ahead:
            return _one(this)
        step = _shift_months(published, 1 if ahead else -1)
        other = _day(step.year, step.month, day)
        return _one(other) if other is not None else (_one(this) if this is not None else None)

    def _base(self) -> date:
        if self.published is None:
            raise ValueError("nothing to count from")
        return self.published

    def _day_word(self, written: str) -> _Span:
        day = self._base()
        word = re.sub(r"\s+", " ", written)
        if word == "the day before yesterday":
            return _one(day - timedelta(days=2))
        if word == "the day after tomorrow":
            return _one(day + timedelta(days=2))
        if word == "yesterday":
            return _one(day - timedelta(days=1))
        if word == "tomorrow":
            return _one(day + timedelta(days=1))
        if word == "overnight":
            return _Span(day - timedelta(days=1), day, DatePrecision.DAYS)
        return _one(day)

    def _weekday(self, index: int, found: re.Match[str]) -> _Span:
        published = self._base()
        which = re.sub(r"\s+", " ", (found[2] or "").lower())
        suffix = (found[4] or "").lower()
        which = suffix if suffix in ("last", "next") else which
        name = key(found[3])
        number = WEEKDAYS[name] if name in WEEKDAYS else _SHORT_DAYS[name]
        back = (published.weekday() - number) % 7
        forward = (number - published.weekday()) % 7
        if suffix == "week":  # Sunday week: the Sunday after the next one
            return _one(published + timedelta(days=(forward or 7) + 7))
        if which in ("last", "past", "this past", "previous"):
            if which == "last" and back == 1:  # yesterday would be called yesterday
                back = 8
            return _one(published - timedelta(days=back or 7))
        if which == "next":
            return _one(published + timedelta(days=forward if forward > 2 else forward + 7))
        if which in ("coming", "this coming", "following"):
            return _one(published + timedelta(days=forward or 7))
        if back == 0:
            return _one(published)
        default = self._scheduled(index, found.end()) or which == "this" or (found[1] or "").lower() == "later"
        if self._ahead(index, found.end(), default=default):
            return _one(published + timedelta(days=forward))
        return _one(published - timedelta(days=back))

    def _relative(self, index: int, found: re.Match[str]) -> _Span | None:
        published = self._base()
        part = (found[1] or "").lower()
        which = found[2].lower()
        count = found[3].lower() if found[3] else ""
        unit = found[4].lower()
        step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(which, 0)
        if unit == "weekend":
            return self._weekend(which, index, found.end())
        if unit in ("night", "morning", "afternoon", "evening"):
            if which in ("last", "previous", "past"):
                return _one(published - timedelta(days=1))
            return _one(published) if which == "this" else None
        if unit in ("summer", "winter", "spring", "autumn", "fall"):
            return self._season(unit, which, index, found.end())
        if count or unit.endswith("s"):
            number = _number(count) if count and count not in ("several", "few") else None
            if step == 0 or (number is None and not count and which in ("previous", "following")):
                return None
            return _stretch(published, step, number, unit)
        if unit in ("hour", "day"):
            return None
        if which == "past":  # the past week: the days up to now, not the calendar's week
            return _stretch(published, -1, 1, unit)
        if which in ("previous", "following"):
            return None
        sunday = unit == "week" and step == 0 and published.weekday() == 6  # many weeks begin on a Sunday
        if sunday and (part == "later" or self._ahead(index, found.end(), default=False)):
            step = 1
        whole = _period(published, unit, step)
        if whole is None:
            return None
        if step == 0 and part == "earlier" and published > whole.first:
            return _Span(whole.first, published - timedelta(days=1), whole.precision)
        if step == 0 and part == "later" and published < whole.last:
            return _Span(published + timedelta(days=1), whole.last, whole.precision)
        if part in ("late", "early"):
            return _cut(whole, part)
        return whole

    def _weekend(self, which: str, index: int, end: int) -> _Span:
        """Saturday and Sunday: the one that is over, or the one to come."""
        published = self._base()
        saturday = published - timedelta(days=(published.weekday() - 5) % 7)
        if which in ("last", "past", "previous"):
            if published.weekday() >= 5:
                saturday -= timedelta(days=7)
        elif which in ("next", "coming", "following"):
            saturday += timedelta(days=7)
        elif published.weekday() < 5:
            monday = published.weekday() == 0
            if self._ahead(index, end, default=which == "this" and not monday):
                saturday += timedelta(days=7)
        return _Span(saturday, saturday + timedelta(days=1), DatePrecision.DAYS)

    def _season(self, unit: str, which: str, index: int, end: int) -> _Span | None:
        published = self._base()
        begins = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[unit]
        year = published.year
        if which in ("last", "past", "previous"):
            while date(year, begins, 1) > published or _shift_months(date(year, begins, 1), 3) > published:
                year -= 1
        elif which == "next":
            while date(year, begins, 1) <= published:
                year += 1
        first = date(year, begins, 1)
        return _Span(first, _shift_months(first, 3) - timedelta(days=1), DatePrecision.YEAR)

    def _in_time(self, found: re.Match[str]) -> _Span:
        published = self._base()
        number = _number(found[1])
        unit = found[2].lower()
        if found[0].lower().startswith("within") or "next" in found[0].lower() or "coming" in found[0].lower():
            return _stretch(published, 1, number, unit)
        if unit.startswith("day"):
            return _one(published + timedelta(days=number))
        if unit.startswith("week"):
            return _week(published + timedelta(days=7 * number))
        step = _shift_months(published, number)
        return _month(step.year, step.month)

    def _vague(self, found: re.Match[str]) -> _Span:
        step = 1 if found[1].lower() == "coming" else -1
        return _stretch(self._base(), step, None, found[2].lower())

    def _ago(self, start: int, found: re.Match[str]) -> _Span | None:
        number = _number(found[1])
        unit = found[2].lower().rstrip("s")
        word = found[3].lower()
        day = self._base()
        sign = -1
        if word != "ago":
            sign = 1 if word in ("later", "from now") else -1
            if word != "from now":
                if self.stated is not None and start - self.stated[0] < 400:
                    day = self.stated[1]
                elif word != "earlier":
                    return None
        if unit == "hour":
            if word != "ago":
                return None
            if number < 12:
                return _one(day)
            return _Span(
                day - timedelta(days=-(-number // 24)), day, precision(day - timedelta(days=-(-number // 24)), day)
            )
        if unit in ("day", "night"):
            return _one(day + timedelta(days=sign * number))
        if unit == "week":
            at = day + timedelta(days=sign * 7 * number)
            return _week(at) if word == "ago" else _one(at)
        if unit == "weekend":
            return None
        if unit == "month":
            step = _shift_months(day, sign * number)
            return _month(step.year, step.month)
        return _year(day.year + sign * number)

    # Which way a day without more words lies

    def _around(self, index: int, reach: int) -> range:
        first = index
        while first > 0 and index - first < reach and self.sentence[first - 1] == self.sentence[index]:
            first -= 1
        last = index
        while last + 1 < len(self.words) and last - index < reach and self.sentence[last + 1] == self.sentence[index]:
            last += 1
        return range(first, last + 1)

    def _limit_word(self, index: int) -> bool:
        """Whether "by", "until" or "before" stands in front."""
        before = index - 1
        if before >= 0 and self.words.keys[before] == "the":
            before -= 1
        return before >= 0 and self.words.keys[before] in ("by", "until", "till", "before", "قبل", "حتي", "עד", "לפני")

    def _ahead(self, index: int, end: int, *, default: bool) -> bool:
        """Whether the words around speak of something to come: the nearest verb before decides, else the next one."""
        keys = self.words.keys
        before = keys[index - 1] if index and self.sentence[index - 1] == self.sentence[index] else ""
        if (
            index + 1 < len(keys)
            and keys[index + 1] in _NEXT_AFTER
            and self.sentence[index + 1] == self.sentence[index]
        ):
            return True
        if before in ("by", "until", "till") and self._nearest_before(index - 1) is not False:
            return True
        told = self._nearest_before(index)
        if told is None:
            told = self._nearest_after(index, end)
        return default if told is None else told

    def _nearest_before(self, index: int) -> bool | None:
        keys = self.words.keys
        at = index - 1
        while at >= 0 and index - at <= _LOOK_BACK and self.sentence[at] == self.sentence[index]:
            told = self._tells(at)
            if told is not None:
                return told
            if keys[at] in ("next", "coming"):
                return True
            at -= 1
        return None

    def _nearest_after(self, index: int, end: int) -> bool | None:
        at = index + 1
        while at < len(self.words) and at - index <= _LOOK_AHEAD and self.sentence[at] == self.sentence[index]:
            if self.words.starts[at] >= end:
                told = self._tells(at)
                if told is not None:
                    return told
            at += 1
        return None

    def _tells(self, at: int) -> bool | None:
        """What one word says: True for ahead, False for past, None for nothing."""
        keys = self.words.keys
        folded = keys[at]
        if folded in _AHEAD:
            following = keys[at + 1] if at + 1 < len(keys) else ""
            if folded == "set" and following in ("up", "out", "off", "fire", "free"):
                return False
            if folded in _PRESENT and following in _AFTERMATH:
                return None
            if folded in ("set", "plan") and at and keys[at - 1] not in ("is", "are", "was", "were", "to"):
                return None
            return True
        if folded == "to" and at and at + 1 < len(keys):
            if keys[at - 1] in ("is", "are"):
                return True
            if keys[at + 1] in (
                "meet",
                "visit",
                "travel",
                "fly",
                "arrive",
                "begin",
                "start",
                "convene",
                "host",
                "hold",
                "be",
                "resume",
                "discuss",
            ):
                return True if keys[at - 1] not in _BEHIND else None
            return None
        if folded in _BEHIND or (
            folded.endswith("ed") and len(folded) > 4 and folded not in _NOT_PAST and not self.words.capital(at)
        ):
            for step in range(1, 4):  # will be released, to be held
                if at - step < 0 or self.sentence[at - step] != self.sentence[at]:
                    break
                helper = keys[at - step]
                if helper in ("will", "would", "shall", "ll"):
                    return True
                if helper == "be" and at - step and keys[at - step - 1] == "to":
                    return True
                if helper not in ("be", "have", "also", "not", "now", "soon", "only", "been"):
                    break
            return False
        if folded.endswith("ing") and at and keys[at - 1] in ("is", "are") and len(folded) > 5:
            return (
                True
                if folded
                in (
                    "meeting",
                    "traveling",
                    "travelling",
                    "flying",
                    "visiting",
                    "convening",
                    "hosting",
                    "arriving",
                    "heading",
                    "leaving",
                    "holding",
                )
                else None
            )
        if len(folded) > 4 and folded[:2] in ("سي", "ست", "سن") and not folded.isascii():
            return True
        return None

    # Arabic and Hebrew

    def _elsewhere(self, index: int, folded: str) -> When | None:
        words = self.words
        start, end = words.starts[index], words.ends[index]
        arabic = "\u0600" <= folded[0] <= "\u06ff"
        if arabic:
            bare = folded[1:] if folded[0] in "وفبل" and len(folded) > 4 and folded not in ARABIC_DAYS else folded
            start += len(folded) - len(bare)
            return self._arabic(index, bare, start, end)
        if "\u0590" <= folded[0] <= "\u05ff":
            return self._hebrew(index, folded, start, end)
        return None

    def _next_key(self, index: int) -> str:
        if (
            index + 1 < len(self.words)
            and self.sentence[index + 1] == self.sentence[index]
            and len(self.words.gap(index)) <= 2
        ):
            return self.words.keys[index + 1]
        return ""

    def _arabic(self, index: int, folded: str, start: int, end: int) -> When | None:
        words = self.words
        following = self._next_key(index)
        ordinal = self._ordinal(index, folded)
        if ordinal is not None:
            number, place = ordinal
            dated = self._day_at(number, place + 1, start)
            if dated is not None:
                return dated
        month, month_end = self._month_name(index, folded)
        if month:
            year = self._year_after(month_end)
            if year is not None:
                return self._when(start, words.ends[year], _month(int(words.keys[year]), month))
            if self.published is None or (index and words.keys[index - 1].isdigit()):
                return None
            return self._when(start, words.ends[month_end], self._bare_month(index, month, words.ends[month_end]))
        if self.published is None:
            return None
        day = self.published
        if folded == "امس":
            if following in ARABIC_DAYS:
                end = words.ends[index + 1]
            elif following == "الاول":
                return self._when(start, words.ends[index + 1], _one(day - timedelta(days=2)))
            return self._when(start, end, _one(day - timedelta(days=1)))
        if folded == "اليوم" and following not in ("التالي", "السابق", "الاول", "نفسه", "الذي"):
            if following in ARABIC_DAYS:
                end = words.ends[index + 1]
            return self._when(start, end, _one(day))
        if folded == "غدا":
            return self._when(start, end, _one(day + timedelta(days=1)))
        weekday = ARABIC_DAYS.get(folded)
        if folded == "يوم" and following in ARABIC_DAYS:
            weekday = ARABIC_DAYS[following]
            index += 1
            end = words.ends[index]
            following = self._next_key(index)
        if weekday is not None:
            dated = self._foreign_day(index + 1, start) if following[:1].isdigit() else None
            if dated is not None:
                return When(start, dated.end, dated.first, dated.last, dated.precision)
            back = (day.weekday() - weekday) % 7
            forward = (weekday - day.weekday()) % 7
            if following in ("الماضي", "الماضيه", "الفائت"):
                return self._when(start, words.ends[index + 1], _one(day - timedelta(days=back or 7)))
            if following in ("المقبل", "المقبله", "القادم", "القادمه"):
                return self._when(start, words.ends[index + 1], _one(day + timedelta(days=forward or 7)))
            ahead = back != 0 and self._ahead(index, end, default=False)
            return self._when(start, end, _one(day + timedelta(days=forward) if ahead else day - timedelta(days=back)))
        step = {
            "الماضي": -1,
            "الماضيه": -1,
            "المنصرم": -1,
            "المقبل": 1,
            "القادم": 1,
            "المقبله": 1,
            "الجاري": 0,
            "الحالي": 0,
        }.get(following)
        unit = {"الاسبوع": "week", "الشهر": "month", "العام": "year", "السنه": "year"}.get(folded)
        if unit and step is not None:
            return self._when(start, words.ends[index + 1], _period(day, unit, step))
        if folded == "هذا" and following in ("الاسبوع", "الشهر", "العام"):
            unit = {"الاسبوع": "week", "الشهر": "month", "العام": "year"}[following]
            return self._when(start, words.ends[index + 1], _period(day, unit, 0))
        if folded in ("قبل", "منذ") and following in ("يومين", "اسبوع", "اسبوعين", "شهر", "شهرين"):
            if folded == "منذ" and following == "شهر":
                return None
            ago = {
                "يومين": _one(day - timedelta(days=2)),
                "اسبوع": _week(day - timedelta(days=7)),
                "اسبوعين": _week(day - timedelta(days=14)),
                "شهر": _period(day, "month", -1),
                "شهرين": _period(day, "month", -2),
            }[following]
            return self._when(start, words.ends[index + 1], ago)
        return None

    def _hebrew(self, index: int, folded: str, start: int, end: int) -> When | None:
        words = self.words
        following = self._next_key(index)
        bare = folded[1:] if folded[0] in "ובמלשהכ" and folded[1:] in HEBREW_MONTHS else folded
        if bare in HEBREW_MONTHS:
            start += len(folded) - len(bare)
            year = self._year_after(index)
            if year is not None:
                return self._when(start, words.ends[year], _month(int(words.keys[year]), HEBREW_MONTHS[bare]))
            if self.published is None or (index and words.keys[index - 1].isdigit()):
                return None
            return self._when(start, end, self._bare_month(index, HEBREW_MONTHS[bare], end))
        if self.published is None:
            return None
        day = self.published
        plain = folded[1:] if folded[0] in "ובמלשה" else folded
        if plain in ("אתמול", "אמש") or folded in ("אתמול", "אמש"):
            return self._when(
                end - len("אתמול" if folded.endswith("אתמול") else "אמש"), end, _one(day - timedelta(days=1))
            )
        if folded == "שלשום":
            return self._when(start, end, _one(day - timedelta(days=2)))
        if folded == "מחר":
            return self._when(start, end, _one(day + timedelta(days=1)))
        if folded in ("היום", "הערב", "הלילה", "הבוקר"):
            return self._when(start, end, _one(day))
        if folded == "השבוע":
            return self._when(start, end, _week(day))
        if folded == "החודש":
            return self._when(start, end, _month(day.year, day.month))
        last = {"בשבוע": "week", "בחודש": "month", "בשנה": "year", "שבוע": "week", "חודש": "month"}.get(folded)
        if last and following in ("שעבר", "שעברה"):
            return self._when(start, words.ends[index + 1], _period(day, last, -1))
        if last and following in ("הבא", "הקרוב", "הבאה", "הקרובה"):
            return self._when(start, words.ends[index + 1], _period(day, last, 1))
        if folded == "לפני" and following in ("יומיים", "שבוע", "שבועיים", "חודש", "חודשיים", "שנה"):
            ago = {
                "יומיים": _one(day - timedelta(days=2)),
                "שבוע": _week(day - timedelta(days=7)),
                "שבועיים": _week(day - timedelta(days=14)),
                "חודש": _period(day, "month", -1),
                "חודשיים": _period(day, "month", -2),
                "שנה": _period(day, "year", -1),
            }[following]
            return self._when(start, words.ends[index + 1], ago)
        if folded in ("סוף", "בסוף", "סופ") and following in ("השבוע", "שבוע"):
            return self._when(start, words.ends[index + 1], self._weekend("the", index, words.ends[index + 1]))
        if folded == "ביום":
            start += 1
        weekday = HEBREW_DAYS.get(following) if plain in ("יום", "ביום") or folded in ("יום", "ביום") else None
        place = index + 1
        if weekday is None and folded in ("בשבת", "שבת"):
            weekday, place = 5, index
        if weekday is None:
            return None
        end = words.ends[place]
        back = (day.weekday() - weekday) % 7
        forward = (weekday - day.weekday()) % 7
        after = self._next_key(place)
        if after == "שעבר":
            return self._when(start, words.ends[place + 1], _one(day - timedelta(days=back or 7)))
        if after in ("הבא", "הקרוב"):
            return self._when(start, words.ends[place + 1], _one(day + timedelta(days=forward or 7)))
        ahead = back != 0 and self._ahead(index, end, default=False)
        return self._when(start, end, _one(day + timedelta(days=forward) if ahead else day - timedelta(days=back)))

    def _month_name(self, index: int, folded: str) -> tuple[int, int]:
        """An Arabic month at the word and its last word; both names may stand side by side: كانون الأول/ديسمبر."""
        words = self.words
        number, last = ARABIC_MONTHS.get(folded, 0), index
        following = words.keys[index + 1] if index + 1 < len(words) else ""
        if folded in ("كانون", "تشرين") and following in ("الاول", "الثاني"):
            number = {("كانون", "الاول"): 12, ("كانون", "الثاني"): 1, ("تشرين", "الاول"): 10, ("تشرين", "الثاني"): 11}[
                folded, following
            ]
            last = index + 1
        if number and last + 1 < len(words) and words.gap(last).strip() in ("/", "(") and words.gap(last):
            other = words.keys[last + 1]
            if ARABIC_MONTHS.get(other) == number:
                last += 1
            elif other in ("كانون", "تشرين") and last + 2 < len(words):
                last += 2
        return number, last

    def _year_after(self, index: int) -> int | None:
        """The place of a year directly after the word."""
        at = index + 1
        if at < len(self.words) and self.words.keys[at] in ("من", "عام", "سنه"):
            at += 1
        if (
            at < len(self.words)
            and len(self.words.keys[at]) == 4
            and self.words.keys[at].isdecimal()
            and len(self.words.gap(at - 1)) <= 3
        ):
            return at if FIRST_YEAR <= int(self.words.keys[at]) <= LAST_YEAR else None
        return None

    def _foreign_day(self, index: int, start: int) -> When | None:
        """Figures before an Arabic or Hebrew month."""
        words = self.words
        if index + 1 >= len(words) or not words.keys[index].isdecimal() or len(words.keys[index]) > 2:
            return None
        if len(words.gap(index)) > 2:
            return None
        return self._day_at(int(words.keys[index]), index + 1, start)

    def _ordinal(self, index: int, folded: str) -> tuple[int, int] | None:
        """An Arabic ordinal such as the seventh, the fifteenth, the twenty-third, and the word before the month."""
        if folded not in _ORDINALS or index + 2 >= len(self.words):
            return None
        number = _ORDINALS[folded]
        place = index + 1
        more = {"عشر": 10, "والعشرين": 20, "والعشرون": 20, "والثلاثين": 30, "والثلاثون": 30}.get(self.words.keys[place])
        if more is not None and number < 10:
            number += more
            place += 1
        if place >= len(self.words) or self.words.keys[place] != "من":
            return None
        return number, place

    def _day_at(self, day_of_month: int, index: int, start: int) -> When | None:
        """The day of the Arabic or Hebrew month that stands at the word."""
        words = self.words
        if index >= len(words):
            return None
        following = words.keys[index]
        number, last = self._month_name(index, following)
        if not number and following[:1] == "ב":
            number = HEBREW_MONTHS.get(following[1:], 0)
        if not number:
            return None
        year = self._year_after(last)
        chosen = int(words.keys[year]) if year is not None else 0
        if year is None:
            if self.published is None:
                return None
            chosen = self._year_of(max(index - 1, 0), number, day_of_month, words.ends[last])
        day = _day(chosen, number, day_of_month)
        end = words.ends[year if year is not None else last]
        return self._when(start, end, _one(day), stated=True) if day else None


_ORDINALS = _numbered("الأول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر") | {
    key("الحادي"): 1,
    key("العشرين"): 20,
    key("الثلاثين"): 30,
}


# Intervals


def _one(day: date) -> _Span:
    return _Span(day, day, DatePrecision.DAY)


def _day(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


def _week(day: date) -> _Span:
    monday = day - timedelta(days=day.weekday())
    return _Span(monday, monday + timedelta(days=6), DatePrecision.WEEK)


def _month(year: int, month: int) -> _Span:
    return _Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), DatePrecision.MONTH)


def _year(year: int) -> _Span:
    return _Span(date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR)


def _shift_months(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _period(day: date, unit: str, step: int) -> _Span | None:
    """The calendar's week, month or year so many steps from the one in which the day lies."""
    if unit.startswith("week"):
        return _week(day + timedelta(days=7 * step))
    if unit.startswith("month"):
        first = _shift_months(day, step)
        return _month(first.year, first.month)
    return _year(day.year + step) if unit.startswith("year") else None


def _stretch(day: date, step: int, number: int | None, unit: str) -> _Span:
    """The last or next so many hours, days, weeks, months up to or from the day."""
    unit = unit.rstrip("s")
    count = number if number is not None else {"hour": 24, "day": 6, "week": 3, "month": 3, "year": 3}[unit]
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "month": 30 * count, "year": 365 * count}[unit]
    days = min(days, 36_500)
    if step < 0:
        first, last = day - timedelta(days=days), day
    else:
        first, last = day + timedelta(days=min(1, days)), day + timedelta(days=days)
    if unit == "day" and step < 0 and number is None:
        first = day - timedelta(days=5)
    level = precision(first, last)
    if unit == "week" and count == 1:
        level = DatePrecision.WEEK
    return _Span(first, last, level)


def _cut(whole: _Span, part: str) -> _Span:
    """The early, middle or late third of an interval; it stays as imprecise as the interval is."""
    length = (whole.last - whole.first).days + 1
    third = length // 3
    if part in ("early", "beginning", "start"):
        return _Span(whole.first, whole.first + timedelta(days=third), whole.precision)
    if part in ("late", "end"):
        return _Span(whole.last - timedelta(days=third), whole.last, whole.precision)
    return _Span(whole.first + timedelta(days=third), whole.last - timedelta(days=third), whole.precision)


def _number(written: str) -> int:
    lowered = written.lower()
    if lowered.isdecimal():
        return int(lowered)
    return 2 if "couple" in lowered else NUMBERS[lowered]
