"""Changes that one person brings and another publishes: as one set, with what was said about it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.codebook import ProposalStage

from .agreements import Agreement
from .base import Record, Recorded, RecordQuerySet, values_constraint
from .evidence import Article


class ProposalQuerySet(RecordQuerySet["Proposal"]):
    def waiting(self) -> "ProposalQuerySet":
        return self.filter(stage=ProposalStage.IN_REVIEW)

    def open_by(self, person: Any) -> "ProposalQuerySet":
        """What the person has not handed in yet, or got back."""
        return self.filter(author=person, stage__in=[ProposalStage.DRAFT, ProposalStage.SENT_BACK])


class Proposal(Record):
    """What one person wants to add at a stroke, mostly from one article: events, reports, figures, statuses.

    Its rows carry it as ``proposal``; none of them is public before it is published.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="proposals")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="proposals")
    stage = models.CharField(max_length=10, choices=ProposalStage, default=ProposalStage.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    byline = models.CharField(max_length=80, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reviewed_proposals"
    )
    reviewer_byline = models.CharField(max_length=80, blank=True)
    handed_in_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False, help_text="When it was published or sent back last.")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            values_constraint("stage", ProposalStage, "proposal_stage_known"),
            # Whoever reads an article again goes on with the set that is open; nobody has two of one article.
            models.UniqueConstraint(
                fields=["agreement", "article", "author"],
                condition=Q(stage__in=[ProposalStage.DRAFT, ProposalStage.SENT_BACK]),
                name="proposal_open_once",
            ),
        ]
        # Serves the queue of what waits, oldest first.
        indexes = [models.Index(fields=["stage", "handed_in_at"], name="proposal_waiting")]

    def __str__(self) -> str:
        return str(self.article) if self.article else f"Proposal by {self.byline}"

    def get_absolute_url(self) -> str:
        return f"/desk/proposals/{self.pk}/"


class Remark(Recorded):
    """What author and reviewer wrote to each other about a proposal."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="remarks")
    text = models.TextField()
    byline = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="remarks")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
