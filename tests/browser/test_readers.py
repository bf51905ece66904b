"""What readers take away and hand in: the brief on paper, and a proposed correction without any script."""

from io import BytesIO

from pypdf import PdfReader

from tracker.models import Suggestion, Vantage
from tracker.models.standing import board

from .conftest import Site, Visit, apart
from .test_pages import violations

BRIEF = "/agreements/gaza-2025/brief/?as_of=2025-12-18"
OVERFLOWING = """() => [...document.querySelectorAll("main *")]
  .filter(one => !one.closest(".sr") && one.getBoundingClientRect().width > 1 && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).overflowX !== "visible").map(one => one.outerHTML.slice(0, 120))"""
PAPER = 695
"""The width in pixels between the margins of an A4 page."""


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_brief_fits_on_paper_and_nothing_of_it_is_cut_off(site: Site, visit: Visit) -> None:
    visitor = visit()
    assert visitor.go(BRIEF) == 200
    page = visitor.page
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert not page.is_visible("nav")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) <= 3
    text = squeezed(" ".join(leaf.extract_text() for leaf in printed.pages))
    agreement = apart(lambda: site.duty("disarm").agreement)
    titles = apart(lambda: [row.obligation.title for row in board(agreement, Vantage.now()).rows])
    assert [title for title in titles if squeezed(title) not in text] == []
    for end in ("What is disputed", "Sources", "Cite this page", "as_of=2025-12-18&known_on="):
        assert squeezed(end) in text


def test_a_correction_is_proposed_without_script(site: Site, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.go("/agreements/gaza-2025/obligations/aid/?as_of=2025-12-18")
    page.click("text=Propose a correction")
    page.fill("textarea[name=wrong]", "The figure is of another day.")
    page.fill("input[name=source]", "nowhere")
    page.click("main button[type=submit]")
    assert page.input_value("textarea[name=wrong]") == "The figure is of another day."
    page.fill("input[name=source]", "")
    page.click("main button[type=submit]")
    assert "waits for an answer" in page.inner_text("h1")
    (made,) = apart(lambda: list(Suggestion.objects.all()))
    assert page.url.endswith(f"/suggest/{made.pk}/")


def test_the_form_has_no_fault(visit: Visit) -> None:
    visitor = visit()
    for width, scheme in ((1280, "light"), (390, "dark")):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in (
            "/suggest/",
            "/suggest/?about=/agreements/gaza-2025/",
            "/ar/suggest/?about=/ar/agreements/gaza-2025/",
        ):
            assert visitor.go(path) == 200
            assert violations(visitor) == []
