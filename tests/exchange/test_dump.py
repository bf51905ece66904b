"""A dump says everything that is public, always in the same bytes, and comes home unchanged."""

import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.exchange.cases import RIVER, changed, edited, loaded
from tests.people import researcher
from tracker.exchange.casefile import dump
from tracker.exchange.casefile.problems import Problem
from tracker.exchange.casefile.read import read
from tracker.models import (
    Actor,
    Agreement,
    AgreementRelation,
    Article,
    Assessment,
    Check,
    Clause,
    Event,
    Obligation,
    Observation,
    Outlet,
    Report,
    Source,
    Vantage,
    Withdrawal,
    keeping_times,
)

pytestmark = pytest.mark.django_db

GAZA = Path("tracker/exchange/demo/gaza-2025.yaml").read_text(encoding="utf-8")


def start_afresh() -> None:
    """Empties the tracker's tables; the triggers that keep the record are about rows, not about whole databases."""
    names = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_app_config("tracker").get_models())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {names} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def comes_home(slug: str) -> str:
    """The agreement's dump, after it was loaded into an empty database and came out again in the same bytes."""
    text = dump(slug)
    start_afresh()
    loaded(text)
    assert dump(slug) == text
    return text


@pytest.mark.parametrize(("slug", "text"), [("river-2025", RIVER), ("gaza-2025", GAZA)], ids=["river", "gaza"])
def test_load_dump_load_dump(slug: str, text: str) -> None:
    loaded(text)
    comes_home(slug)


def test_a_dump_does_not_depend_on_the_order_of_the_file() -> None:
    def shuffle(data: Any) -> None:
        chance = random.Random(7)  # noqa: S311  # an order, not a secret
        for held in data.values():
            if isinstance(held, list):
                chance.shuffle(held)

    loaded(changed(("slug: river-2025", "slug: river-2025\n  recorded_at: 2025-06-01")))
    text = dump("river-2025")
    start_afresh()
    loaded(edited(shuffle, text))
    assert dump("river-2025") == text


def test_what_follows_or_is_the_default_is_left_out() -> None:
    loaded(RIVER)
    text = dump("river-2025")
    assert "  id: " not in text
    assert "language: en" not in text
    assert "date_precision: 1" not in text
    assert "null" not in text
    assert text.endswith("Z\n")
    assert "\r" not in text
    for line in ("    target: 12.5", "  weight: 0.5", "  latitude: 47.5", "  - {state: signed, since: 2025-03-01}"):
        assert f"{line}\n" in text


def test_numbers_and_days_that_are_text_stay_text() -> None:
    loaded(changed(("The river valley", "'2803'"), ("North against South", "'2025-01-01'")))
    text = comes_home("river-2025")
    assert "territory: '2803'\n" in text
    assert "conflict: '2025-01-01'\n" in text


ALPHABET = "ab :-#{}[],&*!|>'\"%@`?\\/\n\t é٣א中🙂~=\u2028\u00a0"


def test_any_text_comes_home() -> None:
    chance = random.Random(11)  # noqa: S311  # the same texts in every run
    loaded(RIVER)
    summaries = []
    for number in range(300):
        text = "".join(chance.choices(ALPHABET, k=chance.randint(1, 160))) + str(number)
        summaries.append(text)
    agreement = Agreement.objects.get()
    Event.objects.bulk_create(
        Event(agreement=agreement, ref=f"text-{number}", date=make.SIGNED, kind="other", title=text[:200], summary=text)
        for number, text in enumerate(summaries)
    )
    comes_home("river-2025")
    found = Event.objects.get(ref="text-7")
    assert found.summary.split() == summaries[7].split()


def test_what_no_file_can_hold_is_left_out_of_texts() -> None:
    loaded(RIVER)
    Event.objects.filter(ref="shots").update(title="  Shots\x07 fall\r\nat the mill ", summary="One\r\n\r\nTwo\x0b")
    text = comes_home("river-2025")
    assert "title: Shots fall at the mill\n" in text
    assert Event.objects.get(ref="shots").summary == "One\n\nTwo"


def test_comparing_with_such_a_text_finds_nothing_new() -> None:
    loaded(RIVER)
    Event.objects.filter(ref="shots").update(title="Shots fall\r\nat the mill ")
    (summary,) = loaded(RIVER)
    assert not summary.changed


def made_on_the_site() -> Agreement:
    """The river case, and on top of it whatever people can do to it."""
    loaded(RIVER)
    agreement = Agreement.objects.get()
    north, south = Actor.objects.get(slug="north"), Actor.objects.get(slug="south")
    quiet, bridge = Obligation.objects.get(code="quiet"), Obligation.objects.get(code="bridge")
    # Rows under ids drawn at random, and articles that no file named.
    clause = Clause.objects.create(
        instrument=agreement.instruments.get(code="annex"), number="1", text="Carts.\nThen feet."
    )
    duty = make.obligation(
        agreement, "paint", obligors=[north], clause=clause, weight="1.25", phase=make.phase(agreement, 2)
    )
    make.measure(duty, "litres", target="1000.5")
    make.condition(duty, bridge, 2, actor=south)
    fresh = make.actor("newcomer", parent=make.actor("elder"), aliases=["Zed", "Ada"])
    event = make.event(
        agreement,
        "2025-04-20",
        effects=[duty, (quiet, "breaches")],
        accused=[fresh],
        ref="2025-04-20-0a1b2c3d",
        reports=[
            {"originator": fresh, "quote": "we painted it"},
            {"originator_text": "A passer-by", "stance": "denies"},
        ],
        latitude="1.000001",
        longitude="-2",
    )
    listed = Event.objects.get(ref="list")
    wire = Article.objects.get(title="List: handed over")
    # The same source twice more, once with everything alike.
    make.report(listed, wire, relays=make.outlet("The Outlet with a Slug"))
    make.report(listed, wire, relays=make.outlet("The Outlet with a Slug"))
    make.observation(duty.measures.get(), event, "0.25", low="0.2", high="0.3", nature="estimate", originator=fresh)
    make.observation(duty.measures.get(), event, "0.25", low="0.2", high="0.3", nature="estimate", originator=fresh)
    make.declaration(make.phase(agreement, 2), south, "2025-04-03", "not_begun")
    Outlet.objects.filter(name="River Wire").update(slug="wire")
    # Statuses: two developments of one day, corrections, a correction of a correction, withdrawals, an undo.
    first = make.assessed(duty, "2025-04-20", 1, evidence=[event], by=researcher(), attributed_to=[north])
    make.assessed(duty, "2025-04-20", 2, evidence=[event])
    second = make.assessed(duty, "2025-04-21", 1, evidence=[event], supersedes=first, correction_reason="A day off.")
    third = make.assessed(duty, "2025-04-20", 3, evidence=[event], supersedes=second, correction_reason="It was not.")
    make.retracted(third, "Neither.")
    made = Assessment.objects.get(obligation=quiet)
    undone = make.assessed(quiet, "2025-03-05", 1, evidence=list(made.evidence.all()), supersedes=made)
    make.retracted(undone, "Too harsh.")
    make.assessed(quiet, "2025-03-05", 1, evidence=list(made.evidence.all()), supersedes=undone)
    make.checked(quiet, "2025-05-01")
    make.checked(duty, "2025-05-02", "everywhere")
    # What is not public.
    hidden = make.event(agreement, "2025-05-03", stage="in_review", ref="hidden", title="Not yet public")
    Source.objects.create(agreement=agreement, article=hidden.reports.get().article, ref="hidden-source")
    return agreement


def test_what_was_made_on_the_site_comes_home_too() -> None:
    made_on_the_site()
    before = standing()
    ids = set(Report.objects.filter(event__stage="published").values_list("pk", flat=True))
    text = comes_home("river-2025")
    assert standing() == before
    assert set(Report.objects.values_list("pk", flat=True)) == ids
    assert Outlet.objects.get(name="River Wire").slug == "wire"
    assert "Not yet public" not in text
    assert "hidden" not in text
    assert "clause: annex/1\n" in text


def test_a_dump_of_the_site_read_back_there_changes_nothing() -> None:
    made_on_the_site()
    text = dump("river-2025")

    def counts() -> dict[str, int]:
        models = apps.get_app_config("tracker").get_models()
        return {model.__name__: model._default_manager.count() for model in models}

    before = counts()
    (summary,) = loaded(text)
    assert str(summary) == "river-2025: nothing new, nothing changed"
    # The articles that no file had named have names in files now.
    assert counts() == before | {"Source": before["Source"] + 3}
    assert dump("river-2025") == text
    assert Event.objects.get(ref="hidden").stage == "in_review"


def standing(vantage: Vantage | None = None) -> list[Any]:
    rows = Assessment.objects.standing(vantage or Vantage.now()).select_related("obligation")
    return sorted((row.obligation.code, row.effective_on, row.recorded_at, row.level, row.pk) for row in rows)


def test_an_archive_remembers_what_was_known_when() -> None:
    """Recorded, corrected, corrected again, withdrawn and taken up again in one week each: every week says the same."""
    weeks = [make.moment(f"2025-06-{day:02}") for day in (1, 8, 15, 22, 29)]
    loaded(changed(("slug: river-2025", "slug: river-2025\n  recorded_at: 2025-05-25")))
    duty = Obligation.objects.get(code="bridge")
    event = make.event(duty.agreement, "2025-05-20", effects=[duty], recorded_at=weeks[0])
    on = {"evidence": [event], "by": None}
    first = make.assessed(duty, "2025-05-20", 1, **on, recorded_at=weeks[0])  # type: ignore[arg-type]  # plain keywords
    second = make.assessed(duty, "2025-05-21", 2, **on, supersedes=first, recorded_at=weeks[1])  # type: ignore[arg-type]  # the same
    third = make.assessed(duty, "2025-05-20", 3, **on, supersedes=second, recorded_at=weeks[2])  # type: ignore[arg-type]  # the same
    make.retracted(third, recorded_at=weeks[3])
    make.assessed(duty, "2025-05-20", 3, **on, supersedes=third, recorded_at=weeks[4])  # type: ignore[arg-type]  # the same
    make.checked(duty, "2025-06-10", recorded_at=weeks[2])
    days = [make.day(f"2025-{month:02}-{day:02}") for month in (5, 6, 7) for day in range(1, 31)]

    def said() -> list[Any]:
        told = []
        for known_on in days:
            vantage = Vantage(make.day("2025-07-30"), known_on)
            told.append(
                (
                    [row[:4] for row in standing(vantage)],
                    sorted(Event.objects.happened(vantage).values_list("ref", flat=True)),
                    sorted(Obligation.objects.agreed(vantage).values_list("code", flat=True)),
                    Check.objects.known(vantage).count(),
                )
            )
        return told

    before = said()
    newest = [levels[-1][3] if (levels := [row for row in week[0] if row[0] == "bridge"]) else None for week in before]
    # On the last day of each week, and before anything was recorded.
    assert [newest[days.index(make.day(day))] for day in ("2025-05-24", "2025-05-25")] == [None, 1]
    assert [newest[days.index(make.day(f"2025-06-{day:02}"))] for day in (1, 8, 15, 22, 29)] == [1, 2, 3, 2, 3]
    comes_home("river-2025")
    assert said() == before


def test_an_agreement_without_anything_comes_home() -> None:
    make.agreement(
        "talks", states=[], signed_on=None, effective_on=None, external_ids={"acled": ["x", 1], "y": {"z": 1}}
    )
    assert "  states: []\n" in comes_home("talks")


def test_agreements_that_relate_to_one_another_come_home_together() -> None:
    one, two = make.agreement("one"), make.agreement("two")
    AgreementRelation.objects.create(agreement=one, to=two, kind="amends")
    AgreementRelation.objects.create(agreement=two, to=one, kind="implements")
    texts = [dump("one"), dump("two")]
    start_afresh()
    loaded(*texts)
    assert [dump("one"), dump("two")] == texts


def test_the_number_of_queries_does_not_grow() -> None:
    loaded(RIVER, GAZA)
    counts = []
    for slug in ("river-2025", "gaza-2025"):
        with CaptureQueriesContext(connection) as queries:
            dump(slug)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


def test_the_command_writes_to_standard_output() -> None:
    loaded(RIVER)
    told = StringIO()
    call_command("dump_case", "river-2025", stdout=told)
    assert told.getvalue() == dump("river-2025")
    problems: list[Problem] = []
    read(told.getvalue().encode(), problems)
    assert problems == []


def test_an_unknown_agreement_is_answered_with_those_there_are() -> None:
    with pytest.raises(CommandError, match=r'There is no agreement "lake"\. There are: none yet\.'):
        call_command("dump_case", "lake")
    loaded(RIVER)
    with pytest.raises(CommandError, match=r"There are: river-2025\.") as failed:
        call_command("dump_case", "lake")
    assert failed.value.returncode == 1


def test_what_was_withdrawn_comes_home_withdrawn() -> None:
    """A withdrawn event under a published status, a withdrawn report and figure, and one that was put back."""
    loaded(changed(("slug: river-2025", "slug: river-2025\n  recorded_at: 2025-05-25")))
    then, later = make.moment("2025-06-01"), make.moment("2025-06-08")
    duty = Obligation.objects.get(code="bridge")
    event = make.event(duty.agreement, "2025-05-20", effects=[duty], recorded_at=then)
    make.assessed(duty, "2025-05-20", 1, evidence=[event], recorded_at=then)
    other = make.event(duty.agreement, "2025-05-21", recorded_at=then, reports=[{"quote": "twice"}, {"quote": "once"}])
    figure = make.observation(duty.measures.get(), other, 3, recorded_at=then)
    report, back = other.reports.order_by("quote")
    with transaction.atomic(), keeping_times():
        for row in (event, report, figure, back):
            Withdrawal.record(row, withdrawn=True, reason="Another river.", byline="Reviewer 1", recorded_at=later)
        Withdrawal.record(back, withdrawn=False, reason="No, this one.", recorded_at=later)
    text = comes_home("river-2025")
    assert text.count("withdrawn:") == 3
    now, before = Vantage.now(), Vantage(make.day("2025-07-01"), make.day("2025-06-07"))
    assert not Event.objects.public(now).filter(pk=event.pk).exists()
    assert Event.objects.public(before).filter(pk=event.pk).exists()
    assert list(Report.objects.known(now).filter(event=other.pk)) == [back]
    assert not Observation.objects.known(now).filter(event=other.pk).exists()
    assert Withdrawal.objects.get(event=event.pk).byline == "Reviewer 1"
    assert Assessment.objects.published().filter(evidence=event.pk).exists()
    # The same file once more, and one that does not speak of it, change nothing.
    loaded(text)
    loaded(edited(lambda data: [one.pop("withdrawn", None) for one in data["events"]], text))
    assert Withdrawal.objects.count() == 3
