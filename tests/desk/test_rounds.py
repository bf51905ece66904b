"""Coding rounds at the desk: who may come, opening, coding one item after another, closing, settling."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tracker.models import Answer, Assessment, Memo, Person, Round, Settlement
from tracker.models.coding import mask_of
from tracker.models.rounds import Coded

from .base import by_htmx, client, text
from .coding import NAMES, Coding, address, items, level, sent

pytestmark = pytest.mark.django_db

ROLES: dict[str, Callable[[], Person] | None] = {
    "nobody": None,
    "reader": people.reader,
    "coder": people.researcher,
    "reviewer": people.reviewer,
    "administrator": people.administrator,
}


@pytest.fixture
def coding() -> Coding:
    return Coding()


def said(answer: Any) -> str:
    """What the main part of a page says."""
    main = re.search(r"<main.*?</main>", text(answer), re.DOTALL)
    assert main
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main[0])))


# Who may come


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        # nobody (in: sent to sign in), reader, a coder, a reviewer who is none, the administrator who is none
        ("get", "/desk/rounds/", ["in", 403, 200, 200, 200]),
        ("get", "/desk/rounds/new/", ["in", 403, 403, 403, 200]),
        ("post", "/desk/rounds/new/", ["in", 403, 403, 403, 200]),
        ("get", "{round}", ["in", 403, 200, 200, 200]),
        ("get", "{item}", ["in", 403, 200, 403, 403]),
        ("post", "{item}", ["in", 403, 422, 403, 403]),
        ("post", "{round}close/", ["in", 403, 403, 403, 422]),
        ("post", "{item}settle/", ["in", 403, 403, 403, 403]),
    ],
)
def test_who_may_do_what(coding: Coding, method: str, path: str, expected: list[Any]) -> None:
    made = coding.status()
    url = path.format(round=made.get_absolute_url(), item=address(made))
    data = {"text": "By the text."} if "settle" in url else {}
    for (role, who), wanted in zip(ROLES.items(), expected, strict=True):
        browser = client(who() if who else None)
        answer = browser.post(url, data) if method == "post" else browser.get(url)
        if wanted == "in":
            assert answer.status_code == 302, role
            assert answer.headers["Location"].startswith("/accounts/login/"), role
        else:
            assert answer.status_code == wanted, role
    assert not Settlement.objects.exists()
    assert Round.objects.open().exists()


@pytest.mark.parametrize("ending", ["close/", "items/{item}/settle/"])
def test_closing_and_settling_are_not_for_links(coding: Coding, ending: str) -> None:
    made = coding.status()
    url = made.get_absolute_url() + ending.format(item=items(made)[0].pk)
    assert client(coding.leader).get(url).status_code == 405


def test_what_is_not_there_is_not_found(coding: Coding) -> None:
    one, other = coding.status(), coding.event()
    nothing = "/desk/rounds/00000000-0000-4000-8000-000000000000/"
    strange = f"{one.get_absolute_url()}items/{items(other)[0].pk}/"
    for url in (nothing, f"{nothing}items/1/", strange):
        assert client(coding.coder).get(url).status_code == 404
    assert client(coding.coder).post(f"{strange}settle/", {"text": "x"}).status_code == 404


# Opening


def opening(coding: Coding, **fields: Any) -> dict[str, Any]:
    values = {
        "title": "Phase one",
        "as_of": "2025-12-18",
        "coders": [str(coding.coder.pk), str(coding.other.pk)],
        "items": [str(duty.pk) for duty in coding.duties],
    }
    return {name: value for name, value in (values | fields).items() if value is not None}


STATUSES = "/desk/rounds/new/?agreement=lakeside-2025&kind=status"
EVENTS = "/desk/rounds/new/?agreement=lakeside-2025&kind=event"


def test_an_administrator_opens_a_round_in_two_steps(coding: Coding) -> None:
    browser = client(coding.leader)
    first = text(browser.get("/desk/rounds/new/"))
    assert 'value="lakeside-2025"' in first
    second = browser.get(STATUSES)
    assert coding.duties[0].title in said(second)
    # Only people who may judge can be chosen.
    people.reader()
    assert "reader-1" not in said(browser.get(STATUSES))
    answer = browser.post(STATUSES, opening(coding))
    made = Round.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.kind, made.masked, len(items(made))) == ("status", False, 2)
    shown = said(browser.get(made.get_absolute_url()))
    assert "0 of 2 answered" in shown


def test_events_are_found_by_their_words(coding: Coding) -> None:
    browser = client(coding.leader)
    found = said(browser.get(f"{EVENTS}&q=about+SIEGE"))
    assert coding.events[1].title in found
    assert coding.events[0].title not in found
    assert "No event has these words." in said(browser.get(f"{EVENTS}&q=volcano%00"))
    pair = f"{coding.events[1].pk}.{coding.duties[1].pk}"
    assert browser.post(f"{EVENTS}&q=siege", opening(coding, items=[pair])).status_code == 303


def test_events_are_chosen_with_the_obligation_they_bear_on(coding: Coding) -> None:
    browser = client(coding.leader)
    assert coding.events[0].title in said(browser.get(EVENTS))
    pair = f"{coding.events[0].pk}.{coding.duties[0].pk}"
    answer = browser.post(EVENTS, opening(coding, items=[pair]))
    assert answer.status_code == 303
    item = items(Round.objects.get())[0]
    assert (item.event, item.obligation) == (coding.events[0], coding.duties[0])


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"title": ""}, "Give the round a title."),
        ({"as_of": "2125-01-01"}, "This day lies in the future."),
        ({"coders": None}, "Choose two people or more."),
        ({"items": None}, "Choose at least one thing to code."),
        ({"items": ["nonsense"]}, "nonsense"),
        ({"title": "What Northland does", "masked": "on"}, "The title names a party, and the coders would read it."),
    ],
)
def test_a_round_that_cannot_be_opened_says_why_and_keeps_what_was_typed(
    coding: Coding, fields: dict[str, Any], complaint: str
) -> None:
    answer = client(coding.leader).post(STATUSES, opening(coding, **fields))
    assert answer.status_code == 422
    assert complaint in said(answer)
    if "title" not in fields:
        assert 'value="Phase one"' in text(answer)
    if "items" not in fields:
        assert len(re.findall(r'name="items"[^>]* checked', text(answer))) == 2
    assert not Round.objects.exists()


def test_one_coder_is_not_enough_and_nothing_is_coded_twice_at_once(coding: Coding) -> None:
    browser = client(coding.leader)
    answer = browser.post(STATUSES, opening(coding, coders=[str(coding.coder.pk)]))
    assert "Choose two people or more." in said(answer)
    browser.post(STATUSES, opening(coding))
    answer = browser.post(STATUSES, opening(coding))
    assert answer.status_code == 422
    assert "is being coded already" in said(answer)
    assert Round.objects.count() == 1


def test_where_there_is_nothing_to_code_the_page_says_what_comes_first() -> None:
    browser = client(people.administrator())
    assert "No agreement yet" in said(browser.get("/desk/rounds/new/"))
    factories.agreement("bare")
    assert "has no obligations yet" in said(browser.get("/desk/rounds/new/?agreement=bare&kind=status"))
    assert "bears on an obligation yet" in said(browser.get("/desk/rounds/new/?agreement=bare&kind=event"))
    shown = said(browser.get("/desk/rounds/"))
    assert "Nothing to code" in shown
    assert "No round has been closed yet" in shown


# Coding


def test_the_page_shows_what_there_is_to_judge_by_and_nothing_that_was_concluded(coding: Coding) -> None:
    factories.assessed(coding.duties[0], "2025-11-02", 1, reason="An earlier judgement.", evidence=[coding.events[0]])
    made = coding.status()
    answer = client(coding.coder).get(address(made))
    shown = said(answer)
    duty = coding.duties[0]
    for part in (duty.title, "Northland lets the people", "once the Lake League says so", "10", "People sent home"):
        assert part in shown
    assert coding.events[0].title in shown
    assert "Northland keeps its word" in shown
    assert "a River Front guard" in shown
    assert coding.events[1].title not in shown
    assert "An earlier judgement." not in shown
    # The rule stands beside the questions.
    assert "An announcement alone never lifts it above 0." in shown
    assert "Advances" not in shown
    hrefs = re.findall(r'href="([^"]*)"', re.findall(r"<main.*</main>", text(answer), re.DOTALL)[0])
    assert not [one for one in hrefs if one.startswith(("/events/", "/agreements/", "/sources/", "/actors/"))]


def test_events_are_shown_without_what_is_on_record_about_them(coding: Coding) -> None:
    coding.events[0].effects.update(effect="sets_back")
    type(coding.events[0]).objects.filter(pk=coding.events[0].pk).update(verification="observed")
    made = coding.event()
    answer = client(coding.coder).get(address(made))
    assert coding.events[0].title in said(answer)
    assert "What does it mean for this obligation" in said(answer)
    marks = re.findall(r'<input[^>]*name="(?:effect|verification)"[^>]*>', text(answer))
    assert [one for one in marks if "checked" in one and 'value=""' not in one] == []
    assert not re.search(r"entry.*?· observed", said(answer))


def test_coding_goes_from_one_item_to_the_next_and_ends_at_the_round(coding: Coding) -> None:
    made = coding.status()
    browser = client(coding.coder)
    assert address(made) in text(browser.get(made.get_absolute_url()))
    answer = browser.post(address(made), sent())
    assert (answer.status_code, answer.headers["Location"]) == (303, address(made, 1))
    assert "you have answered 1" in said(browser.get(address(made, 1)))
    answer = browser.post(address(made, 1), sent(level="0", direction="", conformity=""))
    assert answer.headers["Location"] == made.get_absolute_url()
    shown = said(browser.get(made.get_absolute_url()))
    assert "You have answered everything." in shown
    assert "2 of 2 answered" in shown
    kept = Answer.objects.by(coding.coder).get(item=items(made)[0])
    assert (kept.level, kept.direction, kept.conformity, kept.reason) == (
        2,
        "holding",
        "as_agreed",
        "Half of them are back.",
    )
    # Changed once more.
    page = text(browser.get(address(made)))
    assert "Half of them are back." in page
    browser.post(address(made), sent(level="1", reason="Fewer than half."))
    kept.refresh_from_db()
    assert Answer.objects.by(coding.coder).get(item=items(made)[0]).reason == "Fewer than half."
    assert Round.objects.open().exists()


def test_after_the_last_item_those_left_open_come_first(coding: Coding) -> None:
    made = coding.status()
    answer = client(coding.coder).post(address(made, 1), sent())
    assert answer.headers["Location"] == address(made, 0)


def test_the_last_answer_closes_the_round_and_shows_everything(coding: Coding) -> None:
    made = coding.status(pairs=[(coding.duties[0], None)])
    made.answer(items(made)[0], level(3, "All are back."), coding.coder)
    browser = client(coding.other)
    answer = browser.post(address(made), sent(), follow=True)
    assert "the round is closed" in text(answer)
    shown = said(answer)
    assert "All are back." in shown
    assert "Half of them are back." in shown
    assert "3, full" in shown
    assert "2, intermediate" in shown
    # The page of the item leads to where everything stands now.
    assert browser.get(address(made)).headers["Location"] == f"{made.get_absolute_url()}#item-{items(made)[0].pk}"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"level": None}, "Choose a level from 0 to 3, or say that you cannot say."),
        ({"level": "9"}, "Select a valid choice."),
        ({"direction": ""}, "Give the direction for every level above 0."),
        ({"conformity": None}, "Say how it fits the text for every level above 0."),
    ],
)
def test_half_an_answer_comes_back_as_it_was_typed(coding: Coding, fields: dict[str, Any], complaint: str) -> None:
    made = coding.status()
    answer = client(coding.coder).post(address(made), sent(**fields))
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert "Half of them are back." in text(answer)
    assert "Not saved yet" in text(answer)
    assert not Answer._base_manager.exists()
    answer = client(coding.coder).post(address(made), sent(reason=" "))
    assert "Say why in a sentence" in said(answer)
    assert re.search(r'name="level" value="2"[^>]* checked', text(answer))


def test_cannot_say_is_an_answer(coding: Coding) -> None:
    made = coding.status()
    answer = client(coding.coder).post(address(made), {"cannot_say": "on", "reason": "No figures."})
    assert answer.status_code == 303
    assert Answer.objects.by(coding.coder).get().cannot_say
    events = coding.event()
    answer = client(coding.coder).post(address(events), {"effect": "breaches", "reason": "They say so."})
    assert "Say how far the breach is borne out." in said(answer)


def test_an_answer_that_comes_too_late_is_not_lost(coding: Coding) -> None:
    made = coding.status()
    made.close("Enough.", coding.leader)
    answer = client(coding.coder).post(address(made), sent())
    assert answer.status_code == 409
    assert "The round was closed in the meantime" in said(answer)
    assert "Half of them are back." in text(answer)


def test_an_answer_survives_the_end_of_the_session(coding: Coding) -> None:
    made = coding.status()
    browser = Client()
    answer = browser.post(address(made), sent())
    assert answer.status_code == 302
    browser.post("/accounts/login/", {"login": coding.coder.username, "password": people.PASSWORD})
    kept = re.search(r"kept%3D([^&]*)", answer.headers["Location"])
    assert kept
    shown = text(browser.get(f"{address(made)}?kept={kept[1]}"))
    assert "Half of them are back." in shown
    assert "It is not saved yet." in shown
    # Somebody who is signed out is shown their own form and nothing else.
    htmx = Client().post(address(made), sent(), headers={"HX-Request": "true"})
    assert htmx.status_code == 401
    assert coding.duties[0].title not in text(htmx)
    assert "Half of them are back." in text(htmx)


# Masked


@pytest.mark.parametrize("kind", ["status", "event"])
def test_a_masked_round_shows_its_coders_no_name_of_a_side(coding: Coding, kind: str) -> None:
    made = coding.status(masked=True) if kind == "status" else coding.event(masked=True)
    browser = client(coding.coder)
    hidden = [browser.get(url) for url in ("/desk/rounds/", made.get_absolute_url(), address(made), address(made, 1))]
    hidden.append(browser.post(address(made), {"reason": ""}))
    for answer in hidden:
        page = unescape(text(answer))
        for name in NAMES:
            assert not re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", page), name
        assert coding.agreement.slug not in page
        addresses = re.findall(r'href="([^"]*)"', re.findall(r"<main.*</main>", text(answer), re.DOTALL)[0])
        assert all(one.startswith(("/desk/rounds/", "/desk/memos/", "/methodology/", "#")) for one in addresses)
    label = mask_of(made).hide("Northland")
    assert re.fullmatch("Party [A-C]", label)
    page = said(hidden[2])
    assert f"{label} keeps its word, says {label}" in page
    assert f"Person 1 of {label}" in page
    assert "By the lake" in page


def test_a_masked_round_is_open_to_its_leader_and_after_closing_to_all(coding: Coding) -> None:
    made = coding.status(masked=True)
    assert "Northland" in said(client(coding.leader).get(made.get_absolute_url()))
    made.close("Enough.", coding.leader)
    assert "Northland" in said(client(coding.coder).get(made.get_absolute_url()))


def test_hostile_words_stay_words(coding: Coding) -> None:
    bad = "<script>alert(1)</script>&"
    coding.agreement.obligations.update(title=f"{bad} Northland")
    coding.events[0].reports.update(originator=None, originator_text=bad)
    made = coding.status(masked=True, title=bad)
    browser = client(coding.coder)
    for url in (made.get_absolute_url(), address(made)):
        page = text(browser.get(url))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page
        assert "&amp;amp;" not in page
    browser.post(address(made), sent(reason=bad))
    made.close(bad, coding.leader)
    assert "<script>alert" not in text(browser.get(made.get_absolute_url()))


# Locked


def test_the_status_form_says_which_round_locks_it_and_keeps_the_text(coding: Coding) -> None:
    coding.status()
    duty = coding.duties[0]
    data = {
        "version": "0",
        "from": "agreement",
        "effective_on": "2025-11-01",
        "effective_precision": "1",
        "level": "2",
        "direction": "advancing",
        "conformity": "as_agreed",
        "reason": "Most of them are back.",
        "evidence": [str(coding.events[0].pk)],
    }
    url = f"/desk/obligations/{duty.pk}/status/"
    for answer in (client(coding.coder).post(url, data), by_htmx(client(coding.coder), url, data)):
        assert answer.status_code == 422
        assert "Locked while the coding round “Phase one” is open" in text(answer)
        assert "an administrator can close it early" in text(answer)
        assert "Most of them are back." in text(answer)
    assert not Assessment.objects.exists()


# Closing and settling


def closed_with_a_disagreement(coding: Coding) -> Round:
    made = coding.status()
    for who, number in ((coding.coder, 3), (coding.other, 2)):
        made.answer(items(made)[0], level(number, f"It is {number}."), who)
    made.close("A coder fell ill.", coding.leader)
    return made


def test_an_administrator_closes_early_with_a_reason(coding: Coding) -> None:
    made = coding.status()
    browser = client(coding.leader)
    answer = browser.post(f"{made.get_absolute_url()}close/", {"reason": ""})
    assert answer.status_code == 422
    assert "Say why the round is closed" in said(answer)
    answer = browser.post(f"{made.get_absolute_url()}close/", {"reason": "A coder fell ill."}, follow=True)
    assert "Closed early by Administrator 1: A coder fell ill." in said(answer)
    again = browser.post(f"{made.get_absolute_url()}close/", {"reason": "Once more."}, follow=True)
    assert "The round was closed already." in text(again)
    assert "Once more." not in said(again)


def test_a_disagreement_is_settled_and_leads_to_the_status_form(coding: Coding) -> None:
    made = closed_with_a_disagreement(coding)
    browser = client(coding.coder)
    shown = said(browser.get(made.get_absolute_url()))
    assert "1 disagreement is still to be settled" in shown.replace("\xa0", " ")
    assert "They differ on: level" in shown
    settle = address(made, 0, "settle/")
    answer = browser.post(settle, {"text": "", "memo_title": "Nine of ten"})
    assert answer.status_code == 422
    assert "Say how it was settled, and by which rule." in said(answer)
    assert 'value="Nine of ten"' in text(answer)
    answer = browser.post(settle, {"text": "Nine of ten are back: level 2.", "memo_title": "Nine of ten"})
    assert answer.headers["Location"] == f"{made.get_absolute_url()}#item-{items(made)[0].pk}"
    assert Memo.objects.get().title == "Nine of ten"
    page = browser.get(made.get_absolute_url())
    assert "All disagreements are settled." in said(page)
    assert "Settled by Researcher 1" in said(page)
    # From there to the ordinary form, filled in with the answer that was right.
    links = [unescape(link) for link in re.findall(r'href="(/desk/obligations/[^"]*)"', text(page))]
    form = text(browser.get(next(link for link in links if "level=2" in link)))
    assert re.search(r'name="level" value="2"[^>]* checked', form)
    assert re.search(r'name="direction" value="holding"[^>]* checked', form)
    assert 'value="2025-12-18"' in form
    assert "Nine of ten are back: level 2." in form
    again = browser.post(settle, {"text": "Once more."})
    assert again.status_code == 422
    assert Settlement.objects.count() == 1


def test_the_status_form_takes_nonsense_in_its_address_for_nothing(coding: Coding) -> None:
    url = f"/desk/obligations/{coding.duties[0].pk}/status/?level=99&direction=up&effective_on=soon&reason=%00x&like=no"
    assert client(coding.coder).get(url).status_code == 200
    coding.other.give_roles([])
    assert client(coding.other).get(url).status_code == 403


def test_only_those_of_the_round_settle(coding: Coding) -> None:
    made = closed_with_a_disagreement(coding)
    reviewer = client(people.reviewer())
    assert "settle/" not in text(reviewer.get(made.get_absolute_url()))
    assert reviewer.post(address(made, 0, "settle/"), {"text": "By the text."}).status_code == 403
    assert client(coding.leader).post(address(made, 0, "settle/"), {"text": "By the text."}).status_code == 303


def test_a_closed_round_of_events_shows_both_variables(coding: Coding) -> None:
    made = coding.event(pairs=[(coding.duties[0], coding.events[0])])
    item = items(made)[0]
    made.answer(item, Coded("They say so.", effect="breaches", verification="alleged"), coding.coder)
    made.answer(item, Coded("Nothing moved.", effect="context"), coding.other)
    shown = said(client(coding.coder).get(made.get_absolute_url()))
    assert "They differ on: effect on the obligation" in shown
    assert "Breaches · Alleged" in shown
    assert "Nothing moved." in shown


def test_the_list_says_what_waits_and_what_came_out(coding: Coding) -> None:
    made = coding.status()
    made.answer(items(made)[0], level(1), coding.coder)
    assert "1 of 2 answered" in said(client(coding.coder).get("/desk/rounds/"))
    shown = said(client(people.reviewer()).get("/desk/rounds/"))
    assert "open rounds" in shown
    assert "1 of 2" not in shown
    made.answer(items(made)[0], level(2), coding.other)
    made.close("Enough.", coding.leader)
    shown = said(client(coding.coder).get("/desk/rounds/"))
    assert "Level 0.00" in shown
    assert "1 disagreement to settle" in shown


# Readers


def test_readers_are_told_how_far_coders_agree(coding: Coding) -> None:
    page = Client().get("/methodology/")
    assert "No round has been closed yet." in said(page)
    made = coding.status(title="Not for readers")
    made.answer(items(made)[0], level(3, "Not for readers either."), coding.coder)
    made.answer(items(made)[0], level(3, "Nor this."), coding.other)
    made.answer(items(made)[1], level(0, "Nor this."), coding.coder)
    assert "No round has been closed yet." in said(Client().get("/methodology/"))
    made.answer(items(made)[1], level(1, "Nor this."), coding.other)
    page = Client().get("/methodology/")
    shown = said(page)
    assert "as of 18 Dec 2025 · 2 items · 2 coders · 1 disagreement" in shown
    assert "Level ranked 0.83 2 4 2" in shown
    assert "Nor this." not in shown
    assert "for readers" not in shown
    assert not page.cookies
    assert "No round had been closed by then." in said(Client().get("/methodology/?as_of=2025-12-18"))
    assert "No round had been closed by then." in said(Client().get("/methodology/?known_on=2025-12-18"))


# As many queries for much as for little


def queries(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_pages_ask_the_same_number_of_questions_however_much_there_is(coding: Coding) -> None:
    browser = client(coding.coder)

    def rounds(times: int) -> list[str]:
        duties = [factories.obligation(coding.agreement) for _ in range(times)]
        for duty in duties:
            factories.event(coding.agreement, "2025-11-01", effects=[duty], reports=[{}] * times)
        pairs: Any = [(duty, None) for duty in duties]
        open_, closed = coding.status(pairs=pairs, masked=True), None
        for _ in range(times):
            others = [(factories.obligation(coding.agreement), None) for _ in range(times)]
            closed = coding.status(pairs=others)
            for item in items(closed):
                closed.answer(item, level(1), coding.coder)
                closed.answer(item, level(2), coding.other)
        assert closed
        urls = [open_.get_absolute_url(), address(open_), closed.get_absolute_url()]
        return [*urls, "/desk/rounds/", "/methodology/"]

    little = [queries(browser, url) for url in rounds(1)]
    much = [queries(browser, url) for url in rounds(3)]
    assert little == much
