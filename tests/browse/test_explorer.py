"""The explorer of events and the list of articles: search, facets, pages, map and calendar."""

import datetime as dt
import html
import re
from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from tests import factories
from tests.browse.reading import (
    days_ago,
    furnished,
    nothing_loads_late,
    number_of_queries,
    part,
    read,
    same_number_of_queries,
    words,
)
from tests.browse.test_events import link
from tracker.browse import narrowing, paging
from tracker.models import Actor, Agreement, Effect, Event, EventActor, Vantage, facets, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", title="The river truce")


def address(path: str = "/events/", **parts: Any) -> str:
    return f"{path}?{urlencode({name.rstrip('_'): value for name, value in parts.items()}, doseq=True)}"


def titles(response: Any) -> list[str]:
    """The titles of the entries of a list, in their order."""
    found = re.findall(r'<h3 class="entry-title"><a[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", one)) for one in found]


def asked(path: str = "/events/", **parts: Any) -> list[str]:
    return titles(read(address(path, **parts)))


# Search


def test_words_are_marked_where_they_stand_and_never_as_html(agreement: Agreement) -> None:
    article = factories.article(title="Smoke & <b>mirrors</b> over the mill", outlet=factories.outlet("The Courier"))
    factories.event(
        agreement,
        title="<script>alert('mill')</script>",
        summary='A mill "burns" <img src=x onerror=alert(1)>.',
        place="Mill <i>lane</i>",
        reports=[{"article": article, "quote": "the mill <u>is</u> ours", "originator_text": "a <s>miller</s>"}],
    )
    response = read(address(q="mill"))
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "&lt;script&gt;alert(&#x27;<mark>mill</mark>&#x27;)&lt;/script&gt;" in main
    assert "<mark>mill</mark> &quot;burns&quot; &lt;img src=x onerror=alert(1)&gt;." in main
    assert "<mark>Mill</mark> &lt;i&gt;lane&lt;/i&gt;" in main
    assert "the <mark>mill</mark> &lt;u&gt;is&lt;/u&gt; ours" in main
    assert "Smoke &amp; &lt;b&gt;mirrors&lt;/b&gt; over the <mark>mill</mark>" in main
    for tag in ("<script", "<img", "<i>", "<u>", "<s>"):
        assert tag not in main


def test_quotes_are_shown_in_their_language_with_who_says_so(agreement: Agreement) -> None:
    article = factories.article(title="خبر", language="ar", outlet=factories.outlet("The Courier"))
    factories.event(
        agreement,
        title="A demand",
        reports=[{"article": article, "quote": "نطالب بفتح المعبر", "originator": factories.actor(name="The Front")}],
    )
    response = read(address(q="معبر"))
    assert '<q lang="ar"><bdi>نطالب بفتح <mark>المعبر</mark></bdi></q>' in response.content.decode()
    assert "The Front · The Courier: خبر" in words(response)


def test_what_was_reported_later_neither_matches_nor_shows(agreement: Agreement) -> None:
    event = factories.event(agreement, "2025-10-20", title="The ferry sinks", reports=[])
    later = factories.article(title="A torpedo in the river", published_on=dt.date(2025, 12, 1))
    factories.report(event, later, quote="it was a torpedo")
    assert asked(q="torpedo") == ["The ferry sinks"]
    assert asked(q="torpedo", as_of="2025-11-01") == []
    assert "torpedo" not in part(read(address(q="ferry", as_of="2025-11-01")), "main")
    assert asked(q="ferry", as_of="2025-11-01", outlet=later.outlet.slug) == []


def test_the_most_relevant_come_first_unless_asked_otherwise(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="The ferry", reports=[])
    factories.event(agreement, "2025-10-25", title="A crossing", summary="By ferry.", reports=[])
    assert asked(q="ferry") == ["The ferry", "A crossing"]
    assert asked(q="ferry", sort="date") == ["A crossing", "The ferry"]
    assert "Most relevant first" in words(read(address(q="ferry")))
    # Nothing to be relevant to: newest first.
    assert asked(q="-bridge") == ["A crossing", "The ferry"]
    read(address(q="ferry", sort="beauty"), status=400)


HOSTILE = [
    '"',
    '"unbalanced',
    "'''",
    '"" "" ""',
    "-",
    "- - -",
    "OR",
    "OR OR OR",
    "| & ! <-> ()",
    "!!!:*&|",
    "a:*",
    "*",
    "***",
    "((((((((",
    "'; DROP TABLE tracker_event; --",
    "' OR '1'='1",
    "%' AND 1=1 --",
    "\\",
    "\\' \\x00 \\u0000",
    "\x00",
    "null\x00byte",
    "\ud800\udfff",
    "😀😀😀 🕊️",
    "هدنة OR سلاح -حماس",
    "\u202eexe.txt\u202c",
    "הפסקת אש" * 20,
    "a" * 10_000,
    "word " * 2_000,
    '"' * 400,
    "-" * 400,
    "a OR " * 80,
    "<script>alert(1)</script>",
    "{{ 7*7 }} {% debug %} %(x)s %s {0}",
    "../../etc/passwd\r\nSet-Cookie: a=b",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_get_a_sensible_page(agreement: Agreement, text: str) -> None:
    factories.event(agreement, title="The ferry")
    typed = quote(text.encode("utf-8", "surrogatepass"))
    for path in ("/events/", "/sources/"):
        response = read(f"{path}?q={typed}")
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "events" in page
        kept = re.search(r'id="q" type="search" name="q" value="([^"]*)"', page)
        assert kept
        # The text stays in the box, but for signs that no box can hold.
        lasting = re.sub(r"[\x00-\x1f\ud800-\udfff\ufffd]+", " ", text)
        assert " ".join(html.unescape(kept[1]).split()) == " ".join(lasting.split())
    if len(text) > search.LONGEST:
        assert "This is too much to look for at once" in words(response)
        assert titles(response) == []


@pytest.mark.parametrize(
    "query",
    [
        "place=%00",
        "place=nowhere",
        "actor=nobody",
        "actor=%ED%A0%80",
        "outlet=none",
        "agreement=none",
        "originator=nobody",
        "originator=text:nobody",
        "phase=9",
        "phase=one",
        "category=peace",
        "verification=x",
        "interest=x",
        "dated=9",
        "from=2025-02-30",
        "to=tomorrow",
        "from=2025-12-02&to=2025-12-01",
        "sort=x",
        "view=globe",
        "below=x&q=ferry",
        "kind=" + "&kind=".join(str(number) for number in range(30)),
    ],
)
def test_a_value_that_there_is_not_is_refused_with_the_way_to_mend_it(agreement: Agreement, query: str) -> None:
    factories.event(agreement, title="The ferry")
    said = words(read(f"/events/?{query}", status=400))
    assert re.search(r"The values are|Leave this part|Write|Choose at most|Start at the top", said)


# Facets


def options(response: Any) -> dict[str, dict[str, int]]:
    """The counts that the page shows, by facet and value."""
    found: dict[str, dict[str, int]] = {}
    pattern = r'type="checkbox" form="narrow" name="(\w+)" value="([^"]*)"(?: checked)?>.*?<span class="facet-count">([^<]*)</span>'
    for name, value, count in re.findall(pattern, response.content.decode(), re.DOTALL):
        found.setdefault(name, {})[html.unescape(value)] = int(count.replace(",", ""))
    return found


def memberships(event: Event) -> dict[str, set[str]]:
    """Every value that an event has of every facet, found the plain way."""
    vantage = Vantage.now()
    known = list(search.telling(vantage).filter(event=event).select_related("article__outlet", "originator__root"))
    effects = Effect.objects.known(vantage).filter(event=event).select_related("obligation__phase")
    cast = EventActor.objects.filter(event=event).select_related("actor__root")
    return {
        "agreement": {event.agreement.slug},
        "phase": {str(one.obligation.phase.ordinal) for one in effects},
        "category": {one.obligation.category for one in effects},
        "kind": {event.kind},
        "actor": {one.actor.root.slug for one in cast if one.actor.root},
        "verification": {event.verification} - {""},
        "originator": {
            one.originator.root.slug if one.originator and one.originator.root else f"text:{one.originator_text}"
            for one in known
        }
        - {"text:"},
        "outlet": {one.article.outlet.slug for one in known},
        "interest": {one.article.outlet.interest for one in known} - {""},
        "place": {event.place} - {""},
        "dated": {str(event.date_precision)},
    }


def crowd() -> list[Event]:
    """Events of two agreements that differ in every facet."""
    state = factories.actor("state", name="Northland")
    actors = [state, factories.actor("army", parent=state), factories.actor("front"), factories.actor("council")]
    outlets = [factories.outlet(f"Paper {number}", interest=["press", "ngo", ""][number]) for number in range(3)]
    made = []
    for name in ("truce", "accord"):
        agreement = factories.agreement(name)
        duties = [
            factories.obligation(agreement, phase=factories.phase(agreement, number % 2 + 1), category=category)
            for number, category in enumerate(["hostilities", "disarmament", "other"])
        ]
        made += [
            factories.event(
                agreement,
                days_ago(100 + number),
                title=f"{name} {number} {'ferry' if number % 3 else 'bridge'}",
                kind=["strike", "meeting", "statement"][number % 3],
                place=["Old quay", "", "The ford"][number % 3 - 1],
                date_precision=[1, 1, 3, 4][number % 4],
                effects=[duties[number % 3], duties[(number + 1) % 3]] if number % 4 else [],
                accused=[actors[number % 4]] if number % 3 == 0 else [],
                actors=[(actors[(number + 1) % 4], "speaker"), (actors[0], "target")][: number % 3],
                reports=[
                    {"article": factories.article(outlet=outlets[number % 3]), "originator": actors[number % 4]},
                    {"article": factories.article(outlet=outlets[0]), "originator_text": number % 2 * "a witness"},
                ][: number % 2 + 1],
            )
            for number in range(9)
        ]
    return made


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"kind": ["strike"]},
        {"kind": ["strike", "meeting"], "actor": ["state"]},
        {"actor": ["state", "front"], "outlet": ["paper-0"]},
        {"phase": ["1"], "category": ["disarmament"], "agreement": ["truce"]},
        {"originator": ["text:a witness", "council"], "interest": ["press"]},
        {"place": ["Old quay"], "dated": ["1", "3"]},
        {"verification": ["alleged"]},
    ],
)
def test_counts_are_those_of_an_independent_count(chosen: dict[str, list[str]]) -> None:
    events = {event: memberships(event) for event in crowd()}

    def fits(event: Event, but: str = "") -> bool:
        return all(events[event][name] & set(values) for name, values in chosen.items() if name != but)

    for text, word in (("", ""), ("ferries", "ferry")):
        response = read(address(**chosen, q=text))
        shown = options(response)
        pool = [event for event in events if word in event.title]
        assert sorted(titles(response)) == sorted(event.title for event in pool if fits(event))
        for name in facets.OF_EVENTS:
            expected = Counter(value for event in pool if fits(event, name) for value in events[event][name])
            missing = set(chosen.get(name, [])) - set(expected)
            every = dict(expected) | dict.fromkeys(missing, 0)
            # A facet with a single value leaves nothing to choose.
            if len(every) > 1 or name in chosen:
                assert shown[name] == every, name
            else:
                assert name not in shown


def test_the_topmost_parent_stands_for_those_who_speak_for_it(agreement: Agreement) -> None:
    state = factories.actor("state", name="Northland")
    army = factories.actor("army", name="The army", parent=state)
    factories.event(agreement, title="The ferry", actors=[(army, "host")])
    factories.event(agreement, title="The bridge", actors=[(factories.actor("front"), "host")])
    assert asked(actor="state") == ["The ferry"]
    assert asked(actor=["state", "front"]) == ["The bridge", "The ferry"] or len(asked(actor=["state", "front"])) == 2


def test_days_take_in_what_may_have_happened_then(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="On the day")
    factories.event(agreement, "2025-10-01", title="In the month", date_precision=4)
    factories.event(agreement, "2025-11-02", title="Afterwards")
    assert asked(from_="2025-10-20", to="2025-10-20") == ["On the day", "In the month"]
    assert asked(to="2025-10-19") == ["In the month"]
    assert asked(from_="2025-11-01") == ["Afterwards"]
    assert "20 Oct 2025" in words(read(address(from_="2025-10-20", to="2025-10-20")))


def test_every_filter_is_a_chip_that_takes_it_out(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="The ferry", kind="strike")
    factories.event(agreement, "2025-10-21", title="The ferry again", kind="meeting")
    response = read(address(q="ferry", kind=["strike", "meeting"], as_of="2025-12-18", view=""))
    chips = re.search(r'<ul class="chips".*?</ul>', response.content.decode(), re.DOTALL)
    assert chips
    links = [html.unescape(one) for one in re.findall(r'href="([^"]*)"', chips[0])]
    assert links == [
        "/events/?as_of=2025-12-18&kind=strike&kind=meeting",
        "/events/?as_of=2025-12-18&q=ferry&kind=meeting",
        "/events/?as_of=2025-12-18&q=ferry&kind=strike",
        "/events/?as_of=2025-12-18",
    ]


def test_an_empty_list_says_what_to_drop(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="The ferry", kind="strike")
    factories.event(agreement, "2025-10-20", title="The bridge", kind="meeting")
    response = read(address(q="ferry", kind="meeting", to="2025-12-01"))
    assert "No event fits all of this" in words(response)
    assert "Without “Kind of event”: 1 found" in words(response)
    assert 'href="/events/?q=ferry&amp;to=2025-12-01"' in response.content.decode()
    assert "Without the words" in words(response)
    assert "On any day" in words(response)


def test_the_heir_of_a_merged_actor_answers_for_it(agreement: Agreement) -> None:
    heir, merged = factories.actor("heir"), factories.actor("merged")
    factories.event(agreement, title="The ferry", actors=[(heir, "host")])
    Actor.with_merged.filter(pk=merged.pk).update(merged_into=heir)
    assert asked(actor="merged") == ["The ferry"]


def test_large_results_are_counted_no_further(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        factories.event(agreement, title=f"The ferry {number}", kind=["strike", "meeting"][number % 2])
    monkeypatch.setattr(facets, "COUNTED", 2)
    monkeypatch.setattr(paging, "COUNTED", 2)
    monkeypatch.setattr(narrowing, "COUNTED", 2)
    monkeypatch.setattr("tracker.browse.explorer.COUNTED", 2)
    said = words(read("/events/"))
    assert "2+ events" in said
    assert "how many of the newest 2 there would be" in said


# Pages


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_turning_pages_shows_everything_once_and_leads_back(
    agreement: Agreement, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(paging, "ROWS", 3)
    every = [f"The ferry {number}" for number in range(8)]
    for number, title in enumerate(every):
        factories.event(agreement, dt.date(2025, 10, 20 + number // 4), title=title, kind="strike")
    factories.event(agreement, title="The bridge", kind="strike")
    seen: list[str] = []
    url: str | None = address(q="ferry", kind=["strike", "meeting"], sort=order, as_of="2025-12-18")
    last = ""
    while url:
        response, last = read(url), url
        seen += titles(response)
        url = link(response, "next")
    assert sorted(seen) == every
    for name in ("q=ferry", "kind=strike", "kind=meeting", "as_of=2025-12-18"):
        assert name in last
    back = link(read(last), "prev")
    assert back
    assert titles(read(back)) == seen[3:6]
    first = link(read(back), "prev")
    assert first
    assert titles(read(first)) == seen[:3]
    assert link(read(first), "prev") is None


def test_a_list_by_relevance_says_where_it_ends(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        factories.event(agreement, title=f"The ferry {number}")
    for module in ("tracker.browse.explorer", "tracker.models.search"):
        monkeypatch.setattr(f"{module}.SHOWN_BY_RELEVANCE", 2)
    response = read(address(q="ferry"))
    assert "The 2 most relevant. By date the list has all of them." in words(response)
    assert len(titles(response)) == 2
    assert len(asked(q="ferry", sort="date")) == 5


# Articles


def test_articles_are_searched_and_narrowed_too(agreement: Agreement) -> None:
    courier = factories.outlet("The Courier", interest="press")
    one = factories.article(title="Ferries & <b>boats</b>", outlet=courier, published_on=dt.date(2025, 11, 1))
    two = factories.article(title="Bridges", language="ar", published_on=dt.date(2025, 11, 3))
    event = factories.event(agreement, "2025-10-20", title="A crossing", reports=[])
    factories.report(event, one)
    factories.report(event, two, quote="by ferry", originator_text="a captain")
    response = read(address("/sources/", q="ferry"))
    assert titles(response) == ["Ferries & <b>boats</b>", "Bridges"]
    assert "<mark>Ferries</mark> &amp; &lt;b&gt;boats" in response.content.decode()
    assert "by ferry” a captain · A crossing" in words(response) or "by ferry a captain · A crossing" in words(response)
    assert asked("/sources/", outlet="the-courier") == ["Ferries & <b>boats</b>"]
    assert asked("/sources/", language="ar") == ["Bridges"]
    assert asked("/sources/", interest="press", language="ar") == []
    assert asked("/sources/", from_="2025-11-02") == ["Bridges"]
    assert asked("/sources/", agreement="truce", q="ferry -boats") == ["Bridges"]
    assert asked("/sources/", as_of="2025-11-02") == ["Ferries & <b>boats</b>"]
    counts = options(read("/sources/"))
    assert counts["language"] == {"en": 1, "ar": 1}
    assert "No article fits all of this" in words(read(address("/sources/", interest="press", language="ar")))


def test_articles_by_relevance_turn_pages(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "ROWS", 2)
    articles = [factories.article(title=f"The ferry {number}") for number in range(5)]
    factories.event(agreement, reports=articles)
    seen: list[str] = []
    url: str | None = address("/sources/", q="ferry")
    while url:
        response = read(url)
        seen += titles(response)
        url = link(response, "next")
    assert sorted(seen) == [one.title for one in articles]


# Cost


@pytest.mark.parametrize("query", ["", "q=happened", "q=happened&kind=statement&actor=side-0&from=2020-01-01", "q=zzz"])
def test_the_explorer_asks_no_more_of_the_database_when_there_is_more(query: str) -> None:
    factories.actor("side-0")
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}events/?{query}")
    urls = [f"/events/?{query}", f"/sources/?{query.replace('kind=statement&actor=side-0', 'language=en')}"]
    before = [number_of_queries(url) for url in urls]
    furnished(factories.agreement(), times=3)
    assert [number_of_queries(url) for url in urls] == before
    assert max(before) <= 14


def test_every_row_is_loaded_with_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = furnished(factories.agreement(), times=2)
    nothing_loads_late(monkeypatch)
    for query in ("q=happened+see", "kind=statement", "q=article"):
        read(f"/events/?{query}")
        read(f"{agreement.get_absolute_url()}events/?{query}")
    read("/sources/?q=see")


def test_it_answers_reading_only_and_sets_no_cookie(agreement: Agreement) -> None:
    for url in ("/events/?q=x", "/sources/?q=x", "/agreements/truce/events/?q=x"):
        assert not read(url).cookies
        assert Client().post(url).status_code == 405


def test_the_other_languages_search_too(agreement: Agreement) -> None:
    factories.event(agreement, title="The ferry")
    factories.event(agreement, title="The bridge", kind="meeting")
    for code in ("ar", "he"):
        assert asked(f"/{code}/events/", q="ferry") == ["The ferry"]
        assert f'action="/{code}/events/"' in read(f"/{code}/events/?kind=meeting").content.decode()
