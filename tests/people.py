"""People to test with: one function for each role. Asked for again, they give the same person again."""

from tracker.models import ADMINISTRATORS, RESEARCHERS, REVIEWERS, Person

PASSWORD = "a-long-password-for-tests"


def person(username: str, byline: str, *roles: str) -> Person:
    """Somebody with these roles, an address at example.org and PASSWORD."""
    found = Person.objects.filter(username=username).first()
    if found is None:
        found = Person.objects.create_user(username, f"{username}@example.org", PASSWORD, byline=byline)
        found.give_roles(roles)
    return found


def researcher() -> Person:
    return person("researcher-1", "Researcher 1", RESEARCHERS)


def second_researcher() -> Person:
    return person("researcher-2", "Researcher 2", RESEARCHERS)


def reviewer() -> Person:
    return person("reviewer-1", "Reviewer 1", REVIEWERS)


def administrator() -> Person:
    return person("administrator-1", "Administrator 1", ADMINISTRATORS)


def reader() -> Person:
    """Somebody with an account and no role."""
    return person("reader-1", "")
