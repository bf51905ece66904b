"""What somebody with bad intent, or a curious colleague, tries at the desk."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests import factories, people
from tracker.codebook import CodingKind, Review, Stage
from tracker.models import Effect, Event, Proposal, Report, Round, Vantage
from tracker.models.intake import NewReport, add_report
from tracker.models.likely import Hint, likely

from .addresses import addresses
from .base import DAY, HTMX, Scene, client, text

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "xylophones in the valley"
"""Words that stand only in what nobody but its author may see yet."""


@pytest.fixture
def scene() -> Scene:
    return Scene(review=Review.REQUIRED)


def drafted(scene: Scene) -> tuple[Proposal, Event, Report]:
    """An open set of a researcher's: an event of its own with a report, and a report of a public event."""
    proposal = Proposal.open_for(scene.agreement, factories.article(), people.researcher())
    inside: dict[str, Any] = {"proposal": proposal, "stage": Stage.DRAFT}
    event = factories.event(scene.agreement, DAY, title="Drums are heard", reports=[], **inside)
    factories.report(event, proposal.article, quote="drums were heard", **inside)
    return proposal, event, factories.report(scene.event, proposal.article, quote=f"a {SECRET} plan", **inside)


def rewritten(report: Report, quote: str) -> str:
    """Its author changes the draft's quote at the desk; the address that takes this back."""
    browser, url = client(people.researcher()), f"/desk/reports/{report.pk}/edit/"
    form = browser.get(url).context["form"]
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    assert browser.post(url, data | {form.add_prefix("quote"): quote}).status_code == 303
    found = re.search(r"/desk/changes/edit/[^/]+/undo/", text(browser.get("/desk/changes/")))
    assert found
    return found[0]


def test_the_edit_of_a_draft_is_listed_for_its_author_alone(scene: Scene) -> None:
    _, _, report = drafted(scene)
    rewritten(report, f"more {SECRET}")
    assert f"more {SECRET}" in text(client(people.researcher()).get("/desk/changes/?by=everybody"))
    for colleague in (people.second_researcher(), people.reviewer(), people.administrator()):
        assert SECRET not in text(client(colleague).get("/desk/changes/?by=everybody"))


def test_nobody_sees_or_takes_back_the_edit_of_anothers_draft(scene: Scene) -> None:
    _, _, report = drafted(scene)
    undo = rewritten(report, f"more {SECRET}")
    for colleague in (people.second_researcher(), people.reviewer(), people.administrator()):
        browser = client(colleague)
        assert browser.get(undo).status_code == 404
        assert browser.post(undo, {"reason": "Mine now."}).status_code == 404
    report.refresh_from_db()
    assert report.quote == f"more {SECRET}"
    assert client(people.researcher()).post(undo, {"reason": "Too much."}).status_code == 303
    report.refresh_from_db()
    assert report.quote == f"a {SECRET} plan"


def test_who_is_signed_out_is_not_told_what_an_undo_is_about(scene: Scene) -> None:
    _, _, report = drafted(scene)
    undo = rewritten(report, f"more {SECRET}")
    answer = Client().post(undo, {"reason": "What I typed."}, headers=HTMX)
    assert answer.status_code == 401
    assert SECRET not in text(answer)
    assert "What I typed." in text(answer)


def entered_in_the_admin(scene: Scene) -> tuple[Event, str]:
    """An event that somebody entered in the admin, and that waits for review since; the address of its undo."""
    article, browser = factories.article(), client(people.researcher())
    blank = browser.get("/admin/tracker/event/add/").context
    data: dict[str, Any] = {}
    for formset in blank["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    data |= {"agreement": scene.agreement.pk, "title": "Drums are heard", "date": "2025-10-13", "date_precision": "1"}
    data |= {"kind": "meeting", "state": "occurred", "reports-TOTAL_FORMS": "1", "reports-0-article": article.pk}
    data |= {"reports-0-stance": "asserts", "reports-0-originator_text": "A drummer"}
    answer = browser.post("/admin/tracker/event/add/", data)
    assert answer.status_code == 302, text(answer)
    found = re.search(r"/desk/changes/edit/[^/]+/undo/", text(browser.get("/desk/changes/")))
    assert found
    return Event.objects.get(title="Drums are heard"), found[0]


def test_what_waits_for_review_is_not_taken_away_by_an_undo(scene: Scene) -> None:
    event, undo = entered_in_the_admin(scene)
    assert event.stage == Stage.IN_REVIEW
    for person, refused in ((people.second_researcher(), 403), (people.reviewer(), 403), (people.researcher(), 422)):
        assert client(person).post(undo, {"reason": "Away with it."}).status_code == refused
        assert Event.objects.filter(pk=event.pk, stage=Stage.IN_REVIEW).exists()
        assert event.reports.exists()


def test_a_split_neither_shows_nor_moves_what_others_draft(scene: Scene) -> None:
    proposal, _, report = drafted(scene)
    duty = factories.obligation(scene.agreement, "drums")
    effect = Effect.objects.create(
        event=scene.event, obligation=duty, effect="advances", stage=Stage.DRAFT, proposal=proposal
    )
    browser, article = client(people.reviewer()), report.article
    for page in (f"/desk/split/events/{scene.event.pk}/", f"/desk/split/articles/{article.pk}/"):
        shown = text(browser.get(page))
        assert SECRET not in shown
        assert "Drums are heard" not in shown
        assert f"rows-effect-event-{effect.pk}" not in shown
    form = browser.get(f"/desk/split/events/{scene.event.pk}/").context["form"]
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    data |= {form.add_prefix("reason"): "Two things.", f"rows-effect-event-{effect.pk}": "moves"}
    assert browser.post(f"/desk/split/events/{scene.event.pk}/", data).status_code in (409, 422)
    effect.refresh_from_db()
    assert effect.event == scene.event


def test_a_merge_neither_finds_nor_shows_what_others_draft(scene: Scene) -> None:
    _, event, _ = drafted(scene)
    browser, page = client(people.reviewer()), f"/desk/merge/events/{scene.event.pk}/"
    assert "Drums are heard" not in text(browser.get(page, {"q": "Drums"}))
    assert "Drums are heard" not in text(browser.get(page, {"other": str(event.pk)}))
    for kind in ("merge", "split"):
        assert browser.get(f"/desk/{kind}/events/{event.pk}/").status_code == 404
        assert "Drums are heard" not in text(Client().post(f"/desk/{kind}/events/{event.pk}/", {}, headers=HTMX))


def test_the_admin_tells_of_drafts_to_their_author_alone(scene: Scene) -> None:
    """In a row's history, in what a search finds, and in what is counted."""
    drafted(scene)
    history = f"/admin/tracker/event/{scene.event.pk}/history/"
    found = "/admin/tracker/event/?q=xylophones"
    reports = scene.event.reports.filter(stage=Stage.PUBLISHED).count()
    for person in (people.second_researcher(), people.reviewer(), people.administrator()):
        browser = client(person)
        assert SECRET not in text(browser.get(history))
        assert "Twenty people come home" not in text(browser.get(found))
        listed = browser.get("/admin/tracker/event/?q=Twenty").context["cl"].result_list
        assert [row.report_count for row in listed] == [reports]
        assert browser.get("/admin/tracker/event/?q=\0").status_code == 200
    author = client(people.researcher())
    assert SECRET in text(author.get(history))
    assert "Twenty people come home" in text(author.get(found))


def test_the_admin_finds_events_by_what_is_reported_of_them(scene: Scene) -> None:
    factories.report(scene.event, quote="they crossed the bridge")
    browser = client(people.researcher())
    for words in ("crossed bridge", "Twenty crossed", "home"):
        assert "Twenty people come home" in text(browser.get("/admin/tracker/event/", {"q": words}))
    assert "Twenty people come home" not in text(browser.get("/admin/tracker/event/", {"q": "crossed river"}))


def test_a_report_is_not_told_what_others_propose_the_event_means(scene: Scene) -> None:
    proposal, _, report = drafted(scene)
    duty = factories.obligation(scene.agreement, "drums")
    Effect.objects.create(event=scene.event, obligation=duty, effect="sets_back", stage=Stage.DRAFT, proposal=proposal)
    colleague = people.second_researcher()
    mine = Proposal.open_for(scene.agreement, report.article, colleague)
    for effect in ("sets_back", "advances"):
        with pytest.raises(ValidationError) as refusal:
            add_report(mine, report.article, scene.event, NewReport(), [(duty, effect)], colleague)
        assert refusal.value.message_dict == {
            "effects": [f"What it means for “{duty.title}” waits in another proposal. Leave it out here."]
        }
    hint = Hint(first=DAY, last=DAY, obligations=[duty])
    assert all("same obligation" not in one.why for one in likely(scene.agreement, mine, hint))


def test_a_set_is_not_taken_back_while_a_round_codes_what_it_brought() -> None:
    scene = Scene()
    proposal, _, _ = drafted(scene)
    duty = factories.obligation(scene.agreement, "drums")
    Effect.objects.create(event=scene.event, obligation=duty, effect="advances", stage=Stage.DRAFT, proposal=proposal)
    proposal.hand_in(people.researcher())
    Round.open_(
        scene.agreement,
        title="Two of us",
        kind=CodingKind.EVENT,
        as_of=DAY,
        pairs=[(duty, scene.event)],
        coders=[people.researcher(), people.reviewer()],
        by=people.administrator(),
    )
    answer = client(people.reviewer()).post(f"/desk/changes/publication/{proposal.pk}/undo/", {"reason": "All wrong."})
    assert answer.status_code == 409
    assert "Locked while the coding round" in text(answer)
    assert Report.objects.known(Vantage.now()).filter(proposal=proposal).exists()


NAMES = [
    *("agreement", "q", "at", "part", "after", "state", "feed", "kept", "address", "candidate", "by", "form", "from"),
    *("kind", "seen", "version", "reason", "text", "title", "list", "add_to", "mend", "add", "move", "into", "heir"),
    *("quote", "target", "translator", "date", "day", "basis", "same_text_as", "comment", "edit_reason", "page"),
]


@pytest.mark.parametrize("value", ["a\0b", "9" * 30, "NaN"], ids=ascii)
def test_no_address_fails_over_what_it_is_sent(value: str) -> None:
    scene = Scene()
    urls = addresses(scene)
    browser = client(people.administrator(), raise_request_exception=False)
    for url in urls:
        place = url.partition("?")[0]
        for known in ({}, {"agreement": scene.agreement.slug}):
            sent: dict[str, Any] = dict.fromkeys(NAMES, value) | known
            assert browser.get(place, sent).status_code < 500, place
            assert browser.post(place, sent).status_code < 500, place
            assert browser.post(place, sent, headers=HTMX).status_code < 500, place


def test_a_remark_of_nothing_visible_is_none(scene: Scene) -> None:
    proposal, _, _ = drafted(scene)
    browser = client(people.researcher())
    browser.post(f"/desk/proposals/{proposal.pk}/remark/", {"comment": " \0 "})
    assert not proposal.remarks.exists()
    browser.post(f"/desk/proposals/{proposal.pk}/remark/", {"comment": "Look\0 twice."})
    assert proposal.remarks.get().text == "Look twice."
