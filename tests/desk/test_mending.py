"""Correct, withdraw, restore, and "checked, nothing new": each from the same place, each in both ways."""

import pytest
from django.contrib.sessions.models import Session

from tests import factories
from tracker.codebook import Review
from tracker.models import Assessment, Check, Retraction, Vantage

from .base import DAY, Scene, by_htmx, client, colleague, public_page, reader, researcher, reviewer, statuses, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    factories.assessed(made.duty, DAY, 2, evidence=[made.event], reason="What we thought first.", by=researcher())
    return made


def live() -> list[Assessment]:
    return list(Assessment.objects.live(Vantage.now()))


# Correct


def test_a_correction_starts_from_the_record(scene: Scene) -> None:
    (wrong,) = statuses()
    shown = text(client(researcher()).get(f"/desk/assessments/{wrong.pk}/correct/"))
    assert "What we thought first." in shown
    assert "What was wrong" in shown
    assert f'value="{scene.event.pk}" id="ev-{wrong.pk.hex}-{scene.event.pk}" checked' in shown
    assert 'value="2" required id' in shown or 'value="2"' in shown


def test_a_correction_takes_the_place_of_the_record(scene: Scene) -> None:
    (wrong,) = statuses()
    data = scene.filled(level="3", reason="What we know now.", correction_reason="The count left two out.")
    answer = by_htmx(client(researcher()), f"/desk/assessments/{wrong.pk}/correct/", data)
    assert answer.status_code == 200
    assert "Corrected: Somebody does hostages, Fulfilled." in text(answer)
    right = statuses()[1]
    assert right.supersedes == wrong
    assert right.correction_reason == "The count left two out."
    assert live() == [right]


def test_a_correction_says_what_was_wrong(scene: Scene) -> None:
    (wrong,) = statuses()
    answer = client(researcher()).post(f"/desk/assessments/{wrong.pk}/correct/", scene.filled(correction_reason=" "))
    assert answer.status_code == 422
    assert "Say what was wrong with the earlier record." in text(answer)


def test_a_correction_of_something_changed_meanwhile_is_a_conflict(scene: Scene) -> None:
    (wrong,) = statuses()
    data = scene.filled(correction_reason="The count left two out.")
    client(colleague()).post(scene.url, scene.filled(reason="Newer, by somebody else."))
    answer = client(researcher()).post(f"/desk/assessments/{wrong.pk}/correct/", data)
    assert answer.status_code == 409
    assert "Newer, by somebody else." in text(answer)
    assert "The count left two out." in text(answer)


def test_a_proposal_cannot_be_corrected_before_it_is_public(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    client(researcher()).post(scene.url, scene.filled())
    waiting = statuses()[1]
    assert client(researcher()).get(f"/desk/assessments/{waiting.pk}/correct/").status_code == 404


# Withdraw and restore


def test_a_withdrawal_and_its_undo(scene: Scene) -> None:
    (wrong,) = statuses()
    browser = client(researcher())
    url = f"/desk/assessments/{wrong.pk}/retract/"
    assert "What we thought first." in text(browser.get(url))

    without_reason = by_htmx(browser, url, scene.filled(reason=""))
    assert without_reason.status_code == 422
    assert "Say why this is withdrawn" in text(without_reason)

    answer = by_htmx(browser, url, {"version": 1, "reason": "It was another town."})
    assert answer.status_code == 200
    assert "Not assessed" in text(answer)
    assert f"/desk/assessments/{wrong.pk}/restore/" in text(answer)
    assert Retraction.objects.get().byline == "Researcher 1"
    assert "Under way" not in public_page(scene)

    undo = f"/desk/assessments/{wrong.pk}/restore/"
    assert "Withdrawn by mistake" in text(browser.get(undo))
    restored = browser.post(undo, {"version": 2, "reason": "It was this town after all."})
    assert restored.status_code == 303
    again = statuses()[1]
    assert again.supersedes == wrong
    assert again.reason == wrong.reason
    assert list(again.evidence.all()) == [scene.event]
    assert live() == [again]
    assert "Under way" in public_page(scene)


def test_a_withdrawal_is_undone_from_the_history_too(scene: Scene) -> None:
    (wrong,) = statuses()
    factories.retracted(wrong)
    page = scene.duty.get_absolute_url()
    undo = f'hx-get="/desk/assessments/{wrong.pk}/restore/" hx-target="#form-{wrong.pk}"'
    assert undo in text(client(researcher()).get(page))
    assert f'id="form-{wrong.pk}"' in text(client(researcher()).get(page))
    assert "/desk/assessments/" not in text(client(reader()).get(page))


def test_what_is_withdrawn_already_cannot_be_withdrawn_again(scene: Scene) -> None:
    (wrong,) = statuses()
    factories.retracted(wrong)
    answer = client(researcher()).post(f"/desk/assessments/{wrong.pk}/retract/", {"version": 2, "reason": "Twice."})
    assert answer.status_code == 422
    assert "This was withdrawn already." in text(answer)
    assert "Twice." in text(answer)


def test_what_was_not_withdrawn_cannot_be_restored(scene: Scene) -> None:
    (fine,) = statuses()
    answer = client(researcher()).post(f"/desk/assessments/{fine.pk}/restore/", {"version": 1, "reason": "Why not."})
    assert answer.status_code == 422
    assert "nothing to restore" in text(answer)


def test_withdrawing_what_changed_meanwhile_is_a_conflict(scene: Scene) -> None:
    (wrong,) = statuses()
    client(colleague()).post(scene.url, scene.filled(reason="Newer, by somebody else."))
    browser = client(researcher())
    url = f"/desk/assessments/{wrong.pk}/retract/"
    answer = by_htmx(browser, url, {"version": 1, "reason": "It was another town."})
    assert answer.status_code == 409
    assert "Newer, by somebody else." in text(answer)
    assert "It was another town." in text(answer)
    assert 'name="version" value="2"' in text(answer)
    assert browser.post(url, {"version": 2, "reason": "It was another town."}).status_code == 303


def test_where_review_is_needed_only_reviewers_withdraw(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    url = f"/desk/assessments/{statuses()[0].pk}/retract/"
    refused = client(researcher()).get(url)
    assert refused.status_code == 403
    assert "only reviewers withdraw" in text(refused)
    assert client(reviewer()).post(url, {"version": 1, "reason": "Wrong."}).status_code == 303


def test_the_short_forms_are_for_researchers_only(scene: Scene) -> None:
    pk = statuses()[0].pk
    for url in [
        f"/desk/assessments/{pk}/correct/",
        f"/desk/assessments/{pk}/retract/",
        f"/desk/assessments/{pk}/restore/",
        f"/desk/obligations/{scene.duty.pk}/check/",
    ]:
        assert client(reader()).get(url).status_code == 403
        assert client(reader()).post(url, {"reason": "x", "version": 1}).status_code == 403


def test_a_short_form_survives_the_end_of_the_session(scene: Scene) -> None:
    browser = client(researcher())
    Session.objects.all().delete()
    url = f"/desk/assessments/{statuses()[0].pk}/retract/"
    answer = by_htmx(browser, url, {"version": 1, "reason": "Words that took an hour."})
    assert answer.status_code == 401
    assert "Words that took an hour." in text(answer)
    assert not Retraction.objects.exists()


# Checked, nothing new


def test_a_check_is_noted_and_freshens_the_row(scene: Scene) -> None:
    browser = client(researcher())
    url = f"/desk/obligations/{scene.duty.pk}/check/"
    answer = by_htmx(browser, url, {"date": Vantage.now().as_of.isoformat(), "where": "Both sides' statements"})
    assert answer.status_code == 200
    assert "checked today" in text(answer)
    assert "Noted that you looked" in text(answer)
    check = Check.objects.get()
    assert (check.where, check.byline) == ("Both sides' statements", "Researcher 1")
    assert browser.post(url, {"date": "2025-10-20", "where": ""}).status_code == 303


def test_nobody_has_looked_in_the_future(scene: Scene) -> None:
    answer = client(researcher()).post(f"/desk/obligations/{scene.duty.pk}/check/", {"date": "2999-01-01"})
    assert answer.status_code == 422
    assert not Check.objects.exists()


# On the obligation's own page


def test_on_its_own_page_the_status_and_the_history_are_put_back(scene: Scene) -> None:
    page = f"http://testserver{scene.duty.get_absolute_url()}"
    answer = by_htmx(client(researcher()), scene.url, scene.filled(**{"from": None}), **{"HX-Current-URL": page})
    assert answer.status_code == 200
    assert answer.headers["HX-Reswap"] == "none"
    shown = text(answer)
    assert 'id="status-now" hx-swap-oob="true"' in shown
    assert 'id="history" hx-swap-oob="true"' in shown
    assert f'id="assessment-{statuses()[1].pk}"' in shown
