"""Every kind of page, public and at the desk: nothing that axe finds, no breach of the content policy, no dead link."""

import gzip
import os
import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from playwright.sync_api import Route

from tests import kinds

from .conftest import Site, Visit, Visitor, apart

AGREEMENT = "/agreements/gaza-2025/"
THOROUGH = bool(os.environ.get("THOROUGH"))
LANGUAGES = kinds.LANGUAGES if THOROUGH else ("en", "ar")
LIGHT_ENOUGH = 150_000
"""Bytes that the first view of a page may weigh, in Latin letters alone; with others, whose fonts come on top, more:"""
LIGHT_ENOUGH_IN_OTHER_SCRIPTS = 200_000
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(1280, "light"), (390, "dark")]
"""Colours are those of the scheme, whatever the width: two looks show them all, and both widths."""
if THOROUGH:
    LOOKS += [(1280, "dark"), (390, "light")]
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}});
  return found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 200)}`);
}"""
SHIFT = """() => new Promise(done => new PerformanceObserver(
  list => done(list.getEntries().reduce((sum, one) => sum + one.value, 0))
).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 500))"""
SHOWS_AT_ONCE = """async () => {
  await document.fonts.ready;
  for (const part of document.querySelectorAll("details")) part.open = true;
}"""


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
    page = visitor.page
    page.evaluate(SHOWS_AT_ONCE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE)
    visitor.check()
    return found


def wider_than_the_window(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def examine(visitor: Visitor, paths: dict[str, str]) -> dict[str, list[str]]:
    """The faults of each page."""
    faults = {}
    for kind, path in paths.items():
        status = visitor.go(path)
        found = violations(visitor)
        if status != 200:
            found.append(f"answers {status}")
        if wider_than_the_window(visitor):
            found.append("wider than the window")
        if found:
            faults[f"{kind} {path}"] = found
    return faults


def too_heavy(visitor: Visitor, html: bytes) -> list[str]:
    """The weight of the page as it first opens, where it is too much: compressed as a real server sends it."""
    visitor.page.evaluate("document.fonts.ready.then(() => 0)")
    loaded: list[str] = visitor.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    total = len(gzip.compress(html))
    for url in set(loaded):
        content = Path(str(finders.find(urlsplit(url).path.removeprefix("/static/")))).read_bytes()
        total += len(content if url.endswith(".woff2") else gzip.compress(content))
    latin = not any("arabic" in url or "hebrew" in url for url in loaded)
    limit = LIGHT_ENOUGH if latin else LIGHT_ENOUGH_IN_OTHER_SCRIPTS
    return [f"weighs {total} bytes"] if total > limit else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_have_no_fault_wide_or_narrow_light_or_dark(site: Site, visit: Visit, language: str) -> None:
    paths = apart(lambda: kinds.pages(language))
    if language == "en":
        paths |= apart(kinds.states)
        paths |= {"sign in": "/accounts/login/", "forgotten password": "/accounts/password/reset/"}
    visitor = visit()
    page = visitor.page
    faults = {}
    for kind, path in paths.items():
        answer = page.goto(site.url + path)
        assert answer is not None
        found = too_heavy(visitor, answer.body())
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found += violations(visitor)
        if answer.status != kinds.STATUS.get(kind, 200):
            found.append(f"answers {answer.status}")
        if wider_than_the_window(visitor):
            found.append("wider than a phone")
        if found:
            faults[f"{kind} {path}"] = found
    assert faults == {}


@pytest.mark.parametrize("language", kinds.LANGUAGES)
def test_nothing_jumps_when_the_fonts_come_late(site: Site, visit: Visit, language: str) -> None:
    def dawdle(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    for path in ("/", AGREEMENT, f"{AGREEMENT}disputes/"):
        page = visit(width=390).page
        page.route("**/*.woff2", dawdle)
        page.goto(f"{site.url}{'' if language == 'en' else f'/{language}'}{path}")
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert page.evaluate(SHIFT) < 0.02, path


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
