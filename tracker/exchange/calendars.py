"""Days as a calendar file that calendar programs subscribe to (iCalendar, RFC 5545)."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LINE_OCTETS = 75
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day or on several, both included. ``changed`` is when it was last written."""

    uid: str
    start: dt.date
    end: dt.date
    title: str
    text: str
    url: str
    changed: dt.datetime
    place: str = ""
    tentative: bool = False


def calendar(name: str, text: str, language: str, entries: Iterable[Entry]) -> bytes:
    """The whole file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ceasefire Tracker//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"DESCRIPTION;LANGUAGE={language}:{escaped(text)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in folds(line)).encode()


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{entry.changed.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day(entry.start)}",
        # The end is the first day that no longer belongs to it.
        f"DTEND;VALUE=DATE:{day(entry.end + dt.timedelta(days=1))}",
        f"SUMMARY:{escaped(entry.title)}",
        f"DESCRIPTION:{escaped(entry.text)}",
        f"URL:{entry.url}",
        f"STATUS:{'TENTATIVE' if entry.tentative else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
    ]
    if entry.place:
        lines.append(f"LOCATION:{escaped(entry.place)}")
    return [*lines, "END:VEVENT"]


def day(value: dt.date) -> str:
    return f"{value.year:04}{value.month:02}{value.day:02}"


def escaped(text: str) -> str:
    """Text as a value: commas, semicolons and backslashes with a backslash, line ends as one."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return UNWRITABLE.sub("", "\\n".join(re.split(r"\r\n|\r|\n", marked)))


def folds(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, those after the first with the space that joins them.

    No character is cut in two, because each piece is read on its own by some programs.
    """
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += octets
    yield piece
