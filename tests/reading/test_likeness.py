"""The same report under another headline is found out; another report is not."""

import random

from tests.reading.case import ARTICLE
from tracker.reading.likeness import bands, contained, likeness, signature

WORDS = ("truce", "line", "trucks", "aid", "council", "hostage", "crossing", "army", "envoy", "talks", "week", "force")


def invented(seed: int, length: int = 400) -> str:
    chosen = random.Random(seed)  # noqa: S311 - an article, no secret
    return " ".join(f"{chosen.choice(WORDS)}{chosen.randrange(40)}" for _ in range(length))


def test_wire_copy_survives_headline_notices_and_small_edits() -> None:
    wire = invented(1)
    words = wire.split()
    words[50], words[200] = "reportedly", "said"
    copy = "Another headline\n\n" + " ".join(words[10:]) + "\n\nSubscribe to our newsletter. Read more."
    assert likeness(wire, copy) > 0.8
    assert set(bands(signature(wire))) & set(bands(signature(copy)))
    assert contained(wire, copy + invented(9)) > 0.8


def test_other_reports_are_unlike() -> None:
    assert likeness(invented(1), invented(2)) < 0.1
    assert not set(bands(signature(invented(1)))) & set(bands(signature(invented(2))))


def test_case_quotes_and_white_space_do_not_count() -> None:
    assert likeness(ARTICLE, ARTICLE.upper().replace("\n", "  ").replace("\u2019", "'")) > 0.95


def test_signatures_fit_a_column_and_stay_the_same() -> None:
    of = signature(ARTICLE)
    assert len(of) == 64
    assert len(bands(of)) == 16
    assert all(0 <= each < 2**31 for each in (*of, *bands(of)))
    assert signature("one two three four five")[:2] == signature("One two, three four five.")[:2]


def test_texts_without_words_are_like_nothing() -> None:
    assert likeness("", "") == likeness("...", ARTICLE) == 0.0
    assert signature("") == [0] * 64
    assert bands(signature("")) == []
    assert likeness("yes", "yes") == 1.0
