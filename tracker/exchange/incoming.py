"""Brings a page, a file or a pasted text in: what it holds, ready to be kept and described."""

import datetime as dt

from django.conf import settings

from tracker.codebook import DEFAULT_LANGUAGE, CopyOrigin, DatePrecision
from tracker.models import today
from tracker.models.copies import Copy, Incoming, storable
from tracker.reading.dates import find
from tracker.reading.tokens import tokens

from .extraction import Extracted, NotAnArticle, clean, extract
from .fetching import Limits, fetch

__all__ = ["LARGEST_FILE", "LONGEST_PASTED", "NotAnArticle", "again", "from_address", "from_file", "from_paste"]

LARGEST_FILE = Limits().unpacked
"""Bytes of an uploaded file: as many as of a fetched page."""

LONGEST_PASTED = 2_000_000
"""Characters."""

FIRST_LINES = 6
SHORT_LINE = 90
"""Lines, and characters of a line, between a headline and the text."""


def from_address(address: str) -> Incoming:
    """The page at the address. Raises fetching.Refused and NotAnArticle, both with a ``reason`` for the researcher."""
    page = fetch(address, contact=settings.CONTACT)
    found = extract(page.body, page.media_type, page.url, page.charset)
    beside = {"charset": page.charset, "modified": page.modified}
    return Incoming(
        origin=CopyOrigin.FETCHED,
        body=page.body,
        media_type=page.media_type,
        text=found.text,
        address=page.url,
        found=_told(found) | beside,
        notes=found.notes,
    )


def from_file(body: bytes, address: str = "") -> Incoming:
    """An uploaded file; what kind it is, its content says and not its name. Raises NotAnArticle."""
    media_type = kind_of(body)
    found = extract(body, media_type, address)
    return Incoming(
        origin=CopyOrigin.UPLOADED,
        body=body,
        media_type=media_type,
        text=found.text,
        address=address,
        found=_told(found),
        notes=found.notes,
    )


def from_paste(text: str, address: str = "") -> Incoming:
    """Text that somebody copied out of a page. Raises NotAnArticle."""
    cleaned = clean(text)
    # Read like a file, which finds headline and language; cleaning it twice changes nothing.
    found = extract(cleaned.text.encode(), "text/plain", charset="utf-8")
    told, notes = _told(found) | {"charset": "utf-8"}, [*cleaned.notes, *found.notes]
    if day := printed_day(found.text, found.language):
        told["published_on"] = day.isoformat()
        notes.append("The date was read in the first lines of the text. Check it.")
    return Incoming(
        origin=CopyOrigin.PASTED,
        body=storable(text).encode(),
        media_type="text/plain",
        text=found.text,
        address=address,
        found=told,
        notes=notes,
    )


def printed_day(text: str, language: str) -> dt.date | None:
    """The one whole date that short lines at the top of a text print, as the line under a headline does."""
    lines = [line for line in text[:2000].split("\n") if line.strip()][:FIRST_LINES]
    days = set()
    for line in lines:
        words = tokens(line)
        if len(line) <= SHORT_LINE:
            found = find(words, [0] * len(words), None, language or DEFAULT_LANGUAGE)
            days |= {when.first for when in found if when.precision == DatePrecision.DAY}
    return days.pop() if len(days) == 1 and max(days) <= today() else None


def again(copy: Copy) -> Incoming:
    """The kept file, read once more by today's rules. Raises NotAnArticle, and FileNotFoundError where it is gone."""
    body = copy.read()
    found = extract(body, copy.media_type, copy.address, copy.found.get("charset", ""))
    beside = {name: copy.found[name] for name in ("charset", "modified") if name in copy.found}
    return Incoming(
        origin=copy.origin,
        body=body,
        media_type=copy.media_type,
        text=found.text,
        address=copy.address,
        found=_told(found) | beside,
        notes=found.notes,
    )


def kind_of(body: bytes) -> str:
    """The media type by the first bytes: PDF, HTML, or else plain text."""
    start = body[:2048].lstrip(b"\xef\xbb\xbf\t\n\r ").lower()
    if start.startswith(b"%pdf-"):
        return "application/pdf"
    # Saved pages in UTF-16 have a zero beside every letter.
    start = start.replace(b"\x00", b"")
    if any(mark in start for mark in (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta ", b"<article")):
        return "text/html"
    return "text/plain"


def _told(found: Extracted) -> dict[str, str]:
    told = {
        "title": found.title,
        "outlet": found.outlet,
        "authors": found.authors,
        "published_on": found.published_on.isoformat() if found.published_on else "",
        "language": found.language,
        "canonical_url": found.canonical_url,
    }
    return {name: value for name, value in told.items() if value}
