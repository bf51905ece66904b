"""Figures from a pasted table: columns guessed or chosen, every cell looked at, all of them saved or none."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tracker.models import Event, Measure, Observation, Proposal, Report

from .base import client, colleague, reader, researcher, reviewer, text
from .test_reading import Desk, seen

pytestmark = pytest.mark.django_db

TABLE = """\
Date\tTrucks\tDetained
1 Dec 2025\t1,200\t14
2 Dec 2025\t980\t9
"""


class Tables(Desk):
    """The reading desk's scene with two things that are counted."""

    trucks: Measure
    detained: Measure

    def __post_init__(self) -> None:
        super().__post_init__()
        self.trucks = factories.measure(self.fire, "trucks", label="Trucks")
        self.detained = factories.measure(self.prisoners, "detained", label="Detained")

    def sent(self, **fields: Any) -> dict[str, Any]:
        values = {
            "agreement": self.agreement.slug,
            "table": TABLE,
            "column-0": "day",
            "column-1": f"of-{self.trucks.pk}",
            "column-2": f"of-{self.detained.pk}",
            "target": "new",
            "title": "Daily figures on trucks and detentions",
            "date": "2025-12-03",
            "nature": "actual",
            "originator_text": "A border officer",
        }
        return {name: value for name, value in (values | fields).items() if value is not None}

    def enter(self, **fields: Any) -> Any:
        return self.browser.post(f"{self.url}figures/", self.sent(**fields))


@pytest.fixture
def desk() -> Tables:
    return Tables()


def stored() -> list[tuple[str, str, str]]:
    rows = Observation.objects.order_by("as_of", "measure__code")
    return [(one.measure.code, f"{one.value.normalize():f}", one.as_of.isoformat()) for one in rows]


def test_columns_are_guessed_and_nothing_is_saved_by_looking(desk: Tables) -> None:
    answer = desk.enter(read="1", **{"column-0": None, "column-1": None, "column-2": None})
    assert answer.status_code == 200
    page = text(answer)
    assert '<option value="day" selected>' in page
    assert f'<option value="of-{desk.trucks.pk}" selected>' in page
    assert f'<option value="of-{desk.detained.pk}" selected>' in page
    assert "4 figures" in page
    assert Observation.objects.count() == Event.objects.count() == Proposal.objects.count() == 0


def test_a_second_column_of_numbers_is_not_counted_as_the_first(desk: Tables) -> None:
    page = desk.enter(
        table="Date\tTrucks\tTonnes\n1 Dec 2025\t128\t2,310\n2 Dec 2025\t141\t2,502\n",
        measure=str(desk.trucks.pk),
        read="1",
        **{"column-0": None, "column-1": None, "column-2": None},
    )
    assert "2 figures" in text(page)


def test_every_cell_becomes_a_figure_of_a_new_tally(desk: Tables) -> None:
    answer = desk.enter()
    assert answer.status_code == 303
    assert stored() == [
        ("detained", "14", "2025-12-01"),
        ("trucks", "1200", "2025-12-01"),
        ("detained", "9", "2025-12-02"),
        ("trucks", "980", "2025-12-02"),
    ]
    event = Event.objects.get()
    assert (event.kind, event.stage, event.title) == ("tally", "draft", "Daily figures on trucks and detentions")
    one = Observation.objects.filter(measure=desk.trucks).first()
    assert one is not None
    assert (one.stage, one.proposal, one.article, one.event) == ("draft", desk.set, desk.article, event)
    assert one.originator_text == "A border officer"
    assert "4 figures" in seen(desk.browser.get(answer.headers["Location"]))


def test_one_measure_by_rows_with_range_voice_and_remark(desk: Tables) -> None:
    table = "when | who | how many | least | most | about\n2025-12-01 | Northland | 20 | 15 | 25 | at the gate"
    columns = ["day", "originator", "value", "low", "high", "note"]
    answer = desk.enter(
        table=table, measure=str(desk.trucks.pk), originator_text="", counts="new",
        **{f"column-{at}": role for at, role in enumerate(columns)},
    )  # fmt: skip
    assert answer.status_code == 303
    one = Observation.objects.get()
    assert (one.originator, one.note, one.counts) == (desk.north, "at the gate", "new")
    assert [one.low, one.value, one.high] == [15, 20, 25]


def test_figures_join_an_event_of_the_set_or_on_record(desk: Tables) -> None:
    desk.save()
    mine = Event.objects.get()
    assert str(mine.pk) in text(desk.enter(read="1"))
    assert desk.enter(target=str(mine.pk), title="").status_code == 303
    assert Event.objects.count() == 1
    assert mine.observations.count() == 4


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"table": TABLE.replace("980", "many")}, "This is no figure."),
        ({"table": TABLE.replace("2 Dec 2025", "someday")}, "This is no day of the calendar."),
        ({"table": TABLE.replace("1,200", "9" * 30)}, "This figure is too large to be kept."),
        ({"table": TABLE.replace("1,200", "1.23456")}, "At most four digits after the point."),
        ({"column-0": ""}, "Say as of which day"),
        ({"column-1": "value", "column-2": ""}, "Say what is counted"),
        ({"column-1": "", "column-2": ""}, "No column holds figures yet."),
        ({"table": ""}, "Paste a table"),
        ({"title": ""}, "Say what the figures are"),
        ({"date": ""}, "Give the day on which the figures were given."),
        ({"quote": "words that stand nowhere"}, "do not stand in the text"),
        ({"target": "00000000-0000-0000-0000-000000000000"}, "no longer open to figures"),
        ({"originator": "northland"}, "Select a valid choice"),
    ],
)
def test_what_is_unclear_is_said_in_its_cell_and_nothing_is_half_written(
    desk: Tables, fields: dict[str, str], complaint: str
) -> None:
    answer = desk.enter(**fields)
    assert answer.status_code == 422
    assert complaint in seen(answer)
    assert Observation.objects.count() == Event.objects.count() == Proposal.objects.count() == 0


def test_the_figures_of_a_chosen_passage_are_there_to_begin_with() -> None:
    desk = Tables(text="An officer said that 420 trucks came in and 3,100 people left. Nothing else was said.")
    at = f"0-{desk.text.index('.') + 1}"
    page = text(desk.browser.get(f"{desk.url}figures/", {"agreement": desk.agreement.slug, "at": at}))
    assert "420\ttrucks came in and" in page
    assert "3,100\tpeople left" in page
    assert "How it was read" in page


def test_an_agreement_that_counts_nothing_says_so(desk: Tables) -> None:
    Measure.objects.all().delete()
    page = seen(desk.browser.get(f"{desk.url}figures/", {"agreement": desk.agreement.slug}))
    assert "Nothing is counted for this agreement yet" in page


def test_only_researchers_enter_figures(desk: Tables) -> None:
    assert client(reader()).post(f"{desk.url}figures/", desk.sent()).status_code == 403
    answer = Client().post(f"{desk.url}figures/", desk.sent())
    assert answer.status_code == 302
    assert Observation.objects.count() == 0
    assert client(colleague()).post(f"{desk.url}figures/", desk.sent()).status_code == 303


def test_a_published_set_shows_its_figures(desk: Tables) -> None:
    desk.enter()
    desk.set.hand_in(researcher())
    assert Report.objects.get().stage == "in_review"
    assert set(Observation.objects.values_list("stage", flat=True)) == {"in_review"}


def test_a_published_set_leads_to_what_readers_see_and_on(desk: Tables) -> None:
    desk.enter()
    desk.set.hand_in(researcher())
    desk.set.publish(reviewer())
    page = text(desk.browser.get(desk.set.get_absolute_url()))
    assert f'<a href="{Event.objects.get().get_absolute_url()}">Daily figures on trucks and detentions</a>' in page
    assert "What next" in page
    assert f'href="{desk.agreement.get_absolute_url()}"' in page
    assert f'href="/desk/articles/{desk.article.pk}/?agreement={desk.agreement.slug}"' in page


def test_hostile_cells_are_only_text(desk: Tables) -> None:
    hostile = "<script>alert(1)</script>\t\N{RIGHT-TO-LEFT OVERRIDE}12\n\"'><img src=x>\t13"
    page = text(desk.enter(read="1", table=hostile))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
