"""Merging and splitting at the desk: what is offered, what is shown before, what happens, and taking it back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories, people
from tests.browse.reading import nothing_loads_late, number_of_queries, part, read, words
from tests.desk.base import client
from tests.models.test_regroupings import (
    fields_of,
    merged,
    rows_of,
    settle,
    two_actors,
    two_articles,
    two_events,
    two_outlets,
)
from tracker.models import Actor, Article, Assessment, Event, Outlet, Regrouping
from tracker.models.merging import undo

pytestmark = pytest.mark.django_db

PAIRS: list[Callable[[], tuple[Any, Any]]] = [two_actors, two_outlets, two_articles, two_events]
WHY = "Two names of one thing, as its own letterhead shows."


def page_of(what: str, record: Any) -> str:
    return f"/desk/{what}/{record._meta.model_name}s/{record.pk}/"


def reviewer() -> Client:
    return client(people.reviewer())


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return found[1]


def filled(response: Any, heir: Any, **fields: Any) -> dict[str, Any]:
    values = {
        "other": hidden(response, "other"),
        "seen": hidden(response, "seen"),
        "stays": str(heir.pk),
        "reason": WHY,
    }
    return values | fields


@pytest.mark.parametrize("pair", PAIRS)
def test_two_records_are_compared_merged_and_parted_again(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    settle()
    before = [(fields_of(one), rows_of(one)) for one in (record, heir)]
    web = reviewer()
    url = f"{page_of('merge', record)}?other={heir.pk}"
    shown = read(url, web)
    assert "Side by side" in words(shown)
    answer = web.post(url, filled(shown, heir))
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of("merge", heir))
    after = read(page_of("merge", heir), web)
    assert f"Merged “{record}” into “{heir}”." in after.content.decode()
    one = Regrouping.objects.get()
    assert (one.kept, one.other, one.reason, one.byline) == (heir.pk, record.pk, WHY, "Reviewer 1")
    back = f"/desk/regroupings/{one.pk}/undo/"
    assert back in part(after, "past") or back in after.content.decode()
    assert "record of its own again" in words(read(back, web))
    settle()
    answer = web.post(back, {"reason": "They were two after all."})
    assert answer.status_code == 303
    assert [(fields_of(one), rows_of(one)) for one in (record, heir)] == before
    assert "two records again" in words(read(page_of("merge", heir), web)) or Regrouping.objects.count() == 2


def test_either_of_the_two_may_stay() -> None:
    record, other = two_actors()
    web = reviewer()
    url = f"{page_of('merge', record)}?other={other.pk}"
    web.post(url, filled(read(url, web), record))
    other.refresh_from_db()
    assert other.merged_into == record


@pytest.mark.parametrize("pair", PAIRS)
def test_the_other_one_is_offered_and_found(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    if isinstance(record, Article):
        Article.objects.filter(pk=heir.pk).update(title=record.title)
    if isinstance(record, Event):
        Event.objects.filter(pk=heir.pk).update(title=f"{record.title} again")
    web = reviewer()
    link = f"?other={heir.pk}"
    assert link in read(page_of("merge", record), web).content.decode().split('id="search"')[0]
    word = str(heir).split()[0]
    found = read(f"{page_of('merge', record)}?q={word}", web).content.decode().split('id="search"')[1]
    assert link in found
    assert "all of these words" in words(read(f"{page_of('merge', record)}?q=xyzzy", web))


def test_what_stays_behind_is_said_before() -> None:
    record, heir = two_actors()
    settle()
    page = words(read(f"{page_of('merge', record)}?other={heir.pk}", reviewer()))
    assert "Statuses that name it: 1 not moved; whom a published status is about is never changed" in page
    assert "Set aside, as the one that stays has its own: roles in agreements: Agreement" in page


def test_a_form_without_a_choice_or_a_reason_comes_back() -> None:
    record, heir = two_actors()
    web = reviewer()
    url = f"{page_of('merge', record)}?other={heir.pk}"
    answer = web.post(url, filled(read(url, web), heir, stays="", reason="Kept text."))
    assert answer.status_code == 422
    assert "Choose which one stays." in words(answer)
    assert "Kept text." in words(answer)
    answer = web.post(url, filled(read(url, web), heir, reason=""))
    assert (answer.status_code, Regrouping.objects.count()) == (422, 0)
    assert "Say why" in words(answer)
    assert f'value="{heir.pk}"' in answer.content.decode()


def test_what_cannot_be_merged_is_told_why() -> None:
    agreement = factories.agreement()
    event, scheduled = factories.event(agreement), factories.event(agreement, state="scheduled")
    page = read(f"{page_of('merge', event)}?other={scheduled.pk}", reviewer())
    assert "These two cannot be merged." in words(page)
    assert "what came of the first" in words(page)
    assert 'name="stays"' not in page.content.decode()
    page = read(f"{page_of('merge', event)}?other={event.pk}", reviewer())
    assert "into itself" in words(page)
    waiting = factories.event(agreement, stage="in_review", title="Told by nobody yet")
    assert "not public yet" in words(read(page_of("merge", waiting), reviewer()))


def test_somebody_who_was_slower_is_shown_what_is_there_now() -> None:
    record, heir = two_actors()
    web = reviewer()
    url = f"{page_of('merge', record)}?other={heir.pk}"
    form = filled(read(url, web), heir)
    factories.report(factories.event(factories.agreement()), originator=heir)
    answer = web.post(url, form)
    assert (answer.status_code, Regrouping.objects.count()) == (409, 0)
    assert "Somebody was faster" in words(answer)
    assert WHY in words(answer)
    assert web.post(url, filled(answer, heir)).status_code == 303


def test_two_reviewers_at_once() -> None:
    record, heir = two_actors()
    web, other = reviewer(), client(people.administrator())
    url = f"{page_of('merge', record)}?other={heir.pk}"
    form = filled(read(url, web), heir)
    assert other.post(url, form).status_code == 303
    answer = web.post(url, form)
    assert answer.status_code in (409, 422)
    assert "cannot be merged" in words(answer)
    assert Regrouping.objects.count() == 1


def test_the_page_of_a_merged_record_leads_to_its_heir() -> None:
    record, heir = two_actors()
    merged(record, heir)
    for what in ("merge", "split"):
        answer = reviewer().get(page_of(what, record))
        assert (answer.status_code, answer.headers["Location"]) == (302, page_of(what, heir))
    # A record merged elsewhere is compared as its heir.
    third = factories.actor()
    page = words(read(f"{page_of('merge', third)}?other={record.pk}", reviewer()))
    assert heir.name in page


@pytest.mark.parametrize("who", [people.researcher, people.reader])
def test_only_those_who_may(who: Callable[[], Any]) -> None:
    record, heir = two_actors()
    one = merged(factories.actor(), factories.actor())
    web = client(who())
    for url in (page_of("merge", record), page_of("split", record), f"/desk/regroupings/{one.pk}/undo/"):
        assert web.get(url).status_code == 403
        assert web.post(url, {"other": str(heir.pk), "stays": str(heir.pk), "reason": WHY}).status_code == 403
    assert Regrouping.objects.count() == 1


def test_what_was_written_survives_a_lost_session() -> None:
    record, heir = two_actors()
    web = reviewer()
    url = f"{page_of('merge', record)}?other={heir.pk}"
    form = filled(read(url, web), heir)
    anonymous = Client()
    answer = anonymous.post(url, form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    anonymous.force_login(people.reviewer())
    target = re.search(r"kept%3D([\w-]+)", answer.headers["Location"])
    assert target
    page = read(f"{page_of('merge', record)}?kept={target[1]}", anonymous)
    assert WHY in words(page)
    assert Regrouping.objects.count() == 0


@pytest.mark.parametrize("address", ["/desk/merge/people/{pk}/", "/desk/split/assessments/{pk}/"])
def test_other_tables_are_not_found(address: str) -> None:
    assert reviewer().get(address.format(pk=factories.actor().pk)).status_code == 404


def test_nonsense_is_passed_over() -> None:
    record, _ = two_actors()
    web = reviewer()
    for query in ("?other=nonsense", "?other=", "?q=%00%00", "?q=%25_", f"?q={'word+' * 50}"):
        read(f"{page_of('merge', record)}{query}", web)
    page = read(f"{page_of('merge', record)}?other=00000000-0000-0000-0000-000000000000", web)
    assert "no record with that id" in words(page)
    answer = web.post(page_of("merge", record), {"other": "x", "stays": "y", "reason": "z"})
    assert answer.status_code == 422


# Splitting


def test_an_event_is_split_at_the_desk() -> None:
    record, _ = two_events()
    settle()
    goes = factories.report(record, quote="at noon")
    accused, breach = record.actors.get(role="accused"), record.effects.get(effect="breaches")
    web = reviewer()
    url = page_of("split", record)
    shown = read(url, web)
    assert "“at noon”" in words(shown)
    assert record.title in shown.content.decode()
    answer = web.post(
        url,
        {
            "seen": hidden(shown, "seen"),
            "title": "The second strike",
            "date": "2025-11-03",
            "place": "The harbour",
            "summary": "",
            "reason": "An hour apart.",
            "rows-report-event": [str(goes.pk)],
            f"rows-eventactor-event-{accused.pk}": "both",
            f"rows-effect-event-{breach.pk}": "both",
        },
    )
    assert answer.status_code == 303, words(answer)
    new = Event.objects.get(title="The second strike")
    assert answer.headers["Location"] == page_of("merge", new)
    assert list(new.reports.all()) == [goes]
    assert (new.place, new.verification, new.kind) == ("The harbour", record.verification, record.kind)
    assert new.actors.get().actor == accused.actor
    assert "The second strike" in words(read(new.get_absolute_url()))
    one = Regrouping.objects.get()
    settle()
    web.post(f"/desk/regroupings/{one.pk}/undo/", {"reason": "One strike after all."})
    goes.refresh_from_db()
    assert goes.event == record
    assert Client().get(new.get_absolute_url()).status_code == 301


def test_an_actor_is_split_at_the_desk() -> None:
    record, other = two_actors()
    settle()
    role = record.parties.get(role="monitor")
    web = reviewer()
    url = page_of("split", record)
    form = {
        "seen": hidden(read(url, web), "seen"),
        "name": "Harbour Observers",
        "slug": "",
        "kind": "other",
        "parent": "",
        "aliases": ["HB"],
        "reason": "Two bodies.",
        "rows-party-actor": [str(role.pk)],
    }
    answer = web.post(url, form | {"slug": other.slug})
    assert answer.status_code == 422
    assert "already exists" in words(answer)
    assert "Two bodies." in words(answer)
    assert f'value="{role.pk}" checked' in answer.content.decode()
    assert web.post(url, form).status_code == 303
    new = Actor.objects.get(slug="harbour-observers")
    assert (new.aliases, list(new.parties.all())) == (["HB"], [role])


def test_outlets_and_articles_are_split_at_the_desk() -> None:
    outlet, _ = two_outlets()
    web = reviewer()
    article = outlet.articles.get()
    url = page_of("split", outlet)
    form = {"seen": hidden(read(url, web), "seen"), "name": "Ferry Post", "reason": "Two papers."}
    assert web.post(url, form | {"rows-article-outlet": [str(article.pk)]}).status_code == 303
    assert list(Outlet.objects.get(name="Ferry Post").articles.all()) == [article]
    told = article.reports.get()
    url = page_of("split", article)
    second: dict[str, Any] = {
        "seen": hidden(read(url, web), "seen"),
        "url": "https://ferry.example/second?utm_source=x",
        "title": "A second article",
        "outlet": str(outlet.pk),
        "published_on": "2025-10-11",
        "language": "",
        "reason": "Two articles.",
        "rows-report-article": [str(told.pk)],
    }
    assert web.post(url, second).status_code == 303
    told.refresh_from_db()
    assert told.article.url == "https://ferry.example/second"


def test_a_split_that_takes_nothing_or_tears_a_breach_apart_comes_back() -> None:
    record, _ = two_events()
    settle()
    web = reviewer()
    url = page_of("split", record)
    form = {"seen": hidden(read(url, web), "seen"), "title": "Half", "date": "2025-11-02", "reason": "Two."}
    answer = web.post(url, form)
    assert answer.status_code == 422
    assert "Choose what goes to the new record." in words(answer)
    breach = record.effects.get(effect="breaches")
    answer = web.post(url, form | {f"rows-effect-event-{breach.pk}": "moves"})
    assert answer.status_code == 422
    assert "accused" in words(answer)
    factories.report(record)
    answer = web.post(url, form | {f"rows-effect-event-{breach.pk}": "moves"})
    assert answer.status_code == 409
    assert Regrouping.objects.count() == 0
    assert web.post(url, form | {"rows-report-event": ["nonsense"], "seen": ""}).status_code == 409


# Taking back


def test_an_undo_under_newer_work_says_what_it_is() -> None:
    first, second, third = factories.actor(), factories.actor(name="Second"), factories.actor(name="Third")
    one = merged(first, second)
    merged(second, third)
    url = f"/desk/regroupings/{one.pk}/undo/"
    web = reviewer()
    for answer in (web.get(url), web.post(url, {"reason": "Two."})):
        assert answer.status_code == 409
        assert "“Second” was merged into “Third” since. Take that back first." in words(answer)


def test_taking_back_twice_is_told() -> None:
    one = merged(factories.actor(), factories.actor())
    undo(one, by=people.reviewer())
    answer = reviewer().post(f"/desk/regroupings/{one.pk}/undo/", {"reason": "Again."})
    assert answer.status_code == 409
    assert "taken back already" in words(answer)


@pytest.mark.parametrize("what", ["merge", "compare", "split"])
def test_the_number_of_queries_is_fixed(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(times: int) -> str:
        agreement = factories.agreement()
        record, other = factories.actor(name=f"Port {times}"), factories.actor(name=f"The Port {times}")
        for _ in range(times):
            event = factories.event(agreement, actors=[(record, "host")], reports=[{"originator": record}])
            duty = factories.obligation(agreement, obligors=[record])
            factories.observation(factories.measure(duty), event, 3, originator=record)
            factories.declaration(factories.phase(agreement), record, f"2025-11-{times:02}", says="begun")
            factories.condition(duty, factories.obligation(agreement), actor=record)
            factories.instrument(agreement).accepted_by.set([record])
            merged(factories.actor(), record)
            agreement = factories.agreement()
        url = page_of("split" if what == "split" else "merge", record)
        return f"{url}?other={other.pk}" if what == "compare" else url

    web = reviewer()
    little, much = busy(1), busy(3)
    nothing_loads_late(monkeypatch)
    assert number_of_queries(little, web) == number_of_queries(much, web)


def test_no_search_box_offers_what_was_merged() -> None:
    record, heir = two_actors()
    merged(record, heir)
    web = reviewer()
    url = "/admin/autocomplete/?app_label=tracker&model_name=report&field_name=originator&term=harbour"
    assert [row["text"] for row in web.get(url).json()["results"]] == [str(heir)]
    assert record.name not in words(read("/admin/tracker/actor/", web)).replace(heir.name, "")


def test_whoever_reads_a_merged_article_reads_its_heir() -> None:
    record, heir = two_articles()
    merged(record, heir)
    answer = client(people.researcher()).get(f"/desk/articles/{record.pk}/", follow=True)
    assert answer.request["PATH_INFO"] == f"/desk/articles/{heir.pk}/"
    assert heir.title in words(answer)


def test_a_status_on_merged_evidence_is_corrected_on_its_heir() -> None:
    record, heir = two_events()
    settle()
    status = Assessment.objects.get()
    merged(record, heir)
    web = client(people.researcher())
    page = read(f"/desk/assessments/{status.pk}/correct/", web).content.decode()
    ticked = re.search(rf'<input[^>]*value="{heir.pk}"[^>]*>', page)
    assert ticked
    assert "checked" in ticked[0]
    assert str(record.pk) not in page
