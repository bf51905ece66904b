"""People to sign in as on a machine of one's own."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tracker.models import ADMINISTRATORS, RESEARCHERS, REVIEWERS, Person

PEOPLE = [
    ("administrator", "Administrator", ADMINISTRATORS),
    ("reviewer", "Reviewer 1", REVIEWERS),
    ("researcher-1", "Researcher 1", RESEARCHERS),
    ("researcher-2", "Researcher 2", RESEARCHERS),
]


class Command(BaseCommand):
    help = "Makes one administrator, one reviewer and two researchers, and prints their passwords this once."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "This makes people for trying the tracker out, and only where TRACKER_DEBUG=1. "
                "The first administrator of a real installation: manage.py createsuperuser"
            )
        made, found = [], []
        with transaction.atomic():
            for username, byline, role in PEOPLE:
                if Person.objects.filter(username=username).exists():
                    found.append(username)
                    continue
                password = secrets.token_urlsafe(12)
                person = Person.objects.create_user(username, f"{username}@localhost", password, byline=byline)
                person.give_roles([role])
                made.append((username, password))
        if made:
            width = max(len(username) for username, _ in made)
            self.stdout.write("People to sign in as (their passwords are shown this once):")
            for username, password in made:
                self.stdout.write(f"  {username:{width}}  {password}")
        if found:
            self.stdout.write(f"People who are there already: {', '.join(found)}.")
            self.stdout.write("A lost password: TRACKER_DEBUG=1 .venv/bin/python manage.py changepassword NAME")
