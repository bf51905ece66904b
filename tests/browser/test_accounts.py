"""Signing in and the pages about accounts, with and without a script."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests import people
from tests.accounts.test_signing_in import current_code
from tracker.models import Person

from .conftest import Visit, apart, fill_in_sign_in
from .test_pages import examine, violations


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_about_accounts_have_no_fault(visit: Visit, width: int, scheme: str) -> None:
    visitor = visit(width=width, color_scheme=scheme)
    outside = ("login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/", "inactive/")
    assert examine(visitor, {name: f"/accounts/{name}" for name in outside}) == {}
    visitor.go("/accounts/login/")
    visitor.page.fill("input[name=login]", "researcher-1")
    visitor.page.fill("input[name=password]", "wrong")
    visitor.page.click("main form button[type=submit]")
    assert violations(visitor) == []
    visitor = visit("reviewer-1", width=width, color_scheme=scheme)
    inside = ("", "password/change/", "2fa/", "logout/", "reauthenticate/")
    assert examine(visitor, {name or "account": f"/accounts/{name}" for name in inside}) == {}


def test_the_whole_way_in_without_a_script(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.go("/desk/")
    assert "/accounts/login/?next=" in page.url
    fill_in_sign_in(page, "researcher-1")
    assert page.url.endswith("/desk/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in for researchers")).to_be_visible()


def test_a_second_factor_with_its_picture(visit: Visit) -> None:
    visitor = visit("researcher-2", color_scheme="dark")
    page = visitor.page
    visitor.go("/accounts/2fa/totp/activate/")
    page.fill("input[name=password]", people.PASSWORD)
    page.get_by_role("button", name="Go on").click()
    picture = page.locator("img[alt^='QR code']")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth > 0")
    visitor.check()
    page.fill("input[name=code]", current_code(page.locator("dd.num").inner_text()))
    page.get_by_role("button", name="Use it from now on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    visitor.check()
    person = apart(lambda: Person.objects.get(username="researcher-2"))
    apart(lambda: Authenticator.objects.filter(user=person).delete())


def test_guessing_ends_on_a_page_that_says_so(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/accounts/login/")
    for _ in range(6):
        page.fill("input[name=login]", "administrator-1")
        page.fill("input[name=password]", "a wrong guess")
        page.click("main form button[type=submit]")
    expect(page.locator(".form-errors")).to_contain_text("Too many attempts")
    visitor.problems = [problem for problem in visitor.problems if "status of 429" not in problem]
