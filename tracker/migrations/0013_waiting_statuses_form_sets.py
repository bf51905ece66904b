"""Statuses that waited for review before there were sets of changes: each becomes a set of its own."""

from django.db import migrations
from django.utils import timezone


def form_sets(apps, schema_editor):
    get = lambda name: apps.get_model("tracker", name)  # noqa: E731
    Assessment, Event, Proposal = get("Assessment"), get("Event"), get("Proposal")  # noqa: N806  # classes
    waiting = Assessment.objects.filter(stage="in_review", proposal=None).select_related("obligation")
    for one in waiting.order_by("seen_version", "pk"):
        made = Proposal.objects.create(
            agreement_id=one.obligation.agreement_id,
            author_id=one.author_id,
            byline=one.byline,
            stage="in_review",
            handed_in_at=timezone.now(),
        )
        Assessment.objects.filter(pk=one.pk).update(proposal=made)
        rests_on = Event.objects.filter(evidence_for__assessment=one)
        # An event that several rest on goes with the first of them; the others come after it.
        fresh = list(rests_on.filter(stage="in_review", proposal=None).values_list("pk", flat=True))
        Event.objects.filter(pk__in=fresh).update(proposal=made)
        for name in ("Effect", "Report", "Observation"):
            get(name).objects.filter(event__in=fresh).update(proposal=made, stage="in_review")
        effects = get("Effect").objects.filter(event__in=rests_on, obligation=one.obligation_id, stage="in_review")
        effects.filter(proposal=None).update(proposal=made)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0012_a_confirmation_can_be_taken_back")]

    operations = [migrations.RunPython(form_sets, migrations.RunPython.noop)]
