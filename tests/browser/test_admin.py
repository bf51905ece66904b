"""Every kind of page of the admin under the content policy, and the parts of it that need a script."""

import pytest
from playwright.sync_api import expect

from tracker.models import (
    Agreement,
    Article,
    Assessment,
    Event,
    Obligation,
    Person,
    Phase,
)

from .conftest import Visit, apart

TABLES = (
    *("agreement", "instrument", "clause", "phase", "obligation", "condition", "measure"),
    *("event", "report", "observation", "declaration", "article", "outlet", "actor"),
    *("assessment", "retraction", "check", "person"),
)


def rows() -> dict[str, str]:
    """One row of each table with a page worth looking at."""
    found = {
        "agreement": lambda: Agreement.objects.get(slug="gaza-2025").pk,
        "phase": lambda: Phase.objects.order_by("ordinal")[1].pk,
        "obligation": lambda: Obligation.objects.get(code="hostages-dead").pk,
        "event": lambda: Event.objects.filter(effects__effect="breaches").order_by("ref")[0].pk,
        "article": lambda: Article.objects.order_by("url")[0].pk,
        "assessment": lambda: Assessment.objects.order_by("pk")[0].pk,
        "person": lambda: Person.objects.get(username="researcher-1").pk,
    }
    return {name: str(apart(question)) for name, question in found.items()}


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_breaks_the_content_policy(visit: Visit, width: int) -> None:
    visitor = visit("administrator-1", width=width)
    addresses = ["/admin/", "/admin/tracker/"]
    for table in TABLES:
        addresses += [f"/admin/tracker/{table}/", f"/admin/tracker/{table}/?q=gaza", f"/admin/tracker/{table}/add/"]
    for table, pk in rows().items():
        addresses += [f"/admin/tracker/{table}/{pk}/{kind}/" for kind in ("change", "history", "delete")]
    addresses.append(f"/admin/tracker/person/{rows()['person']}/password/")
    for address in addresses:
        assert visitor.go(address) in {200, 403}, address
        visitor.check()


def test_the_page_of_an_event_works_by_its_search_boxes(visit: Visit) -> None:
    pk = rows()["event"]
    visitor = visit("researcher-1")
    page = visitor.page
    visitor.go(f"/admin/tracker/event/{pk}/change/")

    page.locator("#effects-group .add-row a").click()
    last = page.locator("#effects-group tr.dynamic-effects").last
    last.locator(".select2-selection").click()
    page.locator(".select2-search__field").last.fill("crossing")
    option = page.locator(".select2-results__option", has_text="(rafah)")
    expect(option).to_be_visible()
    option.click()
    last.locator("select[name$=-effect]").select_option("context")
    page.locator(".field-date .datetimeshortcuts button").first.click()
    expect(page.locator(".calendarbox:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    visitor.check()

    page.locator("#id_edit_reason").fill("It also says what became of the crossing.")
    page.locator("input[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    visitor.check()
    codes = apart(lambda: set(Event.objects.get(pk=pk).effects.values_list("obligation__code", flat=True)))
    assert "rafah" in codes


def test_an_article_is_added_from_within_a_report(visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = visitor.page
    visitor.go("/admin/tracker/event/add/")
    with page.expect_popup() as opened:
        page.locator("#add_id_reports-0-article").click()
    popup = opened.value
    popup.locator("#id_url").fill("https://news.example/from-within")
    popup.locator("#id_title").fill("Read just now")
    popup.locator(".field-outlet .select2-selection").click()
    popup.locator(".select2-search__field").last.fill("Axios")
    popup.locator(".select2-results__option", has_text="Axios").first.click()
    popup.locator("input[name=_save]").first.click()
    expect(page.locator("#select2-id_reports-0-article-container")).to_contain_text("Read just now")


def test_withdrawing_from_the_list(visit: Visit) -> None:
    visitor = visit("reviewer-1")
    page = visitor.page
    visitor.go("/admin/tracker/assessment/")
    page.locator("#result_list input.action-select").first.check()
    page.locator("select[name=action]").first.select_option("retract")
    page.locator("button[name=index]").first.click()
    visitor.check()
    page.locator("#id_reason").fill("It was about another day.")
    page.locator("input[type=submit].default").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Withdrawn: 1.")
    visitor.check()
