"""Feeds in RSS and Atom, whole, damaged and hostile."""

import time
from datetime import UTC, datetime

import pytest

from tracker.exchange.feeds import BadFeed, FeedEntry, ParsedFeed, parse

URL = "https://harbourpost.example/feeds/world.xml"


def rss(
    *items: str, title: str = "Harbour Post: World", start: str = '<?xml version="1.0" encoding="utf-8"?>'
) -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'{start}<rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'.encode()


NAMED = '<guid isPermaLink="false">x</guid>'


def link(number: int = 1) -> str:
    return f"<link>https://harbourpost.example/{number}</link>"


def only(item: str) -> FeedEntry:
    [entry] = parse(rss(item), URL).entries
    return entry


def refusal(body: bytes) -> str:
    with pytest.raises(BadFeed) as refused:
        parse(body, URL)
    return refused.value.reason


def test_rss_becomes_plain_entries() -> None:
    item = (
        "<title>Envoys &lt;b&gt;meet&lt;/b&gt; &amp;amp; leave</title>"
        "<link> https://harbourpost.example/a?utm_source=rss#top </link><guid isPermaLink='false'>tag:1</guid>"
        "<pubDate>Fri, 19 Dec 2025 23:30:00 -0500</pubDate><source url='https://wire.example/f'>Wire</source>"
        "<description><![CDATA[<p>They met<br>on the coast</p><script>a(1)</script><p>and l<b>ef</b>t.]]></description>"
    )
    assert parse(rss(item), URL) == ParsedFeed(
        title="Harbour Post: World",
        entries=[
            FeedEntry(
                guid="tag:1",
                url="https://harbourpost.example/a",
                title="Envoys meet & leave",
                summary="They met on the coast and left.",
                published_at=datetime(2025, 12, 20, 4, 30, tzinfo=UTC),
                outlet="Wire",
            )
        ],
        skipped=0,
        left_out=0,
    )


def test_atom_becomes_plain_entries() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Bulletin</title><entry><id>urn:7</id>'
        '<title type="text">Crossing &lt;closed&gt;</title><link rel="self" href="/atom/7"/><link href="../7"/>'
        '<updated>2025-12-19T10:00:00+02:00</updated><content type="html">&lt;p&gt;Until further notice.</content>'
        "</entry></feed>"
    )
    [entry] = parse(feed.encode(), URL).entries
    assert entry == FeedEntry(
        guid="urn:7",
        url="https://harbourpost.example/7",
        title="Crossing <closed>",
        summary="Until further notice.",
        published_at=datetime(2025, 12, 19, 8, 0, tzinfo=UTC),
        outlet="",
    )


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(rss(), URL) == ParsedFeed("Harbour Post: World", [], 0, 0)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/b",
        "https://a:b@c.example/",
        "http://[::1",
        "mailto:a",
    ],
)
def test_entries_with_no_usable_address_are_counted(target: str) -> None:
    got = parse(rss(f"<title>x</title><link>{target}</link>", link()), URL)
    assert [entry.url for entry in got.entries] == ["https://harbourpost.example/1"]
    assert got.skipped == 1


def test_an_entry_without_a_guid_has_its_address_for_one_and_each_guid_comes_once() -> None:
    got = parse(rss(link(1), link(2), link(1), NAMED + link(3), NAMED + link(4)), URL)
    assert [entry.guid for entry in got.entries] == [
        "https://harbourpost.example/1",
        "https://harbourpost.example/2",
        "x",
    ]


def test_long_guids_are_shortened_and_stay_apart() -> None:
    got = parse(rss(f"<guid>{'g' * 600}a</guid>{link(1)}", f"<guid>{'g' * 600}b</guid>{link(2)}"), URL)
    assert len({entry.guid for entry in got.entries}) == 2
    assert all(len(entry.guid) <= 500 for entry in got.entries)


@pytest.mark.parametrize(
    "stamp", ["", "soon", "Fri, 99 Dec 2025 99:99:99 GMT", "2999-01-01T00:00:00Z", "0001-01-01", "-1"]
)
def test_a_date_that_is_none_is_left_open(stamp: str) -> None:
    assert only(f"{link()}<pubDate>{stamp}</pubDate>").published_at is None


def test_long_words_are_cut() -> None:
    entry = only(f"{link()}<title>{'word ' * 500}</title><description>{'a' * 5000}</description>")
    assert entry.title.endswith("word …")
    assert len(entry.title) <= 302
    assert len(entry.summary) == 600


def test_no_more_than_500_entries_are_taken() -> None:
    got = parse(rss(*(link(number) for number in range(620))), URL)
    assert len(got.entries) == 500
    assert got.left_out == 120


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("windows-1256", ""), ("iso-8859-6", ""), ("utf-16", ""), ("windows-1256", "windows-1256")],
)
def test_letters_are_read_as_declared(encoding: str, declared: str) -> None:
    start = '<?xml version="1.0"?>' if declared else f'<?xml version="1.0" encoding="{encoding}"?>'
    feed = rss(f"{link()}<title>هدنة</title>", start=start).decode().encode(encoding)
    assert parse(feed, URL, declared).entries[0].title == "هدنة"


def test_characters_that_disturb_are_removed() -> None:
    entry = only(f"{link()}<title>a\u202eb&#x202e;c\u200bd</title><guid isPermaLink='false'>g\u2066</guid>")
    assert (entry.title, entry.guid) == ("abcd", "g")


def test_a_web_page_names_its_feeds() -> None:
    page = b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/f.xml?a=1&amp;b=2">'
    assert "It names as its feeds: https://harbourpost.example/f.xml?a=1&b=2" in refusal(page)
    assert "Look on it for a link" in refusal(b"<html><body><p>Hello</p></body></html>")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b" \r\n\x00", "empty"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "not a feed"),
        (bytes(range(256)) * 100, "not a feed"),
        (b"https://harbourpost.example/other.xml", "not a feed"),
        (b"/etc/passwd", "not a feed"),
        (b'<rss version="2.0"><channel><it', "damaged"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, word: str) -> None:
    assert word in refusal(body)


@pytest.mark.parametrize(
    "broken",
    [
        rss(link(1), link(2))[:-30],
        rss(link(1) + "<title>caf\x01 & more &nbsp;</title>", link(2)),
        rss(link(1), link(2)).replace(b"Harbour Post", b"Harb\xffur"),
    ],
)
def test_a_feed_with_slips_is_read_as_far_as_possible(broken: bytes) -> None:
    assert "https://harbourpost.example/1" in [entry.url for entry in parse(broken, URL).entries]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
ITEM = f"{link()}<title>&l11;</title>"
HOSTILE = {
    "billion laughs": rss(ITEM, start=f'<?xml version="1.0"?><!DOCTYPE l [{LAUGHS}]>'),
    "one long entity often": rss(
        f"{link()}<title>{'&a;' * 20_000}</title>", start=f'<!DOCTYPE l [<!ENTITY a "{"a" * 100_000}">]>'
    ),
    "other files": rss(
        f"{link()}<title>&x;</title>",
        start='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>',
    ),
    "deep": b'<rss version="2.0"><channel>' + b"<a>" * 100_000,
    "many": rss(*[link()] * 20_000),
    "long": rss(f"{link()}<description>{'&lt;p&gt;word ' * 300_000}</description>"),
    "brackets": rss(f"{link()}<description><![CDATA[{'<' * 2_000_000}]]></description>"),
    "many slips": rss(*[f"{link()}<description>&nbsp;<b></i>&bogus;</description>"] * 5_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_do_no_harm(name: str) -> None:
    begun = time.monotonic()
    try:
        entries = parse(HOSTILE[name], URL).entries
    except BadFeed:
        entries = []
    assert len(entries) <= 1
    assert all(len(entry.title) <= 302 and "root:" not in entry.title for entry in entries)
    assert time.monotonic() - begun < 12
