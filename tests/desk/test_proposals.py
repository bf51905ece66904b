"""The page on which a set of changes is read, talked about and decided on."""

import hashlib
from typing import Any

import pytest

from tests import factories
from tests.people import person
from tracker.codebook import CopyOrigin, ProposalStage, Review, Stage
from tracker.models import Assessment, Copy, Effect, Event, Proposal, Report
from tracker.reading.anchors import selector

from .base import DAY, Scene, client, colleague, reader, researcher, reviewer, text

pytestmark = pytest.mark.django_db

TEXT = "A guard spoke. Buses carried “everybody who waited” over the bridge, he said. It rained."


@pytest.fixture
def scene() -> Scene:
    return Scene(review=Review.REQUIRED)


def bring(scene: Scene, *, hand_in: bool = True) -> Proposal:
    """A new event with a quote out of a kept text, a report of a public event, and a status."""
    by = researcher()
    article = factories.article(title="Buses over the bridge")
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    Copy.objects.create(
        article=article, origin=CopyOrigin.PASTED, media_type="text/plain", sha256=sha, size=len(TEXT), text=TEXT
    )
    proposal = Proposal.open_for(scene.agreement, article, by)
    inside: dict[str, Any] = {"proposal": proposal, "stage": Stage.DRAFT}
    start = TEXT.index("everybody")
    here = selector(TEXT, start, start + len("everybody who waited"))
    event = factories.event(scene.agreement, DAY, title="Buses cross", reports=[], **inside)
    factories.report(event, article, quote=here.exact, prefix=here.prefix, suffix=here.suffix, **inside)
    Effect.objects.create(event=event, obligation=scene.duty, effect="advances", **inside)
    factories.report(scene.event, article, originator_text="A guard", stance="denies", **inside)
    scene.duty.refresh_from_db()
    content = factories.judgement(evidence=[event], effective_on=DAY, reason="They crossed, a guard says.")
    Assessment.record(scene.duty, content, by=by, seen_version=scene.duty.version)
    if hand_in:
        proposal.hand_in(by)
    return proposal


def test_it_shows_the_new_beside_what_is_on_record(scene: Scene) -> None:
    factories.event(scene.agreement, DAY, title="Buses cross the river bridge", kind="statement", effects=[scene.duty])
    factories.assessed(scene.duty, DAY, 2, evidence=[scene.event], reason="What stood before.")
    proposal = bring(scene)
    page = text(client(reviewer()).get(proposal.get_absolute_url()))
    assert "Buses carried “<mark>everybody who waited</mark>” over the bridge, he said." in page
    assert "It rained" not in page
    assert "1 new event, 2 reports and 1 status" in page
    assert "A guard" in page
    assert scene.event.title in page
    assert "Perhaps on record already" in page
    assert "Buses cross the river bridge" in page
    assert "They crossed, a guard says." in page
    assert "What stood before." in page
    assert f'href="/desk/articles/{proposal.article_id}/?agreement=lakeside-2025"' in page


def test_a_reviewer_publishes_all_of_it(scene: Scene) -> None:
    proposal = bring(scene)
    seen = text(client(reviewer()).get(proposal.get_absolute_url()))
    assert f'action="{proposal.get_absolute_url()}publish/"' in seen
    proposal.refresh_from_db()
    assert proposal.handed_in_at is not None
    data = {"seen": proposal.handed_in_at.isoformat()}
    answer = client(reviewer()).post(f"{proposal.get_absolute_url()}publish/", data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    event = Event.objects.get(title="Buses cross")
    public = text(client().get(event.get_absolute_url()))
    assert "everybody who waited" in public
    assert "by Researcher 1, published by Reviewer 1" in " ".join(public.replace("</p>", " ").split())
    judged = text(client().get(Assessment.objects.get().get_absolute_url()))
    assert "Researcher 1" in judged
    assert "published by Reviewer 1" in judged
    assert "Public since then" in text(client(researcher()).get(proposal.get_absolute_url()))


def test_what_was_handed_in_again_has_to_be_read_again(scene: Scene) -> None:
    proposal = bring(scene)
    proposal.refresh_from_db()
    assert proposal.handed_in_at is not None
    seen = proposal.handed_in_at.isoformat()
    proposal.take_back(researcher())
    proposal.hand_in(researcher())
    answer = client(reviewer()).post(f"{proposal.get_absolute_url()}publish/", {"seen": seen})
    assert answer.status_code == 409
    assert "handed in again since you opened it" in text(answer)
    assert not Assessment.objects.published().exists()


def test_it_is_sent_back_mended_and_handed_in_again(scene: Scene) -> None:
    proposal = bring(scene)
    url = proposal.get_absolute_url()
    judge, author = client(reviewer()), client(researcher())
    refused = judge.post(f"{url}send-back/", {"comment": " "})
    assert refused.status_code == 422
    assert "Say what is to be mended" in text(refused)
    assert judge.post(f"{url}send-back/", {"comment": "Who is the guard?"}).status_code == 303
    page = text(author.get(url))
    assert "Who is the guard?" in page
    assert "Hand in again" in page
    report = proposal.reports.get(quote="")
    removal = f"{url}parts/report/{report.pk}/remove/"
    assert removal in page
    assert "The rest of the set stays" in text(author.get(removal))
    assert author.post(removal).status_code == 303
    assert not Report.objects.filter(pk=report.pk).exists()
    assert author.post(f"{url}hand-in/").status_code == 303
    assert judge.post(f"{url}publish/").status_code == 303


def test_its_author_takes_it_back_and_cannot_publish_it(scene: Scene) -> None:
    proposal = bring(scene)
    url = proposal.get_absolute_url()
    author = client(researcher())
    page = text(author.get(url))
    assert "nobody publishes their own" in page
    assert author.post(f"{url}publish/").status_code == 403
    event = Event.objects.get(title="Buses cross")
    locked = author.post(f"{url}parts/event/{event.pk}/remove/")
    assert locked.status_code == 422
    assert "Take it back first" in text(locked)
    assert author.post(f"{url}take-back/").status_code == 303
    assert client(reviewer()).get(url).status_code == 404
    assert "Drop all of it" in text(author.get(url))
    assert author.post(f"{url}drop/").status_code == 303
    assert not Event.objects.filter(title="Buses cross").exists()
    assert "nothing of it is left" in text(author.get(url))


def test_a_draft_is_its_authors_alone(scene: Scene) -> None:
    proposal = bring(scene, hand_in=False)
    (status,) = proposal.assessments.all()
    for who in (colleague(), reviewer()):
        assert client(who).get(proposal.get_absolute_url()).status_code == 404
        assert "Buses cross" not in text(client(who).get(scene.url))
        assert "They crossed" not in text(client(who).get(f"{scene.url}?like={status.pk}"))
        assert "They crossed" not in text(client(who).get("/desk/agreements/lakeside-2025/"))
    assert client(reader()).get(proposal.get_absolute_url()).status_code == 403
    assert "Buses cross" in text(client(researcher()).get(scene.url))


def test_a_status_overtaken_in_the_meantime_publishes_nothing(scene: Scene) -> None:
    proposal = bring(scene)
    factories.assessed(scene.duty, DAY, 2, evidence=[scene.event], reason="Somebody was faster.")
    answer = client(reviewer()).post(f"{proposal.get_absolute_url()}publish/")
    assert answer.status_code == 409
    page = text(answer)
    assert "Somebody was faster." in page
    assert "They crossed, a guard says." in page
    assert scene.duty.title in page
    assert Event.objects.get(title="Buses cross").stage == Stage.IN_REVIEW


def test_without_review_it_is_public_by_handing_in() -> None:
    scene = Scene()
    proposal = bring(scene, hand_in=False)
    author = client(researcher())
    assert "asks for no review" in text(author.get(proposal.get_absolute_url()))
    author.post(f"{proposal.get_absolute_url()}hand-in/")
    proposal.refresh_from_db()
    assert proposal.stage == ProposalStage.PUBLISHED
    event = Event.objects.get(title="Buses cross")
    assert "by Researcher 1" in text(client().get(event.get_absolute_url()))


def test_both_sides_talk(scene: Scene) -> None:
    proposal = bring(scene)
    url = proposal.get_absolute_url()
    client(reviewer()).post(f"{url}remark/", {"comment": "Is it the <b>same</b> bridge?"})
    answer = client(researcher()).post(f"{url}remark/", {"comment": "It is."})
    assert answer.headers["Location"] == f"{url}#remarks"
    page = text(client(reviewer()).get(url))
    assert "Is it the &lt;b&gt;same&lt;/b&gt; bridge?" in page
    assert page.index("same") < page.index("It is.")
    assert client(researcher()).post(f"{url}remark/", {"comment": ""}).status_code == 422


def test_another_reviewer_takes_part_and_strangers_do_not(scene: Scene) -> None:
    proposal = bring(scene)
    other = person("reviewer-2", "Reviewer 2", "Reviewer")
    proposal.send_back(reviewer(), "Look again.")
    assert client(other).get(proposal.get_absolute_url()).status_code == 200
    assert client(colleague()).get(proposal.get_absolute_url()).status_code == 404
