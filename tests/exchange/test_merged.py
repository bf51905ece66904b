"""Case files and merged records: a file finds the heirs, brings nothing back, and a dump names those that stand."""

from typing import Any

import pytest

from tests import factories as make
from tests.exchange.cases import RIVER, edited, errors, loaded
from tests.exchange.test_dump import GAZA, comes_home
from tests.models.test_regroupings import settle
from tests.people import reviewer
from tracker.exchange.casefile import dump
from tracker.models import Actor, Agreement, Article, Assessment, Event, Outlet, Report, Source
from tracker.models.merging import merge, undo

pytestmark = pytest.mark.django_db


def merged(record: Any, heir: Any) -> Any:
    settle()
    record.refresh_from_db()
    heir.refresh_from_db()
    return merge(record, heir, by=reviewer(), reason="The same.")


def unchanged(text: str) -> None:
    """A load of the file, and another one, find nothing to do."""
    for _ in range(2):
        settle()
        (summary,) = loaded(text)
        assert str(summary).endswith("nothing new, nothing changed"), str(summary)


def pairs() -> list[tuple[Any, Any]]:
    """Records of the Gaza case that hang on much, as if each two were one."""
    used = list(Actor.objects.filter(reports__isnull=False, parties__isnull=False).distinct().order_by("slug")[:2])
    below = Actor.objects.filter(parent__isnull=False, reports__isnull=False).select_related("parent").first()
    outlets = list(Outlet.objects.filter(articles__reports__isnull=False).distinct().order_by("slug")[:2])
    articles = list(Article.objects.filter(reports__isnull=False).distinct().order_by("url")[:2])
    happened = Event.objects.filter(state="occurred", evidence_for__isnull=False).distinct().order_by("ref")
    events = list(happened[:2])
    assert below is not None
    assert below.parent is not None
    return [
        (used[0], used[1]),
        (below.parent, below),
        (outlets[0], outlets[1]),
        (articles[0], articles[1]),
        (events[0], events[1]),
    ]


def names_of(record: Any) -> set[str]:
    """The lines by which a file would describe the record."""
    if isinstance(record, Article):
        return {f"url: {record.url}"}
    if isinstance(record, Outlet):
        return {f"name: {record.name}", f"outlet: {record.name}"}
    return {f"ref: {record.slug if isinstance(record, Actor) else record.ref}"}


KINDS = ["actors", "parent and child", "outlets", "articles", "events"]


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
def test_the_same_file_again_changes_nothing(number: int) -> None:
    loaded(GAZA)
    record, heir = pairs()[number]
    merged(record, heir)
    unchanged(GAZA)
    record.refresh_from_db()
    assert record.merged_into == heir


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
def test_a_dump_names_those_that_stand_and_comes_home(number: int) -> None:
    loaded(GAZA)
    record, heir = pairs()[number]
    merged(record, heir)
    text = dump("gaza-2025")
    unchanged(text)
    assert not any(line.strip(" -") in names_of(record) for line in text.splitlines())
    comes_home("gaza-2025")
    assert not type(record).with_merged.filter(pk=record.pk).exists()


def test_all_at_once() -> None:
    loaded(GAZA)
    for record, heir in pairs():
        if not type(record).objects.filter(pk=record.pk).exists():
            continue
        merged(record, type(heir).with_merged.get(pk=heir.pk).standing)
    unchanged(GAZA)
    unchanged(dump("gaza-2025"))
    comes_home("gaza-2025")


@pytest.mark.parametrize("number", range(len(KINDS)), ids=KINDS)
def test_a_merge_that_was_taken_back_leaves_no_trace_in_the_dump(number: int) -> None:
    loaded(GAZA)
    before = dump("gaza-2025")
    record, heir = pairs()[number]
    one = merged(record, heir)
    assert dump("gaza-2025") != before
    settle()
    undo(one, by=reviewer())
    assert dump("gaza-2025") == before


def test_what_a_file_newly_says_of_a_merged_event_is_the_heirs() -> None:
    loaded(RIVER)
    agreement = Agreement.objects.get()
    record, heir = Event.objects.filter(state="occurred").order_by("ref")[:2]
    merged(record, heir)
    source = Source.objects.filter(agreement=agreement).order_by("ref").first()
    assert source is not None

    def tell_more(data: Any) -> None:
        (told,) = [one for one in data["events"] if one["ref"] == record.ref]
        told["reports"].append({"source": source.ref, "stance": "disputes", "originator_text": "A ferryman"})

    text = edited(tell_more)
    loaded(text)
    assert Report.objects.get(originator_text="A ferryman").event == heir
    unchanged(text)


def test_another_agreement_may_go_on_naming_what_was_merged() -> None:
    heir = make.actor("river-heir", name="River Heir")
    outlet = make.outlet("The Heir Herald")
    loaded(RIVER)
    actor = Actor.objects.exclude(pk=heir.pk).filter(parties__isnull=False).order_by("slug").first()
    assert actor is not None
    paper = Outlet.objects.filter(articles__isnull=False).order_by("slug").first()
    assert paper is not None
    merged(actor, heir)
    merged(paper, outlet)

    def another(data: Any) -> None:
        data["agreement"]["slug"] = "river-2026"
        for event in data["events"]:
            event.pop("id", None)

    text = edited(another)
    assert errors(text) == []
    second = Agreement.objects.get(slug="river-2026")
    assert heir.pk in set(second.parties.values_list("actor", flat=True))
    assert not Actor.objects.filter(slug=actor.slug).exists()
    unchanged(text)


def test_a_status_of_the_file_rests_on_the_heir() -> None:
    loaded(GAZA)
    record = Event.objects.filter(evidence_for__isnull=False, state="occurred").order_by("ref").first()
    assert record is not None
    heir = make.event(record.agreement, record.date)
    merged(record, heir)
    number = Assessment.objects.published().count()
    unchanged(GAZA)
    assert Assessment.objects.published().count() == number
