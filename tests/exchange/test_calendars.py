"""Calendar files: what they say, and that calendar programs can read them."""

import datetime as dt

from tracker.exchange.calendars import LINE_OCTETS, Entry, calendar, escaped, folds

NOON = dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC)


def entry(**fields: object) -> Entry:
    defaults: dict[str, object] = {
        "uid": "one@tracker.example",
        "start": dt.date(2025, 12, 9),
        "end": dt.date(2025, 12, 9),
        "title": "The gate is opened",
        "text": "",
        "url": "https://tracker.example/",
        "changed": NOON,
    }
    return Entry(**defaults | fields)  # type: ignore[arg-type]  # values of several types


def lines(*entries: Entry) -> list[str]:
    """The content lines, folded ones joined again, as RFC 5545 says."""
    text = calendar("Days", "", "en", entries).decode()
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")


def test_a_day_ends_with_the_next_one() -> None:
    found = lines(entry())
    assert "DTSTART;VALUE=DATE:20251209" in found
    assert "DTEND;VALUE=DATE:20251210" in found
    assert "DTSTAMP:20251201T120000Z" in found
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-2:] == ["END:VCALENDAR", ""]


def test_what_is_only_announced_is_tentative() -> None:
    assert "STATUS:TENTATIVE" in lines(entry(tentative=True))
    assert "LOCATION:Miami\\, Florida" in lines(entry(place="Miami, Florida"))


def test_marks_of_the_format_are_escaped_and_control_characters_left_out() -> None:
    assert escaped("a,b;c\\d\ne\r\nf\x0b\x07") == "a\\,b\\;c\\\\d\\ne\\nf"
    assert "SUMMARY:END:VEVENT\\nBEGIN:VALARM" in lines(entry(title="END:VEVENT\r\nBEGIN:VALARM"))


def test_no_line_is_longer_than_allowed_and_no_letter_is_cut() -> None:
    for text in ("x" * 300, "ب" * 120, "😀" * 60, "a" * 74 + "é"):
        pieces = list(folds(text))
        assert all(len(piece.encode()) <= LINE_OCTETS for piece in pieces)
        assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text
        assert all(piece.startswith(" ") for piece in pieces[1:])
