"""Changing, withdrawing and looking again at what is published, at the desk."""

from typing import Any

import pytest

from tests import factories
from tracker.codebook import Review, Stage
from tracker.models import Event, Reconsideration, Report, Withdrawal

from .base import DAY, Scene, client, colleague, reader, researcher, reviewer, text

pytestmark = pytest.mark.django_db
THEN = factories.moment("2025-10-14")


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    Event.objects.filter(pk=scene.event.pk).update(recorded_at=THEN)
    return scene


def filled(answer: Any) -> dict[str, Any]:
    """What a browser would send of the form as it is."""
    forms = answer.context["forms"]
    data: dict[str, Any] = {}
    for form in forms.parts:
        for bound in form:
            value = bound.value()
            if value not in (None, ""):
                data[bound.html_name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return data


def test_an_event_is_edited_with_a_reason_that_readers_see(scene: Scene) -> None:
    judged = factories.assessed(scene.duty, DAY, 2, evidence=[scene.event], recorded_at=THEN)
    actor = factories.actor(name="The Ferry Line")
    url = f"/desk/events/{scene.event.pk}/edit/"
    browser = client(researcher())
    form = browser.get(url)
    data = filled(form) | {"title": "Thirty people come home", "cast-0-actor": str(actor.pk), "cast-0-role": "host"}
    refused = browser.post(url, data)
    assert refused.status_code == 422
    assert "Say why this is changed" in text(refused)
    assert "Thirty people come home" in text(refused)
    answer = browser.post(url, data | {"edit_reason": "The count was corrected."})
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.event.get_absolute_url())
    page = text(client().get(scene.event.get_absolute_url()))
    for words in ("Thirty people come home", "Twenty people come home", "The count was corrected.", "The Ferry Line"):
        assert words in page
    assert "Researcher 1" in page
    marked = text(client().get(judged.get_absolute_url()))
    assert "Edited since" in marked
    assert "evidence was changed after this was recorded" in marked


def test_of_two_who_edit_at_once_the_second_keeps_the_text(scene: Scene) -> None:
    url = f"/desk/events/{scene.event.pk}/edit/"
    first, second = client(researcher()), client(colleague())
    mine, theirs = filled(first.get(url)), filled(second.get(url))
    second.post(url, theirs | {"place": "North bank", "edit_reason": "Where it was."})
    late = first.post(url, mine | {"place": "South bank", "edit_reason": "I know it."})
    assert late.status_code == 409
    page = text(late)
    assert "South bank" in page
    assert "North bank" in page
    again = filled(late) | {"edit_reason": "I know it."}
    assert first.post(url, again).status_code == 303
    scene.event.refresh_from_db()
    assert scene.event.place == "South bank"


def test_a_report_and_a_figure_are_edited(scene: Scene) -> None:
    (report,) = scene.event.reports.all()
    figure = factories.observation(factories.measure(scene.duty), scene.event, 20)
    browser = client(researcher())
    for kind, row, field, value in (("reports", report, "stance", "denies"), ("observations", figure, "value", "30")):
        url = f"/desk/{kind}/{row.pk}/edit/"
        data = filled(browser.get(url)) | {field: value, "edit_reason": "Misread."}
        assert browser.post(url, data).status_code == 303
        row.refresh_from_db()
        assert str(getattr(row, field)).startswith(value)
    page = text(client().get(scene.event.get_absolute_url()))
    assert "asserts" in page or "says so" in page
    assert "30" in page


def test_a_breach_keeps_its_accused(scene: Scene) -> None:
    actor = factories.actor()
    event = factories.event(scene.agreement, DAY, effects=[(scene.duty, "breaches")], accused=[actor])
    url = f"/desk/events/{event.pk}/edit/"
    browser = client(researcher())
    data = filled(browser.get(url)) | {"cast-0-actor": "", "verification": "", "edit_reason": "Nobody did it."}
    answer = browser.post(url, data)
    assert answer.status_code == 422
    assert "A breach needs somebody accused" in text(answer)
    assert event.actors.exists()


def test_lines_are_added_without_saving(scene: Scene) -> None:
    url = f"/desk/events/{scene.event.pk}/edit/"
    browser = client(researcher())
    data = filled(browser.get(url)) | {"add": "cast", "title": "Not saved"}
    page = text(browser.post(url, data | {"cast-0-role": "host", "cast-1-role": "host"}))
    assert "cast-3-actor" in page
    assert "Not saved" in page
    scene.event.refresh_from_db()
    assert scene.event.title == "Twenty people come home"


def test_under_review_a_new_meaning_waits(scene: Scene) -> None:
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    url = f"/desk/events/{scene.silent.pk}/edit/"
    browser = client(researcher())
    row = {"effect-0-obligation": str(scene.duty.pk), "effect-0-effect": "sets_back"}
    assert browser.post(url, filled(browser.get(url)) | row | {"edit_reason": "It bears on it."}).status_code == 303
    effect = scene.silent.effects.get()
    assert effect.stage == Stage.IN_REVIEW
    assert effect.proposal.author == researcher()


def test_a_withdrawn_event_says_so_and_is_there_in_the_past(scene: Scene) -> None:
    judged = factories.assessed(scene.duty, DAY, 2, evidence=[scene.event], recorded_at=THEN)
    page = scene.event.get_absolute_url()
    browser = client(reviewer())
    url = f"/desk/events/{scene.event.pk}/withdraw/"
    assert url in text(browser.get(page))
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "It was another lake."}).status_code == 303
    gone = client().get(page)
    assert gone.status_code == 410
    for words in ("It was another lake.", "Reviewer 1"):
        assert words in text(gone)
    assert scene.event.title not in text(client().get("/events/"))
    then = client().get(f"{page}?as_of=2025-10-15&known_on=2025-10-20")
    assert then.status_code == 200
    assert scene.event.title in text(then)
    marked = text(client().get(judged.get_absolute_url()))
    assert scene.event.title in marked
    assert "This event was withdrawn on" in marked
    assert client(researcher()).get(f"/desk/events/{scene.event.pk}/edit/").status_code == 404

    restored = browser.post(f"/desk/events/{scene.event.pk}/restore/", {"reason": "It was this lake."})
    assert restored.status_code == 303
    back = client().get(page)
    assert back.status_code == 200
    assert "It was this lake." in text(back)


def test_a_withdrawn_report_leaves_the_page(scene: Scene) -> None:
    report = factories.report(scene.event, quote="never said that")
    browser = client(researcher())
    browser.post(f"/desk/reports/{report.pk}/withdraw/", {"reason": "A hoax."})
    page = text(client().get(scene.event.get_absolute_url()))
    assert "never said that" not in page
    assert "A hoax." in page


def test_who_may_do_what(scene: Scene) -> None:
    (report,) = scene.event.reports.all()
    for kind, pk in (("events", scene.event.pk), ("reports", report.pk)):
        for action in ("edit", "withdraw"):
            url = f"/desk/{kind}/{pk}/{action}/"
            assert client(reader()).get(url).status_code == 403
            assert client().get(url).status_code == 302
    scene.agreement.review = Review.REQUIRED
    scene.agreement.save()
    assert client(researcher()).get(f"/desk/events/{scene.event.pk}/withdraw/").status_code == 403
    assert client(reviewer()).get(f"/desk/events/{scene.event.pk}/withdraw/").status_code == 200
    waiting = factories.event(scene.agreement, DAY, stage=Stage.IN_REVIEW)
    assert client(reviewer()).get(f"/desk/events/{waiting.pk}/edit/").status_code == 404


def test_what_was_written_survives_signing_in_again(scene: Scene) -> None:
    url = f"/desk/events/{scene.event.pk}/edit/"
    data = filled(client(researcher()).get(url)) | {"title": "Not lost", "edit_reason": "A slip."}
    stranger = client()
    answer = stranger.post(url, data)
    assert answer.status_code == 302
    stranger.force_login(researcher())
    kept = answer.headers["Location"].split("next=")[1].replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
    assert "Not lost" in text(stranger.get(kept))


def test_a_judgement_whose_ground_moved_is_looked_at_again(scene: Scene) -> None:
    judged = factories.assessed(scene.duty, DAY, 2, evidence=[scene.event], recorded_at=THEN)
    url = f"/desk/assessments/{judged.pk}/reconsider/"
    browser = client(researcher())
    assert "Nothing changed since" in text(browser.get(url))
    (report,) = scene.event.reports.all()
    Withdrawal.record(report, withdrawn=True, reason="A hoax.", by=reviewer())
    page = browser.get(url)
    assert "A hoax." in text(page)
    assert f"/desk/assessments/{judged.pk}/correct/" in text(page)
    data = {"seen": page.context["form"]["seen"].value(), "reason": "The other report says so, too."}
    assert browser.post(url, {"seen": data["seen"], "reason": ""}).status_code == 422
    Withdrawal.record(report, withdrawn=False, reason="It was none.", by=reviewer())
    late = browser.post(url, data)
    assert late.status_code == 409
    assert "It was none." in text(late)
    data["seen"] = late.context["form"]["seen"].value()
    assert browser.post(url, data).status_code == 303
    assert Reconsideration.objects.get().byline == "Researcher 1"
    assert "The other report says so, too." in text(client().get(judged.get_absolute_url()))


def test_a_quote_has_to_stand_in_the_kept_text(scene: Scene) -> None:
    (report,) = scene.event.reports.all()
    report.article.copies.create(
        origin="pasted", media_type="text/plain", sha256="a" * 64, size=40, text="They said: we are home at last."
    )
    url = f"/desk/reports/{report.pk}/edit/"
    browser = client(researcher())
    data = filled(browser.get(url)) | {"edit_reason": "The words."}
    wrong = browser.post(url, data | {"quote": "we are lost"})
    assert wrong.status_code == 422
    assert "does not hold these words" in text(wrong)
    assert browser.post(url, data | {"quote": "we are home"}).status_code == 303
    found = Report.objects.get(pk=report.pk)
    assert (found.quote, found.prefix[-6:], found.suffix[:8]) == ("we are home", "said: ", " at last")
