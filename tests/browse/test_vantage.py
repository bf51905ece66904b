"""The two dates in an address: what they accept, what they refuse, and that links keep them."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests import factories
from tests.browse.reading import days_ago, furnished, read, words
from tracker.models import Agreement, Assessment, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return furnished(factories.agreement("truce"))


def pages(agreement: Agreement) -> list[str]:
    duty = agreement.obligations.order_by("code")[0]
    judged = Assessment.objects.published().filter(obligation=duty, retraction=None).order_by("-effective_on")[0]
    return [
        "/",
        "/agreements/",
        agreement.get_absolute_url(),
        duty.get_absolute_url(),
        judged.get_absolute_url(),
    ]


@pytest.mark.parametrize("name", ["as_of", "known_on"])
@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2025-02-30",
        "2025-10-9",
        "20251009",
        "2025-13-01",
        "0000-01-01",
        "18.12.2025",
        "2025-12-18T00:00",
        "'",
    ],
)
def test_what_is_no_day_gets_a_clear_400(agreement: Agreement, name: str, value: str) -> None:
    for page in pages(agreement):
        said = words(read(f"{page}?{name}={value}", status=400))
        assert value in said.replace("&#x27;", "'")
        assert "year-month-day" in said


@pytest.mark.parametrize("name", ["as_of", "known_on"])
def test_a_day_in_the_future_gets_a_clear_400(agreement: Agreement, name: str) -> None:
    tomorrow = today() + dt.timedelta(days=1)
    for page in pages(agreement):
        assert "lies in the future" in words(read(f"{page}?{name}={tomorrow}", status=400))


def test_today_and_an_empty_date_are_the_plain_page(agreement: Agreement) -> None:
    for page in pages(agreement):
        for query in ("", "?as_of=", f"?as_of={today()}", f"?known_on={today()}"):
            response = read(f"{page}{query}")
            assert f'<link rel="canonical" href="http://testserver{page}">' in response.content.decode()
            assert "Where it stands today" in words(response)


def test_pages_about_the_past_say_which_day_they_show_and_lead_back_to_today(agreement: Agreement) -> None:
    day = days_ago(10)
    for page in pages(agreement):
        response = read(f"{page}?as_of={day}&unknown=1")
        assert "Where it stood on" in words(response)
        assert f'href="http://testserver{page}?as_of={day}"' in response.content.decode(), "the canonical address"
        assert f'<a class="step" href="{page}">Today</a>' in response.content.decode()


def test_links_inside_the_site_keep_the_reader_on_the_same_day(agreement: Agreement) -> None:
    day = days_ago(10)
    for page in pages(agreement):
        text = read(f"{page}?as_of={day}").content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        links = re.findall(r'href="(/(?:agreements|events|sources|outlets|actors|assessments)/[^"]*)"', main)
        assert links
        others = {link for link in links if f"as_of={day}" not in link and not link.startswith(f"{page}?as_of=")}
        # Feeds and calendars are about what is new.
        others = {link for link in others if not link.endswith((".atom", ".ics"))}
        assert others <= {page}, "only the way to today leaves the day"


def test_readers_get_no_cookie(agreement: Agreement) -> None:
    client = Client()
    for page in pages(agreement):
        assert not read(page, client).cookies
        assert not read(f"{page}?as_of={days_ago(10)}", client).cookies
    assert not client.cookies


def test_public_pages_can_only_be_read(agreement: Agreement) -> None:
    for page in pages(agreement):
        assert Client().post(page).status_code == 405
        assert Client().head(page).status_code == 200


def test_every_page_has_a_title_and_a_description_of_its_own(agreement: Agreement) -> None:
    titles, descriptions = set(), set()
    for page in pages(agreement):
        text = read(page).content.decode()
        titles.add(re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1])  # type: ignore[index]  # fails if there is none
        descriptions.add(re.search(r'name="description" content="(.*?)"', text)[1])  # type: ignore[index]  # the same
    assert len(titles) == len(descriptions) == len(pages(agreement))
    assert all("<" not in title for title in titles | descriptions)
