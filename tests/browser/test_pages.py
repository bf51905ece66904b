"""Every kind of page, public and at the desk: nothing that axe finds, no breach of the content policy, no dead link."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tracker.models import Article, Assessment, Event, Outlet

from .conftest import Site, Visit, Visitor, apart

AGREEMENT = "/agreements/gaza-2025/"
MOST_READ = {"home", "standing", "obligation", "event", "source", "not found"}
SHOWS_AT_ONCE = """async () => {
  await document.fonts.ready;
  for (const part of document.querySelectorAll("details")) part.open = true;
}"""


def public_kinds(site: Site) -> dict[str, str]:
    """One address of each kind of public page."""
    event = apart(lambda: Event.objects.filter(effects__effect="breaches").order_by("ref")[0])
    scheduled = apart(lambda: Event.objects.filter(state="scheduled").order_by("ref")[0])
    record = apart(lambda: Assessment.objects.select_related("obligation").order_by("effective_on", "pk")[0])
    article = apart(lambda: Article.objects.order_by("url")[0])
    outlet = apart(lambda: Outlet.objects.order_by("slug")[0])
    return {
        "home": "/",
        "agreements": "/agreements/",
        "standing": AGREEMENT,
        "standing in the past": f"{AGREEMENT}?as_of=2025-12-18",
        "before the signature": f"{AGREEMENT}?as_of=2025-10-01",
        "before anything was recorded": f"{AGREEMENT}?known_on=2025-01-01",
        "events of an agreement": f"{AGREEMENT}events/",
        "obligation": f"{AGREEMENT}obligations/disarm/",
        "obligation with figures": f"{AGREEMENT}obligations/aid/",
        "obligation never assessed": f"{AGREEMENT}obligations/rebuild/?as_of=2025-12-18",
        "events": "/events/",
        "event": event.get_absolute_url(),
        "scheduled event": scheduled.get_absolute_url(),
        "record": record.get_absolute_url(),
        "sources": "/sources/",
        "source": article.get_absolute_url(),
        "outlet": outlet.get_absolute_url(),
        "actors": "/actors/",
        "actor": "/actors/hamas/",
        "methodology": "/methodology/",
        "about": "/about/",
        "not found": "/agreements/nothing-here/",
        "bad address": f"{AGREEMENT}?as_of=2025-02-30",
        "sign in": "/accounts/login/",
        "forgotten password": "/accounts/password/reset/",
    }


def desk_kinds(site: Site) -> dict[str, str]:
    duty = site.duty("disarm")
    record = site.statuses("disarm")[-1]
    return {
        "desk": "/desk/",
        "desk of an agreement": f"/desk{AGREEMENT}",
        "public page with controls": AGREEMENT,
        "obligation with controls": f"{AGREEMENT}obligations/disarm/",
        "status form": f"/desk/obligations/{duty.pk}/status/",
        "evidence": f"/desk/obligations/{duty.pk}/evidence/?q=hamas",
        "check form": f"/desk/obligations/{duty.pk}/check/",
        "correction": f"/desk/assessments/{record.pk}/correct/",
        "withdrawal": f"/desk/assessments/{record.pk}/retract/",
        "restoring": f"/desk/assessments/{record.pk}/restore/",
        "signed in again": "/desk/signed-in/",
    }


def violations(visitor: Visitor) -> list[str]:
    """What axe finds on the page at hand, everything unfolded, each with the first element it is about."""
    visitor.page.evaluate(SHOWS_AT_ONCE)
    found = Axe().run(visitor.page).response["violations"]
    visitor.check()
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}" for one in found]


def wider_than_the_window(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def examine(visitor: Visitor, kinds: dict[str, str], *, closely: bool = True) -> dict[str, list[str]]:
    """The faults of each page; without ``closely`` only those of the policy, the status and the width."""
    faults = {}
    for kind, path in kinds.items():
        status = visitor.go(path)
        expected = {"not found": 404, "bad address": 400}.get(kind, 200)
        found = violations(visitor) if closely else []
        visitor.check()
        if status != expected:
            found.append(f"answers {status}")
        if wider_than_the_window(visitor):
            found.append("wider than the window")
        if found:
            faults[f"{kind} {path}"] = found
    return faults


def test_public_pages_have_no_fault(site: Site, visit: Visit) -> None:
    assert examine(visit(), public_kinds(site)) == {}


def test_public_pages_fit_a_phone(site: Site, visit: Visit) -> None:
    assert examine(visit(width=390), public_kinds(site), closely=False) == {}


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_most_read_have_no_fault(site: Site, visit: Visit, width: int, scheme: str) -> None:
    kinds = {kind: path for kind, path in public_kinds(site).items() if kind in MOST_READ}
    assert len(kinds) == len(MOST_READ)
    assert examine(visit(width=width, color_scheme=scheme), kinds) == {}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_of_the_desk_have_no_fault(site: Site, visit: Visit, width: int, scheme: str) -> None:
    assert examine(visit("researcher-1", width=width, color_scheme=scheme), desk_kinds(site)) == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_forms_in_their_rows_have_no_fault(site: Site, visit: Visit, width: int) -> None:
    visitor = visit("researcher-1", width=width)
    page = visitor.page
    for path, opener in [
        (AGREEMENT, "change-disarm"),
        (AGREEMENT, "check-disarm"),
        (f"{AGREEMENT}obligations/disarm/", "change-disarm"),
        (f"{AGREEMENT}obligations/disarm/", f"correct-{site.statuses('disarm')[-1].pk}"),
        (f"/desk{AGREEMENT}", "change-disarm"),
    ]:
        visitor.go(path)
        page.click(f"[id='{opener}']")
        page.locator("form[hx-post]").first.wait_for()
        assert violations(visitor) == [], path
        # Saved empty, it complains; the complaints are to be sound too.
        if not opener.startswith("check"):
            page.locator("form .button-main[type=submit]").click()
            page.locator("form [aria-invalid=true]").first.wait_for()
            assert violations(visitor) == [], path
        assert not wider_than_the_window(visitor), path


def test_a_proposal_on_the_reviewers_desk_has_no_fault(site: Site, visit: Visit) -> None:
    site.review("required")
    try:
        author = visit("researcher-1")
        author.go(f"/desk/obligations/{site.duty('police').pk}/status/")
        page = author.page
        page.get_by_label("Not initiated").check()
        page.get_by_label("Why", exact=True).fill("Nobody has been trained yet.")
        page.locator(".checks input[type=checkbox]").first.check()
        page.get_by_role("button", name="Propose for review").click()
        proposal = site.statuses("police")[-1]
        assert (
            examine(visit("reviewer-1"), {"desk": "/desk/", "review": f"/desk/proposals/{proposal.proposal_id}/"}) == {}
        )
        assert examine(author, {"desk": "/desk/", "agreement": f"/desk{AGREEMENT}"}) == {}
    finally:
        site.review("none")
