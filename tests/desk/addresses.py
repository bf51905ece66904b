"""Every address under /desk/, filled in with something that is there."""

from typing import Any

from tests import factories, people
from tracker.codebook import CodingKind, CopyOrigin, ProposalStage, Rhythm, Stage
from tracker.desk.urls import urlpatterns
from tracker.models import Bulletin, Candidate, Copy, Feed, Look, Obligation, Proposal, Report, Round, Suggestion
from tracker.models.merging import merge

from .base import DAY, Scene


def addresses(scene: Scene) -> list[str]:
    """A new address in urls.py for which nothing is made here fails the test that asks."""
    record = factories.assessed(scene.duty, DAY, evidence=[scene.event], by=people.second_researcher())
    (report,) = scene.event.reports.all()
    _copy(scene, article=report.article)
    figure = factories.observation(factories.measure(scene.duty), scene.event, 20)
    values: dict[str, Any] = {
        "queues": "overdue",
        "obligations": scene.duty.pk,
        "assessments": record.pk,
        "events": scene.event.pk,
        "reports": report.pk,
        "observations": figure.pk,
        "changes": ("status", record.pk),
        "intake": _copy(scene).pk,
        "articles": report.article.pk,
        "inbox": _candidate().pk,
        "feeds": Feed.objects.get().pk,
        "bulletins": _bulletin(scene).pk,
        "looks": Look.objects.get().pk,
        "merge": ("actors", factories.actor().pk),
        "split": ("actors", factories.actor().pk),
        "regroupings": merge(factories.actor(), factories.actor(), by=people.reviewer(), reason="The same.").pk,
        "rounds": _round(scene),
        "proposals": _proposal(scene),
        "suggestions": Suggestion.send(about=scene.agreement.get_absolute_url(), title="A page", wrong="A slip.").pk,
    }
    found = []
    for pattern in urlpatterns:
        parts = str(pattern.pattern).split("/")
        filled = values.get(parts[0], ())
        given = [str(value) for value in (filled if isinstance(filled, tuple) else (filled,))]
        if parts[0] == "agreements":
            given = [scene.agreement.slug]
        parts = [given.pop(0) if part.startswith("<") else part for part in parts]
        asked = f"?agreement={scene.agreement.slug}&at=0-6" if "passage" in parts else ""
        found.append(f"/desk/{'/'.join(parts)}{asked}")
    return found


def _copy(scene: Scene, **fields: Any) -> Copy:
    """Brought in, and not described yet unless an article is given."""
    return Copy.objects.create(
        **fields,
        agreement=scene.agreement,
        origin=CopyOrigin.PASTED,
        media_type="text/plain",
        sha256="a" * 64,
        size=3,
        text="Envoys meet by the lake.",
        author=people.researcher(),
    )


def _candidate() -> Candidate:
    feed = Feed.objects.create(title="The Lake Herald", url="https://herald.example/feed")
    return Candidate.objects.create(feed=feed, url="https://herald.example/1", title="Envoys meet")


def _bulletin(scene: Scene) -> Bulletin:
    made = Bulletin.objects.create(agreement=scene.agreement, title="Weekly report", rhythm=Rhythm.WEEKLY, first_on=DAY)
    Look.objects.create(bulletin=made, date=DAY, author=people.researcher())
    return made


def _round(scene: Scene) -> tuple[Any, int]:
    """Open, over a duty of its own: what is coded is locked."""
    duty: Obligation = factories.obligation(scene.agreement, "coded-twice")
    made = Round.open_(
        scene.agreement,
        title="Two of us",
        kind=CodingKind.STATUS,
        as_of=DAY,
        pairs=[(duty, None)],
        coders=[people.researcher(), people.reviewer()],
        by=people.administrator(),
    )
    return made.pk, made.items.get().pk


def _proposal(scene: Scene) -> tuple[Any, str, Any]:
    """Handed in by a colleague, with one report."""
    made = Proposal.objects.create(
        agreement=scene.agreement, author=people.researcher(), stage=ProposalStage.IN_REVIEW, handed_in_at=DAY_START
    )
    told = factories.report(scene.event)
    Report.objects.filter(pk=told.pk).update(proposal=made, stage=Stage.IN_REVIEW)
    return made.pk, "report", told.pk


DAY_START = factories.moment(DAY.isoformat())
