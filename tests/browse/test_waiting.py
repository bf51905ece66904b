"""What an agreement waits for: the conditions as sentences and as a graph, what is due, late and announced."""

import re

import pytest

from tests import factories
from tests.browse.reading import days_ago, nothing_loads_late, part, read, same_number_of_queries, words
from tracker.browse.waiting import AT_MOST, picture, waiters
from tracker.models import Actor, Agreement, Vantage
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/waiting/"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def north() -> Actor:
    return factories.actor("north", name="North")


@pytest.fixture
def south() -> Actor:
    return factories.actor("south", name="South")


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}waiting/")
    nothing_loads_late(monkeypatch)
    for query in ("", f"?as_of={days_ago(10)}", "?as_of=2025-10-05", f"?known_on={days_ago(1)}"):
        read(f"{Agreement.objects.first().get_absolute_url()}waiting/{query}")  # type: ignore[union-attr]  # made above


# Sentences


def test_two_sides_that_ask_for_what_the_other_owes_share_a_sentence(
    truce: Agreement, north: Actor, south: Actor
) -> None:
    guns = factories.obligation(truce, "guns", title="Guns are silent", obligors=[south])
    gates = factories.obligation(truce, "gates", title="Gates open", obligors=[north])
    lorries = factories.obligation(truce, "lorries", title="Lorries come", obligors=[north])
    factories.assessed(guns, "2025-10-20", 2)
    factories.assessed(gates, "2025-10-20", 0)
    second = factories.phase(truce, 2)
    spokesman = factories.actor(name="Spokesman of the North", parent=north)
    factories.condition(second, guns, actor=spokesman)
    factories.condition(second, gates, actor=south)
    factories.condition(second, lorries, actor=south)
    assert (
        "Phase 2 waits, Spokesman of the North says, for “Guns are silent” (level 2 of 3 so far); South says, for "
        "“Gates open” (level 0 of 3 so far) and “Lorries come” (not assessed): each waits for the other."
    ) in part(read(PAGE), "conditions")


def test_what_the_text_asks_for_is_told_apart_from_what_a_party_asks_for(truce: Agreement, north: Actor) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    bridge = factories.obligation(truce, "bridge", title="The bridge opens")
    factories.condition(bridge, mines)
    factories.condition(factories.phase(truce, 2), mines, 2, actor=north)
    said = part(read(PAGE), "conditions")
    assert "“The bridge opens” waits, by the text, for “Mines are cleared” (not assessed)." in said
    assert "Phase 2 waits, North says, for “Mines are cleared” (asks for level 2; not assessed)." in said
    assert "each waits for the other" not in said


def test_duties_that_wait_for_one_another_are_called_out(truce: Agreement) -> None:
    first, second = factories.obligation(truce, "a", title="First"), factories.obligation(truce, "b", title="Second")
    factories.condition(first, second, actor=factories.actor())
    factories.condition(second, first, actor=factories.actor())
    said = part(read(PAGE), "conditions")
    assert "“First” and “Second”: each waits for the other." in said
    factories.assessed(second, "2025-10-20", 3)
    assert "each waits for the other" not in part(read(PAGE), "conditions")


def test_met_conditions_stand_apart(truce: Agreement) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    bridge = factories.obligation(truce, "bridge", title="The bridge opens")
    factories.condition(bridge, mines)
    factories.assessed(mines, "2025-10-20", 3)
    said = words(read(PAGE))
    assert "0 conditions are open. 1 other is met." in said
    assert "“The bridge opens” was, by the text, to wait for “Mines are cleared”: met." in said
    before = words(read(f"{PAGE}?as_of=2025-10-19"))
    assert "1 condition is open." in before
    assert "“The bridge opens” waits, by the text, for “Mines are cleared” (not assessed)." in before


def test_every_page_says_that_conditions_carry_no_day(truce: Agreement, north: Actor) -> None:
    mines = factories.obligation(truce, "mines")
    factories.condition(factories.phase(truce, 2), mines, actor=north)
    for query in ("", "?as_of=2025-12-18"):
        assert "Since when each insists is not recorded" in words(read(f"{PAGE}{query}"))


def test_under_a_condition_stand_the_newest_words_of_who_insists(truce: Agreement, north: Actor, south: Actor) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    gates = factories.obligation(truce, "gates", title="Gates open")
    second = factories.phase(truce, 2)
    factories.condition(second, mines, actor=north)
    factories.condition(second, gates, actor=south)
    envoy = factories.actor(name="The envoy", parent=north)
    for day, quote in (("2025-11-01", "mines first"), ("2025-11-09", "not before the mines")):
        reports = [{"originator": envoy, "quote": quote}, {"originator": south, "quote": "no"}]
        factories.event(truce, day, effects=[mines], reports=reports)
    said = part(read(PAGE), "conditions")
    assert "North, The envoy: not before the mines 9 Nov 2025" in said
    assert "mines first" not in said
    assert "No words of South on “Gates open” are on record; that it insists is how the record was coded." in said
    aside = part(read("/agreements/truce/"), "context")
    assert "North, The envoy: not before the mines 9 Nov 2025" in aside
    assert "No words of South on this are on record; that it insists is how the record was coded." in aside
    assert "mines first" in part(read(f"{PAGE}?as_of=2025-11-08"), "conditions")


def test_what_a_party_says_where_it_speaks_of_the_phase_comes_first(truce: Agreement, north: Actor) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    second = factories.phase(truce, 2)
    factories.condition(second, mines, actor=north)
    reports = [{"originator": north, "quote": "no second phase with mines"}]
    spoke = factories.event(truce, "2025-11-01", effects=[mines], reports=reports)
    report = spoke.reports.get()
    factories.declaration(second, north, "2025-11-01", "not_begun", article=report.article)
    factories.event(truce, "2025-11-09", effects=[mines], reports=[{"originator": north, "quote": "too many mines"}])
    said = part(read(PAGE), "conditions")
    assert "no second phase with mines" in said
    assert "too many mines" not in said


def test_a_party_whose_conditions_are_met_is_named_with_its_latest_word(
    truce: Agreement, north: Actor, south: Actor
) -> None:
    mines, gates = factories.obligation(truce, "mines"), factories.obligation(truce, "gates")
    second = factories.phase(truce, 2)
    factories.condition(second, mines, actor=north)
    factories.condition(second, gates, actor=south)
    factories.declaration(second, north, "2025-11-01", "begun")
    factories.declaration(second, north, "2025-11-05", "not_begun")
    factories.assessed(mines, "2025-11-03", 3)
    for page in (part(read(PAGE), "conditions"), part(read("/agreements/truce/"), "context")):
        assert "The recorded condition of North is met. North on whether it has begun: not begun, 5 Nov 2025" in page
        assert "condition of South is met" not in page


# The graph


def test_the_graph_says_who_insists_and_what_is_met(truce: Agreement, north: Actor) -> None:
    mines = factories.obligation(truce, "mines", title="Mines are cleared")
    bridge = factories.obligation(truce, "bridge", title="The bridge opens")
    factories.condition(bridge, mines)
    factories.condition(factories.phase(truce, 2), bridge, actor=north)
    factories.assessed(mines, "2025-10-20", 3)
    page = read(PAGE).content.decode()
    graph = page[page.index('role="img" aria-labelledby="graph-title') :]
    graph = graph[: graph.index("<figcaption")]
    assert len(re.findall('class="wire wire-party"', graph)) == 1
    assert len(re.findall('class="wire wire-met"', graph)) == 1
    assert re.findall(r'class="wire-who"[^>]*>([^<]+)', graph) == ["North", "met"]
    assert re.findall(r'class="strong"[^>]*>([^<]+)', graph) == ["Phase 2"]
    assert "Mines are cleared" in graph
    assert "Fulfilled" in graph


def test_too_many_boxes_are_not_drawn(truce: Agreement) -> None:
    last = factories.obligation(truce)
    for _number in range(AT_MOST):
        factories.condition(factories.obligation(truce), last)
    now = board(truce, Vantage.now())
    assert picture(waiters(now), now) is None
    assert picture(waiters(now)[: AT_MOST - 1], now) is not None


# Days


def test_what_is_due_next_and_what_is_late(truce: Agreement) -> None:
    factories.obligation(truce, "later", title="Much later", due_on="2026-02-01")
    factories.obligation(truce, "soon", title="Soon", due_on="2025-12-20")
    factories.obligation(truce, "late", title="Late", due_on="2025-12-17")
    factories.obligation(truce, "later-still", title="Very late", due_on="2025-10-13")
    done = factories.obligation(truce, "done", title="Long done", due_on="2025-12-30")
    factories.assessed(done, "2025-10-20", 3)
    response = read(f"{PAGE}?as_of=2025-12-18")
    due, late = part(response, "due"), part(response, "overdue")
    assert due.index("Due 20 Dec 2025 · in 2 days Soon") < due.index("Due 1 Feb 2026 · in 45 days Much later")
    assert "Long done" not in due + late
    assert late.index("66 days late · due 13 Oct 2025 Very late") < late.index("1 day late · due 17 Dec 2025 Late")
    assert "2 obligations are overdue. The next day set by the text is 20 Dec 2025." in words(response)


def test_what_is_announced_and_what_of_it_nothing_was_heard_of(truce: Agreement) -> None:
    factories.obligation(truce)
    told = [{"article": factories.article(published_on="2025-12-01")}]
    factories.event(truce, "2025-12-20", title="Talks to come", state="scheduled", reports=told)
    factories.event(truce, "2025-12-10", title="Talks of old", state="scheduled", reports=told)
    response = read(f"{PAGE}?as_of=2025-12-18")
    assert "20 Dec 2025 Talks to come" in part(response, "announced")
    assert "Talks of old" not in part(response, "announced")
    assert "announced for 10 Dec 2025 Talks of old no report that it took place" in part(response, "overtaken")
    assert "Talks to come" not in words(read(f"{PAGE}?as_of=2025-11-30"))


# Empty pages


def test_before_anything_was_agreed_nothing_waits(truce: Agreement) -> None:
    factories.obligation(truce, title="Secret for now")
    said = words(read(f"{PAGE}?as_of=2025-10-01"))
    assert "Nothing had been agreed by 1 Oct 2025, so nothing could wait for anything." in said
    assert "What it waits for today" in said
    assert "Secret for now" not in said


def test_without_conditions_it_says_so(truce: Agreement) -> None:
    factories.obligation(truce)
    said = words(read(PAGE))
    assert "Nothing is recorded as waiting for anything else." in said
    assert "No condition is open" in said
    assert "No day set by the text lies ahead." in said


def test_before_it_was_recorded_it_tells_nothing(truce: Agreement) -> None:
    factories.obligation(truce, title="Secret for now")
    assert "Secret for now" not in words(read(f"{PAGE}?known_on={days_ago(1)}"))


def test_an_unknown_agreement_is_404() -> None:
    read("/agreements/nowhere/waiting/", status=404)


def test_where_it_stands_leads_here(truce: Agreement) -> None:
    factories.obligation(truce)
    assert 'href="/agreements/truce/waiting/?as_of=2025-12-18"' in read(
        "/agreements/truce/?as_of=2025-12-18"
    ).content.decode().replace("&amp;", "&")
