"""The timeline of an agreement as its readers get it: chart, range, tables, files, and the small one."""

import base64
import datetime as dt
import hashlib
import re
import struct
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from tests import factories
from tests.browse.reading import days_ago, nothing_loads_late, part, read, same_number_of_queries, words
from tracker.browse import charts
from tracker.browse.charts import Scale
from tracker.browse.overtime import FROM_THE_GROUND_UP, over_time
from tracker.codebook import StatusWord
from tracker.models import Agreement, Obligation, Vantage
from tracker.models.standing import board

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
AT = "/agreements/truce/timeline/"
ON = "as_of=2026-01-15"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce")


@pytest.fixture
def bridge(truce: Agreement) -> Obligation:
    """Open until 1 Dec 2025, not begun on 20 Oct, begun on 20 Nov, done on 20 Dec."""
    duty = factories.obligation(truce, "bridge", title="North opens the bridge", due_on=dt.date(2025, 12, 1))
    factories.assessed(duty, "2025-10-20", 0)
    factories.assessed(duty, "2025-11-20", 1)
    factories.assessed(duty, "2025-12-20", 3)
    return duty


def page(query: str = ON) -> str:
    text: str = read(f"{AT}?{query}").content.decode()
    return text


def bars(text: str) -> list[str]:
    """What is said of the stretches of the chart, in their order."""
    return re.findall(r'<rect class="bar st-[^>]*><title>([^<]*)</title>', text)


def marks(text: str) -> list[tuple[str, str]]:
    """The marks of events: where each leads, and its name."""
    return re.findall(r'<a class="event" href="([^"]*)" aria-label="([^"]*)"', text)


def legend(text: str) -> list[str]:
    found = re.search(r'<ul class="chart-legend">(.*?)</ul>', text, re.DOTALL)
    assert found
    return re.findall(r"</svg> ([^<]*)</li>", found[1])


def test_each_stretch_of_days_is_drawn_and_told_as_a_table(bridge: Obligation) -> None:
    text = page()
    assert bars(text) == [
        "Not assessed: 9 to 19 Oct 2025",
        "Not yet due, level 0 of 3: 20 Oct to 19 Nov 2025",
        "Under way, level 1 of 3: 20 Nov to 1 Dec 2025",
        "Overdue, level 1 of 3: 2 to 19 Dec 2025",
        "Fulfilled late, level 3 of 3: since 20 Dec 2025",
    ]
    table = part(read(f"{AT}?{ON}"), "events-bridge")
    assert table.startswith("North opens the bridge Due 1 Dec 2025 9 to 19 Oct 2025 Not assessed by the rules alone")
    assert "20 Nov to 1 Dec 2025 Under way" in table
    assert "2 to 19 Dec 2025 Overdue" in table
    assert "Judgement of 20 Dec 2025" in table


def test_days_after_the_newest_look_are_drawn_apart_until_it_is_done(bridge: Obligation) -> None:
    text = page("as_of=2025-12-10")
    assert re.findall(r'class="bar st-(\w+) unseen"[^>]*><title>([^<]*)<', text) == [
        ("under_way", "Under way, level 1 of 3: 20 Nov to 1 Dec 2025. Not looked at since 20 Nov 2025."),
        ("overdue", "Overdue, level 1 of 3: since 2 Dec 2025. Not looked at since 20 Nov 2025."),
    ]
    assert "not looked at since" in legend(text)
    factories.event(bridge.agreement, "2025-11-30")
    told = words(read(f"{AT}?as_of=2025-12-10"))
    assert "Newest event on record: 30 Nov 2025. Newest judgement: 20 Nov 2025." in told
    factories.checked(bridge, "2025-12-10")
    assert " unseen" not in page("as_of=2025-12-10")


def test_the_last_day_offered_is_the_pages_own_unless_something_lies_ahead(bridge: Obligation) -> None:
    assert 'name="to" value="2025-12-20"' in page("as_of=2025-12-20")
    ahead = page("as_of=2025-11-28")
    assert 'name="to" value="2025-12-05"' in ahead
    told = words(read(f"{AT}?as_of=2025-11-28"))
    assert "The chart goes on after 28 Nov 2025, to 5 Dec 2025, because a day set by the text" in told


def test_the_legend_has_what_occurs_and_nothing_else(bridge: Obligation) -> None:
    assert legend(page()) == [
        "Not assessed",
        "Fulfilled late",
        "Overdue",
        "Not yet due",
        "Under way",
        "day set by the text",
        "event that brings it nearer",
        "the day of this page",
    ]
    assert legend(page(f"{ON}&from=2025-12-25")) == ["Fulfilled late", "the day of this page"]


def test_an_event_is_a_link_and_several_of_one_time_lead_to_their_list(truce: Agreement) -> None:
    duty = factories.obligation(truce, "calm", title="Both hold their fire")
    side = factories.actor()
    alone = factories.event(truce, "2025-11-20", title="A shot", effects=[(duty, "breaches")], accused=[side])
    for day in ("2026-01-05", "2026-01-06"):
        factories.event(truce, day, title="Talks", effects=[(duty, "sets_back")])
    factories.event(truce, "2025-12-20", title="Snow", effects=[(duty, "context")])
    found = marks(page())
    assert found == [
        (f"/events/{alone.pk}/?{ON}", "20 Nov 2025: A shot (said or shown to break it)"),
        ("#events-calm", "2 events: 5 Jan 2026: Talks (sets it back) · 6 Jan 2026: Talks (sets it back)"),
    ]
    assert 'id="events-calm"' in page()
    # In sight alone, they stand apart.
    assert [name for _, name in marks(page(f"{ON}&from=2026-01-01"))] == [
        "5 Jan 2026: Talks (sets it back)",
        "6 Jan 2026: Talks (sets it back)",
    ]


def test_a_scheduled_event_is_marked_ahead_of_the_day(truce: Agreement) -> None:
    duty = factories.obligation(truce)
    told = factories.article(published_on=dt.date(2026, 1, 10))
    factories.event(truce, "2026-01-18", title="Talks", effects=[duty], state="scheduled", reports=[told])
    assert [name for _, name in marks(page())] == ["18 Jan 2026: Talks (scheduled)"]
    assert "scheduled event" in legend(page())


def test_who_says_what_of_a_phase_stands_side_by_side(truce: Agreement, bridge: Obligation) -> None:
    north = factories.actor(name="North")
    minister, south = factories.actor(name="The minister", parent=north), factories.actor(name="South")
    factories.declaration(bridge.phase, minister, "2025-11-20", "begun")
    factories.declaration(bridge.phase, south, "2025-11-25", "not_begun")
    text = words(read(f"{AT}?{ON}"))
    assert "North (The minister): begun" in text
    assert "South: not begun" in text
    assert "says that it has not begun" in text
    assert "South: not begun" not in words(read(f"{AT}?as_of=2025-11-24"))


def test_states_of_the_agreement_are_drawn_where_they_are_out_of_the_ordinary(truce: Agreement) -> None:
    factories.obligation(truce)
    assert "lane-states" not in page()
    truce.states.create(state="suspended", since=dt.date(2025, 12, 1))
    assert "<title>Suspended: since 1 Dec 2025</title>" in page()
    assert "lane-states" not in page("as_of=2025-11-30")


def test_nothing_later_than_the_day_and_nothing_recorded_later_is_told(truce: Agreement) -> None:
    recorded = factories.moment("2025-11-01")
    Agreement.objects.filter(pk=truce.pk).update(recorded_at=recorded)
    phase = factories.phase(truce, 1, recorded_at=recorded)
    duty = factories.obligation(truce, phase=phase, recorded_at=recorded)
    event = factories.event(truce, "2025-10-20", effects=[duty], recorded_at=recorded)
    first = factories.assessed(duty, "2025-10-20", 1, evidence=[event], recorded_at=factories.moment("2025-11-05"))
    factories.assessed(
        duty, "2025-10-25", 3, evidence=[event], supersedes=first, recorded_at=factories.moment("2025-12-05")
    )
    assert bars(page())[1] == "Fulfilled, level 3 of 3: since 25 Oct 2025"
    assert bars(page(f"{ON}&known_on=2025-12-04"))[1] == "Under way, level 1 of 3: since 20 Oct 2025"
    assert bars(page(f"{ON}&known_on=2025-11-04")) == ["Not assessed: since 9 Oct 2025"]
    assert bars(page("as_of=2025-10-24")) == ["Not assessed: since 9 Oct 2025"]


# The range


def test_the_range_is_kept_by_the_date_bar_and_by_the_files(bridge: Obligation) -> None:
    text = page(f"{ON}&from=2025-11-01&to=2026-01-31")
    assert '<input type="hidden" name="from" value="2025-11-01">' in text
    assert f'href="{AT}?as_of=2025-12-20&amp;from=2025-11-01&amp;to=2026-01-31" rel="prev"' in text
    assert (
        'href="/agreements/truce/timeline.svg?as_of=2026-01-15&amp;from=2025-11-01&amp;to=2026-01-31" download' in text
    )
    # There the range would begin after the day.
    assert 'rel="prev"' not in page(f"{ON}&from=2025-12-21")


def test_presets_lead_to_ranges_that_answer(truce: Agreement, bridge: Obligation) -> None:
    factories.obligation(truce, "far", title="The far one", due_on=dt.date(2027, 3, 1))
    text = page()
    found = re.search(r'<ul class="presets">(.*?)</ul>', text)
    assert found
    offers = re.findall(r'<a href="([^"]*)"( aria-current="true")?>([^<]*)', found[1])
    assert [(label, bool(current)) for _, current, label in offers] == [
        ("The whole agreement", True),
        ("The last three months", False),
        ("The last month", False),
        ("Up to the last day that is set", False),
    ]
    for url, _, _ in offers:
        read(url.replace("&amp;", "&"))
    assert "Due 1 Mar 2027</title>" in read(offers[-1][0].replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "“yesterday” is not a day."),
        ("to=2025-02-30", "There is no day 2025-02-30 in the calendar."),
        ("from=2025-12-10&to=2025-12-01", "The timeline would begin on 10 Dec 2025, after its last day."),
        ("from=2026-01-20", "would begin on 20 Jan 2026, after the day that the page is about, 15 Jan 2026."),
        ("to=2025-10-01", "On 1 Oct 2025 nothing had been agreed yet."),
        ("from=0001-01-01&to=9999-12-31", "is more than a hundred years."),
        ("from=2025-11-01&to=" + "9" * 500, "is not a day."),
    ],
)
def test_an_impossible_range_is_refused_with_what_to_write_instead(bridge: Obligation, query: str, said: str) -> None:
    response = read(f"{AT}?{ON}&{query}", status=400)
    assert said in words(response)
    assert "for instance" in words(response)
    assert read(f"/agreements/truce/timeline.svg?{ON}&{query}", status=400)


def test_any_possible_range_is_drawn(bridge: Obligation) -> None:
    for query in ("from=2026-01-15&to=2026-01-15", "from=1930-01-01", "to=2025-10-09", "from=2025-10-01&to=2090-01-01"):
        page(f"{ON}&{query}")
    page("as_of=2025-10-09")


# Days before there is anything


def test_before_anything_was_agreed_it_says_so_and_leads_to_today(bridge: Obligation) -> None:
    response = read(f"{AT}?as_of=2025-10-01")
    assert "Nothing had been agreed by 1 Oct 2025" in words(response)
    assert f'<a href="{AT}">The timeline as it stands today</a>' in response.content.decode()
    read("/agreements/truce/timeline.svg?as_of=2025-10-01", status=404)


def test_before_anything_was_recorded_it_says_that(truce: Agreement) -> None:
    assert "The river truce" in words(read(f"{AT}?known_on=2020-01-01"))
    read("/agreements/truce/timeline.png?known_on=2020-01-01", status=404)
    read("/agreements/no-such-truce/timeline/", status=404)


# Files


def drawn(query: str = ON, address: str = "/agreements/truce/timeline.svg") -> tuple[Any, ElementTree.Element]:
    response = read(f"{address}?{query}")
    return response, ElementTree.fromstring(response.content)  # noqa: S314  # our own


def test_the_svg_stands_alone_with_title_credit_and_both_dates(bridge: Obligation) -> None:
    response, root = drawn(f"{ON}&from=2025-11-01")
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert texts[0] == "The river truce: timeline"
    assert texts[1] == "How each obligation stood, 1 Nov 2025 to 15 Jan 2026"
    assert "North opens the bridge" in texts
    today = dt.datetime.now(dt.UTC).date()
    assert texts[-2].startswith("Ceasefire Tracker, licence CC BY 4.0. As it stood on 15 Jan 2026, as recorded by ")
    assert texts[-1] == f"http://testserver{AT}?as_of=2026-01-15&from=2025-11-01&known_on={today}"
    assert all(one.get("href", "").startswith("http://testserver/") for one in root.iter(f"{SVG}a"))
    assert [one.text for one in root.iter(f"{SVG}style")] == [charts.style()]
    assert "url(http" not in response.content.decode()
    assert response.headers["Content-Disposition"] == 'inline; filename="truce-timeline-2026-01-15.svg"'


def test_the_policy_lets_pass_the_files_own_style_and_nothing_else(bridge: Obligation) -> None:
    response, root = drawn()
    [style] = [one.text or "" for one in root.iter(f"{SVG}style")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert not response.cookies


def test_signs_that_no_file_may_have_do_not_break_it(bridge: Obligation) -> None:
    Obligation.objects.filter(pk=bridge.pk).update(title="Open\x0b the <bridge>\x1b & road\uffff")
    _, root = drawn()
    assert "<bridge>" in " ".join(root.itertext())
    read(f"/agreements/truce/timeline.png?{ON}")


def test_the_png_is_the_same_drawing_at_twice_the_size(bridge: Obligation) -> None:
    _, root = drawn()
    response = read(f"/agreements/truce/timeline.png?{ON}")
    assert response.headers["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", response.content[16:24])
    assert (width, height) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))


def test_every_letter_of_the_languages_has_a_glyph() -> None:
    """Where one is missing, resvg draws a box, or nothing; a text in known letters differs from both."""

    def picture(text: str) -> bytes:
        text = f'<text x="190" y="30" text-anchor="end" font-family="Tracker Chart">{text}</text>'
        return charts.png(f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">{text}</svg>', 0)

    texts = ["Phase", "ōķŠ", "المرحلة", "מרחלה", "\N{RIGHT-TO-LEFT ISOLATE}المرحلة\N{POP DIRECTIONAL ISOLATE}"]
    pictures = [picture(text) for text in texts]
    boxes = {picture("\N{CJK UNIFIED IDEOGRAPH-4E00}" * length) for length in range(1, 10)}
    assert not boxes & set(pictures)
    assert pictures[2] == pictures[4], "the marks of direction are to be invisible"


def test_in_pages_from_the_right_time_runs_from_the_right(bridge: Obligation) -> None:
    def edges(text: str) -> list[tuple[float, float]]:
        found = re.findall(r'<rect class="bar[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', text)
        return [(float(x), float(width)) for x, width in found]

    left, right = edges(page()), edges(read(f"/ar{AT}?{ON}").content.decode())
    assert left[0][0] == 0
    assert [(round(100 - x - width, 2), round(width, 2)) for x, width in right] == [
        (round(x, 2), round(width, 2)) for x, width in left
    ]
    _, root = drawn(address="/ar/agreements/truce/timeline.svg")
    assert root.attrib["lang"] == "ar"


# What it costs


def test_the_page_costs_the_same_queries_for_any_amount_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def url(agreement: Agreement) -> str:
        return f"{agreement.get_absolute_url()}timeline/"

    same_number_of_queries(url)
    nothing_loads_late(monkeypatch)
    agreement = Agreement.objects.all()[0]
    for query in ("", f"?as_of={days_ago(10)}", "?as_of=2025-10-05", f"?known_on={days_ago(1)}"):
        read(f"{url(agreement)}{query}")
    read(f"{agreement.get_absolute_url()}timeline.svg")


# The small one


def test_the_small_one_stands_on_the_page_of_the_agreement(bridge: Obligation) -> None:
    text = read(f"/agreements/truce/?{ON}").content.decode()
    assert f'<a href="{AT}?{ON}">The timeline of every obligation</a>' in text
    assert "<title>Overdue: 1 obligation, 2 to 19 Dec 2025</title>" in text
    assert "over-time" not in read("/agreements/truce/?as_of=2025-10-09").content.decode()


def test_its_piles_have_every_obligation_on_every_day(truce: Agreement) -> None:
    duties = [factories.obligation(truce) for _ in range(4)]
    for number, duty in enumerate(duties):
        factories.assessed(duty, dt.date(2025, 10, 20) + dt.timedelta(days=7 * number), number)
    drawn = over_time(board(truce, Vantage(dt.date(2026, 1, 15))))
    assert drawn is not None
    [pile] = drawn.piles
    for share in range(1, 100, 3):
        here = [
            one for one in pile.layers if 0 <= share - float(one.span.x.rstrip("%")) < float(one.span.width.rstrip("%"))
        ]
        assert sum(float(one.height) for one in here) == pytest.approx(pile.height, abs=0.1)
        tops = sorted((float(one.y), float(one.height)) for one in here)
        assert all(top + height == pytest.approx(below, abs=0.02) for (top, height), (below, _) in pairwise(tops))


def test_every_word_has_its_place_in_the_piles() -> None:
    assert sorted(FROM_THE_GROUND_UP) == sorted(StatusWord)


# The axis


def scale(first: str, last: str, *, mirrored: bool = False) -> Scale:
    return Scale(dt.date.fromisoformat(first), dt.date.fromisoformat(last), mirrored)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2025-12-01", "2025-12-04", ["1 Dec", "2 Dec", "3 Dec", "4 Dec"]),
        ("2025-12-01", "2026-01-04", ["1 Dec", "8 Dec", "15 Dec", "22 Dec", "29 Dec"]),
        ("2025-10-09", "2026-03-10", ["Nov", "Dec", "Jan", "Feb", "Mar"]),
        ("2025-10-09", "2027-06-10", ["Jan", "Apr", "Jul", "Oct", "Jan", "Apr"]),
        ("2015-10-09", "2027-06-10", [""] * 12),
    ],
)
def test_the_axis_is_as_fine_as_there_is_room_for(first: str, last: str, labels: list[str]) -> None:
    assert [tick.label for tick in scale(first, last).ticks()] == labels


@pytest.mark.parametrize("years", [0, 1, 2, 4, 8, 15, 30, 60, 100])
def test_the_axis_never_has_too_many_lines(years: int) -> None:
    with override("ar"):
        assert 1 <= len(scale("1990-03-05", f"{1990 + years}-11-20").ticks()) <= 16


def test_days_have_their_place() -> None:
    plain, mirrored = scale("2025-01-01", "2025-01-10"), scale("2025-01-01", "2025-01-10", mirrored=True)
    day = dt.date(2025, 1, 3)
    assert (plain.edge(day), plain.x(day)) == ("20%", "25%")
    assert (mirrored.edge(day), mirrored.x(day)) == ("80%", "75%")
    assert plain.span(day, dt.date(2025, 1, 4)) == charts.Span("20%", "20%")
    assert mirrored.span(day, dt.date(2025, 1, 4)) == charts.Span("60%", "20%")
    assert plain.span(dt.date(2024, 1, 1), dt.date(2026, 1, 1)) == charts.Span("0%", "100%")
    assert plain.span(dt.date(2024, 1, 1), dt.date(2024, 12, 31)) is None
