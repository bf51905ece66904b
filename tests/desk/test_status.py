"""The status form: every outcome, once as htmx asks and once as a plain form."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation

from tests import factories
from tracker.codebook import Level, Stage
from tracker.desk.forms.base import described, plain
from tracker.models import Effect

from .base import Scene, by_htmx, client, colleague, public_page, reader, researcher, statuses, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


FORMS_AN_HOUR = 30

# The form


def test_the_form_comes_as_a_page_and_as_a_fragment(scene: Scene) -> None:
    browser = client(researcher())
    page = browser.get(scene.url)
    assert page.status_code == 200
    assert text(page).startswith("<!doctype html>")
    assert "<h1" in text(page)
    assert "hx-post" not in text(page)

    fragment = by_htmx(browser, scene.url)
    assert fragment.status_code == 200
    assert "<html" not in text(fragment)
    assert f'hx-post="{scene.url}" hx-target="#form-hostages"' in text(fragment)
    assert "<tr" not in text(fragment)
    assert "HX-Request" in fragment.headers["Vary"]


def test_the_choices_are_in_english_whatever_language_the_first_page_was_in() -> None:
    with translation.override("ar"):
        assert "0 Not initiated" in described(Level, numbered=True)[0][1]
        assert "an announcement alone stays here" in described(Level)[0][1]
        assert dict(plain(Level))[0] == "Not initiated"


def test_the_form_names_every_level_with_its_definition(scene: Scene) -> None:
    shown = text(client(researcher()).get(scene.url))
    assert "0 Not initiated" in shown
    assert "an announcement alone stays here" in shown
    assert "One says that the text is broken; it is not admitted, observed or verified." in shown


def test_ids_differ_between_the_forms_of_two_rows(scene: Scene) -> None:
    other = factories.obligation(scene.agreement, "withdrawal")
    browser = client(researcher())
    first = text(by_htmx(browser, scene.url))
    second = text(by_htmx(browser, f"/desk/obligations/{other.pk}/status/"))
    ids = [{part.split('"')[0] for part in form.split('id="')[1:]} for form in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_an_unknown_obligation_is_not_found(scene: Scene) -> None:
    wrong = "/desk/obligations/00000000-0000-4000-8000-000000000000/status/"
    assert client(researcher()).get(wrong).status_code == 404
    assert client(researcher()).post(wrong, {}).status_code == 404


# Saved


def test_saved_by_htmx_answers_the_row_the_counts_and_a_message(scene: Scene) -> None:
    answer = by_htmx(client(researcher()), scene.url, scene.filled())
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#obligation-hostages"
    assert answer.headers["HX-Reswap"] == "outerHTML"
    shown = text(answer)
    assert 'id="obligation-hostages"' in shown
    assert "Under way" in shown
    assert 'id="phase-1-head" hx-swap-oob="true"' in shown
    assert 'hx-swap-oob="innerHTML:#live"' in shown
    saved = statuses()[0]
    assert f"/desk/assessments/{saved.pk}/correct/" in shown
    assert f"/desk/assessments/{saved.pk}/retract/" in shown


def test_saved_by_a_plain_form_leads_back_to_the_row(scene: Scene) -> None:
    answer = client(researcher()).post(scene.url, scene.filled())
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/agreements/lakeside-2025/#obligation-hostages"
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert "Saved: Somebody does hostages." in said[0]
    assert "/correct/" in said[0]


def test_saved_from_the_obligations_page_leads_back_there(scene: Scene) -> None:
    answer = client(researcher()).post(scene.url, scene.filled(**{"from": "obligation"}))
    assert answer.headers["Location"] == f"{scene.duty.get_absolute_url()}#obligation-hostages"


def test_the_page_that_the_form_was_opened_on_is_remembered(scene: Scene) -> None:
    browser = client(researcher())
    from_duty = browser.get(scene.url, headers={"Referer": f"http://testserver{scene.duty.get_absolute_url()}"})
    assert 'name="from" value="obligation"' in text(from_duty)
    from_elsewhere = browser.get(scene.url, headers={"Referer": "https://elsewhere.example/desk/"})
    assert 'name="from" value="agreement"' in text(from_elsewhere)


def test_what_is_saved_is_public_at_once(scene: Scene) -> None:
    assert "Under way" not in public_page(scene)
    client(researcher()).post(scene.url, scene.filled())
    assert "Under way" in public_page(scene)
    saved = statuses()[0]
    assert saved.byline == "Researcher 1"
    assert saved.stage == Stage.PUBLISHED
    assert list(saved.evidence.all()) == [scene.event]


def test_level_zero_needs_neither_direction_nor_fit(scene: Scene) -> None:
    answer = client(researcher()).post(scene.url, scene.filled(level="0", direction="", conformity=""))
    assert answer.status_code == 303
    assert statuses()[0].level == 0


def test_among_several_who_owe_it_can_be_about_one(scene: Scene) -> None:
    first, second = factories.actor("north"), factories.actor("south")
    scene.duty.obligors.set([first, second])
    answer = client(researcher()).post(scene.url, scene.filled(attributed_to=[str(first.pk)]))
    assert answer.status_code == 303
    assert list(statuses()[0].attributed_to.all()) == [first]


# Evidence


def test_an_event_without_an_effect_needs_one_stated(scene: Scene) -> None:
    browser = client(researcher())
    refused = browser.post(scene.url, scene.filled(evidence=[str(scene.silent.pk)]))
    assert refused.status_code == 422
    assert "Say what “Ministers meet by the lake” means for this obligation." in text(refused)
    stated = scene.filled(evidence=[str(scene.silent.pk)], **{f"effect-{scene.silent.pk}": "context"})
    assert browser.post(scene.url, stated).status_code == 303
    assert Effect.objects.get(event=scene.silent).effect == "context"


def test_a_breach_needs_somebody_accused_and_a_verification(scene: Scene) -> None:
    browser = client(researcher())
    stated = scene.filled(evidence=[str(scene.silent.pk)], **{f"effect-{scene.silent.pk}": "breaches"})
    refused = browser.post(scene.url, stated)
    assert refused.status_code == 422
    assert "names nobody accused, or no verification" in text(refused)
    assert not Effect.objects.filter(event=scene.silent).exists()

    strike = factories.event(scene.agreement, accused=[factories.actor()], title="Shells fall")
    stated = scene.filled(evidence=[str(strike.pk)], **{f"effect-{strike.pk}": "breaches"})
    assert browser.post(scene.url, stated).status_code == 303
    assert Effect.objects.get(event=strike).effect == "breaches"


def test_evidence_of_another_agreement_is_refused(scene: Scene) -> None:
    stranger = factories.event(factories.agreement())
    refused = client(researcher()).post(scene.url, scene.filled(evidence=[str(stranger.pk)]))
    assert refused.status_code == 422
    assert "no longer there" in text(refused)


def test_nonsense_as_evidence_is_refused(scene: Scene) -> None:
    refused = client(researcher()).post(scene.url, scene.filled(evidence=["not-an-id"], **{"effect-x": "breaches"}))
    assert refused.status_code == 422


def test_searching_without_script_keeps_everything_typed(scene: Scene) -> None:
    typed = scene.filled(search="1", q="ministers lake", reason="Half a sentence", level=None)
    answer = client(researcher()).post(scene.url, typed)
    shown = text(answer)
    assert answer.status_code == 200
    assert "Half a sentence" in shown
    assert "Ministers meet by the lake" in shown
    assert f'value="{scene.event.pk}" id="ev-{scene.duty.pk.hex}-{scene.event.pk}" checked' in shown
    assert "Choose a level" not in shown
    assert not statuses()


# Invalid


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("level", None, "Choose a level from 0 to 3."),
        ("level", "7", "Select a valid choice"),
        ("direction", "", "Give the direction for every level above 0."),
        ("conformity", "", "Say how it fits the text for every level above 0."),
        ("reason", "   ", "Say why; readers will see it beside the status."),
        ("effective_on", "2999-01-01", "This day lies in the future."),
        ("effective_on", "13 October", "Write a day of the calendar"),
        ("effective_on", "2025-02-30", "Write a day of the calendar"),
        ("evidence", [], "Choose at least one event"),
    ],
)
def test_what_is_wrong_is_said_beside_it(scene: Scene, field: str, value: object, complaint: str) -> None:
    browser = client(researcher())
    data = scene.filled(**{field: value})
    page, fragment = browser.post(scene.url, data), by_htmx(browser, scene.url, data)
    for answer in (page, fragment):
        assert answer.status_code == 422
        assert complaint in text(answer)
        assert 'aria-invalid="true"' in text(answer)
        if field != "reason":
            assert "Most of them are back, as two sides say." in text(answer)
        if field != "evidence":
            assert " checked" in text(answer)
    assert text(page).startswith("<!doctype html>")
    assert "To put right:" in text(page)
    target = text(page).split("To put right:")[1].split('href="#')[1].split('"')[0]
    assert f'id="{target}"' in text(page)
    assert "<html" not in text(fragment)
    assert not statuses()


# Somebody else was first


def test_the_second_of_two_gets_both_texts_and_may_go_on_top(scene: Scene) -> None:
    mine = scene.filled(reason="My own words about it.", level="1")
    client(colleague()).post(scene.url, scene.filled(reason="What the other one found.", level="3"))

    browser = client(researcher())
    for ask in (by_htmx(browser, scene.url, mine), browser.post(scene.url, mine)):
        assert ask.status_code == 409
        assert "My own words about it." in text(ask)
        assert "What the other one found." in text(ask)
        assert "Researcher 2" in text(ask)
        assert 'name="version" value="1"' in text(ask)
        assert "Save on top of theirs" in text(ask)
        assert 'aria-invalid="true"' not in text(ask)
    assert len(statuses()) == 1

    again = browser.post(scene.url, mine | {"version": "1"})
    assert again.status_code == 303
    assert [one.reason for one in statuses()] == ["What the other one found.", "My own words about it."]
    assert statuses()[1].supersedes is None


def test_a_withdrawal_in_the_meantime_is_a_conflict_too(scene: Scene) -> None:
    factories.assessed(scene.duty, evidence=[scene.event])
    mine = scene.filled()
    factories.retracted(statuses()[0], "It was about another town.")
    answer = by_htmx(client(researcher()), scene.url, mine)
    assert answer.status_code == 409
    assert "It was about another town." in text(answer)


# Not allowed


def test_a_reader_sees_no_form(scene: Scene) -> None:
    browser = client(reader())
    page = browser.get(scene.url)
    assert page.status_code == 403
    assert text(page).startswith("<!doctype html>")
    assert "<textarea" not in text(page)
    fragment = by_htmx(browser, scene.url)
    assert fragment.status_code == 403
    assert fragment.headers["HX-Retarget"] == "#live"
    assert fragment.headers["HX-Reswap"] == "innerHTML"
    assert "<form" not in text(fragment)
    assert "message-error" in text(fragment)
    assert "/desk/obligations/" not in text(browser.get(scene.agreement.get_absolute_url()))


def test_whoever_lost_the_role_meanwhile_saves_nothing_and_keeps_the_words(scene: Scene) -> None:
    person = researcher()
    browser = client(person)
    person.groups.clear()
    fragment = by_htmx(browser, scene.url, scene.filled())
    assert fragment.status_code == 403
    assert fragment.headers["HX-Retarget"] == "#live"
    page = browser.post(scene.url, scene.filled(reason="Words that took an hour."))
    assert page.status_code == 403
    assert text(page).startswith("<!doctype html>")
    assert "Words that took an hour." in text(page)
    assert not statuses()


# Logged out


def test_htmx_keeps_the_form_and_offers_to_sign_in_beside_it(scene: Scene) -> None:
    browser = client(researcher())
    Session.objects.all().delete()
    answer = by_htmx(browser, scene.url, scene.with_article(reason="Words that took an hour."))
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#form-hostages"
    shown = text(answer)
    assert "<html" not in shown
    assert 'class="error"' not in shown
    assert "Words that took an hour." in shown
    assert "Buses bring people across the bridge" in shown
    assert '/accounts/login/?next=/desk/signed-in/" target="_blank">' in shown
    assert not statuses()


def test_htmx_asking_for_a_form_after_the_session_ended_is_told_so(scene: Scene) -> None:
    answer = by_htmx(Client(), scene.url)
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#live"
    assert "/accounts/login/?next=/agreements/lakeside-2025/" in text(answer)


def test_a_plain_form_comes_back_after_signing_in(scene: Scene) -> None:
    person = researcher()
    browser = client(person)
    Session.objects.all().delete()
    typed = scene.with_article(reason="Words that took an hour.", level=None)
    sent_on = browser.post(scene.url, typed)
    assert sent_on.status_code == 302
    assert sent_on.headers["Location"].startswith("/accounts/login/?next=")
    assert "What you wrote is kept" in text(browser.get(sent_on.headers["Location"]))

    signed_in = browser.post(
        sent_on.headers["Location"], {"login": person.username, "password": "a-long-password-for-tests"}
    )
    assert signed_in.status_code == 302
    form = browser.get(signed_in.headers["Location"])
    assert form.status_code == 200
    shown = text(form)
    assert "Words that took an hour." in shown
    assert "Buses bring people across the bridge" in shown
    assert "It is not saved yet." in shown
    assert not statuses()
    assert browser.post(scene.url, typed | {"level": "2"}).status_code == 303
    assert "Words that took an hour." not in text(browser.get(signed_in.headers["Location"]))


def test_a_plain_form_comes_back_after_a_second_factor_too(scene: Scene) -> None:
    person = researcher()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    browser = client()
    sent_on = browser.post(scene.url, scene.filled(reason="Words that took an hour."))
    answers = {"login": person.username, "password": "a-long-password-for-tests"}
    asked = browser.post(sent_on.headers["Location"], answers)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    signed_in = browser.post(asked.headers["Location"], {"code": code})
    assert "kept=" in signed_in.headers["Location"]
    assert "Words that took an hour." in text(browser.get(signed_in.headers["Location"]))


def test_nobody_else_gets_at_what_was_kept(scene: Scene) -> None:
    where = Client().post(scene.url, scene.filled(reason="Words that took an hour.")).headers["Location"]
    key = where.split("kept%3D")[1]
    assert "Words that took an hour." not in text(client(colleague()).get(f"{scene.url}?kept={key}"))


def test_a_plain_get_leads_to_the_sign_in_and_back(scene: Scene) -> None:
    answer = Client().get(f"{scene.url}?from=obligation")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("%2Fstatus%2F%3Ffrom%3Dobligation")


def test_a_form_with_a_key_from_before_signing_in_again_comes_back_filled_in(scene: Scene) -> None:
    browser = client(researcher(), enforce_csrf_checks=True)
    answer = by_htmx(browser, scene.url, scene.filled(reason="Words that took an hour.", csrfmiddlewaretoken="x" * 64))
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#form-hostages"
    assert "Words that took an hour." in text(answer)
    assert "Save once more" in text(answer)
    assert 'hx-swap-oob="innerHTML:#live"' in text(answer)
    fresh = text(answer).split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = by_htmx(browser, scene.url, scene.filled(csrfmiddlewaretoken=fresh))
    assert again.status_code == 200
    assert len(statuses()) == 1


def test_the_same_for_a_plain_form_of_our_own(scene: Scene) -> None:
    typed = scene.filled(reason="Words that took an hour.", csrfmiddlewaretoken="x" * 64)
    ours = {"Sec-Fetch-Site": "same-origin"}
    answer = client(researcher(), enforce_csrf_checks=True).post(scene.url, typed, headers=ours)
    assert answer.status_code == 403
    assert "Words that took an hour." in text(answer)
    assert "Save once more" in text(answer)
    signed_out = client(enforce_csrf_checks=True).post(scene.url, typed, headers=ours)
    assert signed_out.status_code == 302
    assert "kept%3D" in signed_out.headers["Location"]


def test_strangers_do_not_fill_the_store_of_kept_forms(scene: Scene) -> None:
    typed = scene.filled(reason="Words that took an hour.")
    answers = [client().post(scene.url, typed) for _ in range(FORMS_AN_HOUR + 2)]
    assert [answer.status_code for answer in answers[-3:]] == [302, 401, 401]
    # What cannot be kept is still in the page.
    assert "Words that took an hour." in text(answers[-1])
    assert Session.objects.count() == FORMS_AN_HOUR


def test_a_forged_form_is_refused_and_not_shown(scene: Scene) -> None:
    browser = client(researcher(), enforce_csrf_checks=True)
    answer = browser.post(scene.url, scene.filled(reason="Pressed on you by a stranger."))
    assert answer.status_code == 403
    assert "Pressed on you by a stranger." not in text(answer)
    assert not statuses()
