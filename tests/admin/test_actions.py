"""Publishing and withdrawing from the admin go through the one way in which each is done."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests import factories as make
from tests import people
from tracker.codebook import Review
from tracker.models import Assessment, Obligation, Person, Retraction

from .pages import client_of, page

pytestmark = pytest.mark.django_db

LIST = "/admin/tracker/assessment/"


def duty(review: str = Review.REQUIRED) -> Obligation:
    return make.obligation(make.agreement(review=review))


def proposed(of: Obligation, by: Person) -> Assessment:
    return Assessment.record(of, make.judgement(evidence=[make.event(of.agreement, effects=[of])]), by=by)


def act(client: Client, action: str, *rows: Assessment, **more: str) -> Any:
    data: dict[str, Any] = {"action": action, "index": "0", "_selected_action": [str(row.pk) for row in rows]}
    return client.post(LIST, data | more, follow=True)


def test_a_reviewer_publishes_what_others_propose() -> None:
    waiting = proposed(duty(), people.researcher())
    reviewer = people.reviewer()
    response = act(client_of(reviewer), "publish", waiting)
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.reviewer, waiting.reviewer_byline) == ("published", reviewer, "Reviewer 1")
    assert "Published: 1." in response.content.decode()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (reviewer, str(waiting.pk), "Published.")


def test_each_row_that_cannot_be_published_says_why() -> None:
    reviewer = people.reviewer()
    own, fine = proposed(duty(), reviewer), proposed(duty(), people.researcher())
    done = make.assessed(duty())
    contested = duty()
    late = proposed(contested, people.researcher())
    make.assessed(contested)
    text = act(client_of(reviewer), "publish", own, fine, done, late).content.decode()
    assert "Published: 1." in text
    assert "Nobody publishes their own proposal." in text
    assert "This no longer waits for review." in text
    assert "status was changed since" in text
    stages = {row.pk: row.stage for row in Assessment.objects.all()}
    assert (stages[own.pk], stages[fine.pk], stages[late.pk]) == ("in_review", "published", "in_review")


def test_researchers_are_not_offered_publishing() -> None:
    waiting = proposed(duty(), people.researcher())
    client = client_of(people.second_researcher())
    assert 'value="publish"' not in client.get(LIST).content.decode()
    act(client, "publish", waiting)
    waiting.refresh_from_db()
    assert waiting.stage == "in_review"


def test_withdrawing_asks_for_a_reason() -> None:
    row = make.assessed(duty())
    client = client_of(people.reviewer())
    asked = act(client, "retract", row)
    assert "Why this is withdrawn" in asked.content.decode()
    assert "This field is required" not in asked.content.decode()
    empty = act(client, "retract", row, reason="  ")
    assert "This field is required." in empty.content.decode()
    assert not Retraction.objects.exists()
    done = act(client, "retract", row, reason="It was about another day.")
    assert "Withdrawn: 1." in done.content.decode()
    retraction = Retraction.objects.get()
    assert (retraction.assessment, retraction.byline) == (row, "Reviewer 1")
    assert LogEntry.objects.get().get_change_message() == "Withdrawn: It was about another day."
    again = act(client, "retract", row, reason="Once more.")
    assert "This was withdrawn already." in again.content.decode()


def test_withdrawing_from_the_rows_own_page() -> None:
    row = make.assessed(duty())
    client = client_of(people.reviewer())
    address = page(Assessment, "change", row.pk)
    form = client.get(address).context["action_form"]
    data: dict[str, Any] = {form["action"].html_name: "retract", "_selected_action": str(row.pk)}
    asked = client.post(address, data)
    text = asked.content.decode()
    assert f'name="{form["action"].html_name}" value="retract"' in text
    version = row.obligation.version
    assert f'name="seen-{row.pk}" value="{version}"' in text
    client.post(address, data | {"reason": "It was about another day.", f"seen-{row.pk}": str(version)})
    assert Retraction.objects.get().assessment == row


def test_withdrawing_notices_what_happened_since() -> None:
    row = make.assessed(duty())
    seen = str(row.obligation.version)
    make.assessed(row.obligation, "2025-11-01", 2)
    reply = act(client_of(people.reviewer()), "retract", row, reason="Wrong.", **{f"seen-{row.pk}": seen})
    assert "status was changed since" in reply.content.decode()
    assert not Retraction.objects.exists()


def test_a_version_that_is_no_number_to_read_withdraws_nothing() -> None:
    row = make.assessed(duty())
    reply = act(client_of(people.reviewer()), "retract", row, reason="Wrong.", **{f"seen-{row.pk}": "9" * 5000})
    assert "status was changed since" in reply.content.decode()
    assert not Retraction.objects.exists()


@pytest.mark.parametrize(("review", "allowed"), [(Review.NONE, True), (Review.REQUIRED, False)])
def test_researchers_withdraw_where_their_word_is_public_at_once(review: str, allowed: bool) -> None:
    row = make.assessed(duty(review))
    text = act(client_of(people.researcher()), "retract", row, reason="Wrong.").content.decode()
    assert Retraction.objects.exists() is allowed
    assert ("Only reviewers withdraw a status here." in text) is not allowed


def test_a_row_leads_to_its_page_on_the_site_once_it_is_public() -> None:
    client = client_of(people.reviewer())
    public, waiting = make.assessed(duty()), proposed(duty(), people.researcher())
    assert f'href="/assessments/{public.pk}/"' in client.get(page(Assessment, "change", public.pk)).content.decode()
    assert f"/assessments/{waiting.pk}/" not in client.get(page(Assessment, "change", waiting.pk)).content.decode()
