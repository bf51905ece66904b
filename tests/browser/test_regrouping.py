"""Merging and splitting by keyboard alone, without JavaScript, and what axe finds on their pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import people
from tracker.models import Actor, Article, Event, Outlet, Regrouping
from tracker.models.merging import merge

from .conftest import Site, Visit, apart
from .test_rounds import tab_to


@pytest.fixture
def twins(site: Site) -> tuple[str, str]:
    """The slugs of an actor of the case and of a twin of it."""

    def make() -> tuple[str, str]:
        actor = Actor.objects.get(slug="cogat")
        twin, _ = Actor.with_merged.get_or_create(
            slug="cogat-again", defaults={"name": "COGAT", "kind": actor.kind, "parent": actor.parent}
        )
        return actor.slug, twin.slug

    return apart(make)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_actors_are_merged_and_parted_by_keyboard(
    site: Site, visit: Visit, twins: tuple[str, str], *, scripts: bool
) -> None:
    visitor = visit("reviewer-1", java_script_enabled=scripts)
    page = visitor.page
    visitor.go(f"/actors/{twins[0]}/")
    page.get_by_role("link", name="Merge with another record").press("Enter")
    page.locator("#twins a", has_text="COGAT").first.press("Enter")
    page.get_by_role("radio", name="this one").press("Space")
    page.get_by_label("Why").press_sequentially("Two records of one office.")
    page.get_by_role("button", name="Merge").press("Enter")
    expect(page.locator(".message-success")).to_contain_text("Merged “COGAT”")
    assert visitor.go(f"/actors/{twins[1]}/") == 200
    assert page.url == f"{site.url}/actors/{twins[0]}/"
    expect(page.locator(".intro")).to_contain_text("Two records of one office.")
    one = apart(lambda: Regrouping.objects.latest("recorded_at").pk)
    visitor.go(f"/desk/regroupings/{one}/undo/")
    page.get_by_role("button", name="Take it back").press("Enter")
    expect(page.locator(".message-success")).to_contain_text("two records again")


def test_the_way_is_short_by_the_tab_key(visit: Visit, twins: tuple[str, str]) -> None:
    visitor = visit("reviewer-1")
    page = visitor.page
    first, second = apart(lambda: [Actor.objects.get(slug=slug).pk for slug in twins])
    visitor.go(f"/desk/merge/actors/{first}/?other={second}")
    tab_to(page, "stays", 30)
    page.keyboard.press("Space")
    tab_to(page, "reason", 5)
    tab_to(page, "Merge", 5)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible_and_fit(visit: Visit, twins: tuple[str, str], width: int) -> None:
    def addresses() -> list[str]:
        actor, twin = (Actor.objects.get(slug=slug) for slug in twins)
        event = Event.objects.filter(effects__effect="breaches", observations__isnull=False).order_by("ref").first()
        article, outlet = Article.objects.order_by("url").first(), Outlet.objects.order_by("slug").first()
        assert event is not None
        assert article is not None
        assert outlet is not None
        other = Outlet.named("Another Outlet Of The Same Name")
        one = Regrouping.objects.filter(undone_by=None).first()
        if one is None:
            one = merge(other, outlet, by=people.reviewer(), reason="The same paper.")
        return [
            f"/desk/merge/actors/{actor.pk}/?q=israel",
            f"/desk/merge/actors/{actor.pk}/?other={twin.pk}",
            f"/desk/merge/articles/{article.pk}/",
            f"/desk/merge/outlets/{outlet.pk}/",
            f"/desk/split/events/{event.pk}/",
            f"/desk/split/actors/{actor.pk}/",
            f"/desk/split/articles/{article.pk}/",
            f"/desk/regroupings/{one.pk}/undo/",
        ]

    visitor = visit("reviewer-1", width=width)
    for address in apart(addresses):
        assert visitor.go(address) in (200, 409)
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
