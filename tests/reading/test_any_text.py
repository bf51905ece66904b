"""Whatever the text: marks say what stands there, never overlap, and reading takes time in proportion."""

# ruff: noqa: RUF001, S311 - odd characters are the matter; chance here is no secret

import random
import time
from datetime import date

import pytest

from tests.reading.case import ARTICLE, DUTIES, KNOWN, THURSDAY, marked
from tracker.reading import anchors, likeness, tables
from tracker.reading.marks import mark
from tracker.reading.names import Known
from tracker.reading.suggest import suggest

PIECES = [
    "Israel",
    "Israel’s",
    "Hamas",
    "HAMAS",
    "Mr. ",
    "U.S.",
    "US",
    "al-",
    "Al ",
    "bin ",
    "Netanyahu",
    "Trump ",
    "Donald ",
    "of ",
    "the ",
    "The ",
    " said ",
    " will meet ",
    "Friday",
    "last weekend",
    "in October ",
    "31",
    "2025",
    "-",
    "–",
    "/",
    ".",
    "...",
    "?",
    "؟",
    "،",
    "“",
    "”",
    '"',
    "'",
    "’",
    "(",
    ")",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "\u00a0",
    "\u2028",
    "\x0b",
    "\x00",
    "\ufeff",
    "\u202e",
    "\u200f",
    "\u0301",
    "\u0651",
    "é",
    "İ",
    "ß",
    "ﬁ",
    "🙂",
    "👨‍👩‍👧",
    "日本語",
    "حماس",
    "وقال",
    "أمس",
    "١٣",
    "ديسمبر",
    "חמאס",
    'צה"ל',
    "אתמול",
    "lay down its weapons",
    "withdraw from ",
    "hostages ",
    "aid ",
    "Subscribe to our newsletter",
    "\ud800",
    "Ⅷ",
    "²",
    "٣",
    "½",
    "ǅ",
    "a" * 100,
    "5 December ",
    "Dec. ",
    "the 10th ",
    "two days ago ",
    "|",
    ";",
    "\U0010ffff",
    "ʿ",
    "ـ",
    "’s ",
    "''",
]


def check(text: str, published_on: date | None, language: str) -> None:
    result = marked(text, published_on, language)
    last = 0
    for each in result.marks:
        assert last <= each.start < each.end <= len(text)
        assert each.kind in ("actor", "name", "date", "duty")
        assert (each.first is not None) == (each.kind == "date")
        assert bool(each.ref) == (each.kind in ("actor", "duty"))
        if each.first is not None and each.last is not None:
            assert each.first <= each.last
            assert each.precision in range(1, 6)
        assert not any(other.notice and other.start <= each.start < other.end for other in result.sentences)
        last = each.end
    end = 0
    for sentence in result.sentences:
        assert end <= sentence.start < sentence.end <= len(text)
        assert not text[sentence.start].isspace()
        assert not text[sentence.end - 1].isspace()
        end = sentence.end
    outside = set(range(len(text))) - {at for each in result.sentences for at in range(each.start, each.end)}
    assert all(text[at].isspace() for at in outside)
    for offer in suggest(result, KNOWN, DUTIES, published_on):
        assert offer.start <= offer.quote_start <= offer.quote_end <= offer.end
        assert len(text[offer.quote_start : offer.quote_end].split()) <= 15
        assert offer.title
    assert len(likeness.signature(text)) == 64
    assert likeness.likeness(text, text) in (0.0, 1.0)
    assert all(len(row) == len(tables.parse(text).rows[0]) for row in tables.parse(text).rows)
    if text:
        chosen = anchors.selector(text, 0, min(len(text), 20))
        assert not chosen.exact.strip() or anchors.find(text, chosen) is not None


@pytest.mark.parametrize("seed", range(60))
def test_any_text_is_read(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 400)))
    check(text, chance.choice([None, THURSDAY, date.min, date.max]), chance.choice(["en", "ar", "he", "fr", ""]))


@pytest.mark.parametrize("seed", range(20))
def test_any_characters_are_read(seed: int) -> None:
    chance = random.Random(seed)
    check("".join(chr(chance.randrange(0x110000)) for _ in range(500)), THURSDAY, "en")
    check("".join(chr(chance.randrange(0x20, 0x700)) for _ in range(2000)), THURSDAY, "ar")


@pytest.mark.parametrize("text", ["", " ", "\n", ".", "…", "\u0301", "Israel", ARTICLE, ARTICLE[::-1], ARTICLE.upper()])
def test_small_and_odd_texts_are_read(text: str) -> None:
    for language in ("en", "ar", "he", "xx"):
        check(text, THURSDAY, language)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 2_000_000,
        "x." * 500_000,
        "Israel-" * 100_000,
        "“a " * 150_000,
        "al-" * 150_000,
        "Ab " * 150_000,
        "Ministry of " * 40_000,
        "1/" * 300_000,
        "12 " * 150_000,
        "a\u0301" * 300_000,
        "'" * 1_000_000,
        "subscribe " * 50_000,
        "a\n" * 200_000,
        "Hamas said on Friday that Israel, " * 10_000,
        "December 13-" * 40_000,
        "وب" * 300_000,
        "(" * 300_000 + ".) " * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_take_time_in_proportion(text: str) -> None:
    many = (*KNOWN, *(Known(f"p{at}", f"Given{at} Surname{at}", (f"Body {at}",), "person") for at in range(270)))
    began = time.monotonic()
    result = mark(text, many, DUTIES, THURSDAY)
    suggest(result, many, DUTIES, THURSDAY, ["The Morning Ledger"])
    likeness.signature(text[:60_000])
    assert time.monotonic() - began < 20
