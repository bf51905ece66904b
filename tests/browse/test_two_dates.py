"""Pages on 200 random pairs of days, over a record full of corrections, withdrawals and late entries.

Each page is compared with ``plainly``, which computes the same from the raw rows by other means. Every pair is put to
where it stands and to some of the other pages in turn; with THOROUGH set, every pair is put to every page.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import factories
from tests.browse.plainly import A_DAY, CONTESTING, Plain, Record
from tests.browse.reading import enclosed, words
from tracker.codebook import Verification
from tracker.models import Actor, Agreement, Event, Obligation, Withdrawal, keeping_times

pytestmark = pytest.mark.django_db

PAIRS = 200
TURNS = 3
FIRST, LAST = dt.date(2025, 10, 9), dt.date(2026, 4, 30)


class World:
    """One agreement with everything that can happen to a record, made by chance from a fixed seed."""

    def __init__(self) -> None:
        self.chance = Random(20251218)  # noqa: S311  # no secret
        early = self.at(FIRST)
        self.agreement = factories.agreement(
            "delta",
            recorded_at=early,
            states=[("signed", FIRST), ("in_force", FIRST + A_DAY), ("lapsed", LAST - 20 * A_DAY)],
        )
        north, south = (factories.actor(name, recorded_at=early) for name in ("north", "south"))
        army = factories.actor("north-army", kind="government_body", parent=north, recorded_at=early)
        self.sides = [north, south]
        self.speakers = [north, south, army]
        phases = [factories.phase(self.agreement, n, recorded_at=early) for n in (1, 2)]
        self.duties = [self.duty(n, phases[n % 2]) for n in range(9)]
        for n in (2, 5, 8):
            factories.condition(self.duties[n], self.duties[n - 1], 2, recorded_at=self.later(FIRST))
        self.condition_of_phase = factories.condition(phases[1], self.duties[0], 3, actor=south, recorded_at=early)
        self.events = [self.event(n) for n in range(36)]
        for n in range(4):
            self.scheduled(n)
        for duty in self.duties[:-1]:
            self.judge(duty)
        for one in self.chance.sample(self.events, 5):
            self.withdraw(one, one.recorded_at)
        for one in self.chance.sample(self.events, 6):
            told = one.reports.all()[0]
            self.withdraw(told, told.recorded_at)
        self.record = Record()

    def at(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(self.chance.randrange(24), self.chance.randrange(60)), dt.UTC)

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        return first + self.chance.randrange((last - first).days + 1) * A_DAY

    def later(self, day: dt.date) -> dt.datetime:
        """A moment up to two months after ``day``."""
        return self.at(day + self.chance.choice((0, 1, 3, 20, 60)) * A_DAY)

    def duty(self, n: int, phase: Any) -> Obligation:
        agreed = FIRST if n < 7 else FIRST + 40 * A_DAY
        return factories.obligation(
            self.agreement,
            f"duty-{n}",
            phase=phase,
            nature=("deliverable", "continuing", "conditional")[n % 3],
            due_on=self.day(agreed) if n % 4 else None,
            agreed_on=agreed,
            obligors=[self.speakers[n % 3]] if n != 4 else self.sides,
            recorded_at=self.at(agreed + (70 if n == 6 else 0) * A_DAY),
        )

    def event(self, n: int) -> Event:
        day = self.day()
        precision = self.chance.choice((1, 1, 1, 2, 3, 4))
        moment = self.later(day)
        breach = self.chance.random() < 0.3
        effect = "breaches" if breach else self.chance.choice(("advances", "sets_back", "context"))
        told = [
            {
                "article": factories.article(
                    published_on=self.chance.choice((day, day + A_DAY, day + 12 * A_DAY, None)), recorded_at=moment
                ),
                "originator": self.chance.choice((*self.speakers, None)),
                "stance": self.chance.choice(("asserts", "asserts", "relays", *CONTESTING)),
            }
            for _ in range(self.chance.randint(1, 3))
        ]
        made = factories.event(
            self.agreement,
            day,
            ref=f"event-{n}",
            date_precision=precision,
            date_end=day + 3 * A_DAY if precision == 1 and n % 5 == 0 else None,
            effects=[(duty, effect) for duty in self.chance.sample(self.duties, self.chance.randint(1, 2))],
            accused=[self.chance.choice(self.speakers)] if breach else [],
            verification=self.chance.choice(Verification.values) if breach else "",
            reports=told,
            recorded_at=moment,
        )
        factories.report(
            made,
            factories.article(published_on=day + 2 * A_DAY, recorded_at=moment + 30 * A_DAY),
            originator=self.chance.choice(self.speakers),
            stance=self.chance.choice(("asserts", *CONTESTING)),
            recorded_at=moment + 30 * A_DAY,
        )
        return made

    def scheduled(self, n: int) -> None:
        day = self.day()
        factories.event(
            self.agreement,
            day,
            ref=f"plan-{n}",
            state="scheduled",
            outcome=self.events[n] if n % 2 else None,
            reports=[factories.article(published_on=day - 9 * A_DAY)],
            recorded_at=self.at(day - 5 * A_DAY),
        )

    def judge(self, duty: Obligation) -> None:
        """Judgements on random days, some corrected, some corrected twice, some taken back."""
        for _ in range(self.chance.randint(2, 5)):
            day = self.day()
            last = None
            moment = self.later(day)
            evidence = factories.event(
                self.agreement, day, ref=f"ground-{duty.code}-{moment:%s}", effects=[duty], recorded_at=moment
            )
            for _ in range(self.chance.choice((1, 1, 2, 3))):
                level = self.chance.randrange(4)
                last = factories.assessed(
                    duty,
                    day if last is None else max(day + self.chance.choice((-5, 0, 5)) * A_DAY, FIRST),
                    level,
                    direction=self.chance.choice(("advancing", "holding", "stalled", "reversing")),
                    conformity=self.chance.choice(
                        ("as_agreed", "as_agreed", "modified", "contrary_alleged", "contrary")
                    ),
                    evidence=[evidence],
                    supersedes=last,
                    recorded_at=moment,
                )
                moment += self.chance.choice((3, 40)) * A_DAY
            if self.chance.random() < 0.25 and last is not None:
                factories.retracted(last, recorded_at=moment)
            if self.chance.random() < 0.5:
                factories.checked(duty, day + 9 * A_DAY, recorded_at=self.later(day + 9 * A_DAY))

    def withdraw(self, thing: Any, moment: dt.datetime) -> None:
        with transaction.atomic(), keeping_times():
            Withdrawal.record(thing, withdrawn=True, reason="Told twice.", recorded_at=moment + 15 * A_DAY)
            if self.chance.random() < 0.4:
                Withdrawal.record(thing, withdrawn=False, reason="It was not.", recorded_at=moment + 50 * A_DAY)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        with django_db_blocker.block():
            yield made
        transaction.set_rollback(True)


# How a page is read


def inside(page: str, id: str) -> str:  # noqa: A002  # what it is called in HTML
    """The source of the element with that id; empty where there is none."""
    start = re.search(rf'<(\w+)[^>]*\bid="{re.escape(id)}"', page)
    return enclosed(page, start) if start else ""


def keys(page: str) -> list[str]:
    """The status words that are shown, in order."""
    return re.findall(r'class="status st-(\w+)"', page)


def segments(page: str) -> list[str]:
    """The patterns of the strips, one for each obligation."""
    strips = re.findall(r'<span class="strip".*?</span>', page, re.DOTALL)
    return [key for strip in strips for key in re.findall(r'class="seg st-(\w+)"', strip)]


def linked(page: str, kind: str) -> set[str]:
    return set(re.findall(rf'href="/{kind}/([0-9a-f-]{{36}})/', page))


def ids(found: Any) -> set[str]:
    return {str(one) for one in found}


# The pages


def standing(page: str, plain: Plain) -> None:
    shown = {duty["code"]: inside(page, f"obligation-{duty['code']}") for duty in plain.record.obligations}
    assert {code for code, row in shown.items() if row} == {duty["code"] for duty in plain.duties}
    for duty in plain.duties:
        row = shown[duty["code"]]
        word = plain.word(duty, plain.on)
        level = plain.level(duty["id"], plain.on)
        assert keys(row)[0] == word, duty["code"]
        assert (f"level {level} of 3" in row) == (level is not None), duty["code"]
        assert bool(re.search(r'class="also">.{,400}disputed', row, re.DOTALL)) == plain.disputed(duty), duty["code"]
        if word not in ("overdue", "fulfilled_late"):
            assert ("also-late" in row) == plain.late(duty), duty["code"]
        voices = plain.voices(duty)
        assert (f"{voices} independent source" if voices else "No source yet") in row, duty["code"]
        looked = plain.looked(duty)
        ago = "not checked yet" if looked is None else f"checked {looked} day" if looked else "checked that day"
        assert ago in row, (duty["code"], looked)


def glance(page: str, plain: Plain) -> None:
    assert sorted(segments(page)) == sorted(plain.word(duty, plain.on) for duty in plain.duties)


def timeline(page: str, plain: Plain) -> None:
    for duty in plain.duties:
        rows = inside(page, f"events-{duty['code']}")
        shown = []
        for row in re.findall(r"<tr><td>.*?</tr>", rows, re.DOTALL):
            level = re.search(r"level (\d) of 3", row)
            shown.append((keys(row)[0], int(level[1]) if level else None))
        assert shown == plain.runs(duty), duty["code"]


def changes(page: str, plain: Plain, *, since: dt.date) -> None:
    """The words of the eve and of the last day, wherever they differ; the latter alone for a first assessment."""
    shown = {}
    for row in re.findall(r"<li>.*?</li>", inside(page, "in-short"), re.DOTALL):
        found = re.search(r"/obligations/([\w-]+)/", row)
        assert found
        levels = re.findall(r"level (\d) of 3", row)
        shown[found[1]] = (keys(row), levels)
    eve = since - A_DAY
    for duty in plain.duties:
        before, after = plain.word(duty, eve), plain.word(duty, plain.on)
        if duty["agreed_on"] > eve:
            continue  # it did not exist on the eve, so that nothing became another
        moved = (before, plain.level(duty["id"], eve)) != (after, plain.level(duty["id"], plain.on))
        assert (duty["code"] in shown) == moved, (duty["code"], before, after)
        if moved:
            first = plain.level(duty["id"], eve) is None and plain.level(duty["id"], plain.on) is not None
            assert shown[duty["code"]][0] == ([after] if first else [before, after]), duty["code"]


def obligation(page: str, plain: Plain, *, duty: Any) -> None:
    assert keys(inside(page, "status-now"))[0] == plain.word(duty, plain.on)
    published = [one for one in plain.record.assessments if one["obligation_id"] == duty["id"] and plain.known(one)]
    expected = {one["id"] for one in published if one["effective_on"] <= plain.on}
    assert linked(inside(page, "status-history"), "assessments") == ids(expected)
    bearing = {one["id"] for one in plain.bearing(duty)}
    assert linked(inside(page, "events"), "events") == ids(bearing)


def explorer(page: str, plain: Plain) -> None:
    assert re.search(rf"\b{len(plain.listed)} event", page), len(plain.listed)


def library(page: str, plain: Plain) -> None:
    assert re.search(rf"\b{len(plain.used())} (article|source)", page), len(plain.used())


def disputes(page: str, plain: Plain) -> None:
    shown = set()
    for folded in re.findall(r'<summary id="event-.*?href="(/events/.*?)"', page, re.DOTALL):
        shown.add(folded.split("/")[2])
    assert shown == ids(plain.contested)


def parties(page: str, plain: Plain) -> None:
    table = inside(page, "parity")
    for side in plain.record.actors.values():
        owed = plain.owed(side["id"])
        if not owed or side["parent_id"]:
            continue
        name = re.escape(side["slug"])
        row = re.search(rf'<tr><th scope="row"><a href="/actors/{name}/.*?</tr>', table, re.DOTALL)
        assert row
        numbers = [int(one) for one in re.findall(r'<td class="num">(?:<a [^>]*>)?(\d+)', row[0])]
        now = [plain.word(duty, plain.on) for duty in owed]
        assert numbers[0] == len(owed)
        assert numbers[2] == sum(duty["due_on"] is not None for duty in owed)
        assert numbers[4] == sum(word != "not_assessed" for word in now)
        assert numbers[5] == sum(word in ("fulfilled", "fulfilled_late", "kept") for word in now)
        for degree in Verification.values:
            id = f"breaches-{side['slug']}-{degree}"  # noqa: A001
            accused = plain.accused(side["id"], degree)
            found = re.search(rf'<a href="#{id}">(\d+)</a>', table)
            assert int(found[1] if found else 0) == len(accused), id


def waiting(page: str, plain: Plain, *, phase_condition: Any) -> None:
    agreed = {duty["id"] for duty in plain.duties}
    asked = [one for one in plain.record.conditions if plain.known(one)]
    shown = [one for one in asked if one["requires_id"] in agreed and (one["obligation_id"] or one["phase_id"])]
    shown = [one for one in shown if one["obligation_id"] is None or one["obligation_id"] in agreed]
    met = sum((plain.level(one["requires_id"], plain.on) or -1) >= one["level"] for one in shown)
    told = re.search(r'class="standfirst"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert told
    text = re.sub(r"<[^>]+>", "", told[1]).replace("&nbsp;", " ")
    still = len(shown) - met
    if still:
        assert re.match(rf"\s*{still} condition", text), (text, still)
    else:
        assert "condition" not in text.split(".")[0] or "No condition" in text or "Every" in text or "All" in text, text


def corrections(page: str, plain: Plain) -> None:
    shown = re.findall(r'id="(?:correction|retraction)-([0-9a-f-]{36}|\d+)"', page)
    assert sorted(shown) == sorted(plain.mended())


def asked(world: World, plain: Plain) -> list[tuple[str, Callable[[str, Plain], None]]]:
    """The other pages, each with its comparison; records are picked by chance."""
    home = f"/agreements/{world.agreement.slug}/"
    pages: list[tuple[str, Callable[[str, Plain], None]]] = [
        ("/", glance),
        ("/agreements/", glance),
        (f"{home}timeline/", timeline),
        (f"{home}disputes/", disputes),
        (f"{home}parties/", parties),
        (f"{home}waiting/", partial(waiting, phase_condition=world.condition_of_phase)),
        (f"{home}events/", explorer),
        ("/events/", explorer),
        ("/sources/", library),
        ("/corrections/", corrections),
        (f"{home}brief/", brief),
        (f"{home}text/", text),
    ]
    if plain.on > FIRST + 3 * A_DAY:
        since = plain.on - world.chance.randrange(2, (plain.on - FIRST).days) * A_DAY
        pages.append((f"{home}changes/?since={since}&until={plain.on}", partial(changes, since=since)))
    duty = world.chance.choice(plain.record.obligations)
    if duty in plain.duties:
        pages.append((f"{home}obligations/{duty['code']}/", partial(obligation, duty=duty)))
    event = world.chance.choice(plain.record.events)
    if event["id"] in {*plain.happened, *plain.announced}:
        pages.append((f"/events/{event['id']}/", partial(one_event, event=event)))
    article = world.chance.choice(list(plain.record.articles.values()))
    if article["id"] in plain.used():
        pages.append((f"/sources/{article['id']}/", partial(source, article=article)))
    side = world.chance.choice(world.sides)
    if plain.owed(side.pk):
        pages.append((f"/actors/{side.slug}/", partial(actor, side=side)))
    return pages


def brief(page: str, plain: Plain) -> None:
    for duty in plain.duties:
        assert keys(inside(page, f"obligation-{duty['code']}"))[0] == plain.word(duty, plain.on), duty["code"]


def text(page: str, plain: Plain) -> None:
    shown = [
        key for row in re.findall(r"/obligations/[\w-]+/.*?(?=/obligations/|$)", page, re.DOTALL) for key in keys(row)
    ]
    assert sorted(shown) == sorted(plain.word(duty, plain.on) for duty in plain.duties)


def one_event(page: str, plain: Plain, *, event: Any) -> None:
    told = plain.reports[event["id"]]
    voices = len({plain.key(one) for one in told})
    assert (f"{voices} independent source" in page) == bool(voices)
    assert linked(inside(page, "reports"), "sources") == ids(one["article_id"] for one in told)


def source(page: str, plain: Plain, *, article: Any) -> None:
    assert linked(inside(page, "events"), "events") == ids(plain.used()[article["id"]])


def actor(page: str, plain: Plain, *, side: Actor) -> None:
    shown = sorted(keys(inside(page, "owes")))
    assert shown == sorted(plain.word(duty, plain.on) for duty in plain.owed(side.pk))


@pytest.mark.parametrize("batch", range(8))
def test_every_page_tells_of_two_days_what_the_raw_rows_tell(world: World, batch: int) -> None:
    client = Client()
    record = world.record
    agreement = Agreement.objects.get(pk=world.agreement.pk)
    world.chance = chance = Random(batch)  # noqa: S311
    differ = []
    for _ in range(PAIRS // 8):
        plain = Plain(record, agreement, world.day(FIRST, LAST + 30 * A_DAY), world.day(FIRST, LAST + 90 * A_DAY))
        pages = asked(world, plain)
        if not os.environ.get("THOROUGH"):
            pages = chance.sample(pages, TURNS)
        for address, compare in [(f"/agreements/{agreement.slug}/", standing), *pages]:
            url = f"{address}{'&' if '?' in address else '?'}as_of={plain.on}&known_on={plain.by}"
            response = client.get(url)
            assert response.status_code == 200, url
            try:
                compare(response.content.decode(), plain)
            except AssertionError as wrong:
                differ.append(f"{url}\n{wrong}\n{words(response)[:400]}")
    assert not differ, "\n\n".join(differ)


def test_records_answer_by_their_two_days(world: World) -> None:
    """A judgement: its page, what was not yet so, or gone with its reason."""
    client = Client()
    record = world.record
    world.chance = Random(8)  # noqa: S311
    for _ in range(60):
        one = world.chance.choice(record.assessments)
        plain = Plain(record, world.agreement, world.day(), world.day(FIRST, LAST + 90 * A_DAY))
        response = client.get(f"/assessments/{one['id']}/?as_of={plain.on}&known_on={plain.by}")
        retraction = record.retractions.get(one["id"])
        if not plain.known(one) or one["effective_on"] > plain.on:
            assert "Nothing on record by" in words(response)
        else:
            assert response.status_code == (410 if retraction and plain.known(retraction) else 200)
