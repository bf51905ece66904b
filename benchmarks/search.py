"""How long the explorer takes over many events, and the search against reading every text.

``python -m benchmarks.search`` makes a throwaway database with 20,000 events (or as many as the first argument says)
and three times as many reports, in made-up words. Times depend on the machine; the last column says how many times as
long a plain ``ILIKE '%word%'`` over the same texts takes, without stems, phrases or order.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from tracker.database.embedded import hold_throwaway

EVENTS = 20_000
REPORTS = 3
ROUNDS = 3
SYLLABLES = ("ba", "dor", "mi", "kal", "ren", "tu", "shi", "gol", "ne", "far", "ed", "lo", "pir", "san", "wek")
QUESTIONS = {
    "a rare word": "zebra",
    "a frequent word": "ceasefire",
    "two words": "ceasefire zebra",
    "a phrase": '"zebra crossing"',
    "a beginning": "zebr*",
    "an exclusion": "ceasefire -crossing",
    "alternatives": "zebra OR crossing",
    "nothing asked": "",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    os.environ["TRACKER_DEBUG"] = "1"
    os.environ["DATABASE_URL"] = hold_throwaway()
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = False
    call_command("migrate", verbosity=0)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    began = time.perf_counter()
    fill(count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{count:,} events, {count * REPORTS:,} reports, made in {time.perf_counter() - began:.0f} s\n")
    print(f"{'asked for':<18}{'found':>8}{'find':>10}{'page':>10}{'ILIKE':>10}{'ratio':>8}")
    for name, text in QUESTIONS.items():
        found, find, page, plain = measured(text)
        ratio = f"{plain / find:.1f}" if text else ""
        print(f"{name:<18}{found:>8,}{find:>9.0f} {page:>9.0f} {plain:>9.0f} {ratio:>7}")
    print("\nfind, page, ILIKE: milliseconds, the best of three. find: the ids alone; page: the page with its facets.")


def fill(count: int) -> None:
    """Events with reports in words that are made up, a few of them chosen."""
    from tests import factories
    from tracker.codebook import EventKind
    from tracker.models import Article, Event, Report, today

    chance = random.Random(20251013)  # noqa: S311  # the same for everybody
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(4000)]

    def words(number: int) -> str:
        return " ".join(chance.choices(vocabulary, k=number))

    agreement = factories.agreement("benchmark")
    actors = [factories.actor(f"actor-{number}") for number in range(30)]
    outlets = [factories.outlet(f"Outlet {number}") for number in range(60)]
    day = today().toordinal()
    kinds = list(EventKind)
    for start in range(0, count, 2000):
        size = range(start, min(start + 2000, count))
        events = Event.objects.bulk_create(
            Event(
                agreement=agreement,
                ref=f"event-{number}",
                title=words(6) + " ceasefire" * (number % 4 == 0) + " zebra crossing" * (number % 500 == 0),
                summary=words(40),
                place=chance.choice(vocabulary),
                date=today().fromordinal(day - chance.randint(0, 1000)),
                kind=chance.choice(kinds),
            )
            for number in size
        )
        articles = Article.objects.bulk_create(
            Article(
                url=f"https://news.example/{number}-{part}",
                title=words(9),
                outlet=chance.choice(outlets),
                published_on=event.date,
            )
            for number, event in zip(size, events, strict=True)
            for part in range(REPORTS)
        )
        Report.objects.bulk_create(
            Report(
                event=event,
                article=articles[at * REPORTS + part],
                originator=chance.choice(actors),
                quote=words(12),
            )
            for at, event in enumerate(events)
            for part in range(REPORTS)
        )


def measured(text: str) -> tuple[int, float, float, float]:
    """How many events are found, and the milliseconds of finding them, of the page, and of the plain way."""
    from urllib.parse import urlencode

    from django.db.models import Q
    from django.test import Client

    from tracker.models import Event, Vantage
    from tracker.models.search import events_with, understood

    vantage = Vantage.now()

    def find() -> list[Any]:
        question = understood(text)
        return list(events_with(Event.objects.public(vantage), question, vantage).values_list("pk", flat=True))

    def page() -> None:
        assert Client().get(f"/events/?{urlencode({'q': text})}").status_code == 200  # noqa: S101

    def plain() -> list[Any]:
        found = Event.objects.public(vantage)
        for word in text.replace('"', "").replace("*", "").split():
            if word == "OR" or word.startswith("-"):
                continue
            has = Q()
            for column in ("title", "summary", "place", "reports__quote", "reports__article__title"):
                has |= Q(**{f"{column}__icontains": word})
            found = found.filter(pk__in=Event.objects.filter(has).values("pk"))
        return list(found.values_list("pk", flat=True))

    return len(find()), best(find), best(page), best(plain)


def best(task: Callable[[], object]) -> float:
    def times() -> Iterator[float]:
        for _round in range(ROUNDS):
            began = time.perf_counter()
            task()
            yield (time.perf_counter() - began) * 1000

    return min(times())


if __name__ == "__main__":
    main()
