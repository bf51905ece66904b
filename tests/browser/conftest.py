"""A real browser on the real Gaza case.

The case is loaded once for each module, not for each test: its tests work on obligations of their own, and the tables
are emptied when the module is done. Whatever a page complains of (errors, breaches of the content policy) fails its
test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests import people
from tracker.models import Agreement, Assessment, Obligation, Person

CASE = "tracker/exchange/demo/gaza-2025.yaml"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A refusal is an answer that some tests ask for; the browser notes it as a failed request.
REFUSALS = ("status of 400", "status of 401", "status of 403", "status of 404", "status of 409", "status of 422")
POLICY_WATCH = """
window.policyBreaches = [];
document.addEventListener("securitypolicyviolation", (event) => window.policyBreaches.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    wanted = (os.environ.get("CHROMIUM", ""), *NAMES)
    found = next(filter(None, (shutil.which(name) for name in wanted if name)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: install it, or name it in the variable CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def apart[T](work: Callable[[], T]) -> T:
    """Does something with the database in a thread of its own.

    Playwright keeps an event loop in the tests' thread, and there Django would open connections that nobody closes.
    """

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@dataclass
class Site:
    """The running site with the Gaza case. Everything is committed, so the tests may look past it into the database."""

    url: str

    def duty(self, code: str) -> Obligation:
        return apart(lambda: Obligation.objects.select_related("agreement").get(code=code))

    def statuses(self, code: str) -> list[Assessment]:
        rows = Assessment.objects.filter(obligation__code=code).order_by("seen_version")
        return apart(lambda: list(rows))

    def review(self, value: str) -> None:
        apart(lambda: Agreement.objects.update(review=value))

    def roles(self, username: str, *roles: str) -> None:
        apart(lambda: Person.objects.get(username=username).give_roles(roles))

    def end_all_sessions(self) -> None:
        apart(lambda: Session.objects.all().delete())

    def session_of(self, username: str) -> str:
        """The cookie of somebody who has signed in."""

        def sign_in() -> str:
            client = Client()
            client.force_login(Person.objects.get(username=username))
            return client.cookies["sessionid"].value

        return apart(sign_in)


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, also where no collected test asks for it by a marker: then the plugin has made none."""
    with django_db_blocker.unblock():
        made = not connection.settings_dict["NAME"].startswith("test_")
        old = setup_databases(verbosity=0, interactive=False) if made else []
    yield
    with django_db_blocker.unblock():
        teardown_databases(old, verbosity=0)


def furnish() -> None:
    call_command("load_case", CASE, stdout=StringIO())
    for make in (people.researcher, people.second_researcher, people.reviewer, people.administrator, people.reader):
        make()


@pytest.fixture(scope="module")
def site(tables: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    # The server answers in threads of its own, so the database stays open to all of them.
    with django_db_blocker.unblock():
        apart(furnish)
        server = LiveServer("localhost")
        try:
            yield Site(server.url)
        finally:
            server.stop()
            apart(lambda: call_command("flush", verbosity=0, interactive=False, allow_cascade=True))


@dataclass
class Visitor:
    """One browser window with its own cookies. ``problems`` collects what its pages complain about."""

    site: Site
    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        return answer.status

    def sign_in(self, person: str) -> None:
        """Past the door, which lets only so many through in a minute; tests of the door itself fill in its form."""
        cookie = {"name": "sessionid", "value": self.site.session_of(person), "url": self.site.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of Playwright's shape

    def check(self) -> None:
        """Asks the page at hand for breaches of the content policy so far."""
        breaches: list[str] = self.page.evaluate("window.policyBreaches || []")
        self.problems += [f"{self.page.url}: {breach}" for breach in breaches if breach not in str(self.problems)]

    def expect_focus(self, what: str) -> None:
        """Waits until the element with this id has the focus, or one that starts with these words."""
        self.page.wait_for_function(
            "what => (at => at.id === what || at.innerText.trim().startsWith(what))(document.activeElement)",
            arg=what,
        )


def fill_in_sign_in(page: Page, person: str) -> None:
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", people.PASSWORD)
    page.click("main form button[type=submit]")


type Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    """Opens windows: ``visit()`` as a reader, ``visit("researcher-1", width=390)`` signed in, on a phone."""
    opened: list[Visitor] = []

    def open_window(person: str = "", *, width: int = 1280, **options: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.add_init_script(POLICY_WATCH)
        page = context.new_page()
        page.set_default_timeout(8000)
        visitor = Visitor(site, context, page)

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not any(one in message.text for one in REFUSALS):
                visitor.problems.append(f"{page.url}: {message.text}")

        page.on("console", heard)
        page.on("pageerror", lambda error: visitor.problems.append(f"{page.url}: {error}"))
        opened.append(visitor)
        if person:
            visitor.sign_in(person)
        return visitor

    yield open_window
    problems = []
    for visitor in opened:
        if not visitor.page.is_closed() and visitor.page.url.startswith("http"):
            visitor.check()
        problems += visitor.problems
        visitor.context.close()
    assert not problems
