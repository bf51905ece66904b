"""Blind is blind: before a round is closed nobody finds another's answer, wherever they look."""

import re
from collections import deque
from collections.abc import Callable
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import people
from tracker.admin.site import site
from tracker.models import Answer, Person, Round
from tracker.models.rounds import Coded

from .base import client
from .coding import Coding, address, items, level

pytestmark = pytest.mark.django_db

MARK = "xylophone-4711"
"""A word that stands in nothing but one coder's reasons."""

AT_MOST = 900


def superuser() -> Person:
    found = Person.objects.filter(username="root").first()
    return found or Person.objects.create_superuser("root", "root@example.org", people.PASSWORD)


ROLES: dict[str, Callable[[], Person] | None] = {
    "nobody": None,
    "reader": people.reader,
    "the other coder": people.second_researcher,
    "reviewer": people.reviewer,
    "administrator": people.administrator,
    "superuser": superuser,
}


@pytest.fixture
def coding() -> Coding:
    return Coding()


def answered(coding: Coding, number: int = 3, reason: str = f"They are back: {MARK}.") -> list[Round]:
    """Three open rounds in which one coder has answered everything."""
    rounds = list(Round.objects.open().order_by("recorded_at"))
    if not rounds:
        rounds = [
            coding.status(pairs=[(coding.duties[0], None)]),
            coding.status(title="Without names", pairs=[(coding.duties[1], None)], masked=True),
            coding.event(),
        ]
    for one in rounds[:2]:
        one.answer(items(one)[0], level(number, reason), coding.coder)
    effect = {3: "advances", 0: "sets_back"}[number]
    for item in items(rounds[2]):
        rounds[2].answer(item, Coded(reason, effect=effect), coding.coder)
    return rounds


def fixed_addresses(resolver: Any = None, prefix: str = "/") -> list[str]:
    """Every address of the site that needs nothing filled in."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        path = prefix + str(one.pattern).lstrip("^").removesuffix("$")
        if re.search(r"[<(\\?]", path):
            continue
        if isinstance(one, URLResolver):
            found += fixed_addresses(one, path)
        elif isinstance(one, URLPattern):
            found.append(path)
    return found


def everything_by_id() -> list[str]:
    """An address for each row of each table in the admin, with its history, and for each item of each round."""
    found = []
    for table in site._registry:
        stem = f"/admin/{table._meta.app_label}/{table._meta.model_name}/"
        found += [
            stem,
            *(
                f"{stem}{pk}/{page}/"
                for pk in table._default_manager.values_list("pk", flat=True)[:2]
                for page in ("change", "history", "delete")
            ),
        ]
    for one in Round.objects.all():
        found += [one.get_absolute_url(), *(item.get_absolute_url() for item in items(one))]
    return found


def crawl(browser: Client) -> dict[str, str]:
    """Every page that can be found by following links from everywhere, by its address."""
    waiting = deque([*fixed_addresses(), *everything_by_id()])
    asked = set()
    pages: dict[str, str] = {}
    while waiting and len(pages) < AT_MOST:
        url = waiting.popleft()
        if url in asked or "logout" in url or url.startswith("/static/"):
            continue
        asked.add(url)
        answer = browser.get(url)
        if answer.status_code in (301, 302, 303):
            waiting.append(answer.headers["Location"])
            continue
        body = b"".join(answer) if answer.streaming else answer.content
        pages[url] = body.decode(errors="replace")
        for link in re.findall(r'(?:href|action|hx-get)="(/[^"#]*)', pages[url]):
            # One page of a list of days or of a sorted table stands for all, a list narrowed in one way for those
            # narrowed in two, and English for the other languages.
            if not re.search(r"as_of=|known_on=|since=|about=|[?&](o|kept|next|p)=|[?].*&|^/(ar|he)/", link):
                waiting.append(unescape(link))
    assert not waiting, "the crawl did not come to an end"
    return pages


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_anothers_answer_before_the_round_is_closed(coding: Coding, role: str) -> None:
    rounds = answered(coding)
    who = ROLES[role]
    browser = client(who() if who else None)
    pages = crawl(browser)
    assert len(pages) > 20
    assert not [url for url, text in pages.items() if MARK in text]
    if role in ("the other coder", "reviewer", "administrator", "superuser"):
        # The crawl does come to where the answers will be.
        assert all(one.get_absolute_url() in pages for one in rounds)
        for one in rounds:
            one.close("Enough.", coding.leader)
        assert all(MARK in browser.get(one.get_absolute_url()).content.decode() for one in rounds)


@pytest.mark.parametrize("role", ROLES)
def test_pages_do_not_depend_on_what_others_answered(coding: Coding, role: str) -> None:
    """Whatever the answer is, everybody else gets the very same page: no count, no mark, no order gives it away."""
    rounds = answered(coding, 3)
    who = ROLES[role]
    browser = client(who() if who else None)
    urls = ["/", "/methodology/", "/desk/", "/desk/rounds/", "/desk/memos/", "/desk/changes/?by=everybody"]
    urls += [one.get_absolute_url() for one in rounds] + [
        item.get_absolute_url() for one in rounds for item in items(one)
    ]
    urls += [f"/desk/obligations/{duty.pk}/status/" for duty in coding.duties]

    def pages() -> list[tuple[str, int, str]]:
        answers = [(url, browser.get(url)) for url in urls]
        return [(url, one.status_code, without_keys(one.content.decode())) for url, one in answers]

    before = pages()
    answered(coding, 0, "Nothing has happened.")
    assert Answer.objects.by(coding.coder).filter(level=0).count() == 2
    assert pages() == before


def without_keys(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_an_answer_lies_in_no_table_but_its_own(coding: Coding) -> None:
    rounds = answered(coding)
    browser = client(coding.coder)
    browser.post(rounds[0].get_absolute_url() + f"items/{items(rounds[0])[0].pk}/", {"level": "9", "reason": MARK})
    browser.post(address(rounds[0]), {"level": "0", "reason": MARK})
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        holding = []
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} one WHERE one::text LIKE %s", [f"%{MARK}%"])  # noqa: S608  # quoted
            if cursor.fetchone()[0]:
                holding.append(table)
    assert holding == ["tracker_answer"]
    assert len(tables) > 50


def test_answers_have_no_versions_no_log_and_no_page_in_the_admin(coding: Coding) -> None:
    answered(coding)
    assert not hasattr(Answer, "versions")
    assert not [table for table in apps.get_models() if "answer" in str(table._meta.model_name) and table is not Answer]
    for registry in (site._registry, admin.site._registry):
        assert not {"Answer", "Round", "Item", "Coder"} & {table.__name__ for table in registry}


def test_no_file_holds_an_answer(coding: Coding) -> None:
    answered(coding)
    out = StringIO()
    call_command("dump_case", coding.agreement.slug, stdout=out)
    assert "Northland" in out.getvalue()
    assert MARK not in out.getvalue()
    # Nor does a closed round: answers are for those at the desk.
    for one in Round.objects.all():
        one.close("Enough.", coding.leader)
    out = StringIO()
    call_command("dump_case", coding.agreement.slug, stdout=out)
    assert MARK not in out.getvalue()
    assert MARK not in Client().get("/methodology/").content.decode()


def test_people_see_their_own_answer_again(coding: Coding) -> None:
    rounds = answered(coding)
    browser = client(coding.coder)
    for one in rounds:
        page = browser.get(items(one)[0].get_absolute_url()).content.decode()
        assert MARK in page
        assert "checked" in page
    blank = client(coding.other).get(address(rounds[0])).content.decode()
    assert re.findall(r'name="level"[^>]*checked', blank) == []


def test_nobody_posts_their_way_to_an_answer(coding: Coding) -> None:
    """Bad forms come back with what was typed, and with nothing of the other coder's."""
    rounds = answered(coding)
    for who in (coding.other, coding.leader, people.reviewer()):
        browser = client(who)
        for one in rounds:
            for url in (address(one), address(one, 0, "settle/"), f"{one.get_absolute_url()}close/"):
                assert MARK not in browser.post(url, {"text": ""}, follow=True).content.decode()
    assert Round.objects.open().count() == 3


def test_erasing_an_account_tells_nothing(coding: Coding) -> None:
    answered(coding)
    browser = client(people.administrator())
    page = browser.get(f"/admin/tracker/person/{coding.coder.pk}/delete/").content.decode()
    assert MARK not in page
    assert "nswer" not in page
