"""Those who work on the record. The public sees a byline, never an account."""

from django.contrib.auth.models import AbstractUser
from django.db import models

RESEARCHERS, REVIEWERS, ADMINISTRATORS = "Researcher", "Reviewer", "Administrator"


class Person(AbstractUser):
    byline = models.CharField(
        max_length=80,
        blank=True,
        help_text="The public name or role under which this person's judgements appear, for instance 'Researcher 3'.",
    )

    class Meta:
        verbose_name_plural = "people"
        permissions = [
            ("assess", "Can propose a status, or record one where no review is needed"),
            ("publish", "Can publish a status that another person proposed"),
            ("retract", "Can withdraw a published status with a reason"),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """What readers see: the chosen byline, else the role; never the account's name."""
        return self.byline or self.role

    @property
    def role(self) -> str:
        names = {group.name for group in self.groups.all()}
        for name in (ADMINISTRATORS, REVIEWERS, RESEARCHERS):
            if name in names:
                return name
        return ADMINISTRATORS if self.is_superuser else "Reader"
