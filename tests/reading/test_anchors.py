"""Passages are found again after small changes of the text."""

# ruff: noqa: RUF001 - quotation marks are the matter

import pytest

from tests.reading.case import ARTICLE
from tracker.reading.anchors import CONTEXT, Selector, find, selector


def at(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_a_passage_is_found_where_it_was() -> None:
    start, end = at(ARTICLE, "lay down its arms")
    wanted = selector(ARTICLE, start, end)
    assert wanted.exact == "lay down its arms"
    assert len(wanted.prefix) == len(wanted.suffix) == CONTEXT
    assert find(ARTICLE, wanted) == (start, end)


def test_what_stands_around_decides_among_several() -> None:
    text = "First the truce held. Then the truce broke. At last the truce was renewed."
    for start, end in ((10, 15), (31, 36), (56, 61)):
        assert text[start:end] == "truce"
        assert find(text, selector(text, start, end)) == (start, end)
        moved = f"A new first line. {text}"
        assert find(moved, selector(text, start, end)) == (start + 18, end + 18)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He said “we  agree”\nto it", 'He said "we agree" to it'),
        ("the group’s right – at last", "the group's right - at last"),
        ("soft\u00adly and\u200e so", "softly and so"),
        ("wide\u00a0space here", "wide space here"),
    ],
)
def test_white_space_quotes_and_dashes_may_differ(before: str, after: str) -> None:
    wanted = selector(f"Start. {before}. End.", 7, 7 + len(before))
    found = find(f"New start! {after}. End.", wanted)
    assert found == (11, 11 + len(after))


def test_a_lost_passage_is_not_found() -> None:
    assert find("Nothing of the kind.", Selector("lay down its arms", "to ", " now")) is None
    assert find("Nothing of the kind.", Selector("", "to ", " now")) is None
    assert find("", Selector("a")) is None


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 4), (-1, 2), (0, 99)])
def test_an_impossible_passage_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError):
        selector("a short text", start, end)


def test_a_long_text_of_the_same_words_takes_no_time() -> None:
    text = "a " * 300_000
    assert find(text, selector(text, 100, 101)) is not None
