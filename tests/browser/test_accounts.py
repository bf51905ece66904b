"""Signing in and the pages about accounts, with and without a script."""

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests import people
from tests.accounts.test_signing_in import current_code
from tracker.models import Person

from .conftest import Visit, apart, fill_in_sign_in


def test_pages_about_accounts_keep_to_the_content_policy(visit: Visit) -> None:
    visitor = visit()
    for address in ("login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/"):
        assert visitor.go(f"/accounts/{address}") == 200
        visitor.check()
    visitor = visit("reviewer-1", width=390)
    for address in ("", "password/change/", "2fa/", "logout/", "reauthenticate/"):
        assert visitor.go(f"/accounts/{address}") == 200
        visitor.check()


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
    visitor = visit("researcher-2")
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
