"""What readers propose and what they are answered: neither is changed or deleted, by whatever way; a sender can go."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tests import people
from tracker.codebook import SuggestionOutcome
from tracker.models import Reply, Suggestion, Vantage
from tracker.models.suggestions import Settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestion() -> Suggestion:
    return Suggestion.send(
        about="/agreements/lakeside-2025/",
        title="Lakeside agreement",
        wrong="The ferry does not run.",
        name="Anna Lund",
        email="anna@example.org",
        named=True,
    )


def test_an_answer_is_given_once(suggestion: Suggestion) -> None:
    first = suggestion.settle(SuggestionOutcome.DECLINED, "It does.", by=people.researcher())
    assert (first.byline, first.accepted) == ("Researcher 1", False)
    with pytest.raises(Settled) as seen:
        suggestion.settle(SuggestionOutcome.DECLINED, "It does not.", by=people.reviewer())
    assert seen.value.reply == first
    assert list(Suggestion.objects.waiting()) == []
    assert list(Suggestion.objects.answered(Vantage.now())) == [suggestion]


@pytest.mark.parametrize(
    ("outcome", "text", "field"),
    [("accepted", "It is mended.", "correction"), ("declined", "", "text"), ("perhaps", "Maybe.", "outcome")],
)
def test_an_answer_is_whole_or_not_at_all(suggestion: Suggestion, outcome: str, text: str, field: str) -> None:
    with pytest.raises(ValidationError) as seen:
        suggestion.settle(outcome, text, by=people.researcher())
    assert set(seen.value.message_dict) == {field}
    assert not Reply.objects.exists()


def test_only_those_who_assess_may_answer(suggestion: Suggestion) -> None:
    with pytest.raises(PermissionDenied):
        suggestion.settle(SuggestionOutcome.DECLINED, "It does.", by=people.reader())


def test_neither_is_changed_or_deleted(suggestion: Suggestion) -> None:
    reply = suggestion.settle(SuggestionOutcome.DECLINED, "It does.", by=people.researcher())
    changes: list[tuple[Any, dict[str, Any]]] = [
        (suggestion, {"wrong": "Nothing."}),
        (suggestion, {"name": "Somebody else"}),
        (suggestion, {"name": "", "email": "", "named": False, "wrong": "Nothing."}),
        (reply, {"text": "It does not."}),
        (reply, {"withheld": True}),
    ]
    for row, change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
    rows: list[Any] = [reply, suggestion]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")


def test_a_sender_can_be_forgotten_by_administrators(suggestion: Suggestion) -> None:
    with pytest.raises(PermissionDenied):
        suggestion.forget_sender(by=people.reviewer())
    suggestion.forget_sender(by=people.administrator())
    suggestion.refresh_from_db()
    assert (suggestion.name, suggestion.email, suggestion.named) == ("", "", False)
    assert suggestion.wrong == "The ferry does not run."


def test_an_account_can_go_and_the_answer_stays(suggestion: Suggestion) -> None:
    somebody = people.researcher()
    suggestion.settle(SuggestionOutcome.DECLINED, "It does.", by=somebody)
    somebody.delete()
    reply = Reply.objects.get()
    assert (reply.author, reply.byline) == (None, "Researcher 1")


def test_an_answer_is_known_from_the_day_it_was_given(suggestion: Suggestion) -> None:
    suggestion.settle(SuggestionOutcome.DECLINED, "It does.", by=people.researcher())
    before = Vantage.now()
    before = Vantage(before.as_of, before.today.replace(year=before.today.year - 1), before.today)
    assert list(Suggestion.objects.answered(before)) == []
