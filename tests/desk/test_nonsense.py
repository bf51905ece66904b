"""Whatever is sent to the desk gets an answer in words: never a crash, never half a record."""

import random
from typing import Any

import pytest

from tests import factories
from tracker.models import Assessment, Check, Retraction

from .base import DAY, Scene, by_htmx, client, researcher

pytestmark = pytest.mark.django_db

NONSENSE = [
    *("", " ", "\0", "-1", "9" * 20, "NaN", "1e5", "on", "None", "\N{RIGHT-TO-LEFT OVERRIDE}", "<script>"),
    *("2025-02-30", "0001-01-01", "9999-12-31", "١٢", "é" * 5000, "a" * 200_000),
    *("00000000-0000-0000-0000-000000000000", "http://[::1", "https://news.example:99999/", "javascript:alert(1)"),
]
ANSWERS = {200, 303, 409, 422}


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: ascii(value)[:24])
def test_nonsense_in_any_field_is_answered(value: str) -> None:
    scene = Scene()
    record = factories.assessed(scene.duty, DAY, evidence=[scene.event])
    browser, chance = client(researcher()), random.Random(value)  # noqa: S311  # the same choices every time
    whole: dict[str, Any] = scene.with_article(evidence=[str(scene.event.pk), str(scene.silent.pk)])
    whole |= {f"effect-{scene.silent.pk}": "context", "cast-0-actor": "", "cast-0-role": "accused", "q": ""}
    whole |= {"correction_reason": "It was wrong.", "date": "2025-11-01", "where": "Both sides"}
    forms = [scene.url, f"/desk/obligations/{scene.duty.pk}/check/"]
    forms += [f"/desk/assessments/{record.pk}/{action}/" for action in ("correct", "retract", "restore")]
    for url in forms:
        fields = chance.sample(sorted(whole), 2)
        data = whole | dict.fromkeys(fields, value) | ({"search": "1"} if chance.random() < 0.3 else {})
        before = [model.objects.count() for model in (Assessment, Retraction, Check)]
        answer = by_htmx(browser, url, data) if chance.random() < 0.5 else browser.post(url, data)
        assert answer.status_code in ANSWERS, fields
        if answer.status_code in (409, 422):
            assert [model.objects.count() for model in (Assessment, Retraction, Check)] == before


@pytest.mark.parametrize(
    "value", [value for value in NONSENSE if len(value) < 6000], ids=lambda value: ascii(value)[:24]
)
def test_nonsense_in_an_address_is_answered(value: str) -> None:
    scene = Scene()
    browser = client(researcher())
    for url in (scene.url, *(f"/desk/obligations/{scene.duty.pk}/{name}/" for name in ("evidence", "article"))):
        query = dict.fromkeys(["q", "evidence", "form", "article-url", "kept", "like", "from"], value)
        assert browser.get(url, query).status_code == 200
    assert browser.get("/desk/key/", {"form": value}).status_code == 200
