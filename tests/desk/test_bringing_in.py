"""From an address, a text or a file to a source: what is refused and why, what is kept, what is found twice."""

import datetime as dt
import stat
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories, people
from tests.desk.base import client, text
from tests.loopback import HTML, PARAGRAPHS, Web, page, web
from tracker.models import Agreement, Article, Copy, Link, Source, today
from tracker.models.copies import place_of
from tracker.models.merging import merge

__all__ = ["web"]

pytestmark = pytest.mark.django_db

INTAKE = "/desk/intake/"
LONG = "\n\n".join(["Envoys to meet by the lake", "18 December 2025", *PARAGRAPHS])


@pytest.fixture
def agreement() -> Agreement:
    return factories.agreement("lakeside-2025")


@pytest.fixture
def desk(agreement: Agreement) -> Client:
    return client(people.researcher())


def bring(desk: Client, **fields: Any) -> Any:
    return desk.post(INTAKE, {"agreement": "lakeside-2025"} | fields)


def brought(desk: Client, **fields: Any) -> Copy:
    answer = bring(desk, **fields)
    assert answer.status_code == 303, text(answer)
    return Copy.objects.get(pk=answer["Location"].split("/")[3])


def described(desk: Client, copy: Copy, **fields: Any) -> Any:
    values: dict[str, Any] = {
        "url": "https://herald.example/envoys",
        "title": "Envoys to meet by the lake",
        "outlet": "The Lake Herald",
        "published_on": "2025-12-18",
        "language": "en",
    }
    return desk.post(f"/desk/intake/{copy.pk}/", values | fields)


def article_of(answer: Any) -> Article:
    assert answer.status_code == 303, text(answer)
    return Article.objects.get(pk=answer["Location"].split("/")[3])


# Bringing in


def test_a_page_is_fetched_kept_and_described(desk: Client, agreement: Agreement, web: Web) -> None:
    head = '<meta property="article:published_time" content="2025-12-18T23:30:00-05:00">'
    url = web.put("/envoys", page(head=head))
    copy = brought(desk, address=f"{url}?utm_source=feed")
    assert copy.article is None
    assert "leave the northern shore" in copy.text
    assert "Home News Sport" not in copy.text
    assert copy.byline == "Researcher 1"

    shown = text(desk.get(f"/desk/intake/{copy.pk}/"))
    assert 'value="Envoys to meet by the lake"' in shown
    assert 'value="2025-12-18"' in shown
    assert f'value="{url}"' in shown
    assert "leave the northern shore" in shown

    answer = described(desk, copy, url=f"{url}?utm_source=feed#top", outlet=" the lake  herald", reliability="B")
    article = article_of(answer)
    assert answer["Location"] == f"/desk/articles/{article.pk}/?agreement=lakeside-2025"
    assert (article.url, article.outlet.name) == (url, "the lake herald")
    assert (article.kept_sha256, article.accessed_on) == (copy.sha256, today())
    assert Source.objects.get(article=article).agreement == agreement
    assert Link.objects.get(article=article).due_at.date() == today() + dt.timedelta(days=1)
    copy.refresh_from_db()
    assert copy.article == article


def test_a_kept_file_is_named_by_its_content_readable_by_the_server_alone_and_under_no_address(
    desk: Client, agreement: Agreement
) -> None:
    html = page(body=[*PARAGRAPHS, "<script>alert('from inside')</script>"]).encode()
    copy = brought(desk, file=SimpleUploadedFile("../../../etc/cron.d/evil.html", html, "text/html"))
    place = place_of(copy.sha256)
    assert place.read_bytes() == html
    assert place.parent.parent == settings.MEDIA_ROOT
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    for address in (f"/{copy.sha256}", f"/media/{copy.sha256}", f"/static/{copy.sha256[:2]}/{copy.sha256}"):
        assert desk.get(address).status_code == 404
    whole = desk.get(f"/desk/intake/{copy.pk}/text/")
    assert whole["Content-Type"] == "text/plain; charset=utf-8"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert client(people.reader()).get(f"/desk/intake/{copy.pk}/text/").status_code == 403


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1/x", "private network"),
        ("http://[::1]/", "private network"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("http://0x7f.1/", "private network"),
        ("http://2130706433/", "private network"),
        ("file:///etc/passwd", "https://"),
        ("gopher://news.example/", "https://"),
        ("http://news.example:22/", "port 22"),
        ("https://somebody:secret@news.example/", "login"),
        ("not an address", "space"),
    ],
)
def test_an_address_that_is_refused_says_why_and_keeps_what_was_typed(desk: Client, address: str, reason: str) -> None:
    answer = bring(desk, address=address)
    assert answer.status_code == 422
    shown = text(answer)
    assert reason in shown
    assert f'value="{address}"' in shown
    assert not Copy.objects.exists()


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, "no", "does not let programs read"),
        (402, "pay", "payment or a login"),
        (404, "no", "no such page"),
        (500, "oh", "fault of its own"),
        (200, "<html><body><p>Subscribe to continue reading.</p></body></html>", "paste the text"),
        (200, "<html><body></body></html>", "paste the text"),
    ],
)
def test_a_page_that_cannot_be_read_says_why_and_what_to_do_instead(
    desk: Client, web: Web, status: int, body: str, reason: str
) -> None:
    url = web.put("/locked", body, status=status)
    answer = bring(desk, address=url)
    assert answer.status_code == 422
    assert reason in text(answer)
    assert "aste" in text(answer)
    assert f'value="{url}"' in text(answer)


def test_a_pasted_text_tells_its_headline_language_and_day(desk: Client) -> None:
    copy = brought(desk, text=LONG, address="https://herald.example/envoys")
    assert copy.origin == "pasted"
    assert (copy.found["title"], copy.found["language"]) == ("Envoys to meet by the lake", "en")
    assert copy.found["published_on"] == "2025-12-18"
    assert any("first lines" in note for note in copy.notes)
    assert copy.address == "https://herald.example/envoys"


def test_with_a_pasted_text_the_address_is_not_fetched_and_may_follow_later(desk: Client, web: Web) -> None:
    brought(desk, text=LONG, address=web.url("/envoys"))
    assert web.asked == []
    copy = brought(desk, text=LONG)
    assert described(desk, copy, url="").status_code == 422
    assert described(desk, copy).status_code == 303


def test_a_form_with_nothing_with_too_much_or_for_no_agreement_is_sent_back(desk: Client) -> None:
    factories.agreement("hillside-2025")
    assert "Give an address" in text(bring(desk))
    both = bring(desk, text=LONG, file=SimpleUploadedFile("a.txt", b"some text", "text/plain"))
    assert both.status_code == 422
    assert "not both" in text(both)
    assert "leave the northern shore" in text(both)
    assert "chosen again" in text(both)
    assert "Choose the agreement" in text(desk.post(INTAKE, {"agreement": "", "text": LONG}))


def test_the_only_agreement_is_chosen_beforehand_and_of_several_the_one_asked_for(
    desk: Client, agreement: Agreement
) -> None:
    assert f'<option value="{agreement.slug}" selected>' in text(desk.get(INTAKE))
    factories.agreement("hillside-2025")
    assert '<option value="hillside-2025" selected>' in text(desk.get(f"{INTAKE}?agreement=hillside-2025"))
    assert " selected>Agreement" not in text(desk.get(INTAKE))


def test_too_large_a_file_is_refused_with_its_size(desk: Client) -> None:
    answer = bring(desk, file=SimpleUploadedFile("big.txt", b"x" * 8_000_001, "text/plain"))
    assert answer.status_code == 422
    assert "at most 8 MB" in text(answer)


def test_too_many_fetches_are_refused_and_nothing_typed_is_lost(desk: Client, web: Web) -> None:
    url = web.put("/locked", "no", status=403)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.desk.intake.consume", lambda request, action: False)
        answer = bring(desk, address=url)
    assert answer.status_code == 429
    assert "wait a little" in text(answer)
    assert f'value="{url}"' in text(answer)
    assert web.asked == []


# Hostile text


def test_hostile_text_is_shown_as_text(desk: Client) -> None:
    hostile = (
        "Breaking <script>alert(1)</script> news\n\n<img src=x onerror=alert(2)> \u202ereversed\u202c and\0 more "
        + " ".join(PARAGRAPHS)
    )
    copy = brought(desk, text=hostile, address="https://evil.example/?q=<script>")
    assert "\0" not in copy.text
    assert "\u202e" not in copy.text
    shown = text(desk.get(f"/desk/intake/{copy.pk}/"))
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<img src=x" not in shown
    assert copy.notes
    for note in copy.notes:
        assert note.split(".")[0][:30] in shown


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256", "utf-8"])
def test_texts_in_other_encodings_and_broken_ones_can_be_brought_in(desk: Client, encoding: str) -> None:
    arabic = "قال مسؤول إن الوفود ستجتمع يوم الجمعة على ضفة البحيرة لبحث المرحلة الثانية من الهدنة. " * 4
    body = page(title="لقاء الوفود", body=[arabic], language="ar").replace("utf-8", encoding).encode(encoding)
    copy = brought(desk, file=SimpleUploadedFile("x.html", body, "text/html"))
    assert "ضفة البحيرة" in copy.text
    assert copy.found["language"] == "ar"


def test_bytes_that_are_no_text_are_refused_or_told(desk: Client) -> None:
    mixed = "\n".join(PARAGRAPHS).encode() + b"\xff\xfe\x00\x00caf\xe9 \xed\xa0\x80"
    copy = brought(desk, file=SimpleUploadedFile("x.txt", mixed, "text/plain"))
    assert "leave the northern shore" in copy.text
    noise = bytes(range(256)) * 40
    assert bring(desk, file=SimpleUploadedFile("x.txt", noise, "text/plain")).status_code == 422


def test_a_line_of_two_megabytes_can_be_pasted(desk: Client) -> None:
    line = "word " * 390_000
    copy = brought(desk, text=line)
    assert copy.size > 1_900_000
    assert any("cut" in note for note in copy.notes)
    shown = desk.get(f"/desk/intake/{copy.pk}/")
    assert len(shown.content) < 200_000
    assert "The whole text" in text(shown)


# Describing


def test_a_known_address_offers_to_add_the_copy_or_to_open_the_article(desk: Client, agreement: Agreement) -> None:
    known = factories.article(url="https://herald.example/envoys", title="Envoys to meet")
    copy = brought(desk, text=LONG, address="https://herald.example/envoys?utm_medium=mail")
    shown = text(desk.get(f"/desk/intake/{copy.pk}/"))
    assert "on record already" in shown
    assert f"/desk/articles/{known.pk}/" in shown
    again = described(desk, copy)
    assert again.status_code == 422
    assert "on record already" in text(again)

    answer = desk.post(f"/desk/intake/{copy.pk}/", {"add_to": str(known.pk)})
    assert article_of(answer) == known
    known.refresh_from_db()
    assert known.kept_sha256 == copy.sha256
    assert known.copies.get() == copy
    assert known.sources.get().agreement == agreement
    assert Article.objects.count() == 1


def test_wire_copy_is_found_and_counts_as_one_voice_with_the_first_print(desk: Client, agreement: Agreement) -> None:
    first = article_of(described(desk, brought(desk, text=LONG)))
    reprint = LONG.replace("Envoys to meet by the lake", "Lake talks on Friday") + "\n\nCopyright, all rights reserved."
    copy = brought(desk, text=reprint)
    shown = text(desk.get(f"/desk/intake/{copy.pk}/"))
    assert "nearly the same text" in shown
    assert f'value="{first.pk}" ' in shown
    assert "The Lake Herald, 18 Dec 2025" in shown

    second = article_of(
        described(desk, copy, url="https://gazette.example/1", outlet="The Gazette", same_text_as=str(first.pk))
    )
    assert second.same_text_as == first
    third_copy = brought(desk, text=reprint.replace("Lake talks", "New talks"))
    third = article_of(
        described(desk, third_copy, url="https://post.example/1", outlet="The Post", same_text_as=str(second.pk))
    )
    assert third.same_text_as == first
    event = factories.event(agreement, reports=[first, second, third])
    keys = {report.independence_key for report in event.reports.select_related("article__same_text_as")}
    assert len(keys) == 1


def test_a_text_of_its_own_is_no_reprint(desk: Client) -> None:
    described(desk, brought(desk, text=LONG))
    other = "The price of fish\n\n" + " ".join(
        f"Boat {number} landed {number * 3} crates of perch." for number in range(60)
    )
    copy = brought(desk, text=other)
    assert copy.twins() == []
    assert "same_text_as" not in text(desk.get(f"/desk/intake/{copy.pk}/"))


def test_a_copy_described_in_another_window_leads_to_its_article(desk: Client) -> None:
    copy = brought(desk, text=LONG)
    article = article_of(described(desk, copy))
    assert article_of(described(desk, copy, url="https://herald.example/other")) == article
    assert article_of(desk.get(f"/desk/intake/{copy.pk}/")) == article
    assert Article.objects.count() == 1


def test_errors_keep_everything_typed(desk: Client) -> None:
    copy = brought(desk, text=LONG)
    answer = described(desk, copy, url="herald", outlet="", authors="A. Writer & Co", archive_url="nonsense")
    assert answer.status_code == 422
    shown = text(answer)
    assert 'value="A. Writer &amp; Co"' in shown
    assert 'value="nonsense"' in shown
    assert "Say who published it" in shown
    assert "Not saved yet. To put right:" in shown


def test_the_outlet_on_record_under_the_host_is_offered(desk: Client) -> None:
    factories.outlet("The Lake Herald", domain="herald.example")
    copy = brought(desk, text=LONG, address="https://www.herald.example/envoys")
    assert 'value="The Lake Herald"' in text(desk.get(f"/desk/intake/{copy.pk}/"))


# My copies


def test_what_nobody_described_waits_for_its_owner_and_can_be_deleted_with_its_file(desk: Client) -> None:
    copy = brought(desk, text=LONG)
    assert "Envoys to meet by the lake" in text(desk.get(INTAKE))
    colleague = client(people.second_researcher())
    assert "Envoys to meet by the lake" not in text(colleague.get(INTAKE))
    assert colleague.post(f"/desk/intake/{copy.pk}/delete/").status_code == 403
    assert desk.post(f"/desk/intake/{copy.pk}/delete/").status_code == 303
    assert not Copy.objects.exists()
    assert not place_of(copy.sha256).exists()


def test_a_file_that_another_copy_shares_stays(desk: Client) -> None:
    one, other = brought(desk, text=LONG), brought(desk, text=LONG)
    assert one.sha256 == other.sha256
    desk.post(f"/desk/intake/{one.pk}/delete/")
    assert place_of(other.sha256).exists()
    described(desk, other)
    desk.post(f"/desk/intake/{other.pk}/delete/")
    assert Copy.objects.get() == other


def test_the_list_of_what_waits_costs_the_same_for_one_and_many(desk: Client, django_assert_num_queries: Any) -> None:
    brought(desk, text=LONG)
    desk.get(INTAKE)
    with django_assert_num_queries(7):
        desk.get(INTAKE)
    for number in range(5):
        brought(desk, text=f"Number {number}\n\n{LONG}")
    with django_assert_num_queries(7):
        desk.get(INTAKE)


# Again


def test_reading_again_keeps_a_second_copy_where_the_text_differs(desk: Client, web: Web) -> None:
    url = web.put("/envoys", page())
    article = article_of(described(desk, brought(desk, address=url), url=url))
    again = f"/desk/articles/{article.pk}/again/"
    desk.post(again)
    assert article.copies.count() == 1
    Copy.objects.filter(article=article).update(text="what earlier rules made of it")
    desk.post(again, {"agreement": "lakeside-2025"})
    assert article.copies.count() == 2
    web.put("/envoys", page(body=[*PARAGRAPHS, "The ministers of both sides have since come to the lake as well."]))
    desk.post(again, {"from": "address"})
    newest = article.copies.first()
    assert newest is not None
    assert "have since come" in newest.text
    article.refresh_from_db()
    assert article.kept_sha256 == newest.sha256


def test_a_page_that_is_gone_changes_nothing(desk: Client, web: Web) -> None:
    url = web.put("/envoys", page())
    article = article_of(described(desk, brought(desk, address=url), url=url))
    del web.answers["/envoys"]
    desk.post(f"/desk/articles/{article.pk}/again/", {"from": "address"})
    assert article.copies.count() == 1
    assert "Nothing was changed" in text(desk.get(INTAKE))


# Who may


def test_only_researchers_bring_in(agreement: Agreement) -> None:
    reader = client(people.reader())
    assert reader.get(INTAKE).status_code == 403
    refused = reader.post(INTAKE, {"agreement": "lakeside-2025", "text": LONG})
    assert refused.status_code == 403
    assert "leave the northern shore" in text(refused)
    assert not Copy.objects.exists()


def test_what_was_pasted_signed_out_is_there_again_after_signing_in(agreement: Agreement) -> None:
    browser = Client()
    sent = browser.post(INTAKE, {"agreement": "lakeside-2025", "text": LONG, "address": "https://herald.example/1"})
    assert sent.status_code == 302
    target = sent["Location"]
    assert "kept" in target
    people.researcher()
    signed_in = browser.post(target, {"login": "researcher-1", "password": people.PASSWORD})
    shown = text(browser.get(signed_in["Location"]))
    assert "leave the northern shore" in shown
    assert 'value="https://herald.example/1"' in shown


def test_a_text_too_long_to_keep_stays_on_the_page(agreement: Agreement) -> None:
    long = LONG * 200
    answer = Client().post(INTAKE, {"agreement": "lakeside-2025", "text": long})
    assert answer.status_code == 401
    assert text(answer).count("leave the northern shore") == 200
    assert "You are signed out" in text(answer)


def test_somebody_signed_out_sees_no_kept_text(desk: Client) -> None:
    copy = brought(desk, text=LONG)
    answer = Client().post(f"/desk/intake/{copy.pk}/", {"title": "x" * 200_000})
    assert answer.status_code == 401
    assert "northern shore" not in text(answer)
    assert Client().get(f"/desk/intake/{copy.pk}/").status_code == 302


def test_html_of_a_page_never_comes_back_as_html(desk: Client, web: Web) -> None:
    url = web.put("/x", page(body=[*PARAGRAPHS, "&lt;b onclick='x()'&gt;bold&lt;/b&gt;"]), HTML)
    copy = brought(desk, address=url)
    assert "<b onclick" not in text(desk.get(f"/desk/intake/{copy.pk}/"))


def test_the_address_of_a_merged_article_offers_its_heir(desk: Client) -> None:
    """Not the article whose text the heir prints again: that one has a text of its own to be read."""
    first, heir = factories.article(title="First print"), factories.article(title="The heir")
    gone = factories.article(url="https://herald.example/envoys")
    merge(gone, heir, by=people.reviewer(), reason="The same.")
    Article.objects.filter(pk=heir.pk).update(same_text_as=first)
    copy = brought(desk, text=LONG, address="https://herald.example/envoys")
    page = text(desk.get(f"/desk/intake/{copy.pk}/"))
    assert f'value="{heir.pk}"' in page
    assert f'name="add_to" value="{first.pk}"' not in page
