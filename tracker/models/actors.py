"""Who acts and who speaks, shared by all agreements."""

from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from tracker.codebook import ActorKind

from .base import Mergeable, Record, RecordQuerySet, slug_constraint, validate_slug, values_constraint, versioned


class ActorQuerySet(RecordQuerySet["Actor"]):
    pass


ActorManager = models.Manager.from_queryset(ActorQuerySet)


class StandingActors(ActorManager["Actor"]):
    def get_queryset(self) -> ActorQuerySet:
        return ActorQuerySet(self.model, using=self._db).filter(merged_into__isnull=True)


@versioned("ActorVersion")
class Actor(Mergeable, Record):
    """A state, body, group or person. Its topmost parent decides whether two reports are independent."""

    slug = models.SlugField(
        max_length=80,
        unique=True,
        validators=[validate_slug],
        help_text="Part of the actor's address; keep it for ever.",
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=ActorKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="Whom this actor belongs to or speaks for. Both count as one voice.",
    )
    root = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="voices",
        help_text="The topmost parent, kept by the database.",
    )
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="Other spellings.")

    objects = StandingActors()
    with_merged = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        constraints = [
            slug_constraint("slug", "actor_slug_shape"),
            values_constraint("kind", ActorKind, "actor_kind_known"),
            # A chain of parents has to end somewhere; longer cycles are refused by the trigger below.
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="actor_not_own_parent",
                violation_error_message="An actor cannot be its own parent.",
            ),
        ]
        triggers = [
            # Follows parents up to the top for every row whose answer changed. A cycle never reaches a top and is
            # refused: the statement then leaves a row without a root.
            pgtrigger.Trigger(
                name="actor_root",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                func="""
                    WITH RECURSIVE up(id, root) AS (
                        SELECT id, id FROM tracker_actor WHERE parent_id IS NULL
                        UNION
                        SELECT child.id, up.root FROM tracker_actor child JOIN up ON child.parent_id = up.id
                    )
                    UPDATE tracker_actor actor SET root_id = up.root
                    FROM up WHERE up.id = actor.id AND actor.root_id IS DISTINCT FROM up.root;
                    IF EXISTS (
                        WITH RECURSIVE up(id) AS (
                            SELECT id FROM tracker_actor WHERE parent_id IS NULL
                            UNION
                            SELECT child.id FROM tracker_actor child JOIN up ON child.parent_id = up.id
                        )
                        SELECT 1 FROM tracker_actor WHERE id NOT IN (SELECT id FROM up)
                    ) THEN
                        RAISE EXCEPTION 'The parents of an actor form a cycle.'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("actor", args=[self.slug])


def root_of(actor: Actor) -> UUID:
    """The topmost actor as whom somebody owes, insists or speaks."""
    return actor.root_id or actor.pk
