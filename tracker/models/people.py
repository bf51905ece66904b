"""Those who work on the record. The public sees a byline, never an account."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast
from pghistory.models import Context

RESEARCHERS, REVIEWERS, ADMINISTRATORS = "Researcher", "Reviewer", "Administrator"
ROLES = (ADMINISTRATORS, REVIEWERS, RESEARCHERS)


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
            ("regroup", "Can merge and split records"),
            ("lead_rounds", "Can open coding rounds and close them early"),
            ("forget_senders", "Can erase who proposed a correction"),
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
        for name in ROLES:
            if name in names:
                return name
        return ADMINISTRATORS if self.is_superuser else "Reader"

    def give_roles(self, names: Iterable[str]) -> None:
        """Puts the person into exactly the groups of these names.

        Whoever has one of the three roles works in the admin, so their ``is_staff`` follows from it; nobody sets it
        by hand. Raises LookupError for a name without a group.
        """
        wanted = set(names)
        with transaction.atomic():
            groups = list(Group.objects.filter(name__in=wanted))
            missing = wanted - {group.name for group in groups}
            if missing:
                raise LookupError(f"No such role: {', '.join(sorted(missing))}")
            self.groups.set(groups)
            # A prefetched list of groups would go on telling the former role.
            getattr(self, "_prefetched_objects_cache", {}).pop("groups", None)
            self.is_staff = self.is_superuser or bool(wanted.intersection(ROLES))
            self.save(update_fields=["is_staff"])

    def erase(self) -> None:
        """Deletes the account with everything personal in it. The record keeps the bylines it was signed with.

        E-mail addresses, second factors and the admin's log of this person's work go with the account by their
        foreign keys. Sessions name their person only inside, and versions of rows in their context: both are looked
        for here.
        """
        with transaction.atomic():
            for session in Session.objects.iterator():
                if session.get_decoded().get("_auth_user_id") == str(self.pk):
                    session.delete()
            Context.objects.filter(metadata__user=self.pk).update(metadata=without(F("metadata"), "user"))
            self.delete()


def without(document: F, key: str) -> Func:
    """A JSON document less one of its keys, in SQL."""
    name = Cast(Value(key), TextField())
    return Func(document, name, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
