import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tracker.models import Person

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("demo_people", stdout=out)
    return out.getvalue()


def test_people_are_made_once_and_their_passwords_work(settings: Settings) -> None:
    settings.DEBUG = True
    said = run()
    passwords = dict(re.findall(r"^  (\S+) +(\S+)$", said, re.MULTILINE))
    people = {person.username: person for person in Person.objects.all()}
    assert set(passwords) == set(people) == {"administrator", "reviewer", "researcher-1", "researcher-2"}
    assert all(person.check_password(passwords[name]) for name, person in people.items())
    assert [people[name].role for name in sorted(people)] == ["Administrator", "Researcher", "Researcher", "Reviewer"]
    assert all(person.is_staff and not person.is_superuser and person.byline for person in people.values())

    again = run()
    assert not re.search(r"^  \S", again, re.MULTILINE)
    assert "changepassword" in again
    assert people["reviewer"].password == Person.objects.get(username="reviewer").password


def test_whoever_was_erased_comes_back_alone(settings: Settings) -> None:
    settings.DEBUG = True
    run()
    Person.objects.get(username="reviewer").erase()
    assert re.findall(r"^  (\S+) ", run(), re.MULTILINE) == ["reviewer"]


def test_a_real_site_gets_no_demo_people() -> None:
    with pytest.raises(CommandError, match="createsuperuser"):
        run()
    assert not Person.objects.exists()
