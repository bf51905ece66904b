"""Coding rounds: who opens, answers, closes and settles; what is locked; how answers stay blind; memos."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tests.exchange.cases import RIVER, edited, errors, loaded
from tests.factories import day
from tracker.codebook import Category
from tracker.models import (
    Agreement,
    Answer,
    Assessment,
    Check,
    Event,
    Item,
    Memo,
    Obligation,
    Person,
    Round,
    Settlement,
    Vantage,
    today,
)
from tracker.models.coding import closed_rounds, hides_names, mask_of, outcomes, sheet
from tracker.models.intake import state_effect
from tracker.models.rounds import Closed, Coded, refuse_while_coded, refuse_while_event_coded

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 12, 18)


@dataclass
class Scene:
    """Two obligations, each with an event that bears on it, and three people who can code."""

    agreement: Agreement = field(init=False)
    duties: list[Obligation] = field(init=False)
    events: list[Event] = field(init=False)
    leader: Person = field(init=False)
    coders: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.agreement = factories.agreement("lakeside-2025")
        self.duties = [factories.obligation(self.agreement, code) for code in ("hostages", "withdrawal")]
        self.events = [factories.event(self.agreement, "2025-11-01", effects=[duty]) for duty in self.duties]
        self.leader = people.administrator()
        self.coders = [people.researcher(), people.second_researcher()]

    def status(self, **fields: Any) -> Round:
        values: dict[str, Any] = {
            "pairs": [(duty, None) for duty in self.duties],
            "coders": self.coders,
            "title": "A look",
            "by": self.leader,
        }
        values |= fields
        return Round.open_(self.agreement, values.pop("title"), "status", DAY, **values)

    def event(self, **fields: Any) -> Round:
        values: dict[str, Any] = {"pairs": list(zip(self.duties, self.events, strict=True)), "coders": self.coders}
        values |= {"title": "What happened", "by": self.leader} | fields
        return Round.open_(self.agreement, values.pop("title"), "event", DAY, **values)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def level(number: int, reason: str = "As two sides report.") -> Coded:
    return Coded(reason, number, "holding" if number else "", "as_agreed" if number else "")


def items(of: Round) -> list[Item]:
    return list(of.items.select_related("round").order_by("pk"))


def answer_all(of: Round, *given: tuple[Person, list[Coded]]) -> None:
    for who, answers in given:
        for item, coded in zip(items(of), answers, strict=True):
            of.answer(item, coded, who)


# Opening


def test_a_round_is_opened_with_its_items_and_numbered_coders(scene: Scene) -> None:
    made = scene.status(title="  Phase one  ")
    assert (made.title, made.byline, made.closed_at) == ("Phase one", "Administrator 1", None)
    assert [item.obligation for item in items(made)] == scene.duties
    assert sorted(seat.number for seat in made.seats.all()) == [1, 2]
    assert {seat.person for seat in made.seats.all()} == set(scene.coders)
    assert list(Round.objects.open()) == [made]
    assert list(Round.objects.coded_by(scene.coders[0])) == [made]


@pytest.mark.parametrize("who", [people.researcher, people.reviewer, people.reader])
def test_only_administrators_open_and_close_early(scene: Scene, who: Callable[[], Person]) -> None:
    with pytest.raises(PermissionDenied):
        scene.status(by=who())
    made = scene.status()
    with pytest.raises(PermissionDenied):
        made.close("I want to see.", who())
    assert Round.objects.open().exists()


@pytest.mark.parametrize(
    ("wrong", "field_name"),
    [
        (lambda scene: {"title": " "}, "title"),
        (lambda scene: {"coders": scene.coders[:1]}, "coders"),
        (lambda scene: {"coders": [scene.coders[0], scene.coders[0]]}, "coders"),
        (lambda scene: {"coders": [*scene.coders, people.reader()]}, "coders"),
        (lambda scene: {"pairs": []}, "items"),
        (lambda scene: {"pairs": [(scene.duties[0], scene.events[0])]}, "items"),
        (lambda scene: {"pairs": [(factories.obligation(factories.agreement()), None)]}, "items"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(
    scene: Scene, wrong: Callable[[Scene], dict[str, Any]], field_name: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        scene.status(**wrong(scene))
    assert list(refused.value.message_dict) == [field_name]
    assert not Round.objects.exists()


def test_a_future_day_an_unknown_kind_and_events_without_events_are_refused(scene: Scene) -> None:
    pairs = [(duty, None) for duty in scene.duties]
    tomorrow = today() + dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="future"):
        Round.open_(scene.agreement, "x", "status", tomorrow, pairs, scene.coders, by=scene.leader)
    with pytest.raises(ValidationError, match="Choose what is coded"):
        Round.open_(scene.agreement, "x", "mood", DAY, pairs, scene.coders, by=scene.leader)
    with pytest.raises(ValidationError, match="as the round's kind says"):
        scene.event(pairs=pairs)
    planned = factories.event(scene.agreement, "2025-11-01", state="scheduled", effects=[scene.duties[0]])
    with pytest.raises(ValidationError, match="Only what happened"):
        scene.event(pairs=[(scene.duties[0], planned)])


def test_nothing_is_coded_in_two_open_rounds_at_once(scene: Scene) -> None:
    first = scene.status(pairs=[(scene.duties[0], None)])
    with pytest.raises(ValidationError, match="is being coded already, in “A look”"):
        scene.status()
    scene.event()
    with pytest.raises(ValidationError, match="in “What happened”"):
        scene.event()
    first.close("Superseded by a larger one.", scene.leader)
    scene.status()


# Answering


def test_answers_can_be_changed_and_the_last_one_closes_the_round(scene: Scene) -> None:
    made = scene.status()
    one, other = scene.coders
    first, second = items(made)
    made.answer(first, level(3), one)
    made.answer(first, level(2, "On second thoughts."), one)
    made.answer(second, Coded("No figures.", level=2, direction="holding", cannot_say=True), one)
    made.answer(first, level(2), other)
    assert made.progress() == {made.seat_of(one).pk: 2, made.seat_of(other).pk: 1}  # type: ignore[union-attr]  # seated
    assert list(Round.objects.open()) == [made]
    made.answer(second, level(0), other)
    assert list(Round.objects.closed()) == [made]
    made.refresh_from_db()
    assert (made.closed_early, made.closed_byline) == (False, "")
    mine = {answer.item_id: answer for answer in Answer.objects.by(one)}
    assert (mine[first.pk].level, mine[first.pk].reason) == (2, "On second thoughts.")
    # Whoever cannot say has said no level.
    assert (mine[second.pk].level, mine[second.pk].direction, mine[second.pk].cannot_say) == (None, "", True)


@pytest.mark.parametrize(
    ("coded", "wrong"),
    [
        (Coded("", 0), {"reason"}),
        (Coded("Because."), {"level"}),
        (Coded("Because.", 7), {"level"}),
        (Coded("Because.", 2), {"direction", "conformity"}),
        (Coded(" ", cannot_say=True), {"reason"}),
    ],
)
def test_half_an_answer_is_refused(scene: Scene, coded: Coded, wrong: set[str]) -> None:
    made = scene.status()
    with pytest.raises(ValidationError) as refused:
        made.answer(items(made)[0], coded, scene.coders[0])
    assert set(refused.value.message_dict) == wrong
    assert not Answer._base_manager.exists()


def test_events_are_coded_by_effect_and_verification(scene: Scene) -> None:
    made = scene.event()
    one, other = items(made)
    who = scene.coders[0]
    with pytest.raises(ValidationError) as refused:
        made.answer(one, Coded("Because.", effect="breaches"), who)
    assert set(refused.value.message_dict) == {"verification"}
    with pytest.raises(ValidationError) as refused:
        made.answer(one, Coded("Because.", level=2), who)
    assert set(refused.value.message_dict) == {"effect"}
    made.answer(one, Coded("Because.", effect="breaches", verification="alleged"), who)
    # What belongs to the other kind of round is not kept.
    made.answer(other, Coded("Because.", level=3, effect="context"), who)
    kept = Answer.objects.by(who).get(item=other)
    assert (kept.level, kept.effect, kept.verification) == (None, "context", "")


def test_only_coders_answer_and_only_what_is_asked(scene: Scene) -> None:
    made = scene.status()
    other = scene.event()
    for stranger in (scene.leader, people.reviewer(), people.reader()):
        with pytest.raises(PermissionDenied):
            made.answer(items(made)[0], level(1), stranger)
    with pytest.raises(ValidationError, match="another round"):
        made.answer(items(other)[0], level(1), scene.coders[0])
    scene.coders[0].give_roles([])
    lapsed = Person.objects.get(pk=scene.coders[0].pk)
    with pytest.raises(PermissionDenied):
        made.answer(items(made)[0], level(1), lapsed)


def test_the_leader_may_code_too(scene: Scene) -> None:
    made = scene.status(coders=[scene.leader, scene.coders[0]])
    made.answer(items(made)[0], level(1), scene.leader)
    assert Answer.objects.by(scene.leader).count() == 1


# Closing


def test_closing_early_needs_a_reason_and_keeps_it(scene: Scene) -> None:
    made = scene.status()
    with pytest.raises(ValidationError, match="Say why"):
        made.close("  ", scene.leader)
    made.close("A coder fell ill.", scene.leader)
    kept = (made.closed_early, made.closed_reason, made.closed_byline)
    assert kept == (True, "A coder fell ill.", "Administrator 1")
    with pytest.raises(Closed):
        made.close("Again.", scene.leader)
    with pytest.raises(Closed):
        made.answer(items(made)[0], level(1), scene.coders[0])


def test_the_answers_of_a_closed_round_stay(scene: Scene) -> None:
    made = scene.status()
    made.answer(items(made)[0], level(1), scene.coders[0])
    made.close("Enough.", scene.leader)
    for write in (
        lambda: Answer.objects.update(level=3),
        lambda: Answer.objects.all().delete(),
        lambda: Answer.objects.create(item=items(made)[1], coder=made.seats.all()[0], reason="Late."),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            write()
    assert Answer.objects.get().level == 1


def test_an_account_may_be_erased_while_its_answers_stay(scene: Scene) -> None:
    made = scene.status()
    made.answer(items(made)[0], level(1), scene.coders[0])
    scene.coders[0].erase()
    made.close("A coder has left.", scene.leader)
    assert Answer.objects.get().coder.person is None


# Blind


def test_django_offers_no_answers_of_open_rounds(scene: Scene) -> None:
    made = scene.status()
    one, other = scene.coders
    item = items(made)[0]
    made.answer(item, level(3), one)
    seat = made.seat_of(one)
    assert seat

    def seen() -> list[int]:
        return [
            Answer.objects.count(),
            Answer.objects.all().count(),
            Answer.objects.of_closed().count(),
            Answer.objects.filter(coder=seat).count(),
            Answer._default_manager.count(),
            item.answers.count(),
            seat.answers.count(),
            len(Item.objects.prefetch_related("answers").get(pk=item.pk).answers.all()),
            Answer.objects.by(other).count(),
            Answer.objects.by(scene.leader).count(),
            sum(answer is not None for one in outcomes([made]) for it in one.codings for _, answer in it.answers),
        ]

    assert not any(seen())
    assert Answer.objects.by(one).count() == 1
    made.close("Enough.", scene.leader)
    assert [count for count in seen() if count] == [1] * 9


# Locked


def test_a_status_that_is_being_coded_cannot_be_changed(scene: Scene) -> None:
    duty = scene.duties[0]
    standing = factories.assessed(duty, level=1, evidence=[scene.events[0]])
    made = scene.status(pairs=[(duty, None)])
    judgement = factories.judgement(evidence=[scene.events[0]])
    writes: list[Callable[[], Any]] = [
        lambda: Assessment.record(duty, judgement, by=scene.coders[0]),
        lambda: Assessment.record(duty, judgement),
        lambda: Assessment.record(duty, judgement, supersedes=standing, correction_reason="Wrong."),
        lambda: standing.retract("Wrong.", by=people.reviewer()),
        lambda: refuse_while_coded(duty),
    ]
    for write in writes:
        with pytest.raises(ValidationError) as refused:
            write()
        told = "Locked while the coding round “A look” is open. It closes when everybody in it has answered; "
        assert refused.value.messages == [f"{told}an administrator can close it early."]
    duty.refresh_from_db()
    assert duty.version == 1
    # Looking is not judging, and other obligations go on.
    Check.record(duty, today(), "the usual places", by=scene.coders[0])
    factories.assessed(scene.duties[1], evidence=[scene.events[1]])
    made.close("Enough.", scene.leader)
    Assessment.record(duty, judgement, by=scene.coders[0])


def test_what_waits_for_review_cannot_be_published_meanwhile(scene: Scene) -> None:
    Agreement.objects.update(review="required")
    duty = Obligation.objects.get(pk=scene.duties[0].pk)
    waiting = Assessment.record(duty, factories.judgement(evidence=[scene.events[0]]), by=scene.coders[0])
    scene.status()
    with pytest.raises(ValidationError, match="Locked while the coding round"):
        waiting.publish(people.reviewer())


def test_an_event_that_is_being_coded_keeps_its_effect_and_verification(scene: Scene) -> None:
    made = scene.event(pairs=[(scene.duties[0], scene.events[0])])
    event = scene.events[0]
    effect = event.effects.get()
    writes: list[Callable[[], Any]] = [
        lambda: event.effects.update(effect="context"),
        lambda: event.effects.all().delete(),
        lambda: Event.objects.filter(pk=event.pk).update(verification="verified"),
        lambda: event.effects.filter(pk=effect.pk).update(obligation=scene.duties[1]),
    ]
    for write in writes:
        told = 'Locked while the coding round "What happened" is open'
        with pytest.raises(IntegrityError, match=told), transaction.atomic():
            write()
    with pytest.raises(ValidationError, match="“What happened”"):
        refuse_while_event_coded(event)
    with pytest.raises(ValidationError, match="“What happened”"):
        refuse_while_event_coded(event, scene.duties[0])
    # What is not coded can be changed: other fields, other obligations, other events, the status.
    refuse_while_event_coded(event, scene.duties[1])
    Event.objects.filter(pk=event.pk).update(title="Another title")
    event.effects.create(obligation=scene.duties[1], effect="context")
    scene.events[1].effects.update(effect="context")
    factories.assessed(scene.duties[0], evidence=[event])
    made.close("Enough.", scene.leader)
    event.effects.update(effect="context")
    Event.objects.filter(pk=event.pk).update(verification="verified")


def test_a_pair_without_an_effect_on_record_is_locked_too(scene: Scene) -> None:
    scene.event(pairs=[(scene.duties[1], scene.events[0])])
    with pytest.raises(IntegrityError, match="Locked"), transaction.atomic():
        scene.events[0].effects.create(obligation=scene.duties[1], effect="context")


def test_what_an_event_means_may_be_proposed_meanwhile_but_not_published(scene: Scene) -> None:
    Agreement.objects.update(review="required")
    who = scene.coders[0]
    duty, event = Obligation.objects.get(pk=scene.duties[1].pk), scene.events[0]
    made = scene.event(pairs=[(duty, event)])
    waiting = Assessment.record(duty, factories.judgement(evidence=[scene.events[1]]), by=who)
    proposal = waiting.proposal
    assert proposal
    event.effects.create(obligation=duty, effect="context", stage="in_review", proposal=proposal)
    with pytest.raises(ValidationError, match="Locked while the coding round “What happened”"):
        proposal.publish(people.reviewer())
    proposal.take_back(who)
    proposal.hand_in(who)
    made.close("Enough.", scene.leader)
    proposal.publish(people.reviewer())
    assert event.effects.get(obligation=duty).stage == "published"


def test_stating_a_new_effect_in_the_status_form_is_refused_in_words(scene: Scene) -> None:
    scene.event(pairs=[(scene.duties[1], scene.events[0])])
    with pytest.raises(ValidationError, match="Locked while the coding round “What happened”"):
        state_effect(scene.events[0], scene.duties[1], "context")
    assert state_effect(scene.events[0], scene.duties[0], "advances").effect == "advances"


def test_a_case_file_is_told_which_round_stands_in_its_way(scene: Scene) -> None:
    loaded(RIVER)
    agreement = Agreement.objects.get(slug="river-2025")
    duties = [(duty, None) for duty in agreement.obligations.all()]
    made = Round.open_(agreement, "All of it", "status", today(), duties, scene.coders, by=scene.leader)
    # Loaded again, nothing is to be written and nothing is refused.
    assert not errors(RIVER)

    def add(case: Any) -> None:
        case["assessments"].append(
            case["assessments"][1] | {"effective_on": dt.date(2025, 6, 1), "reason": "Still so."}
        )

    assert "“All of it”" in " ".join(errors(edited(add)))
    made.close("Enough.", scene.leader)
    assert not errors(edited(add))


# What coders see


def test_everybody_judges_by_the_same_evidence(scene: Scene) -> None:
    duty, event = scene.duties[0], scene.events[0]
    later = factories.event(scene.agreement, "2025-12-20", effects=[duty])
    measure = factories.measure(duty)
    factories.observation(measure, event, 5)
    made = scene.status()
    item = items(made)[0]
    moment = made.recorded_at + dt.timedelta(seconds=1)
    factories.event(scene.agreement, "2025-11-02", effects=[duty], recorded_at=moment)
    factories.report(event, recorded_at=moment)
    factories.observation(measure, event, 6, recorded_at=moment)
    seen = sheet(item)
    assert [one.pk for one in seen.events] == [event.pk]
    assert later not in seen.events
    assert len(seen.events[0].told) == 1  # type: ignore[attr-defined]  # prefetched
    assert [[figure.value for figure in one.given] for one in seen.measures] == [[5]]  # type: ignore[attr-defined]


def test_an_items_evidence_takes_the_same_number_of_queries_however_much_there_is(scene: Scene) -> None:
    made = scene.status()

    def queries() -> int:
        Round.objects.update(recorded_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        item = Item.objects.select_related("round", "obligation").filter(round=made).order_by("pk")[0]
        with CaptureQueriesContext(connection) as seen:
            sheet(item)
        return len(seen)

    measure = factories.measure(scene.duties[0])
    factories.observation(measure, scene.events[0], 1)
    few = queries()
    for number in range(3):
        event = factories.event(scene.agreement, "2025-11-02", effects=[scene.duties[0]], reports=[{}, {}])
        factories.observation(factories.measure(scene.duties[0]), event, number)
    assert queries() == few
    assert few <= 6


# Masked


def test_a_mask_hides_all_sides_and_those_who_speak_for_them(scene: Scene) -> None:
    side = factories.actor(name="Northland", aliases=["Kingdom of the North", "الشمالية"])
    voice = factories.actor(name="Aster Quill", kind="person", parent=side)
    owing = factories.actor(name="River Front", kind="armed_group")
    outside = factories.actor(name="Elsewhere Relief", kind="other")
    factories.party(scene.agreement, side)
    scene.duties[0].obligors.set([owing])
    made = scene.status(masked=True)
    mask = mask_of(made)
    text = (
        "Aster Quill of Northland meets the RIVER FRONT; the Kingdom of the North and الشمالية agree. Elsewhere Relief"
    )
    hidden = mask.hide(text)
    for name in (side.name, *side.aliases, voice.name, "Quill", owing.name):
        assert name.casefold() not in hidden.casefold()
    assert outside.name in hidden
    label = mask.hide("Northland")
    assert label.startswith("Party ")
    assert mask.hide("Aster Quill") == f"Person 1 of {label}"
    assert mask.hide("River Front") != label
    # The same throughout the round, and nothing to learn from one round for the next.
    assert mask_of(made).hide(text) == hidden
    assert not hides_names(scene.agreement, "How Northland keeps it")
    assert hides_names(scene.agreement, "Phase one")


def test_more_sides_than_letters_are_still_told_apart(scene: Scene) -> None:
    names = [f"Side {'Q' * (number + 1)}" for number in range(30)]
    for name in names:
        factories.party(scene.agreement, factories.actor(name=name))
    mask = mask_of(scene.status(masked=True))
    assert len({mask.hide(name) for name in names}) == 30


# What comes out


def test_agreement_is_measured_by_variable_with_its_numbers(scene: Scene) -> None:
    made = scene.status()
    one, other = scene.coders
    cannot = Coded("No figures.", cannot_say=True)
    answer_all(made, (one, [level(3), cannot]), (other, [level(2), level(0)]))
    found = outcomes([Round.objects.get(pk=made.pk)])[0]
    assert [seat.number for seat in found.coders] == [1, 2]
    assert [(it.variable.name, it.reliability.units, it.reliability.values) for it in found.measured] == [
        ("level", 1, 2),
        ("direction", 1, 2),
        ("conformity", 1, 2),
    ]
    assert found.measured[0].reliability.alpha == 0
    assert found.measured[1].reliability.alpha is None
    assert [(it.item.obligation.code, it.differing) for it in found.codings] == [
        ("hostages", ["level"]),
        ("withdrawal", []),
    ]
    assert found.unsettled == 1


def test_outcomes_take_three_queries_however_many_rounds(scene: Scene) -> None:
    for _ in range(3):
        made = scene.status()
        answer_all(made, *((who, [level(3), level(1)]) for who in scene.coders))
    rounds = list(Round.objects.closed().select_related("agreement"))
    with CaptureQueriesContext(connection) as seen:
        assert len(outcomes(rounds)) == 3
    assert len(seen) == 3
    open_ = scene.status()
    assert outcomes([open_]) == []


def test_readers_are_told_of_a_round_from_the_day_it_was_closed(scene: Scene) -> None:
    made = scene.status()
    made.close("Enough.", scene.leader)
    Round.objects.update(closed_at=factories.moment("2026-01-10T12:00"))

    def told(as_of: str, known_on: str = "") -> int:
        return len(closed_rounds(Vantage(day(as_of), day(known_on) if known_on else None), 10))

    assert (told("2026-01-09"), told("2026-01-10"), told("2026-01-11")) == (0, 1, 1)
    assert (told("2026-01-11", "2026-01-09"), told("2026-01-11", "2026-01-10")) == (0, 1)
    assert len(closed_rounds(Vantage.now(), 0)) == 0


# Settling


def test_a_disagreement_is_settled_once_with_a_memo(scene: Scene) -> None:
    made = scene.status()
    item = items(made)[0]
    with pytest.raises(PermissionDenied):
        item.settle("Too early.", scene.coders[0])
    made.close("Enough.", scene.leader)
    item = items(Round.objects.get(pk=made.pk))[0]
    with pytest.raises(ValidationError, match="Say how it was settled"):
        item.settle("  ", scene.coders[0])
    with pytest.raises(PermissionDenied):
        item.settle("I was not there.", people.reviewer())
    item.settle("Level 2: one of two is missing.", scene.coders[0], "One is missing")
    memo = Memo.objects.get()
    assert (memo.title, memo.obligation, memo.category, memo.item) == (
        "One is missing",
        scene.duties[0],
        scene.duties[0].category,
        item,
    )
    with pytest.raises(ValidationError, match="settled already"):
        item.settle("Again.", scene.leader)
    items(Round.objects.get(pk=made.pk))[1].settle("By the text.", scene.leader)
    assert Settlement.objects.count() == 2
    assert Memo.objects.count() == 1


# Memos


def test_memos_on_the_same_obligation_come_first_then_its_category_then_its_agreement(scene: Scene) -> None:
    duty, other = scene.duties
    Obligation.objects.filter(pk=other.pk).update(category=Category.WITHDRAWAL)
    who = scene.coders[0]
    abroad = factories.obligation(factories.agreement())
    Memo.write("whole", "x", by=who, agreement=scene.agreement)
    Memo.write("kind", "x", by=who, category=duty.category)
    Memo.write("alike", "x", by=who, obligation=abroad)
    Memo.write("own", "x", by=who, obligation=duty)
    other.refresh_from_db()
    Memo.write("not this", "x", by=who, obligation=other)
    Memo.write("nor this", "x", by=who, agreement=abroad.agreement)
    assert [memo.title for memo in Memo.objects.like(duty)] == ["own", "alike", "kind", "whole"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"category": ""}, "obligation"),
        ({"category": "weather"}, "category"),
    ],
)
def test_a_memo_says_something_about_something(fields: dict[str, Any], wrong: str) -> None:
    values = {"title": "Remains", "text": "Level 1.", "category": "other"} | fields
    with pytest.raises(ValidationError) as refused:
        Memo.write(by=people.researcher(), **values)
    assert list(refused.value.message_dict) == [wrong]
    with pytest.raises(PermissionDenied):
        Memo.write("Remains", "Level 1.", by=people.reader(), category="other")


# Races


@pytest.mark.django_db(transaction=True)
def test_the_two_last_answers_at_once_close_the_round() -> None:
    scene = Scene()
    made = scene.status(pairs=[(scene.duties[0], None)])
    item = items(made)[0]

    def answer(who: Person) -> None:
        try:
            Round.objects.get(pk=made.pk).answer(item, level(1), who)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(answer, scene.coders))
    assert Round.objects.get(pk=made.pk).closed_at
    assert Answer.objects.count() == 2
