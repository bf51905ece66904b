"""Where an agreement stands: the board that pages, the desk and exports share."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracker.codebook import Stance, StatusWord
from tracker.models import Agreement, Vantage
from tracker.models.standing import Board, board, boards

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 1)


def on(day: str, known_on: str | None = None) -> Vantage:
    return Vantage(dt.date.fromisoformat(day), dt.date.fromisoformat(known_on) if known_on else None, TODAY)


def full_agreement() -> Agreement:
    """An agreement with something of everything."""
    agreement = factories.agreement()
    side, other = factories.actor(), factories.actor()
    factories.party(agreement, side)
    duties = [factories.obligation(agreement, obligors=[side], beneficiaries=[other]) for _ in range(3)]
    for duty in duties:
        measure = factories.measure(duty, target=10)
        event = factories.event(agreement, "2025-10-20", effects=[duty], actors=[(side, "participant")])
        factories.observation(measure, event, 4, originator=side)
        factories.report(event, stance=Stance.DENIES, originator=other, quote="not so")
        factories.assessed(duty, "2025-10-21", 1, evidence=[event])
        factories.assessed(duty, "2025-11-21", 2, evidence=[event])
        factories.checked(duty, "2025-12-01")
    factories.condition(duties[0], duties[1])
    factories.condition(factories.phase(agreement), duties[2], actor=side)
    factories.declaration(factories.phase(agreement), side, "2025-12-02")
    return agreement


def test_the_number_of_queries_does_not_depend_on_the_data() -> None:
    one = full_agreement()
    with CaptureQueriesContext(connection) as few:
        boards([one], on("2026-01-01"))
    more = [one, full_agreement(), full_agreement()]
    with CaptureQueriesContext(connection) as many:
        for one_board in boards(more, on("2026-01-01")):
            touch(one_board)
    assert len(many) == len(few)


def touch(one: Board) -> None:
    """Everything that pages ask of a board."""
    assert one.summary
    assert one.changes
    assert all(event.title for event, _ in one.unassessed)
    assert all(row.obligation.due_on for row in one.due_next)
    for phase in one.phases:
        assert phase.in_words
        assert phase.statuses
        for row in phase.rows:
            assert [voice.side.name for voice in row.voices]
            assert [actor.name for actor in row.obligation.obligors.all()]
            assert all(wait.row.obligation.title for wait in row.waits)


def test_a_row_shows_the_word_of_the_day() -> None:
    agreement = factories.agreement()
    duty = factories.obligation(agreement, due_on=dt.date(2025, 10, 13))
    factories.assessed(duty, "2025-10-10", 0)
    factories.assessed(duty, "2025-10-20", 3)
    words = {
        day: board(agreement, on(day)).rows[0].word for day in ("2025-10-09", "2025-10-13", "2025-10-14", "2025-10-20")
    }
    assert words == {
        "2025-10-09": StatusWord.NOT_ASSESSED,
        "2025-10-13": StatusWord.NOT_YET_DUE,
        "2025-10-14": StatusWord.OVERDUE,
        "2025-10-20": StatusWord.FULFILLED_LATE,
    }


def test_what_was_agreed_later_is_not_there_yet() -> None:
    agreement = factories.agreement()
    factories.obligation(agreement, agreed_on=dt.date(2025, 11, 17))
    assert board(agreement, on("2025-11-16")).rows == []
    assert len(board(agreement, on("2025-11-17")).rows) == 1


def test_an_agreement_that_ended_lapses_what_is_not_done() -> None:
    agreement = factories.agreement(states=[("in_force", "2025-10-10"), ("lapsed", "2026-02-01")])
    duty = factories.obligation(agreement)
    factories.assessed(duty, "2025-10-20", 1)
    assert board(agreement, on("2026-01-31")).rows[0].word == StatusWord.UNDER_WAY
    assert board(agreement, on("2026-02-01")).rows[0].word == StatusWord.LAPSED
    assert board(agreement, on("2026-02-01")).day_number is None


def test_a_conditional_duty_waits_for_its_condition_as_of_the_day() -> None:
    agreement = factories.agreement()
    first = factories.obligation(agreement)
    second = factories.obligation(agreement, nature="conditional")
    factories.condition(second, first, 3)
    factories.assessed(second, "2025-10-20", 0)
    factories.assessed(first, "2025-12-01", 3)
    for day, word in [("2025-11-30", StatusWord.WAITING), ("2025-12-01", StatusWord.NOT_STARTED)]:
        row = board(agreement, on(day)).row(second.code)
        assert row is not None
        assert row.word == word


def test_independent_originators_count_one_voice_once() -> None:
    agreement = factories.agreement()
    duty = factories.obligation(agreement)
    state = factories.actor()
    army = factories.actor(parent=state)
    factories.event(
        agreement,
        "2025-10-20",
        effects=[duty],
        reports=[{"originator": state}, {"originator": army}, {"originator_text": "An official"}, {}],
    )
    assert board(agreement, on("2025-12-01")).rows[0].originators == 3


def test_the_latest_figure_of_each_originator_stands_beside_the_others() -> None:
    agreement = factories.agreement()
    measure = factories.measure(factories.obligation(agreement), target=28, target_from=dt.date(2025, 10, 9))
    event = factories.event(agreement, "2025-11-09", effects=[measure.obligation])
    one, two = factories.actor(), factories.actor()
    factories.observation(measure, event, 20, "2025-11-02", originator=one)
    factories.observation(measure, event, 24, "2025-11-09", originator=one)
    factories.observation(measure, event, 25, "2025-11-08", originator=two)
    factories.observation(measure, event, 28, "2025-11-09", originator=two, nature="planned")
    series = board(agreement, on("2025-12-01")).rows[0].series[0]
    assert [(figure.who, int(figure.value)) for figure in series.figures] == [(one.name, 24), (two.name, 25)]
    assert [int(figure.value) for figure in series.planned] == [28]
    assert board(agreement, on("2025-10-08")).rows == []


def test_a_target_is_not_known_before_its_day() -> None:
    agreement = factories.agreement()
    factories.measure(factories.obligation(agreement), target=15, target_from=dt.date(2026, 1, 14))
    assert board(agreement, on("2026-01-13")).rows[0].series[0].target is None
    assert board(agreement, on("2026-01-14")).rows[0].series[0].target == 15


def test_reports_that_no_later_assessment_took_up_are_pointed_out() -> None:
    agreement = factories.agreement()
    duty = factories.obligation(agreement)
    factories.assessed(duty, "2025-11-01", 1)
    later = factories.event(agreement, "2025-11-20", effects=[(duty, "sets_back")])
    factories.event(agreement, "2025-11-21", effects=[(duty, "context")])
    assert [event for event, _ in board(agreement, on("2025-12-01")).unassessed] == [later]


def test_before_the_record_began_nothing_is_known() -> None:
    agreement = factories.agreement(recorded_at=factories.moment("2026-01-10"))
    assert not board(agreement, on("2025-12-01", "2026-01-09")).recorded
    assert board(agreement, on("2025-12-01", "2026-01-10")).recorded


def test_changes_tell_what_became_of_what() -> None:
    agreement = factories.agreement()
    duty = factories.obligation(agreement, due_on=dt.date(2025, 10, 13))
    factories.assessed(duty, "2025-10-10", 0)
    factories.assessed(duty, "2025-10-20", 3)
    changes = board(agreement, on("2025-12-01")).changes
    assert [(change.before.label, change.after.label) for change in changes] == [
        ("Overdue", "Fulfilled late"),
        ("Not assessed", "Not yet due"),
    ]


def test_words_about_another_duty_are_left_to_it() -> None:
    agreement = factories.agreement()
    arms, fire = factories.obligation(agreement), factories.obligation(agreement)
    side = factories.actor()
    told = [{"originator": side, "quote": "a right to hold weapons"}]
    factories.event(agreement, "2025-12-14", effects=[(arms, "sets_back"), (fire, "context")], reports=told)
    shown = board(agreement, on("2025-12-18"))
    assert [len(row.words) for row in shown.rows if row.obligation == arms] == [1]
    assert [len(row.words) for row in shown.rows if row.obligation == fire] == [0]
