"""The explorer of events and the list of articles: search, facets, pages, map and calendar."""

import datetime as dt
import html
import re
from collections import Counter
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

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
from tracker.browse.shapes import Box, of_view
from tracker.codebook import WherePrecision
from tracker.models import Actor, Agreement, Effect, Event, EventActor, Outlet, Vantage, facets, search
from tracker.reading.asking import LONGEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", title="The river truce")


def address(path: str = "/events/", chosen: dict[str, list[str]] | None = None, **parts: Any) -> str:
    every = {name.rstrip("_"): value for name, value in ((chosen or {}) | parts).items()}
    return f"{path}?{urlencode(every, doseq=True)}"


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
    assert '<q lang="ar" dir="auto"><bdi>نطالب بفتح <mark>المعبر</mark></bdi></q>' in response.content.decode()
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
    if len(text) > LONGEST:
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
    box = r'type="checkbox" form="narrow" name="(\w+)" value="([^"]*)"(?: checked)?>.*?'
    count_of = r'<span class="facet-count">([^<]*)</span>'
    for name, value, count in re.findall(box + count_of, response.content.decode(), re.DOTALL):
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


def told(number: int, actors: list[Actor], outlets: list[Outlet]) -> list[dict[str, Any]]:
    by_actor: dict[str, Any] = {
        "article": factories.article(outlet=outlets[number % 3]),
        "originator": actors[number % 4],
    }
    in_words: dict[str, Any] = {"article": factories.article(outlet=outlets[0]), "originator_text": "a witness"}
    return [by_actor, in_words][: number % 2 + 1]


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
                reports=told(number, actors, outlets),
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
        response = read(address(chosen=chosen, q=text))
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
    assert sorted(asked(actor=["state", "front"])) == ["The bridge", "The ferry"]


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


def test_an_event_is_found_by_the_obligation_it_bears_on(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, title="The northern gate opens both ways")
    factories.event(agreement, "2025-10-20", title="The ferry sails", effects=[(duty, "advances")])
    response = read(address(q="northern gate"))
    assert titles(response) == ["The ferry sails"]
    assert "Bears on the obligation: The northern gate opens both ways" in words(response)
    assert "Obligations with these words: The northern gate opens both ways" in words(response)
    assert f'href="{duty.get_absolute_url()}"' in response.content.decode()
    # A phrase stands in one place, what is excluded only in what is said of the event itself.
    assert asked(q='"gate ferry"') == []
    assert asked(q="ferry -gate") == ["The ferry sails"]
    elsewhere = factories.agreement("elsewhere")
    assert "Obligations with these words" not in words(
        read(address(f"{elsewhere.get_absolute_url()}events/", q="gate"))
    )


def test_many_obligations_are_offered_only_beside_few_events(
    agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.browse.explorer.OFFERED", 1)
    for number in range(2):
        factories.obligation(agreement, title=f"Gate {number} opens")
    assert "Obligations with these words: Gate 0 opens" in words(read(address(q="gate")))
    for number in range(4):
        factories.event(agreement, title=f"Gate {number} is painted")
    assert "Obligations with these words" not in words(read(address(q="gate")))


def test_days_with_few_events_say_what_there_is_on_others(agreement: Agreement) -> None:
    for day in ("2025-10-11", "2025-10-20", "2025-11-20", "2025-12-02"):
        factories.event(agreement, day, title=f"Ferry of {day}")
    factories.event(agreement, "2025-11-02", title="The bridge")
    response = read(address(q="ferry", from_="2025-11-01", to="2025-11-10"))
    said = words(response)
    assert "On any day: 4 events" in said
    assert "Nearest before: 20 Oct 2025" in said
    assert "Nearest after: 20 Nov 2025" in said
    assert 'href="/events/?q=ferry&amp;from=2025-10-20&amp;to=2025-10-20"' in response.content.decode()
    said = words(read(address(q="ferry", from_="2025-11-15", to="2025-11-25")))
    assert "Few events fit within these days: On any day: 4 events" in said
    assert "Nearest before: 20 Oct 2025" in said
    assert "Nearest" not in words(read(address(q="ferry", from_="2025-10-01")))
    assert "On any day: 4" not in words(read(address(q="mill", from_="2025-11-01")))
    # Nothing later than the day that the page is about.
    past = words(read(address(q="ferry", from_="2025-11-01", to="2025-11-10", as_of="2025-11-15")))
    assert "On any day: 2 events" in past
    assert "Nearest after" not in past


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
    assert "by ferry a captain · A crossing" in words(response)
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


# Map


def placed(agreement: Agreement, title: str, north: str, east: str, precision: int = 1, **fields: Any) -> Event:
    return factories.event(
        agreement, title=title, latitude=north, longitude=east, where_precision=precision, **{"place": title} | fields
    )


def drawing(query: str = "") -> str:
    """The map of a page, without what stands around it."""
    page = read(f"/events/?view=map{query}").content.decode()
    found = re.search(r'<figure class="map">.*?</figure>', page, re.DOTALL)
    assert found
    return found[0]


def test_points_are_places_and_areas_are_hatched(agreement: Agreement) -> None:
    placed(agreement, "The quay", "31.5", "34.45")
    placed(agreement, "The quarter", "31.3", "34.3", WherePrecision.DISTRICT)
    shown = drawing()
    assert shown.count('class="map-point"') == 1
    assert shown.count('class="map-region"') == 1
    assert 'fill="url(#map-area)"' in shown
    assert 'aria-label="The quay: 1 event"' in shown
    assert "Natural Earth" in shown
    assert "takes no position" in shown


def test_above_the_map_stands_how_many_are_not_on_it(agreement: Agreement) -> None:
    placed(agreement, "The quay", "31.5", "34.45")
    factories.event(agreement, title="A word")
    assert "1 of these 2 events has no exact place, so it is not on the map." in words(read("/events/?view=map"))
    placed(agreement, "Northland", "31.5", "34.45", WherePrecision.COUNTRY)
    assert "2 of these 3 events have no exact place, so they are not on the map." in words(read("/events/?view=map"))


def test_the_middle_of_a_country_is_no_place(agreement: Agreement) -> None:
    placed(agreement, "Northland", "31.5", "34.45", WherePrecision.COUNTRY)
    factories.event(agreement, title="Somewhere", place="The ford")
    factories.event(agreement, title="A word")
    response = read("/events/?view=map")
    page = response.content.decode()
    assert "map-point" not in page
    assert "map-region" not in page
    said = words(response)
    assert "None of these events has a position" in said
    assert "1 event is known to have happened somewhere in a country only" in said
    assert "1 event has no place" in said
    assert 'href="/events/?place=The+ford"' in page


def test_several_events_at_a_place_are_one_mark_with_their_number(agreement: Agreement) -> None:
    for number in range(7):
        placed(agreement, f"Event {number}", "31.5", "34.45", place="The quay")
    placed(agreement, "Far off", "31.2", "34.1")
    response = read("/events/?view=map&kind=statement")
    shown = drawing("&kind=statement")
    assert shown.count('class="map-point"') == 2
    assert re.search(r'<text class="map-count"[^>]*>7</text>', shown)
    target = re.search(r'<a href="#([\w-]+)" aria-label="The quay: 7 events"', shown)
    assert target
    listed = part(response, target[1])
    assert "The quay: 7 events" in listed
    assert "and 2 more" in listed
    link_to_all = "/events/?kind=statement&amp;place=The+quay"
    assert f'href="{link_to_all}"' in response.content.decode()
    assert len(titles(read(html.unescape(link_to_all)))) == 7


def test_what_lies_far_away_is_told_and_can_be_shown(agreement: Agreement) -> None:
    for number in range(3):
        placed(agreement, f"Event {number}", f"31.{number}", "34.45")
    placed(agreement, "Overseas", "25.8", "-80.2")
    near = drawing()
    assert "Overseas: 1 event" not in near
    assert "1 event lies outside: Overseas." in near
    assert 'href="/events/?view=map&amp;area=all"' in near
    far = drawing("&area=all")
    assert 'aria-label="Overseas: 1 event"' in far
    assert "Show where most of them are" in far
    read("/events/?view=map&area=moon", status=400)


def test_the_map_is_handed_out_as_a_file(agreement: Agreement) -> None:
    placed(agreement, "The quay & <b>pier</b>", "31.5", "34.45")
    for address_ in ("/events/map.svg?kind=statement", "/agreements/truce/events/map.svg", "/ar/events/map.svg"):
        response = read(address_)
        assert response["Content-Type"].startswith("image/svg+xml")
        ElementTree.fromstring(response.content)  # noqa: S314  # our own
        assert "The quay &amp; &lt;b&gt;pier" in response.content.decode()
    assert read("/events/map.png").content.startswith(b"\x89PNG")
    assert 'href="/events/map.svg?view=map"' in drawing()
    read("/events/map.svg?kind=nonsense", status=400)
    read(f"/agreements/truce/events/map.svg?known_on={days_ago(3)}", status=404)


@pytest.mark.parametrize("centre", [(0.0, 0.0), (65.0, 179.9), (-16.5, -179.9), (52.0, 5.0), (-80.0, 0.0)])
def test_land_is_drawn_within_the_view_wherever_it_is(centre: tuple[float, float]) -> None:
    north, east = centre
    for half in (0.5, 15.0, 60.0):
        view = Box(east - half, north - half, east + half, north + half)
        for outline in of_view(view).land(view):
            assert all(view.west - 1e-6 <= x <= view.east + 1e-6 for x, _y in outline)
            assert all(view.south - 1e-6 <= y <= view.north + 1e-6 for _x, y in outline)


def inside(x: float, y: float) -> bool:
    """Whether a point is on land: an odd number of outlines around it."""
    view = Box(x - 3, y - 3, x + 3, y + 3)
    crossings = 0
    for outline in of_view(view).land(view):
        for (x1, y1), (x2, y2) in pairwise([*outline, outline[0]]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def test_land_and_water_are_where_they_are() -> None:
    for place, land in (
        ((31.2, 30.05), True),  # Cairo
        ((34.35, 31.4), True),  # Gaza
        ((33.5, 33.0), False),  # the sea before it
        ((178.0, 67.0), True),  # the far end of Siberia
        ((-175.0, 66.5), True),  # and beyond the edge of the map
        ((-150.0, 0.0), False),
        ((28.2, -29.6), True),  # Lesotho, a hole in another country
    ):
        assert inside(*place) == land, place


# Calendar


def test_days_have_their_number_and_lead_to_exactly_those(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="One", kind="strike")
    factories.event(agreement, "2025-10-20", title="Two", kind="strike")
    factories.event(agreement, "2025-10-19", title="Long", kind="strike", date_end=dt.date(2025, 10, 20))
    factories.event(agreement, "2025-10-01", title="Some day", kind="strike", date_precision=4)
    factories.event(agreement, "2025-10-20", title="Other", kind="meeting")
    response = read("/events/?view=calendar&kind=strike&as_of=2025-12-18")
    page = response.content.decode()
    link_to = re.search(r'href="([^"]*)" aria-label="20 Oct 2025: 3 events"', page)
    assert link_to
    assert sorted(titles(read(html.unescape(link_to[1])))) == ["Long", "One", "Two"]
    assert 'aria-label="19 Oct 2025: 1 event"' in page
    assert "as_of=2025-12-18" in link_to[1]
    assert "Dated less exactly Some day Oct 2025 (day not known)" in words(response)
    assert page.count('<table class="month-table"') == 1
    assert '<th scope="col" abbr="Monday">Mon</th>' in page


def test_months_are_turned_and_unknown_ones_refused(agreement: Agreement) -> None:
    for month in range(1, 9):
        factories.event(agreement, dt.date(2025, month, 3), title=f"Event {month}")
    response = read("/events/?view=calendar")
    assert "August 2025" in words(response)
    assert "February 2025" not in words(response)
    earlier = re.search(r'href="([^"]*)">Earlier months', response.content.decode())
    assert earlier
    second = read(html.unescape(earlier[1]))
    assert "February 2025" in words(second)
    assert "August 2025" not in words(second)
    later = re.search(r'href="([^"]*)">Later months', second.content.decode())
    assert later
    assert "August 2025" in words(read(html.unescape(later[1])))
    for month_ in ("2025-13", "x", "2025-12-01", "%00"):
        read(f"/events/?view=calendar&month={month_}", status=400)
    assert "السبت" in read("/ar/events/?view=calendar").content.decode()


# Cost


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=happened",
        "q=happened&kind=statement&actor=side-0&from=2020-01-01",
        "q=zzz",
        "view=map",
        "view=calendar&q=happened",
    ],
)
def test_the_explorer_asks_no_more_of_the_database_when_there_is_more(query: str) -> None:
    factories.actor("side-0")
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}events/?{query}")
    urls = [f"/events/?{query}"]
    if "view" not in query:
        urls.append(f"/sources/?{query.replace('kind=statement&actor=side-0', 'language=en')}")
    before = [number_of_queries(url) for url in urls]
    furnished(factories.agreement(), times=3)
    assert [number_of_queries(url) for url in urls] == before
    assert max(before) <= 16


def test_every_row_is_loaded_with_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = furnished(factories.agreement(), times=2)
    nothing_loads_late(monkeypatch)
    for query in ("q=happened+see", "kind=statement", "q=article", "view=map", "view=calendar"):
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
