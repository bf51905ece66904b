"""The core of the work in a real browser: open the form in its row, change a status, see it everywhere."""

import re

from playwright.sync_api import Page, expect

from tracker.models import RESEARCHERS

from .conftest import Site, Visit, Visitor, fill_in_sign_in

AGREEMENT = "/agreements/gaza-2025/"


def open_form(visitor: Visitor, code: str, path: str = AGREEMENT) -> Page:
    visitor.go(path)
    visitor.page.click(f"#change-{code}")
    expect(visitor.page.locator(f"#form-{code} form")).to_be_visible()
    return visitor.page


def fill(page: Page, *, level: str = "Minimal", reason: str = "Two sides report that it has begun.") -> None:
    page.get_by_label(level).check()
    page.get_by_label("Advancing").check()
    page.get_by_label("As agreed").check()
    page.get_by_label("Why", exact=True).fill(reason)


def tick_first_event(page: Page) -> None:
    page.locator(".checks input[type=checkbox]").first.check()


def save(page: Page) -> None:
    page.locator("form .button-main[type=submit]").click()


def counts(page: Page) -> str:
    return page.locator("#standfirst").inner_text() + page.locator("[id^=phase-][id$=-head]").all_inner_texts()[0]


def remember_page(page: Page) -> None:
    page.evaluate("window.stillTheSamePage = true")


def same_page(page: Page) -> bool:
    return bool(page.evaluate("window.stillTheSamePage === true"))


def test_a_status_changes_in_its_row_without_loading_a_page(site: Site, visit: Visit) -> None:
    code = "isf"
    visitor = visit("researcher-1")
    page = open_form(visitor, code)
    visitor.expect_focus("Change the status")
    remember_page(page)
    before = page.locator("#standfirst").inner_text()
    fill(page, level="Full", reason="The force has taken up its posts, two sides report.")

    page.get_by_label("Search this agreement's events").fill("force")
    expect(page.locator(".checks")).to_contain_text("orce")
    tick_first_event(page)
    page.get_by_label("Search this agreement's events").fill("no such words")
    expect(page.locator("[id^=found-]")).to_have_text("No other event has these words.")
    assert page.locator(".checks input:checked").count() == 1
    save(page)

    row = page.locator(f"#obligation-{code}")
    expect(row.locator(".status-word").first).to_have_text(re.compile("Fulfilled|Kept"))
    expect(page.locator("#live")).to_contain_text("Saved:")
    expect(page.locator(f"#form-{code} form")).to_have_count(0)
    assert page.locator("#standfirst").inner_text() != before
    expect(page.locator("#context")).to_contain_text("The force has taken up its posts")
    assert same_page(page)
    visitor.expect_focus(f"change-{code}")
    assert site.statuses(code)[-1].byline == "Researcher 1"

    anyone = visit()
    anyone.go(AGREEMENT)
    expect(anyone.page.locator(f"#obligation-{code} .status-word").first).to_have_text(re.compile("Fulfilled|Kept"))
    assert anyone.page.locator(".row-act").count() == 0


def test_an_article_and_its_event_are_added_in_the_same_form(site: Site, visit: Visit) -> None:
    code = "bop"
    visitor = visit("researcher-1")
    page = open_form(visitor, code)
    remember_page(page)
    fill(page)
    page.click(".fold > summary")
    page.get_by_label("Address").fill("https://news.example/board?utm_source=feed")
    page.get_by_label("Title", exact=True).fill("Board meets in Cairo")
    page.get_by_label("Outlet", exact=True).fill("The Nile Herald")
    page.get_by_label("What happened").fill("The board meets in Cairo")
    page.get_by_label("On", exact=True).fill("2026-08-03")
    page.get_by_label("Kind").select_option("meeting")
    page.get_by_label("What it means for this obligation").select_option("advances")
    page.get_by_label("Or in words").fill("A board member")
    page.get_by_label("Became true on").fill("2026-08-03")
    save(page)
    expect(page.locator("#live")).to_contain_text("Saved:")
    assert same_page(page)
    page.goto(site.url + AGREEMENT + "events/")
    expect(page.get_by_role("link", name="The board meets in Cairo").first).to_be_visible()


def test_on_the_obligations_page_the_history_is_put_back(site: Site, visit: Visit) -> None:
    code = "disarm"
    visitor = visit("researcher-1")
    page = open_form(visitor, code, f"{AGREEMENT}obligations/{code}/")
    remember_page(page)
    before = page.locator(".history-item").count()
    fill(page, reason="Handing over has begun in one district.")
    tick_first_event(page)
    save(page)
    expect(page.locator("#live")).to_contain_text("Saved:")
    expect(page.locator(".history-item")).to_have_count(before + 1)
    expect(page.locator("#status-now")).to_contain_text("Handing over has begun")
    assert same_page(page)
    visitor.expect_focus(f"change-{code}")

    # Mended from the same place, right after saving.
    page.locator("#live").get_by_role("link", name="Correct").click()
    expect(page.get_by_label("What was wrong")).to_be_visible()
    page.get_by_label("What was wrong").fill("It was two districts.")
    page.get_by_label("Why", exact=True).fill("Handing over has begun in two districts.")
    save(page)
    expect(page.locator("#status-now")).to_contain_text("two districts")
    page.locator("#live").get_by_role("link", name="Withdraw").click()
    page.get_by_label("Why it is withdrawn").fill("The report was taken back.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("#live")).to_contain_text("Withdrawn:")
    page.locator("#live").get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#live")).to_contain_text("Restored:")
    assert same_page(page)


def test_without_javascript_the_same_is_done_by_pages(site: Site, visit: Visit) -> None:
    code = "ncag"
    visitor = visit("researcher-1", java_script_enabled=False)
    page = visitor.page
    visitor.go(AGREEMENT)
    page.click(f"#change-{code}")
    fill(page, level="Intermediate", reason="Half of its members have been named.")
    page.get_by_label("Search this agreement's events").fill("committee")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_label("Why", exact=True).input_value() == "Half of its members have been named."
    tick_first_event(page)
    save(page)
    assert page.url == f"{site.url}{AGREEMENT}#obligation-{code}"
    expect(page.locator(".messages")).to_contain_text("Saved:")
    expect(page.locator(f"#obligation-{code} .status-word").first).to_have_text(
        re.compile("Under way|Partly kept|Overdue")
    )
    page.locator(".messages").get_by_role("link", name="Correct").click()
    expect(page.get_by_label("What was wrong")).to_be_visible()


def test_enter_in_the_search_searches_and_saves_nothing(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = open_form(visitor, "tunnels")
    remember_page(page)
    before = len(site.statuses("tunnels"))
    fill(page, reason="Not to be saved yet.")
    page.get_by_label("Search this agreement's events").fill("meeting")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.activeElement.name === 'q' && document.activeElement.hasAttribute('data-focus')"
    )
    assert page.get_by_label("Search this agreement's events").input_value() == "meeting"
    assert page.get_by_label("Why", exact=True).input_value() == "Not to be saved yet."
    assert page.get_by_label("Minimal").is_checked()
    assert same_page(page)
    assert len(site.statuses("tunnels")) == before


def test_what_is_wrong_is_said_and_focused(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = open_form(visitor, "tunnels")
    page.get_by_label("Why", exact=True).fill("Only half filled in.")
    save(page)
    expect(page.locator("#form-tunnels")).to_contain_text("Choose a level from 0 to 3.")
    page.wait_for_function("() => document.activeElement.name === 'level'")
    assert page.get_by_label("Why", exact=True).input_value() == "Only half filled in."


def test_two_windows_on_one_row_lose_nothing(site: Site, visit: Visit) -> None:
    code = "aid"
    mine, theirs = visit("researcher-1"), visit("researcher-2")
    page = open_form(mine, code)
    fill(page, reason="My own words about it.")
    tick_first_event(page)
    other = open_form(theirs, code)
    fill(other, level="Full", reason="What the other one found.")
    tick_first_event(other)
    save(other)
    expect(other.locator("#live")).to_contain_text("Saved:")

    save(page)
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("What the other one found.")
    expect(conflict).to_contain_text("My own words about it.")
    assert page.get_by_label("Why", exact=True).input_value() == "My own words about it."
    mine.expect_focus("Somebody else changed this")
    page.get_by_role("button", name="Save on top of theirs").click()
    expect(page.locator("#live")).to_contain_text("Saved:")
    assert [one.reason for one in site.statuses(code)][-2:] == ["What the other one found.", "My own words about it."]


def test_a_session_that_ran_out_costs_no_word(site: Site, visit: Visit) -> None:
    code = "rebuild"
    visitor = visit("researcher-1")
    page = open_form(visitor, code)
    remember_page(page)
    fill(page, reason="Words that took an hour.")
    with page.expect_response("**/evidence/**"):
        page.get_by_label("Search this agreement's events").fill("a")
    tick_first_event(page)
    if page.locator(".checks select").count():
        page.locator(".checks select").first.select_option("context")
    site.end_all_sessions()
    save(page)
    expect(page.locator(".form-signin")).to_contain_text("You are signed out")
    assert page.get_by_label("Why", exact=True).input_value() == "Words that took an hour."

    with visitor.context.expect_page() as opened:
        page.locator(".form-signin").get_by_role("link", name="Sign in").click()
    second = opened.value
    fill_in_sign_in(second, "researcher-1")
    expect(second.get_by_role("heading", name="You are signed in again")).to_be_visible()
    second.close()
    page.bring_to_front()
    expect(page.locator(".form-signin")).to_contain_text("You are signed in again")
    assert page.get_by_label("Why", exact=True).input_value() == "Words that took an hour."
    save(page)
    expect(page.locator("#live")).to_contain_text("Saved:")
    assert same_page(page)


def test_mending_after_the_session_ran_out_says_so(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    visitor.go(AGREEMENT)
    page = visitor.page
    page.click("#change-services")
    fill(page)
    tick_first_event(page)
    save(page)
    expect(page.locator("#live")).to_contain_text("Saved:")
    site.end_all_sessions()
    page.locator("#live").get_by_role("link", name="Correct").click()
    expect(page.locator("#live")).to_contain_text("You are signed out.")


def test_saving_at_once_after_signing_in_again_asks_only_to_press_once_more(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = open_form(visitor, "amnesty")
    fill(page, reason="Words that took an hour.")
    other = visitor.context.new_page()
    site.end_all_sessions()
    other.goto(f"{site.url}/accounts/login/")
    fill_in_sign_in(other, "researcher-1")
    other.wait_for_url("**/desk/")
    other.close()
    save(page)
    expect(page.locator(".form-signin")).to_contain_text("Save once more")
    assert page.get_by_label("Why", exact=True).input_value() == "Words that took an hour."


def test_without_javascript_the_form_comes_back_after_signing_in(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1", java_script_enabled=False)
    page = visitor.page
    visitor.go(AGREEMENT)
    page.click("#change-tunnels")
    fill(page, reason="Words that took an hour.")
    site.end_all_sessions()
    save(page)
    expect(page.locator(".messages")).to_contain_text("What you wrote is kept")
    fill_in_sign_in(page, "researcher-1")
    assert page.get_by_label("Why", exact=True).input_value() == "Words that took an hour."
    expect(page.locator(".form-signin")).to_contain_text("It is not saved yet.")


def test_a_reader_with_an_account_sees_no_form(site: Site, visit: Visit) -> None:
    visitor = visit("reader-1")
    visitor.go(AGREEMENT)
    assert visitor.page.locator(".row-act, .row-form").count() == 0
    assert visitor.go(f"/desk/obligations/{site.duty('tunnels').pk}/status/") == 403
    expect(visitor.page.locator("h1")).to_have_text("Not open to you")
    assert visitor.page.locator("textarea").count() == 0


def test_whoever_lost_the_role_meanwhile_is_told_and_keeps_the_row(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-2")
    page = open_form(visitor, "tunnels")
    fill(page, reason="Words that took an hour.")
    row = page.locator("#obligation-tunnels .row-main").inner_text()
    site.roles("researcher-2")
    try:
        save(page)
        expect(page.locator("#live")).to_contain_text("Your account may not change a status.")
        assert page.get_by_label("Why", exact=True).input_value() == "Words that took an hour."
        assert page.locator("#obligation-tunnels .row-main").inner_text() == row
    finally:
        site.roles("researcher-2", RESEARCHERS)


def test_with_review_a_proposal_waits_and_another_person_publishes_it(site: Site, visit: Visit) -> None:
    code = "rafah"
    site.review("required")
    try:
        visitor = visit("researcher-1")
        visitor.go("/desk/agreements/gaza-2025/")
        page = visitor.page
        page.click(f"#change-{code}")
        fill(page, reason="Two sides report the gates open.")
        tick_first_event(page)
        page.get_by_role("button", name="Propose for review").click()
        expect(page.locator("#live")).to_contain_text("Waiting for review")
        expect(page.locator(f"#obligation-{code}")).to_contain_text("Waiting for review")
        anyone = visit()
        anyone.go(f"{AGREEMENT}obligations/{code}/")
        assert "Two sides report the gates open." not in anyone.page.content()

        judge = visit("reviewer-1")
        judge.go("/desk/")
        judge.page.get_by_role("link", name="Waiting for your review").click()
        judge.page.locator(".entry-title a").first.click()
        judge.page.get_by_role("button", name="Publish").click()
        expect(judge.page.locator(".messages")).to_contain_text("Published:")
        anyone.page.reload()
        assert "Two sides report the gates open." in anyone.page.content()
    finally:
        site.review("none")


def test_back_shows_a_whole_page(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = open_form(visitor, "tunnels")
    page.locator("#obligation-tunnels .row-title a").click()
    page.wait_for_url("**/obligations/tunnels/")
    page.go_back()
    expect(page.locator("header.masthead")).to_be_visible()
    expect(page.locator("#obligation-tunnels")).to_be_visible()
    assert page.locator("html").count() == 1


def test_cancel_closes_the_form_and_gives_the_focus_back(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    page = open_form(visitor, "tunnels")
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#form-tunnels form")).to_have_count(0)
    visitor.expect_focus("change-tunnels")


def test_checked_nothing_new_freshens_the_row(site: Site, visit: Visit) -> None:
    visitor = visit("researcher-1")
    visitor.go(AGREEMENT)
    page = visitor.page
    page.click("#check-tunnels")
    page.get_by_label("Where").fill("Statements of both sides")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#obligation-tunnels .row-sources")).to_contain_text("checked today")
    visitor.expect_focus("check-tunnels")


def test_everything_works_from_the_keyboard(site: Site, visit: Visit) -> None:
    code = "monitor"
    visitor = visit("researcher-1")
    visitor.go(AGREEMENT)
    page = visitor.page
    press = page.keyboard.press
    page.locator(f"#change-{code}").focus()
    press("Enter")
    expect(page.locator(f"#form-{code} form")).to_be_visible()
    visitor.expect_focus("Change the status")

    def tab_to(name: str, value: str = "") -> None:
        for _ in range(80):
            press("Tab")
            at = page.evaluate("[document.activeElement.name || '', document.activeElement.value || '']")
            if at[0] == name and (not value or at[1] == value):
                return
        raise AssertionError(f"The keyboard never reaches {name}.")

    tab_to("level")
    press("Space")
    press("ArrowDown")
    tab_to("direction")
    press("ArrowDown")
    tab_to("conformity")
    press("ArrowDown")
    tab_to("reason")
    page.keyboard.type("Typed without a mouse.")
    tab_to("q")
    with page.expect_response("**/evidence/**"):
        page.keyboard.type("a")
    expect(page.locator(".checks.htmx-request")).to_have_count(0)
    tab_to("evidence")
    press("Space")
    if page.evaluate("!!document.activeElement.closest('div').querySelector('select')"):
        press("Tab")
        page.keyboard.type("Context")
    for _ in range(80):
        press("Tab")
        if page.evaluate("document.activeElement.matches('.button-main')"):
            break
    press("Enter")
    expect(page.locator("#live")).to_contain_text("Saved:")
    visitor.expect_focus(f"change-{code}")
