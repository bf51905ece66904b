"""Reads RSS and Atom that was fetched before; nothing here asks the network.

Feeds are read in a process of their own (apart.py), because they too are written by strangers.
"""

import calendar
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from tracker.exchange.addresses import canonical_url
from tracker.exchange.apart import Unreadable, apart
from tracker.exchange.extraction import clean

MOST_ENTRIES = 500
LONGEST_TITLE = 300
LONGEST_SUMMARY = 600
LONGEST_URL = 2000
LONGEST_MARKUP = 20_000
"""Characters of an entry's text that are looked at; some feeds carry whole articles."""


class BadFeed(Unreadable):
    """There is no feed to read. ``reason`` says in one or two sentences why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article a feed points to. Title, summary and outlet are plain text of one line."""

    guid: str
    """What the feed calls it, else its address; at most 500 characters."""
    url: str
    """In canonical form."""
    title: str
    """At most 300 characters, "" if the feed has none."""
    summary: str
    """At most 600 characters."""
    published_at: datetime | None
    """In UTC."""
    outlet: str
    """Where a feed that collects from many says it comes from, else ""."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's name and its entries in the feed's order, each guid once, at most 500."""

    title: str
    entries: list[FeedEntry]
    skipped: int
    """Entries without an address that can be used."""
    left_out: int
    """Entries beyond the first 500."""


def parse(body: bytes, url: str, charset: str = "") -> ParsedFeed:
    """The feed in the bytes. ``url`` is where they came from, ``charset`` what the server declared.

    Raises BadFeed.
    """
    if not body.strip(b"\x00\t\n\r "):
        raise BadFeed("The feed is empty. Check its address.")
    try:
        found = apart(f"{__name__}:_parse", body, url=url, charset=charset)
    except Unreadable as error:
        raise BadFeed(error.reason.replace("Open it yourself and paste the text you need.", TRY_ANOTHER)) from None
    entries = [FeedEntry(**{**entry, "published_at": _instant(entry["published_at"])}) for entry in found["entries"]]
    return ParsedFeed(**{**found, "entries": entries})


TRY_ANOTHER = "Check the address in a browser, or use another feed of this outlet."


def _instant(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None


def _parse(body: bytes, *, url: str, charset: str) -> dict[str, Any]:
    """Runs apart. Raises BadFeed."""
    from feedparser.api import parse as read  # only the child needs it

    declared = f"; charset={charset}" if re.fullmatch(r"[\w.:-]{1,40}", charset, re.ASCII) else ""
    headers = {"content-location": url, "content-type": f"application/xml{declared}"}
    # As a stream: of a string it would make an address or a file to open.
    stream = io.BytesIO(body)
    found = read(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)  # type: ignore[no-untyped-call]
    if not found.version:
        raise BadFeed(_no_feed(body, url))
    if found.bozo and not found.entries:
        raise BadFeed(f"The feed is damaged and has no entry that can be read. {TRY_ANOTHER}")
    entries: dict[str, FeedEntry] = {}
    skipped = 0
    for entry in found.entries[:MOST_ENTRIES]:
        if address := _address(entry, url):
            one = _entry(entry, address)
            entries.setdefault(one.guid, one)
        else:
            skipped += 1
    return {
        "title": _plain(found.feed, "title", LONGEST_TITLE),
        "entries": [
            {**asdict(entry), "published_at": entry.published_at and entry.published_at.isoformat()}
            for entry in entries.values()
        ],
        "skipped": skipped,
        "left_out": max(len(found.entries) - MOST_ENTRIES, 0),
    }


def _no_feed(body: bytes, url: str) -> str:
    start = body[:200_000].decode("utf-8", "replace")
    if not re.search(r"<(!doctype\s+html|html|head|body)\b", start, re.IGNORECASE):
        return f"This is not a feed in RSS or Atom. {TRY_ANOTHER}"
    if offered := list(dict.fromkeys(_offered(start, url)))[:3]:
        return f"This is a web page and not a feed. It names as its feeds: {', '.join(offered)}"
    return "This is a web page and not a feed. Look on it for a link called RSS or Feed and use that address."


def _offered(page: str, url: str) -> Iterator[str]:
    """The addresses of feeds that a web page names in its head."""
    for link in re.findall(r"<link\b([^<>]{1,2000})>", page, re.IGNORECASE):
        kind = re.search(r"type\s*=\s*[\"']?application/(rss|atom)\+xml", link, re.IGNORECASE)
        target = re.search(r"href\s*=\s*[\"']?([^\"'\s>]{1,500})", link, re.IGNORECASE)
        if kind and target and (address := _usable(unescape(target[1]), url)):
            yield address


def _address(entry: Any, base: str) -> str:
    """The entry's address in canonical form, or "" if it has none that can be used."""
    links = [link.get("href") for link in entry.get("links", []) if link.get("rel", "alternate") == "alternate"]
    # Services that count readers put the real address next to their own.
    for link in [entry.get("feedburner_origlink"), entry.get("link"), *links]:
        if link and (address := _usable(str(link), base)):
            return address
    return ""


def _usable(link: str, base: str) -> str:
    try:
        address = canonical_url(urljoin(base, link.strip()))
    except ValueError:
        return ""
    return address if len(address) <= LONGEST_URL and clean(address).text == address else ""


def _entry(entry: Any, address: str) -> FeedEntry:
    guid = " ".join(clean(str(entry.get("id") or address)).text.split())
    source = entry.get("source")
    return FeedEntry(
        guid=guid if len(guid) <= 500 else hashlib.sha256(guid.encode()).hexdigest(),
        url=address,
        title=_plain(entry, "title", LONGEST_TITLE),
        summary=_plain(entry, "summary", LONGEST_SUMMARY) or _plain(_content(entry), "value", LONGEST_SUMMARY),
        published_at=_published(entry),
        outlet=_plain(source, "title", LONGEST_TITLE) if isinstance(source, dict) else "",
    )


def _content(entry: Any) -> dict[str, Any]:
    content = entry.get("content")
    return content[0] if content else {}


def _published(entry: Any) -> datetime | None:
    # Asked for in this order: feedparser warns when it is asked for an update that is not there.
    parsed = entry.get("published_parsed") if "published" in entry else entry.get("updated_parsed")
    if not parsed:
        return None
    try:
        instant = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year >= 1990 and instant < datetime.now(UTC) + timedelta(days=2) else None


def _plain(thing: Any, name: str, limit: int) -> str:
    """A value in one line of plain text, cut at a word if it is long."""
    value = str(thing.get(name) or "")[:LONGEST_MARKUP]
    kind = thing.get("type" if name == "value" else f"{name}_detail", "")
    if isinstance(kind, dict):
        kind = kind.get("type", "")
    if kind != "text/plain":
        value = _without_tags(value)
    text = " ".join(clean(value).text.split())
    if len(text) <= limit:
        return text
    return text[:limit].rpartition(" ")[0].rstrip(" ,;:") + " …" if " " in text[:limit] else text[: limit - 1] + "…"


class _Words(HTMLParser):
    """Keeps what stands between the tags."""

    UNSEEN = frozenset({"script", "style", "template", "iframe", "object", "svg"})
    INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "cite", "em", "font", "i", "mark", "s", "small", "span"}) | {
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    }

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.UNSEEN:
            self.unseen += 1
        elif tag not in self.INLINE:
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        elif tag not in self.INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)


def _without_tags(markup: str) -> str:
    if "<" not in markup:
        return unescape(markup)
    reader = _Words()
    reader.feed(markup)
    reader.close()
    return "".join(reader.words)
