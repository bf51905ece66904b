"""Coding by keyboard alone, in a real browser; and what axe finds on the pages of double coding."""

import datetime as dt
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import people
from tracker.models import Agreement, Answer, Memo, Round
from tracker.models.rounds import Coded

from .conftest import Site, Visit, apart

DAY = dt.date(2025, 12, 18)


@dataclass(frozen=True)
class Rounds:
    """Addresses of rounds on the Gaza case: one open with names hidden, one closed with a disagreement."""

    open: str
    items: list[str]
    closed: str


@pytest.fixture
def rounds(site: Site) -> Rounds:
    def make() -> Rounds:
        agreement = Agreement.objects.get(slug="gaza-2025")
        duties = [(duty, None) for duty in agreement.obligations.order_by("phase__ordinal", "code")[:4]]
        leader, one, other = people.administrator(), people.researcher(), people.second_researcher()
        for found in Round.objects.open():
            found.close("To begin afresh.", leader)
        closed = Round.open_(agreement, "Phase one", "status", DAY, duties[:2], [one, other], by=leader)
        for number, item in enumerate(closed.items.order_by("pk")):
            closed.answer(item, Coded("As two sides report.", 1, "holding", "as_agreed"), one)
            closed.answer(item, Coded("By the figures.", 1 + number, "holding", "as_agreed"), other)
        made = Round.open_(agreement, "Without names", "status", DAY, duties[2:], [one, other], by=leader, masked=True)
        addresses = [item.get_absolute_url() for item in made.items.order_by("pk")]
        return Rounds(made.get_absolute_url(), addresses, closed.get_absolute_url())

    return apart(make)


def tab_to(page: Page, name: str, at_most: int = 120) -> None:
    """Presses the tab key until the control of that name, or with that label, has the focus."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const at = document.activeElement; const label = at.labels && at.labels[0];"
            " return [at.name || '', (label || at).innerText.trim()]; }"
        )
        if name in found or found[1].startswith(name):
            return
    raise AssertionError(f"no way to {name!r} by keyboard")


def test_a_coder_answers_one_item_after_another_by_keyboard(site: Site, visit: Visit, rounds: Rounds) -> None:
    visitor = visit("researcher-1")
    page = visitor.page
    visitor.go(rounds.open)
    tab_to(page, "Start coding")
    page.keyboard.press("Enter")
    page.wait_for_url(site.url + rounds.items[0])
    tab_to(page, "To the answer")
    page.keyboard.press("Enter")
    tab_to(page, "level")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "direction")
    page.keyboard.press("ArrowUp")
    tab_to(page, "reason")
    page.keyboard.type("Half of what is owed is reported.")
    tab_to(page, "Save and next")
    page.keyboard.press("Enter")
    # What is missing is named, with a way to it; nothing typed is lost.
    page.wait_for_selector(".note-strong")
    assert page.get_by_label("Why", exact=True).input_value() == "Half of what is owed is reported."
    tab_to(page, "How it fits the text")
    page.keyboard.press("Enter")
    tab_to(page, "conformity")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Save and next")
    page.keyboard.press("Enter")
    page.wait_for_url(site.url + rounds.items[1])
    kept = apart(lambda: Answer.objects.by(people.researcher()).get(item__round__closed_at__isnull=True))
    assert (kept.level, bool(kept.direction), bool(kept.conformity)) == (2, True, True)
    tab_to(page, "To the answer")
    page.keyboard.press("Enter")
    tab_to(page, "cannot_say")
    page.keyboard.press("Space")
    tab_to(page, "reason")
    page.keyboard.type("No figures by that day.")
    tab_to(page, "Save and next")
    page.keyboard.press("Enter")
    page.wait_for_url(site.url + rounds.open)
    expect(page.locator("main")).to_contain_text("You have answered everything.")
    for name in ("Israel", "Hamas", "Netanyahu"):
        assert name not in page.locator("body").inner_text()


def test_a_disagreement_is_settled_by_keyboard_and_offered_as_a_memo(site: Site, visit: Visit, rounds: Rounds) -> None:
    visitor = visit("researcher-2")
    page = visitor.page
    visitor.go(rounds.closed)
    tab_to(page, "Settle")
    page.keyboard.press("Enter")
    tab_to(page, "text")
    page.keyboard.type("Level 1: the figures stay below half.")
    tab_to(page, "memo_title")
    page.keyboard.type("Below half by the figures")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("All disagreements are settled.")
    # Which number belongs to whom is drawn by lot.
    page.locator("a[href*='level=1&']", has_text="Change the status, starting from coder").click()
    expect(page.get_by_label("1 Minimal")).to_be_checked()
    page.get_by_text("Coded like this before").click()
    page.get_by_role("link", name="Below half by the figures").click()
    assert apart(lambda: Memo.objects.filter(title="Below half by the figures").exists())
    expect(page.get_by_role("heading", name="Below half by the figures")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, rounds: Rounds, width: int, scheme: str) -> None:
    pages = {
        "researcher-1": [
            "/desk/rounds/",
            rounds.open,
            rounds.items[0],
            rounds.closed,
            "/desk/memos/",
            "/desk/memos/new/",
        ],
        "administrator-1": [
            rounds.open,
            "/desk/rounds/new/",
            "/desk/rounds/new/?agreement=gaza-2025&kind=status",
            "/desk/rounds/new/?agreement=gaza-2025&kind=event",
        ],
        "": ["/methodology/"],
    }
    for who, paths in pages.items():
        visitor = visit(who, width=width, color_scheme=scheme)
        for path in paths:
            assert visitor.go(path) == 200
            found = Axe().run(visitor.page).response["violations"]
            assert not found, (path, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
            assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            visitor.check()
