import pytest
from django.contrib.auth.models import Group

from tests import people
from tracker.models import RESEARCHERS, REVIEWERS, Person

pytestmark = pytest.mark.django_db


def test_people_of_each_role() -> None:
    assert people.researcher().role == "Researcher"
    assert people.reviewer().role == "Reviewer"
    assert people.administrator().role == "Administrator"
    assert people.reader().role == "Reader"
    assert people.researcher() == people.researcher() != people.second_researcher()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [1, 2])
def test_roles_outlive_a_flush(again: int) -> None:
    assert Group.objects.count() == 3
    assert people.researcher().has_perm("tracker.assess")


def test_roles_decide_who_enters_the_admin() -> None:
    person = people.reader()
    assert not person.is_staff
    person.give_roles([RESEARCHERS, REVIEWERS])
    assert Person.objects.filter(is_staff=True).get().role == "Reviewer"
    person.give_roles([])
    assert not Person.objects.filter(is_staff=True).exists()
    assert person.role == "Reader"


def test_an_unknown_role_is_refused() -> None:
    person = people.researcher()
    with pytest.raises(LookupError, match="No such role: Emperor"):
        person.give_roles([RESEARCHERS, "Emperor"])
    assert person.role == "Researcher"
