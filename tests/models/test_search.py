"""Full-text search of events and articles."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from django.db import connection

from tests import factories
from tracker.codebook import Stage
from tracker.models import Agreement, Article, Effect, Event, Report, Vantage, Withdrawal, today
from tracker.models.search import (
    Marker,
    articles_by_relevance,
    articles_with,
    events_by_relevance,
    events_with,
    obligations_with,
    passage,
    understood,
)
from tracker.reading.asking import LONGEST, MOST_TERMS, plain

pytestmark = pytest.mark.django_db

EARLIER = "2025-11-01"


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", recorded_at=factories.moment("2025-10-01"))


def told(agreement: Agreement, title: str, **fields: Any) -> Event:
    """An event that was recorded on the day it happened."""
    defaults: dict[str, Any] = {"recorded_at": factories.moment("2025-10-20"), "title": title, "reports": []}
    return factories.event(agreement, "2025-10-20", **defaults | fields)


def found(text: str, as_of: str = "", known_on: str = "") -> list[str]:
    """The titles of the events that are found, in alphabetical order."""
    vantage = seen(as_of, known_on)
    events = events_with(Event.objects.on(vantage), understood(text), vantage)
    return sorted(events.values_list("title", flat=True))


def seen(as_of: str = "", known_on: str = "") -> Vantage:
    return Vantage(
        dt.date.fromisoformat(as_of) if as_of else today(), dt.date.fromisoformat(known_on) if known_on else None
    )


# Words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("strike", "Strikes on the bridge"),
        ("striking", "Strikes on the bridge"),
        ("BRIDGES", "Strikes on the bridge"),
        ("السلاح", "نزع سلاح الفصائل"),
        ("فصائل", "نزع سلاح الفصائل"),
        ("الفَصَائِل", "نزع سلاح الفصائل"),
        ("والقوات", "انسحاب قوات"),
        ("للرهائن", "عودة الرهائن"),
        ("הפסקת", "הפסקת אש"),
        ("Erdogan", "Erdoğan meets envoys"),
        ("Erdoğan", "Erdogan meets envoys"),
        ("cease-fire", "A cease-fire holds"),
        ("cease fire", "A cease-fire holds"),
        ("Israel's", "What Israel\u2019s army says"),
        ("legitimate", "A “legitimate right”, says the group"),
        ("48", "48 hostages"),
        ("script", "<script>alert(1)</script>"),
    ],
)
def test_a_word_is_found_in_any_form(agreement: Agreement, text: str, title: str) -> None:
    told(agreement, title)
    told(agreement, "Something else")
    assert found(text) == [title]


def test_a_phrase_stands_in_this_order(agreement: Agreement) -> None:
    told(agreement, "The second phase begins")
    told(agreement, "A phase of a second truce")
    assert found('"second phase"') == ["The second phase begins"]
    assert len(found("second phase")) == 2
    # Also across what is written between words, and with common ones in it.
    told(agreement, "Return of the dead")
    assert found('"return of the dead"') == ["Return of the dead"]


def test_a_word_can_be_excluded(agreement: Agreement) -> None:
    told(agreement, "A strike on the bridge")
    told(agreement, "A strike on the ford", reports=[{"quote": "it was the bridge"}])
    told(agreement, "A strike on the mill")
    assert found("strike -bridge") == ["A strike on the mill"]
    assert found("-strike") == []
    assert len(found("-nothing")) == 3


def test_one_of_several_is_enough(agreement: Agreement) -> None:
    told(agreement, "Northland speaks of the bridge")
    told(agreement, "The Front speaks of the bridge")
    told(agreement, "Northland speaks of the ford")
    assert len(found("northland OR front")) == 3
    assert len(found("northland OR front bridge")) == 2


def test_a_beginning_is_enough_with_a_star(agreement: Agreement) -> None:
    for title in ("Disarmament", "They disarm", "Disarming them", "Disaster"):
        told(agreement, title)
    assert found("disarm*") == ["Disarmament", "Disarming them", "They disarm"]
    # Longer than the stem, and still only what begins so.
    assert found("disarmamen*") == ["Disarmament"]
    assert found("disarmi*") == ["Disarming them"]
    assert found('"they disa*"') == ["They disarm"]
    assert "Disaster" in found("-disarm*")


def test_words_that_are_in_every_text_are_left_out_and_named(agreement: Agreement) -> None:
    told(agreement, "Bridge falls")
    assert found("the bridge of") == ["Bridge falls"]
    assert understood("the bridge of").too_common == ("the", "of")
    assert understood("the").is_empty


# Where they are found


def test_it_is_found_by_all_that_is_said_of_it(agreement: Agreement) -> None:
    office = factories.actor(name="Harbour Office", aliases=["مكتب الميناء", "HO"])
    agency = factories.outlet("Delta Agency")
    article = factories.article(title="Shots were heard", outlet=factories.outlet("Hill Courier"), authors="Ann Writer")
    told(
        agreement,
        "The ferry sinks",
        summary="Nobody was on deck.",
        place="Old quay",
        actors=[(office, "host")],
        reports=[
            {"article": article, "quote": "رأيت السفينة تغرق", "originator_text": "a fisherman", "relays": agency},
        ],
    )
    told(agreement, "Another event")
    for text in (
        "ferry",
        "deck",
        "quay",
        "harbour",
        "ميناء",
        "HO",
        "shots",
        "courier",
        "writer",
        "سفينة",
        "fisherman",
        "delta",
    ):
        assert found(text) == ["The ferry sinks"], text
    # Words may be spread over all of it; a phrase may not.
    assert found("ferry fisherman courier") == ["The ferry sinks"]
    assert found('"fisherman courier"') == []


def test_a_report_counts_from_the_day_it_was_recorded_and_published(agreement: Agreement) -> None:
    event = told(agreement, "The ferry sinks")
    later = factories.article(published_on=dt.date(2025, 12, 1), recorded_at=factories.moment("2025-10-21"))
    factories.report(event, later, quote="a torpedo", recorded_at=factories.moment("2025-10-21"))
    noticed = factories.article(published_on=dt.date(2025, 10, 20))
    factories.report(event, noticed, quote="a mine", recorded_at=factories.moment("2026-01-10"))
    assert found("torpedo") == found("mine") == ["The ferry sinks"]
    assert found("torpedo", as_of=EARLIER) == []
    assert found("mine", as_of=EARLIER) == ["The ferry sinks"]
    assert found("mine", known_on=EARLIER) == []
    # What was not known then excludes nothing either.
    assert found("ferry -mine", known_on=EARLIER) == ["The ferry sinks"]
    assert found("ferry -mine") == []


def test_what_is_not_public_or_was_withdrawn_is_not_found(agreement: Agreement) -> None:
    event = told(agreement, "The ferry sinks")
    factories.report(event, quote="a torpedo", stage=Stage.IN_REVIEW)
    told(agreement, "A draft about a torpedo", stage=Stage.DRAFT)
    withdrawn = factories.report(event, quote="a mine")
    Withdrawal.record(withdrawn, withdrawn=True, reason="It was about another ferry.")
    assert found("torpedo") == []
    assert found("mine") == []


def test_an_actor_counts_from_the_day_it_was_recorded(agreement: Agreement) -> None:
    event = told(agreement, "The ferry sinks")
    late = factories.actor(name="Harbour Office")
    event.actors.create(actor=late, role="host", recorded_at=factories.moment("2026-01-10"))
    assert found("harbour") == ["The ferry sinks"]
    assert found("harbour", known_on=EARLIER) == []


def test_an_obligation_counts_from_the_day_it_was_agreed_and_the_effect_recorded(agreement: Agreement) -> None:
    early = factories.obligation(agreement, title="The gate opens", recorded_at=factories.moment("2025-10-01"))
    late = factories.obligation(
        agreement, title="The mill grinds", agreed_on="2025-12-01", recorded_at=factories.moment("2025-10-01")
    )
    event = told(agreement, "The ferry")
    for duty in (early, late):
        Effect.objects.create(
            event=event, obligation=duty, effect="context", recorded_at=factories.moment("2025-11-05")
        )
    assert found("ferry gate") == found("gates") == ["The ferry"]
    assert found("gate", known_on=EARLIER) == []
    assert found("mill") == ["The ferry"]
    assert found("mill", as_of=EARLIER) == []
    assert [one.title for one in obligations_with(understood("gate opening"), seen())] == ["The gate opens"]
    assert not obligations_with(understood("mill"), seen(EARLIER)).exists()
    assert not obligations_with(understood("-mill"), seen()).exists()


def test_articles_are_found_by_title_authors_outlet_and_what_is_taken_from_them(agreement: Agreement) -> None:
    one = factories.article(
        title="Shots at the river", authors="Ann Writer", outlet=factories.outlet("Hill Courier"), language="fr"
    )
    other = factories.article(title="Bread")
    told(agreement, "The ferry sinks", reports=[{"article": one, "quote": "we saw smoke"}, other])
    vantage = seen()
    for text in ("shots", "writer", "courier", "smoke", "shots smoke"):
        rows = articles_with(Article.objects.in_use(vantage), understood(text), vantage)
        assert list(rows) == [one], text
    early = seen(as_of="2025-10-15")
    assert not articles_with(Article.objects.all(), understood("smoke"), early).exists()


# Order


def test_the_title_counts_most(agreement: Agreement) -> None:
    said = told(agreement, "One", reports=[{"quote": "about the ferry"}])
    summed = told(agreement, "Two", summary="The ferry was full.")
    titled = told(agreement, "The ferry")
    question, vantage = understood("ferry"), seen()
    events = events_with(Event.objects.on(vantage), question, vantage)
    assert events_by_relevance(events, question, vantage) == [titled.pk, summed.pk, said.pk]
    question = understood("ferr*")
    assert events_by_relevance(events, question, vantage)[0] == titled.pk


def test_articles_are_ranked_too(agreement: Agreement) -> None:
    quoted, titled = factories.article(title="One"), factories.article(title="The ferry")
    told(agreement, "A", reports=[{"article": quoted, "quote": "about the ferry"}, titled])
    question, vantage = understood("ferry"), seen()
    rows = articles_with(Article.objects.in_use(vantage), question, vantage)
    assert articles_by_relevance(rows, question, vantage) == [titled.pk, quoted.pk]


# Limits


def test_too_much_at_once_finds_nothing_and_says_so(agreement: Agreement) -> None:
    told(agreement, "a" * 20)
    many = " ".join(f"w{number}" for number in range(MOST_TERMS + 1))
    for text in ("a" * (LONGEST + 1), many):
        question = understood(text)
        assert question.too_long
        assert question.text == text.strip()
        assert not question.is_empty
        assert not events_with(Event.objects.all(), question, seen()).exists()
    assert not understood(many.rsplit(" ", 1)[0]).too_long


# Marks


def marks(text: str, question: str) -> list[str]:
    marker = Marker(understood(question), [text])
    pieces = marker.pieces(text)
    assert "".join(piece.text for piece in pieces) == text
    return [piece.text for piece in pieces if piece.hit]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("The strikes were striking.", "strike", ["strikes", "striking"]),
        ("“Disarmament”, Erdoğan\u2019s word", "disarmament erdogan", ["Disarmament", "Erdoğan"]),
        ("نزعُ السِّلاح", "سلاح", ["السِّلاح"]),
        ("Disarming, disarmament and arms", "disarm*", ["Disarming", "disarmament"]),
        ("The second phase", '"second phase"', ["second", "phase"]),
        ("a <b>strike</b> & more", "strike", ["strike"]),
        ("strike here, bridge there", "strike -bridge", ["strike"]),
        ("nothing", "strike", []),
    ],
)
def test_words_looked_for_are_marked_where_they_stand(text: str, question: str, expected: list[str]) -> None:
    assert marks(text, question) == expected


def test_a_passage_begins_with_the_sentence_of_the_word() -> None:
    text = "First this. Then a strike came. Later that."
    marker = Marker(understood("strike"), [text])
    assert passage(text, marker) == "… Then a strike came. Later that."
    assert passage(text, marker, longest=20) == "… Then a strike came. …"
    assert passage("Nothing here.", marker) == ""


# What it stands on


def test_the_database_makes_text_plain_as_the_code_does() -> None:
    signs = "".join(chr(code) for code in range(1, 0x3000) if unicodedata.name(chr(code), ""))
    for text in (f"{signs} a\u00e9\u6f22\uac00", signs[:90]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tracker_plain(%s)", [text])
            assert cursor.fetchone() == (plain(text),)


def test_the_indexes_serve_the_search() -> None:
    question = understood("ferry disarm*")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for rows, index in (
        (Event.with_merged.filter(question.groups[0].within("title", "summary", "place")), "event_words"),
        (Report.objects.filter(question.groups[1].within("quote", "originator_text")), "report_words"),
        (Article.with_merged.filter(question.anything.within("title", "authors")), "article_words"),
    ):
        assert index in rows.order_by().explain(), index
