"""The page of an event, and the plain lists of events."""

import datetime as dt
import re
import uuid
from typing import Any

import pghistory
import pytest
from django.test import Client

from tests import factories, people
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
from tracker.browse import paging, phrases
from tracker.codebook import DatePrecision, EventState, Stage, Stance, Verification, WherePrecision
from tracker.models import Agreement, Event, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("truce", title="The river truce")


def page(event: Event, query: str = "") -> Any:
    return read(f"{event.get_absolute_url()}{query}")


# One event


def test_it_tells_who_says_so_who_denies_and_who_justifies_each_with_words_and_source(agreement: Agreement) -> None:
    state = factories.actor(name="Northland")
    army = factories.actor(name="Northland army", parent=state)
    group = factories.actor(name="River Front")
    paper = factories.article(
        title="Shots at the river",
        outlet=factories.outlet("The Courier"),
        published_on=dt.date(2025, 12, 14),
        archive_url="https://archive.example/1",
    )
    event = factories.event(
        agreement,
        "2025-12-13",
        reports=[
            {"originator": group, "quote": "they fired first", "article": paper},
            {"originator": army, "stance": Stance.JUSTIFIES},
            {"stance": Stance.DENIES, "originator_text": "a senior official", "relays": factories.outlet("Agency")},
        ],
    )
    response = page(event)
    said = words(response)
    assert "Said by they fired first River Front · The Courier, Shots at the river, published 14 Dec 2025" in said
    assert re.search(r"Denied by Says that it is not so\. A senior official · Outlet \d+ citing Agency,", said)
    assert "Justified by Accepts that it is so and defends it. Northland army (Northland)" in said
    html = response.content.decode()
    assert 'href="https://archive.example/1"' in html
    assert f'href="{paper.get_absolute_url()}"' in html
    assert 'href="/outlets/agency/"' in html


def test_those_who_speak_for_one_body_count_once(agreement: Agreement) -> None:
    state = factories.actor(name="Northland")
    army, office = factories.actor(parent=state), factories.actor(parent=state)
    event = factories.event(agreement, reports=[{"originator": army}, {"originator": office}])
    said = words(page(event))
    assert "1 independent source in 2 reports: Northland." in said
    assert "One source." in said


def test_a_denial_makes_it_disputed_however_many_assert_it(agreement: Agreement) -> None:
    event = factories.event(agreement, reports=[{}, {}, {"stance": Stance.DENIES}])
    assert "3 independent sources in 3 reports" in words(page(event))
    assert "Disputed." in words(page(event))


def test_a_quote_stays_in_its_language_and_direction(agreement: Agreement) -> None:
    event = factories.event(
        agreement, reports=[{"quote": "هدنة", "quote_language": "ar", "translator": "Researcher 1"}, {"quote": "truce"}]
    )
    html = page(event).content.decode()
    assert '<blockquote class="quote" lang="ar" dir="rtl"><p>هدنة</p>' in html
    assert "translated by Researcher 1" in html
    assert '<blockquote class="quote" lang="en"><p>truce</p>' in html


def test_it_keeps_apart_when_it_happened_was_reported_and_was_recorded(agreement: Agreement) -> None:
    event = factories.event(
        agreement,
        "2025-10-12",
        recorded_at=factories.moment("2025-11-01"),
        reports=[
            factories.article(published_on=dt.date(2025, 10, 13), recorded_at=factories.moment("2025-11-01")),
            factories.article(published_on=dt.date(2025, 10, 20), recorded_at=factories.moment("2025-11-01")),
            factories.article(published_on=None, recorded_at=factories.moment("2025-11-01")),
        ],
    )
    said = words(page(event))
    assert "Happened 12 Oct 2025" in said
    assert "Reported first 13 Oct 2025, last 20 Oct 2025; 1 source without a date" in said
    assert "Recorded here 1 Nov 2025" in said


@pytest.mark.parametrize(
    ("precision", "end", "expected"),
    [
        (DatePrecision.DAY, None, "12 Dec 2025"),
        (DatePrecision.DAY, dt.date(2025, 12, 14), "12 to 14 Dec 2025"),
        (DatePrecision.DAY, dt.date(2026, 1, 2), "12 Dec 2025 to 2 Jan 2026"),
        (DatePrecision.WEEK, dt.date(2025, 12, 14), "some time from 12 to 14 Dec 2025"),
        (DatePrecision.DAYS, None, "within a few days from 12 Dec 2025"),
        (DatePrecision.WEEK, None, "in the week of 12 Dec 2025"),
        (DatePrecision.MONTH, None, "Dec 2025 (day not known)"),
        (DatePrecision.YEAR, None, "2025 (month not known)"),
    ],
)
def test_a_date_is_told_no_more_exactly_than_it_is_known(precision: int, end: dt.date | None, expected: str) -> None:
    event = Event(date=dt.date(2025, 12, 12), date_end=end, date_precision=precision)
    assert phrases.when(event) == expected


def test_a_position_is_shown_only_where_it_means_a_place(agreement: Agreement) -> None:
    near = factories.event(
        agreement, place="The ford", latitude="31.5", longitude="-34.25", where_precision=WherePrecision.NEAR
    )
    assert "The ford 31.5° N, 34.25° W Within about 25 km of a known place." in words(page(near))
    centroid = factories.event(
        agreement, place="Northland", latitude="31.5", longitude="34.25", where_precision=WherePrecision.COUNTRY
    )
    assert "31.5°" not in words(page(centroid))
    assert "Northland Somewhere in a country or territory." in words(page(centroid))
    unknown = factories.event(agreement, place="Northland", latitude="31.5", longitude="34.25")
    assert "31.5°" not in words(page(unknown))


def test_it_names_who_took_part_by_role_and_for_whom_they_speak(agreement: Agreement) -> None:
    state = factories.actor(name="Northland")
    army = factories.actor(name="Northland army", parent=state)
    duty = factories.obligation(agreement, title="The guns fall silent")
    event = factories.event(
        agreement,
        accused=[army],
        actors=[(state, "host")],
        effects=[(duty, "breaches")],
        verification=Verification.OBSERVED,
        note="The day is that of the first report.",
    )
    said = words(page(event))
    assert "Accused Northland army (Northland)" in said
    assert "Host Northland " in said
    assert "Verification Observed Seen by one who is no party" in said
    assert "The day is that of the first report." in said


def test_it_says_which_duties_it_bears_on_and_where_they_stood_that_day(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, "bridge", title="The bridge is opened")
    event = factories.event(agreement, "2025-10-20", effects=[(duty, "sets_back")])
    factories.assessed(duty, "2025-10-22", 2, evidence=[event], reason="Half of it is open.")
    later = part(page(event), "main")
    assert "The bridge is opened Sets back Makes carrying it out harder or later. Under way" in words(page(event))
    assert "Half of it is open." in later
    on_the_eve = words(page(event, "?as_of=2025-10-21"))
    assert "The bridge is opened Sets back Makes carrying it out harder or later. Not assessed" in on_the_eve
    assert "Half of it is open." not in on_the_eve


def test_a_duty_agreed_later_is_not_told_of_earlier(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, title="The bridge is opened", agreed_on=dt.date(2025, 11, 1))
    event = factories.event(agreement, "2025-10-20", effects=[duty])
    assert "The bridge is opened" in words(page(event))
    assert "The bridge is opened" not in words(page(event, "?as_of=2025-10-31"))


def test_it_shows_what_was_concluded_from_it_and_forgets_what_was_withdrawn(agreement: Agreement) -> None:
    duty = factories.obligation(agreement, title="The bridge is opened")
    event = factories.event(agreement, "2025-10-20", effects=[duty])
    stands = factories.assessed(duty, "2025-10-22", 2, evidence=[event], reason="Half of it is open.")
    withdrawn = factories.assessed(duty, "2025-10-24", 3, evidence=[event], reason="All of it is open.")
    factories.retracted(withdrawn)
    said = part(page(event), "conclusions")
    assert "22 Oct 2025" in said
    assert "Not assessed" in said
    assert "Half of it is open." in said
    assert "All of it is open." not in said
    assert f'href="{stands.get_absolute_url()}"' in page(event).content.decode()


def test_a_judgement_that_only_confirms_reads_as_before(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, "2025-10-20", effects=[duty])
    factories.assessed(duty, "2025-10-21", 2)
    factories.assessed(duty, "2025-10-22", 2, evidence=[event])
    assert re.search(r"Under way level 2 of 3 as before", part(page(event), "conclusions"))


def test_figures_stand_with_who_gives_them_what_they_count_and_for_when(agreement: Agreement) -> None:
    monitor = factories.actor(name="River Watch")
    measure = factories.measure(factories.obligation(agreement), label="Lorries let in", unit="lorries")
    event = factories.event(agreement, "2025-10-20")
    factories.observation(measure, event, 1250, originator=monitor, period_start=dt.date(2025, 10, 14))
    factories.observation(measure, event, 6000, nature="planned", counts="new", originator_text="a spokesman")
    said = part(page(event), "figures")
    assert "Lorries let in 1,250 lorries River Watch 14 to 20 Oct 2025" in said
    assert "6,000 lorries planned, new A spokesman 20 Oct 2025" in said


def test_figures_of_later_days_are_not_told_of_earlier(agreement: Agreement) -> None:
    measure = factories.measure(factories.obligation(agreement))
    event = factories.event(agreement, "2025-10-20")
    factories.observation(measure, event, 77, "2025-11-20")
    assert "77 items" in words(page(event))
    assert "77 items" not in words(page(event, "?as_of=2025-11-19"))


def test_a_report_published_after_the_day_is_marked_so_and_tells_nothing_of_what_came_later(
    agreement: Agreement,
) -> None:
    event = factories.event(
        agreement,
        "2025-10-20",
        note="Dated by the last of all reports.",
        reports=[
            factories.article(published_on=dt.date(2025, 10, 21)),
            {"article": factories.article(title="How it all ended", published_on="2025-12-01"), "quote": "in the end"},
        ],
    )
    said = words(page(event, "?as_of=2025-11-01"))
    assert "How it all ended" not in said
    assert "in the end" not in said
    assert "Dated by" not in said
    assert "Dated by the last of all reports." in words(page(event))
    assert "published 1 Dec 2025 (after this day)" in said
    assert "published 21 Oct 2025 (after this day)" not in said
    assert "Reported later" not in said


def test_what_every_source_tells_later_is_labelled_reported_later(agreement: Agreement) -> None:
    event = factories.event(agreement, "2025-10-20", reports=[factories.article(published_on=dt.date(2025, 12, 1))])
    said = words(page(event, "?as_of=2025-11-01"))
    assert "Reported later: every source on record appeared after 1 Nov 2025." in said
    assert "reported later" in words(read("/events/?as_of=2025-11-01"))
    assert "Reported later" not in words(page(event))
    factories.report(event, factories.article(published_on=None))
    assert "Reported later" not in words(page(event, "?as_of=2025-11-01"))


# Scheduled events


def planned(agreement: Agreement, **fields: Any) -> Event:
    announced = factories.article(published_on=dt.date(2025, 12, 15))
    return factories.event(
        agreement,
        "2025-12-19",
        state=EventState.SCHEDULED,
        title="The envoys are to meet",
        reports=[announced],
        **fields,
    )


def test_a_scheduled_event_says_so_ahead_of_its_day_and_what_is_missing_after_it(agreement: Agreement) -> None:
    event = planned(agreement)
    ahead = words(page(event, "?as_of=2025-12-18"))
    assert "Scheduled · Statement" in ahead
    assert "Scheduled for 19 Dec 2025" in ahead
    assert "no report that it took place" not in ahead
    past = words(page(event, "?as_of=2025-12-20"))
    assert "Scheduled; no report that it took place" in past
    assert "What came of it No report that it took place" in past


def test_a_scheduled_event_and_its_outcome_link_to_each_other_once_it_happened(agreement: Agreement) -> None:
    held = factories.event(agreement, "2025-12-19", title="The envoys met")
    event = planned(agreement, outcome=held)
    ahead = page(event, "?as_of=2025-12-18")
    assert "The envoys met" not in words(ahead)
    after = page(event, "?as_of=2025-12-20")
    assert "What came of it The envoys met" in words(after)
    assert f'href="{held.get_absolute_url()}?as_of=2025-12-20"' in after.content.decode()
    assert "Planned as The envoys are to meet, scheduled for 19 Dec 2025" in words(page(held, "?as_of=2025-12-20"))


def test_lists_show_what_is_scheduled_until_its_outcome_is_on_record(agreement: Agreement) -> None:
    held = factories.event(agreement, "2025-12-19", title="The envoys met")
    planned(agreement, outcome=held)
    assert "are to meet" not in words(read("/events/?as_of=2025-12-14"))
    assert "are to meet Scheduled · Statement" in words(read("/events/?as_of=2025-12-18"))
    after = words(read("/events/?as_of=2025-12-20"))
    assert "are to meet" not in after
    assert "The envoys met" in after


# Before it was so


def test_asked_before_it_happened_it_tells_nothing_and_leads_to_the_day_it_counts(agreement: Agreement) -> None:
    event = factories.event(
        agreement, "2025-12-13", title="The bridge falls", summary="It fell at noon.", place="The ford"
    )
    response = page(event, "?as_of=2025-12-12")
    html = response.content.decode()
    assert "Nothing on record by 12 Dec 2025" in words(response)
    for text in ("The bridge falls", "It fell at noon.", "The ford"):
        assert text not in html
    assert f'href="{event.get_absolute_url()}?as_of=2025-12-13">Go to the day it is first reported</a>' in html
    assert "The bridge falls" in words(page(event, "?as_of=2025-12-13"))


def test_an_imprecise_event_counts_from_the_end_of_its_interval_or_the_first_report_of_it(
    agreement: Agreement,
) -> None:
    late = factories.event(
        agreement,
        "2025-11-01",
        date_precision=DatePrecision.MONTH,
        reports=[factories.article(published_on=dt.date(2026, 2, 1))],
    )
    assert "Nothing on record" in words(page(late, "?as_of=2025-11-29"))
    assert "?as_of=2025-11-30" in page(late, "?as_of=2025-11-29").content.decode()
    assert "Nothing on record" not in words(page(late, "?as_of=2025-11-30"))
    soon = factories.event(
        agreement,
        "2025-11-01",
        date_precision=DatePrecision.MONTH,
        reports=[factories.article(published_on=dt.date(2025, 11, 10))],
    )
    assert "Nothing on record" not in words(page(soon, "?as_of=2025-11-10"))


def test_as_recorded_before_it_was_entered_it_tells_nothing_and_leads_to_the_present_record(
    agreement: Agreement,
) -> None:
    event = factories.event(agreement, "2025-12-13", title="The bridge falls")
    yesterday = days_ago(1).isoformat()
    response = page(event, f"?as_of=2025-12-20&known_on={yesterday}")
    assert "The bridge falls" not in response.content.decode()
    link = f'href="{event.get_absolute_url()}?as_of=2025-12-20"'
    assert link in response.content.decode()
    assert "The bridge falls" in words(page(event, "?as_of=2025-12-20"))


def test_what_belongs_to_it_counts_from_when_it_was_recorded(agreement: Agreement) -> None:
    early = factories.moment("2025-12-14")
    duty = factories.obligation(agreement, title="The bridge is opened", recorded_at=early)
    Agreement.objects.filter(pk=agreement.pk).update(recorded_at=early)
    duty.phase.__class__.objects.filter(pk=duty.phase_id).update(recorded_at=early)
    event = factories.event(agreement, "2025-12-13", recorded_at=early, reports=[{"quote": "first word"}])
    factories.report(event, quote="second word", recorded_at=factories.moment("2025-12-18"))
    by_then = words(page(event, "?known_on=2025-12-17"))
    assert "first word" in by_then
    assert "second word" not in by_then
    assert "second word" in words(page(event, "?known_on=2025-12-18"))


def test_an_unpublished_event_has_no_page(agreement: Agreement) -> None:
    event = factories.event(agreement, stage=Stage.IN_REVIEW)
    read(event.get_absolute_url(), status=404)
    read(f"{event.get_absolute_url()}?as_of=2025-10-01", status=404)
    assert event.title not in words(read("/events/"))
    read(f"/events/{uuid.uuid4()}/", status=404)


def test_a_change_made_after_a_judgement_is_shown_with_its_reason(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, "2025-10-20", title="The bridge falls", effects=[duty])
    factories.assessed(duty, "2025-10-22", 0, evidence=[event])
    other = factories.event(agreement)
    with pghistory.context(reason="The report speaks of a ferry."):
        event.title = "The ferry sinks"
        event.save()
        factories.report(event)
    said = part(page(event), "edits")
    assert "The report speaks of a ferry." in said
    assert "The bridge falls" in said
    assert "The ferry sinks" in said
    assert "1 report added" in said
    assert "Changed since" not in words(page(other))


# Lists


def test_a_list_is_newest_first_and_says_how_each_event_stands(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="The bridge falls", kind="strike", place="The ford")
    accused = factories.actor()
    factories.event(
        agreement,
        "2025-10-22",
        title="The ferry sinks",
        kind="attack",
        accused=[accused],
        reports=[{}, {"stance": Stance.DENIES}],
    )
    said = words(read("/agreements/truce/events/"))
    assert "22 Oct 2025 The ferry sinks Attack · alleged · 2 independent sources · disputed" in said
    assert "20 Oct 2025 The bridge falls Strike · The ford · 1 independent source" in said
    assert said.index("The ferry sinks") < said.index("The bridge falls")


def test_an_agreements_list_has_only_its_own_events(agreement: Agreement) -> None:
    other = factories.agreement("other", title="The hill truce")
    factories.event(agreement, title="The bridge falls")
    factories.event(other, title="The hill is taken")
    own = words(read("/agreements/truce/events/"))
    assert "The bridge falls" in own
    assert "The hill is taken" not in own
    every = words(read("/events/"))
    assert "The bridge falls" in every
    assert "The hill is taken" in every
    assert "The hill truce" in every


def test_one_kind_can_be_chosen_and_the_day_is_kept(agreement: Agreement) -> None:
    factories.event(agreement, "2025-10-20", title="The bridge falls", kind="strike")
    factories.event(agreement, "2025-10-20", title="The envoys met", kind="meeting")
    response = read("/events/?kind=meeting&as_of=2025-12-18")
    assert "The envoys met" in words(response)
    assert "The bridge falls" not in words(response)
    assert '<input type="hidden" name="as_of" value="2025-12-18">' in response.content.decode()
    assert "No event fits all of this" in words(read("/events/?kind=signing"))
    assert "no such kind" in words(read("/events/?kind=nonsense", status=400))


def test_turning_pages_shows_every_event_once_and_leads_back(
    agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ROWS", 3)
    # Several on one day: the day alone does not tell where a page ends.
    titles = [f"Event number {number}" for number in range(8)]
    for number, title in enumerate(titles):
        factories.event(agreement, dt.date(2025, 10, 20 + number // 4), title=title)
    seen: list[str] = []
    url: str | None = "/events/?as_of=2025-12-18"
    pages = []
    while url:
        response = read(url)
        pages.append(url)
        found = re.findall(r"Event number \d", words(response))
        assert len(found) <= 3
        seen += found
        url = link(response, "next")
    assert sorted(seen) == titles
    assert len(pages) == 3
    assert "as_of=2025-12-18" in pages[-1]
    back = link(read(pages[-1]), "prev")
    assert back
    assert re.findall(r"Event number \d", words(read(back))) == seen[3:6]
    first = link(read(back), "prev")
    assert first
    response = read(first)
    assert re.findall(r"Event number \d", words(response)) == seen[:3]
    assert link(response, "prev") is None


def link(response: Any, rel: str) -> str | None:
    """The step of the list to another page of it."""
    pager = re.search(r'<nav class="pager".*?</nav>', response.content.decode(), re.DOTALL)
    found = re.search(rf'href="([^"]*)" rel="{rel}"', pager[0]) if pager else None
    return found[1].replace("&amp;", "&") if found else None


@pytest.mark.parametrize(
    "query",
    [
        "before=nonsense",
        "before=2025-02-30.00000000-0000-0000-0000-000000000000",
        "before=2025-12-18.1",
        "after=%00",
        "before=undated.00000000-0000-0000-0000-000000000000",
        "before=2025-12-18.00000000-0000-0000-0000-000000000000&after=2025-12-18.00000000-0000-0000-0000-000000000000",
    ],
)
def test_a_place_in_the_list_that_cannot_be_is_refused(query: str) -> None:
    read(f"/events/?{query}", status=400)


def test_an_empty_list_says_what_comes_next(agreement: Agreement) -> None:
    response = read("/agreements/truce/events/")
    assert "No event on record by this day" in words(response)
    assert 'href="/agreements/"' in response.content.decode()


def test_before_the_agreement_was_recorded_its_list_says_so(agreement: Agreement) -> None:
    factories.event(agreement, title="The bridge falls")
    said = words(read(f"/agreements/truce/events/?known_on={days_ago(3).isoformat()}"))
    assert "The bridge falls" not in said
    assert "recording began" in said


# Cost


def test_the_page_of_an_event_asks_no_more_of_the_database_when_there_is_more() -> None:
    def url(agreement: Agreement) -> str:
        event = agreement.events.filter(effects__effect="breaches").order_by("id")[0]
        for _ in range(agreement.phases.count() * 2):
            factories.report(event, originator=factories.actor(), relays=factories.outlet(), quote="more of it")
        return event.get_absolute_url()

    same_number_of_queries(url)


def test_lists_ask_no_more_of_the_database_when_there_is_more() -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}events/")
    before = number_of_queries("/events/")
    for _ in range(3):
        furnished(factories.agreement(), times=2)
    assert number_of_queries("/events/") == before


def test_every_row_is_loaded_with_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = furnished(factories.agreement(), times=2)
    nothing_loads_late(monkeypatch)
    for event in Event.objects.all()[:4]:
        page(event)
    read("/events/")
    read(f"{agreement.get_absolute_url()}events/")


def test_reading_sets_no_cookie_and_only_reading_is_allowed(agreement: Agreement) -> None:
    event = factories.event(agreement)
    for url in (event.get_absolute_url(), "/events/", "/agreements/truce/events/"):
        assert not read(url).cookies
        assert Client().post(url).status_code == 405


def test_whoever_may_edit_an_event_finds_the_way_there(agreement: Agreement) -> None:
    event = factories.event(agreement)
    door = f"/desk/events/{event.pk}/edit/"
    client = Client()
    assert door not in page(event).content.decode()
    client.force_login(people.researcher())
    assert door in read(event.get_absolute_url(), client).content.decode()
    client.force_login(people.reader())
    assert door not in read(event.get_absolute_url(), client).content.decode()


def test_links_keep_the_two_dates(agreement: Agreement) -> None:
    duty = factories.obligation(agreement)
    event = factories.event(agreement, "2025-10-20", effects=[duty], actors=[(factories.actor(), "host")])
    html = page(event, f"?as_of=2025-12-18&known_on={today().isoformat()}").content.decode()
    main = html[html.index("<main") : html.index("</main")]
    for address in re.findall(r'href="(/(?:agreements|events|sources|outlets|actors|methodology)/[^"]*)"', main):
        if address.partition("?")[0] != event.get_absolute_url():
            # The date bar leads to the same page on other days.
            assert "as_of=2025-12-18" in address, address
