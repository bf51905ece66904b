"""From a pasted article to published events in a real browser: counted, by keyboard alone, without a script."""

import hashlib
import re
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tracker.codebook import Review
from tracker.models import Agreement, Article, Copy, Event, Measure, Obligation, Outlet, Party, Phase, Report

from .conftest import Site, Visit, apart
from .test_pages import violations

AT_MOST = 40

numbers = count(1)

# Invented, as is everything it reports. Real offices and people are in it because the case knows them.
ARTICLE = """\
Envoy Steve Witkoff will sit down on Tuesday in Geneva with ministers from Qatar, Egypt and Turkey to agree on the \
next step of the Gaza truce, an Egyptian diplomat told The Lake Herald, bearing out a report by Axios.

Qatari Prime Minister Mohammed bin Abdulrahman Al Thani, Turkish Foreign Minister Hakan Fidan and Egyptian Foreign \
Minister Badr Abdelatty are expected at the meeting.

Benjamin Netanyahu is due to meet Donald Trump in Washington next Friday.

Israel killed Qassam commander Izz al-Din al-Haddad in an air strike in Khan Younis on Saturday. Hamas said on Sunday \
that the strike broke the ceasefire.

Subscribe to the Lake Herald newsletter
Sign up for our daily briefing and never miss a story.

Hamas handed over the remains of two hostages to the Red Cross in Gaza City on Monday, the Israeli military said.

Israeli forces withdrew from two positions east of Rafah yesterday, according to a UN official.

Some 420 trucks with aid entered Gaza through Kerem Shalom on Wednesday, COGAT said.

Khalil al-Hayya said yesterday that Hamas would not give up its weapons. Mediator Omar Selim of the Harbour Group \
called that a mistake.

The plan also provides for an international force and for rebuilding, which have not begun.

Already a member? Sign in
"""


def empty_agreement() -> Agreement:
    """The Gaza case's parties, phases and obligations under a new agreement of which nothing is reported yet."""
    known = Agreement.objects.get(slug="gaza-2025")
    made = Agreement.objects.create(
        slug=f"quiet-{next(numbers)}",
        title="A truce of which nothing is reported yet",
        signed_on=known.signed_on,
        effective_on=known.effective_on,
        review=Review.REQUIRED,
    )
    for phase in known.phases.all():
        copy = Phase.objects.create(agreement=made, ordinal=phase.ordinal, title=phase.title)
        for duty in phase.obligations.all():
            again = Obligation.objects.create(
                agreement=made,
                phase=copy,
                code=duty.code,
                title=duty.title,
                category=duty.category,
                nature=duty.nature,
                agreed_on=duty.agreed_on,
            )
            again.obligors.set(duty.obligors.all())
    duty = made.obligations.get(code="aid")
    Measure.objects.create(obligation=duty, code="trucks", label="Trucks", unit="trucks", kind="per_day")
    for party in known.parties.all():
        Party.objects.create(agreement=made, actor=party.actor, role=party.role)
    return made


@pytest.fixture
def agreement(site: Site) -> Agreement:
    return apart(empty_agreement)


@dataclass
class Hand:
    """A researcher's hand, every move of which counts: a click, a field filled in, a choice, a key."""

    page: Page
    moves: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.moves += 1

    def fill(self, what: Locator, words: str) -> None:
        what.fill(words)
        self.moves += 1

    def choose(self, what: Locator, option: str) -> None:
        what.select_option(option)
        self.moves += 1


def bring_in(page: Page, hand: Hand, site: Site, agreement: Agreement) -> str:
    """Pastes the article at the intake; the path of its reading desk."""
    page.goto(f"{site.url}/desk/intake/?agreement={agreement.slug}")
    hand.fill(page.get_by_label("Or paste its text"), ARTICLE)
    hand.click(page.get_by_role("button", name="Bring it in"))
    hand.fill(page.get_by_label("Address"), f"https://lake-herald.example/{agreement.slug}")
    hand.fill(page.get_by_label("Title", exact=True), "Envoys to meet in Geneva")
    hand.fill(page.get_by_label("Outlet", exact=True), "The Lake Herald")
    hand.fill(page.get_by_label("Published on"), "2025-12-04")
    hand.click(page.get_by_role("button", name="Save and read"))
    page.wait_for_url("**/desk/articles/**")
    return urlsplit(page.url).path


def kept(agreement: Agreement) -> str:
    """The same without the intake, for tests of the reading alone; the address of its reading desk."""

    def keep() -> str:
        found, made = Article.objects.get_or_create(
            url=f"https://lake-herald.example/{agreement.slug}",
            defaults={
                "title": "Envoys to meet in Geneva",
                "outlet": Outlet.named("The Lake Herald"),
                "published_on": "2025-12-04",
            },
        )
        if made:
            Copy.objects.create(
                article=found,
                origin="pasted",
                media_type="text/plain",
                sha256=hashlib.sha256(ARTICLE.encode()).hexdigest(),
                size=len(ARTICLE),
                text=ARTICLE,
            )
        return f"/desk/articles/{found.pk}/?agreement={agreement.slug}"

    return apart(keep)


def number(page: Page, beginning: str) -> Locator:
    """The number of the sentence that begins so."""
    words = page.locator(".words", has_text=re.compile(rf"^{re.escape(beginning)}"))
    return page.locator(".sentence").filter(has=words).locator("a.no")


def events(agreement: Agreement) -> list[Event]:
    return apart(lambda: list(Event.objects.filter(agreement=agreement).order_by("date", "title")))


def quotes_of(event: Event) -> list[str]:
    return apart(lambda: list(Report.objects.filter(event=event).values_list("quote", flat=True)))


def test_an_article_becomes_published_events_in_few_moves(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    page = visitor.page
    hand = Hand(page)
    path = bring_in(page, hand, site, agreement)
    assert not any("Subscribe" in words for words in page.locator(".offers").all_inner_texts())

    hand.click(page.get_by_role("link", name=re.compile("Begin with")))
    while True:
        expect(page.locator(".panel-head")).to_be_visible()
        heading = page.locator(".panel-title").inner_text()
        hand.click(page.locator(".panel-head").get_by_role("button", name="Save"))
        expect(page.locator(".panel-title")).not_to_have_text(heading)
        following = page.locator("#next-offer")
        if not following.count():
            break
        hand.click(following)
        expect(page.locator(".passage-form")).to_be_visible()
    made = events(agreement)
    assert len(made) >= 7
    expect(page.locator("#set")).to_contain_text(f"{len(made)} events")
    hand.click(page.locator("#set").get_by_role("button", name="Hand in for review"))
    page.wait_for_url("**/desk/proposals/**")
    assert hand.moves < AT_MOST

    anyone = visit()
    assert anyone.go(made[0].get_absolute_url()) == 404

    judge = visit("reviewer-1")
    judge.go(urlsplit(page.url).path)
    judge.page.get_by_role("button", name="Publish all of it").click()
    expect(judge.page.locator(".messages")).to_contain_text("Published")

    for event in made:
        quotes = quotes_of(event)
        assert anyone.go(event.get_absolute_url()) == 200
        shown = " ".join(anyone.page.locator("main").inner_text().split())
        for quote in quotes:
            assert quote
            assert " ".join(quote.split()) in shown
    # What was no report backs nothing.
    quoted = apart(
        lambda: list(Report.objects.filter(article__url__contains="lake-herald").values_list("quote", flat=True))
    )
    assert not any("newsletter" in quote or "briefing" in quote for quote in quoted)
    visitor.go(path)
    expect(visitor.page.locator(".no-used").nth(1)).to_be_visible()


def test_one_event_by_keyboard_alone(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    press = page.keyboard.press
    before = len(events(agreement))

    def tab_to(selector: str) -> None:
        for _ in range(120):
            press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", selector):
                return
        raise AssertionError(f"The keyboard never reaches {selector}.")

    tab_to("a.no")
    # From number to number, and to the next one with a suggestion.
    press("ArrowDown")
    press("ArrowUp")
    press("n")
    assert page.evaluate("document.activeElement.matches('.no-offer')")
    press("Enter")
    visitor.expect_focus("Sentence")
    tab_to("textarea[name='quote']")
    tab_to("[name='event-title']")
    press("ControlOrMeta+a")
    page.keyboard.type("A title typed without a mouse")
    tab_to(".form-end .button")
    press("Enter")
    expect(page.locator(".panel-title")).to_contain_text("In your set")
    assert len(events(agreement)) == before + 1
    assert "A title typed without a mouse" in [event.title for event in events(agreement)]
    visitor.expect_focus("next-offer")
    press("Enter")
    expect(page.locator(".passage-form")).to_be_visible()


def test_two_sentences_are_taken_in_with_shift(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Israel killed").focus()
    page.keyboard.down("Shift")
    page.keyboard.press("ArrowDown")
    page.keyboard.up("Shift")
    expect(page.locator(".panel-title")).to_contain_text("2 sentences")
    expect(page.locator(".sentence.chosen")).to_have_count(2)


def test_words_selected_with_the_mouse_are_the_quote(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    words = "an air strike in Khan Younis"
    line = page.locator(".sentence", has_text="Israel killed").locator(".words")
    line.scroll_into_view_if_needed()
    box = line.evaluate(
        """(node, words) => {
          const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
          for (let text; (text = walk.nextNode());) {
            const at = text.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + words.length);
            const boxes = range.getClientRects();
            const [first, last] = [boxes[0], boxes[boxes.length - 1]];
            return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
          }
        }""",
        words,
    )
    page.mouse.move(box[0] + 1, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 1, box[3], steps=8)
    page.mouse.up()
    expect(page.get_by_label("Quote", exact=True)).to_have_value(words)
    # A word less at the end, then one more again.
    page.get_by_role("button", name="The quote ends a word earlier").click()
    expect(page.get_by_label("Quote", exact=True)).to_have_value("an air strike in Khan")
    page.get_by_role("button", name="The quote ends a word later").click()
    expect(page.get_by_label("Quote", exact=True)).to_have_value(words)


def test_a_click_on_a_sentence_opens_it(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    visitor.page.locator(".sentence", has_text="Some 420 trucks").locator(".words").click()
    expect(visitor.page.locator(".sentence.chosen")).to_contain_text("Some 420 trucks")
    assert "at=" in visitor.page.url


def test_one_event_without_a_script(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-2", java_script_enabled=False)
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Benjamin Netanyahu is due").click()
    page.get_by_label("What happened").fill("A title sent without a script")
    page.get_by_role("button", name="The quote ends a word earlier").click()
    assert page.get_by_label("What happened").input_value() == "A title sent without a script"
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".panel-title")).to_contain_text("In your set")
    assert "A title sent without a script" in [event.title for event in events(agreement)]
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator(".messages")).to_contain_text("Taken out of your set")
    assert "A title sent without a script" not in [event.title for event in events(agreement)]


def test_what_is_wrong_is_focused_and_a_mend_from_the_panel_saves(
    site: Site, visit: Visit, agreement: Agreement
) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Benjamin Netanyahu is due").click()
    page.get_by_label("What happened").fill("")
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".panel")).to_contain_text("Say what happened.")
    page.wait_for_function("() => document.activeElement.name === 'event-title'")
    page.get_by_label("What happened").fill("Two heads of government meet")
    page.keyboard.press("Tab")
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".panel-title")).to_contain_text("In your set")
    expect(page.locator("#set")).to_contain_text("1 event")


def test_more_rows_and_a_new_actor_keep_the_keyboard_in_the_form(
    site: Site, visit: Visit, agreement: Agreement
) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Mediator Omar Selim").click()
    expect(page.locator(".passage-form")).to_be_visible()
    rows = page.locator("[name^='cast-'][name$='-actor']").count()
    page.get_by_role("button", name="More rows for those involved").click()
    page.wait_for_function("name => document.activeElement.name === name", arg=f"cast-{rows}-actor")
    page.get_by_text(re.compile("^Not on record:")).click()
    page.get_by_label("Name", exact=True).fill(f"Omar Selim of {agreement.slug}")
    page.locator("[name='actor-kind']").select_option("person")
    page.get_by_role("button", name="Add this actor").click()
    visitor.expect_focus(f"Omar Selim of {agreement.slug} is on record now")
    chosen = page.locator("[name^='cast-'][name$='-actor'] option:checked").all_inner_texts()
    assert f"Omar Selim of {agreement.slug}" in chosen


def test_a_status_is_changed_from_the_panel(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Israeli forces withdrew").click()
    expect(page.locator(".passage-form")).to_be_visible()
    page.locator("[name='effect-0-obligation']").select_option(label="Israel pulls back to the agreed (yellow) line")
    page.locator("[name='effect-0-effect']").select_option("advances")
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    touched = page.locator(".touched")
    expect(touched).to_contain_text("Israel pulls back")
    touched.get_by_role("link", name=re.compile("^Change the status")).first.click()
    form = touched.locator("form.form")
    expect(form).to_be_visible()
    assert form.locator("input[name='evidence']:checked").count() == 1


def test_a_session_that_ran_out_costs_no_word(site: Site, visit: Visit, agreement: Agreement) -> None:
    visitor = visit("researcher-1")
    visitor.go(kept(agreement))
    page = visitor.page
    number(page, "Benjamin Netanyahu is due").click()
    page.get_by_label("What happened").fill("Words that took an hour.")
    site.end_all_sessions()
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".form-signin")).to_contain_text("You are signed out")
    assert page.get_by_label("What happened").input_value() == "Words that took an hour."
    visitor.sign_in("researcher-1")
    expect(page.locator(".form-signin")).to_contain_text("You are signed in again", timeout=10_000)
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".panel-title")).to_contain_text("In your set")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_axe_finds(site: Site, visit: Visit, agreement: Agreement, width: int, scheme: str) -> None:
    visitor = visit("researcher-1", width=width, color_scheme=scheme)
    address = kept(agreement)
    visitor.go(address)
    page = visitor.page
    problems = violations(visitor)
    number(page, "Khalil al-Hayya said").click()
    expect(page.locator(".passage-form")).to_be_visible()
    problems += violations(visitor)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".panel-head").get_by_role("button", name="Save").click()
    expect(page.locator(".panel-title")).to_contain_text("In your set")
    problems += violations(visitor)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator(".panel-title")).to_contain_text("Taken out")
    visitor.go(address.replace("/?", "/figures/?"))
    page.get_by_label("The table").fill("Day\tTrucks\n2025-12-01\t420\n")
    page.get_by_role("button", name="Read the table").click()
    expect(page.locator("#preview")).to_be_visible()
    problems += violations(visitor)
    assert not problems
