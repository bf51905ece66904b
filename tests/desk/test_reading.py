"""Reading an article at the desk: what is shown of it, what one passage becomes, and who may."""

import datetime as dt
import hashlib
import random
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracker.codebook import ActorKind, Category, CopyOrigin, ProposalStage, Review, Stage
from tracker.models import Actor, Agreement, Article, BrokenAnchor, Copy, Effect, Event, Proposal, Report
from tracker.models.anchors import refind

from .base import HTMX, client, colleague, reader, researcher, reviewer, text
from .test_nonsense import NONSENSE

pytestmark = pytest.mark.django_db

PUBLISHED = dt.date(2025, 12, 4)
TEXT = """\
Envoys from Northland and Southland will meet on Friday in Lakeside to discuss the release of prisoners, a guard said.

Northland shelled the village of Reedham on Tuesday, killing commander Odo Varga. Southland said the next day that the \
strike broke the ceasefire.

Subscribe to our newsletter
Sign up and never miss a story.

Tamsin Roe of the Shore Committee called for calm.
"""


@dataclass
class Desk:
    """An article whose text is kept, an agreement with two sides and a duty to hold fire, and a researcher."""

    text: str = TEXT
    review: str = Review.REQUIRED
    agreement: Agreement = field(init=False)
    north: Actor = field(init=False)
    south: Actor = field(init=False)
    article: Article = field(init=False)
    copy: Copy = field(init=False)

    def __post_init__(self) -> None:
        self.agreement = factories.agreement("lakeside-2025", review=self.review)
        self.north = factories.actor("northland", name="Northland")
        self.south = factories.actor("southland", name="Southland")
        self.varga = factories.actor("varga", name="Odo Varga", kind=ActorKind.PERSON, parent=self.south)
        self.fire = factories.obligation(
            self.agreement,
            "hold-fire",
            title="Northland stops shelling",
            category=Category.HOSTILITIES,
            obligors=[self.north],
            beneficiaries=[self.south],
        )
        self.prisoners = factories.obligation(
            self.agreement,
            "prisoners",
            title="Northland hands over prisoners",
            category=Category.PRISONER_RELEASE,
            obligors=[self.north],
        )
        self.article = factories.article(published_on=PUBLISHED, title="Envoys to meet by the lake")
        self.copy = self.keep(self.text)
        self.browser = client(researcher())

    def keep(self, words: str) -> Copy:
        sha = hashlib.sha256(words.encode()).hexdigest()
        return Copy.objects.create(
            article=self.article,
            agreement=self.agreement,
            origin=CopyOrigin.PASTED,
            media_type="text/plain",
            sha256=sha,
            size=len(words),
            text=words,
        )

    @property
    def url(self) -> str:
        return f"/desk/articles/{self.article.pk}/"

    @property
    def panel(self) -> str:
        return f"{self.url}passage/"

    def at(self, words: str) -> str:
        start = self.text.index(words)
        return f"{start}-{start + len(words)}"

    def sentence(self, beginning: str) -> str:
        """The place of the sentence that begins so, up to its full stop."""
        start = max(0, self.text.find(beginning))
        return f"{start}-{self.text.index('.', start) + 1}"

    def filled(self, **fields: Any) -> dict[str, Any]:
        """The form for the strike, as it can be saved; None takes a field out."""
        values: dict[str, Any] = {
            "agreement": self.agreement.slug,
            "at": self.sentence("Northland shelled"),
            "quote": "Northland shelled the village of Reedham on Tuesday",
            "target": "new",
            "event-title": "Shelling of Reedham",
            "event-kind": "strike",
            "event-state": "occurred",
            "event-date": "2025-12-02",
            "event-date_precision": "1",
            "event-place": "Reedham",
            "event-verification": "alleged",
            "cast-0-actor": str(self.north.pk),
            "cast-0-role": "accused",
            "cast-1-actor": str(self.varga.pk),
            "cast-1-role": "target",
            "effect-0-obligation": str(self.fire.pk),
            "effect-0-effect": "breaches",
            "report-originator": str(self.south.pk),
            "report-stance": "asserts",
        }
        return {name: value for name, value in (values | fields).items() if value is not None}

    def save(self, **fields: Any) -> Any:
        return self.browser.post(self.panel, self.filled(**fields))

    def swap(self, **fields: Any) -> Any:
        return self.browser.post(self.panel, self.filled(**fields), headers=HTMX | {"HX-Target": "passage"})

    @property
    def set(self) -> Proposal:
        return Proposal.objects.get(author=researcher(), article=self.article)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def seen(answer: Any) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text(answer))).split())


def read(desk: Desk, **query: str) -> Any:
    return desk.browser.get(desk.url, {"agreement": desk.agreement.slug} | query)


# The text


def test_what_is_known_in_the_text_is_marked_each_in_its_kind(desk: Desk) -> None:
    page = text(read(desk))
    assert re.search(r'<span class="mk mk-actor" title="Northland">Northland</span>', page)
    assert '<span class="mk mk-date" title="5 Dec 2025" data-gloss="5 Dec 2025">Friday</span>' in page
    assert re.search(r'<span class="mk mk-duty"[^>]*>release of prisoners</span>', page)
    assert re.search(r'<span class="mk mk-name"[^>]*>Tamsin Roe</span>', page)
    for word in ("known actor", "name not on record", "obligation"):
        assert word in page


def test_the_text_comes_through_letter_by_letter(desk: Desk) -> None:
    page = text(read(desk))
    for start, words in re.findall(r'id="t(\d+)">(.*?)</span></span>', page, re.DOTALL):
        shown = unescape(re.sub(r"<[^>]+>", "", words))
        assert desk.text[int(start) :].startswith(shown)


def test_each_paragraph_runs_the_way_its_script_does() -> None:
    desk = Desk(text="Northland met them.\n\nقالت المتحدثة إن اللقاء تم.\n\n12 מילים בעברית.")  # noqa: RUF001  # an alef
    directions = re.findall(r'class="para"[^>]*><p dir="(\w+)">', text(read(desk)))
    assert directions == ["ltr", "rtl", "rtl"]


def test_what_is_no_report_is_folded_and_offered_for_nothing(desk: Desk) -> None:
    page = text(read(desk))
    fold = re.search(r'<details class="fold notices">.*?</details>', page, re.DOTALL)
    assert fold is not None
    assert "Subscribe to our newsletter" in fold[0]
    assert "Suggestion" not in fold[0]


def test_suggestions_are_called_so_and_save_nothing(desk: Desk) -> None:
    page = text(read(desk))
    offers = re.findall(r"<li><span class=\"offer-no\">\d+</span> <b>(.*?)</b>", page)
    assert offers
    assert set(offers) == {"Suggestion"}
    desk.browser.get(desk.panel, {"agreement": desk.agreement.slug, "at": desk.sentence("Envoys")})
    assert Event.objects.count() == Report.objects.count() == Proposal.objects.count() == 0


def test_every_sentence_is_a_link_that_works_without_a_script(desk: Desk) -> None:
    page = text(read(desk))
    links = re.findall(r'<a class="no[^"]*" id="n\d+" href="([^"]+)"', page)
    assert len(links) == len(re.findall(r'<span class="sentence', page))
    for link in links:
        assert desk.browser.get(unescape(link).partition("#")[0]).status_code == 200


def test_an_article_without_a_kept_text_says_how_to_bring_it_in(desk: Desk) -> None:
    bare = factories.article()
    page = text(desk.browser.get(f"/desk/articles/{bare.pk}/", {"agreement": desk.agreement.slug}))
    assert "No text of this article is kept" in page
    assert "/desk/intake/?" in page


def test_the_kept_copy_is_told_and_can_be_read_anew(desk: Desk) -> None:
    page = text(read(desk))
    assert desk.copy.sha256 in page
    assert f'action="/desk/articles/{desk.article.pk}/again/"' in page
    assert "Fetch the page again" in page


def test_among_several_agreements_the_one_it_was_brought_in_for_comes_first(desk: Desk) -> None:
    other = factories.agreement("hills-2024")
    assert desk.agreement.title in seen(desk.browser.get(desk.url))
    asked = text(desk.browser.get(desk.url, {"agreement": other.slug}))
    assert f'<option value="{other.slug}" selected>' in asked
    bare = factories.article()
    assert "For which agreement do you read it?" in seen(desk.browser.get(f"/desk/articles/{bare.pk}/"))


def test_an_undated_article_asks_for_its_date_first(desk: Desk) -> None:
    Article.objects.update(published_on=None)
    page = text(read(desk))
    assert f"/desk/articles/{desk.article.pk}/date/" in page
    assert 'data-gloss="5 Dec 2025"' not in page


# The panel


def test_the_form_is_filled_in_from_the_suggestion(desk: Desk) -> None:
    page = text(read(desk, at=desk.sentence("Northland shelled")))
    assert "Suggestion" in page
    assert 'value="2025-12-02"' in page
    assert '<option value="strike" selected>' in page
    assert f'<option value="{desk.north.pk}" selected>' in page
    quote = re.search(r'name="quote"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    assert quote is not None
    assert unescape(quote[1]) in desk.text
    assert len(quote[1].split()) <= 15


def test_words_chosen_by_hand_are_the_quote(desk: Desk) -> None:
    page = text(read(desk, at=desk.at("the village of Reedham")))
    assert "the village of Reedham</textarea>" in page


def test_a_long_passage_starts_with_fifteen_words(desk: Desk) -> None:
    whole = f"0-{len(desk.text)}"
    quote = re.search(r'name="quote"[^>]*>\s*(.*?)</textarea>', text(read(desk, at=whole)), re.DOTALL)
    assert quote is not None
    assert 0 < len(quote[1].split()) <= 15


def test_nonsense_in_the_address_shows_the_article(desk: Desk) -> None:
    for at in ("", "x", "5-2", "0-999999", "-1-4", "1e3-2", "٣-٤", "9" * 30 + "-1"):
        assert desk.browser.get(desk.url, {"agreement": desk.agreement.slug, "at": at, "part": at}).status_code == 200
        assert desk.browser.get(desk.panel, {"agreement": desk.agreement.slug, "at": at}).status_code in (200, 303)


# Saving


def test_a_new_event_is_a_draft_in_the_researchers_set(desk: Desk) -> None:
    answer = desk.save()
    assert answer.status_code == 303
    event = Event.objects.get()
    assert (event.title, event.kind, event.place, str(event.date)) == (
        "Shelling of Reedham",
        "strike",
        "Reedham",
        "2025-12-02",
    )
    assert event.stage == Stage.DRAFT
    assert event.proposal == desk.set
    assert {(one.actor, one.role) for one in event.actors.all()} == {(desk.north, "accused"), (desk.varga, "target")}
    assert [(one.obligation, one.effect) for one in event.effects.all()] == [(desk.fire, "breaches")]
    report = event.reports.get()
    assert report.originator == desk.south
    assert report.quote == "Northland shelled the village of Reedham on Tuesday"
    assert desk.text[: desk.text.index("Northland shelled")].endswith(report.prefix)
    assert report.suffix.startswith(", killing commander")
    page = seen(desk.browser.get(answer.headers["Location"]))
    assert "In your set: a new event" in page
    assert "Undo" in page
    assert "Change the status" in page
    assert desk.fire.title in page
    assert Client().get(event.get_absolute_url()).status_code == 404


def test_by_htmx_the_panel_says_what_was_saved_and_the_text_shows_it(desk: Desk) -> None:
    answer = desk.swap()
    assert answer.status_code == 200
    page = text(answer)
    assert "In your set: a new event" in page
    assert 'id="set" hx-swap-oob="true"' in page
    assert re.search(r'class="para" id="para-1-1" hx-swap-oob="true"', page)
    assert "1 event" in page
    assert "Next:" in page


def test_a_used_sentence_says_what_it_backs(desk: Desk) -> None:
    desk.save()
    page = text(read(desk))
    assert re.search(r"<b>In your set</b> Shelling of Reedham", page)
    assert re.search(r'class="no no-used', page)


def test_the_same_set_takes_the_next_event(desk: Desk) -> None:
    desk.save()
    desk.save(**{"event-title": "Another one", "quote": "killing commander Odo Varga"})
    assert desk.set.events.count() == 2


def test_several_obligations_may_be_touched(desk: Desk) -> None:
    second = {"effect-1-obligation": str(desk.prisoners.pk), "effect-1-effect": "sets_back"}
    desk.save(**second)
    assert set(Effect.objects.values_list("obligation__code", "effect")) == {
        ("hold-fire", "breaches"),
        ("prisoners", "sets_back"),
    }


def test_a_scheduled_event_may_lie_ahead(desk: Desk) -> None:
    ahead = {
        "at": desk.sentence("Envoys"),
        "quote": "will meet on Friday in Lakeside",
        "event-state": "scheduled",
        "event-date": "2025-12-05",
        "event-kind": "meeting",
    }
    assert desk.save(**ahead).status_code == 303
    event = Event.objects.get()
    assert (event.state, str(event.date)) == ("scheduled", "2025-12-05")


def test_everything_about_event_and_report_can_be_said(desk: Desk) -> None:
    desk.save(
        **{
            "event-date_end": "2025-12-03",
            "event-date_precision": "2",
            "event-where_precision": "3",
            "event-summary": "Two hours long.",
            "report-originator": "",
            "report-originator_text": "A mediator",
            "report-relays": "Radio Shore",
            "report-stance": "relays",
            "report-about": "amount",
            "report-credibility": "3",
            "report-quote_language": "fr",
        }
    )
    event, report = Event.objects.get(), Report.objects.get()
    assert (str(event.date_end), event.date_precision, event.where_precision, event.summary) == (
        "2025-12-03",
        2,
        3,
        "Two hours long.",
    )
    assert report.relays is not None
    assert (report.originator_text, report.relays.name, report.stance, report.about) == (
        "A mediator",
        "Radio Shore",
        "relays",
        "amount",
    )
    assert (report.credibility, report.quote_language) == (3, "fr")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("quote", "", "Choose the words that it rests on."),
        ("quote", "words that stand nowhere", "These words do not stand in the text."),
        ("quote", TEXT[: TEXT.index("Subscribe")], "A quote has at most 15."),
        ("event-title", "", "Say what happened."),
        ("event-date", "", "Give its day"),
        ("event-date", "2025-12-09", "What happened cannot lie ahead."),
        ("event-date_end", "2025-11-30", "The last day lies before the first."),
        ("event-kind", "", "Choose what sort of event it is."),
        ("event-kind", "rumour", "Select a valid choice"),
        ("event-verification", "", "Say how far the breach is borne out."),
        ("cast-0-role", "host", "A breach needs somebody accused"),
        ("cast-0-actor", "nobody", "Select a valid choice"),
        ("effect-0-obligation", "nothing", "Select a valid choice"),
        ("report-originator_text", "A guard", "either above or in words, not both"),
        ("target", "00000000-0000-0000-0000-000000000000", "This event is no longer open to reports."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_half_written(
    desk: Desk, name: str, value: str, complaint: str
) -> None:
    answer = desk.swap(**{name: value, "report-relays": "Radio Shore"})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#passage"
    assert complaint in unescape(text(answer))
    assert "Radio Shore" in text(answer)
    assert Event.objects.count() == Report.objects.count() == Proposal.objects.count() == 0


def test_the_quote_is_taken_as_it_is_printed(desk: Desk) -> None:
    desk.save(quote="northland shelled the   village of Reedham")
    assert Report.objects.get().quote == "Northland shelled the village of Reedham"


def test_a_translated_quote_keeps_the_words_around_the_original(desk: Desk) -> None:
    desk.save(quote="Le Nord a tiré sur Reedham", **{"report-translator": "M. Aubry", "report-quote_language": "fr"})
    report = Report.objects.get()
    assert (report.quote, report.translator) == ("Le Nord a tiré sur Reedham", "M. Aubry")
    assert desk.text[: desk.text.index("Northland shelled")].endswith(report.prefix)
    assert "In your set" in seen(read(desk))


# Another report of a known event


def test_likely_events_are_offered_with_the_reason(desk: Desk) -> None:
    known = factories.event(
        desk.agreement, "2025-12-02", title="Shelling of Reedham", kind="strike", place="Reedham",
        actors=[(desk.north, "accused"), (desk.varga, "target")],
    )  # fmt: skip
    page = text(read(desk, at=desk.sentence("Northland shelled")))
    assert re.search(rf'name="target" value="{known.pk}" checked', page)
    assert "same day" in page
    far = factories.event(desk.agreement, "2025-10-20", title="Shelling of Reedham", kind="strike")
    assert str(far.pk) not in text(read(desk, at=desk.sentence("Northland shelled")))


def test_another_report_joins_a_known_event(desk: Desk) -> None:
    known = factories.event(desk.agreement, "2025-12-02", title="Shelling of Reedham", kind="strike")
    answer = desk.save(target=str(known.pk), **{"effect-0-effect": "context", "event-title": ""})
    assert answer.status_code == 303
    report = Report.objects.get(article=desk.article)
    assert (report.event, report.stage) == (known, Stage.DRAFT)
    assert Event.objects.count() == 1
    effect = known.effects.get()
    assert (effect.effect, effect.stage, effect.proposal) == ("context", Stage.DRAFT, desk.set)
    assert desk.article.title not in text(Client().get(known.get_absolute_url()))


def test_an_effect_on_record_is_not_changed_on_the_way(desk: Desk) -> None:
    known = factories.event(desk.agreement, "2025-12-02", effects=[desk.fire])
    answer = desk.save(target=str(known.pk), **{"effect-0-effect": "context"})
    assert answer.status_code == 422
    assert "another effect" in seen(answer)
    assert desk.save(target=str(known.pk), **{"effect-0-effect": "advances"}).status_code == 303


def test_a_colleagues_draft_is_neither_seen_nor_reported(desk: Desk) -> None:
    desk.save()
    event = Event.objects.get()
    theirs = client(colleague())
    query = {"agreement": desk.agreement.slug, "at": desk.sentence("Northland shelled")}
    page = text(theirs.get(desk.url, query))
    assert str(event.pk) not in page
    assert "In your set" not in page
    answer = theirs.post(desk.panel, desk.filled(target=str(event.pk)))
    assert answer.status_code == 422
    assert Report.objects.count() == 1


def test_any_event_of_the_agreement_can_be_searched(desk: Desk) -> None:
    known = factories.event(desk.agreement, "2025-10-20", title="Ferry service resumes")
    answer = desk.swap(search="1", q="ferry", quote="not judged yet, because nobody saved")
    assert answer.status_code == 200
    page = text(answer)
    assert str(known.pk) in page
    assert "not judged yet" in page
    assert "do not stand in the text" not in page


# The other buttons


@pytest.mark.parametrize(
    ("how", "becomes"),
    [
        ("start-on", "shelled the village of Reedham"),
        ("start-back", "Varga. Northland shelled the village of Reedham"),
        ("end-on", "Northland shelled the village of Reedham on"),
        ("end-back", "Northland shelled the village of"),
    ],
)
def test_the_quote_grows_and_shrinks_by_words(how: str, becomes: str) -> None:
    desk = Desk(text=TEXT.replace("\n\nNorthland shelled", " Odo Varga. Northland shelled"))
    answer = desk.swap(move=how, quote="Northland shelled the village of Reedham", **{"event-title": "Typed so far"})
    page = unescape(text(answer))
    assert f"{becomes}</textarea>" in page
    assert "Typed so far" in page


def test_more_rows_come_without_losing_a_word(desk: Desk) -> None:
    page = text(desk.swap(more="cast", **{"event-title": "Typed so far"}))
    assert "cast-3-actor" in page
    assert "Typed so far" in page
    assert Event.objects.count() == 0


def test_an_unknown_name_becomes_an_actor_on_the_spot(desk: Desk) -> None:
    at = desk.sentence("Tamsin")
    page = seen(read(desk, at=at))
    assert "Not on record: Tamsin Roe" in page
    new = {"actor-name": "Tamsin Roe", "actor-kind": "person", "actor-parent": "", "add-actor": "1"}
    answer = desk.swap(at=at, **new, **{"event-title": "Typed so far"})
    assert answer.status_code == 200
    actor = Actor.objects.get(name="Tamsin Roe")
    page = text(answer)
    assert f'<option value="{actor.pk}" selected>' in page
    assert "Typed so far" in page
    again = desk.swap(at=at, **new)
    assert again.status_code == 422
    assert "is an actor already" in unescape(text(again))
    assert desk.swap(at=at, **(new | {"actor-name": "Somebody", "actor-kind": ""})).status_code == 422


def test_undo_takes_it_out_of_the_set(desk: Desk) -> None:
    desk.save()
    event = Event.objects.get()
    wanted = {"agreement": desk.agreement.slug, "at": desk.filled()["at"], "kind": "event", "row": str(event.pk)}
    answer = desk.browser.post(f"{desk.url}undo/", wanted, headers=HTMX)
    assert answer.status_code == 200
    assert "Taken out of your set" in text(answer)
    assert Event.objects.count() == Report.objects.count() == 0
    assert desk.browser.post(f"{desk.url}undo/", wanted).status_code == 404


def test_undoing_a_report_takes_what_it_said_of_obligations_with_it(desk: Desk) -> None:
    known = factories.event(desk.agreement, "2025-12-02", title="Shelling of Reedham", kind="strike")
    desk.save(target=str(known.pk), **{"effect-0-effect": "context"})
    report = Report.objects.get(article=desk.article)
    wanted = {"agreement": desk.agreement.slug, "at": desk.filled()["at"], "kind": "report", "row": str(report.pk)}
    assert desk.browser.post(f"{desk.url}undo/", wanted).status_code == 303
    assert Effect.objects.count() == 0
    assert list(Event.objects.all()) == [known]


def test_nobody_undoes_what_is_a_colleagues(desk: Desk) -> None:
    desk.save()
    wanted = {"agreement": desk.agreement.slug, "kind": "event", "row": str(Event.objects.get().pk)}
    assert client(colleague()).post(f"{desk.url}undo/", wanted).status_code == 404
    assert Event.objects.count() == 1


def test_the_status_form_has_the_new_event_ticked(desk: Desk) -> None:
    desk.save()
    event = Event.objects.get()
    page = text(desk.browser.get(f"/desk/obligations/{desk.fire.pk}/status/", {"evidence": str(event.pk)}))
    assert re.search(rf'value="{event.pk}" id="[^"]+" checked', page)
    assert 'value="2025-12-02"' in page
    theirs = text(client(colleague()).get(f"/desk/obligations/{desk.fire.pk}/status/", {"evidence": str(event.pk)}))
    assert event.title not in theirs


# The set on its way


def test_handed_in_and_published_the_event_shows_with_its_quote(desk: Desk) -> None:
    desk.save()
    page = text(read(desk))
    assert f'action="/desk/proposals/{desk.set.pk}/hand-in/"' in page
    assert "Hand in for review" in page
    desk.set.hand_in(researcher())
    assert "Your set is empty." in seen(read(desk))
    assert "waits for review" in seen(read(desk))
    desk.set.publish(reviewer())
    event = Event.objects.get()
    public = unescape(text(Client().get(event.get_absolute_url())))
    assert "Northland shelled the village of Reedham on Tuesday" in public
    assert "On record" in seen(read(desk))


def test_without_review_the_set_is_published_at_once() -> None:
    desk = Desk(review=Review.NONE)
    desk.save()
    page = text(read(desk))
    assert re.search(r"<button[^>]*>Publish</button>", page)


def test_what_waits_for_review_takes_nothing_more(desk: Desk) -> None:
    desk.save()
    first = desk.set
    first.hand_in(researcher())
    desk.save(**{"event-title": "Another one"})
    assert first.events.count() == 1
    assert Proposal.objects.filter(stage=ProposalStage.DRAFT).get().events.count() == 1


# Who may


def test_a_reader_sees_neither_text_nor_form(desk: Desk) -> None:
    visitor = client(reader())
    for answer in (
        visitor.get(desk.url),
        visitor.get(desk.panel, {"agreement": desk.agreement.slug, "at": "0-10"}),
        visitor.post(desk.panel, desk.filled()),
        visitor.post(f"{desk.url}undo/", {"kind": "event", "row": "x"}),
    ):
        assert answer.status_code == 403
        assert "Reedham on Tuesday, killing" not in text(answer)


def test_signed_out_the_form_comes_back_without_the_kept_text(desk: Desk) -> None:
    answer = Client().post(desk.panel, desk.filled(**{"event-summary": "Words that took an hour."}), headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#passage"
    page = text(answer)
    assert "Words that took an hour." in page
    assert "You are signed out" in page
    assert "killing commander" not in page
    assert Event.objects.count() == 0


def test_without_a_script_the_form_is_there_again_after_signing_in(desk: Desk) -> None:
    visitor = Client()
    answer = visitor.post(desk.panel, desk.filled(**{"event-summary": "Words that took an hour."}))
    assert answer.status_code == 302
    visitor.force_login(researcher())
    target = re.search(r"next=(.*)", answer.headers["Location"])
    assert target is not None
    page = text(visitor.get(unquote(target[1])))
    assert "Words that took an hour." in page
    assert "Northland shelled" in page


# Hostile and very long texts


HOSTILE = (
    "<script>alert(1)</script> met <img src=x onerror=alert(2)> on Friday. \N{RIGHT-TO-LEFT OVERRIDE}desrever "
    "Northland. \"'><a href=javascript:alert(3)>Southland</a> &amp; &lt;b&gt; {{ settings.SECRET_KEY }} {% debug %}"
)


def test_hostile_text_is_only_text() -> None:
    desk = Desk(text=HOSTILE)
    page = text(read(desk, at=f"0-{len(HOSTILE)}"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<a href=javascript" not in page
    assert "&lt;script&gt;" in page
    assert "{{ settings.SECRET_KEY }}" in unescape(page)
    saved = desk.save(at=f"0-{len(HOSTILE)}", quote="<script>alert(1)</script> met", **{"event-title": "<b>x</b>"})
    assert saved.status_code == 303
    assert "<script>alert" not in text(desk.browser.get(saved.headers["Location"]))


@pytest.mark.parametrize("unit", ["Northland met Southland on Friday. ", "word\n\n", "x", "مرحبا بالعالم "])
def test_four_hundred_thousand_characters_open_in_parts(unit: str) -> None:
    long = unit * (400_000 // len(unit))
    desk = Desk(text=long.strip())
    page = text(read(desk))
    assert "A long text: this is part 1 of" in page
    assert text(read(desk, part="3")).count("para-3-") > 0
    end = len(desk.text)
    assert f'data-at="{end - 20}-{end}"' in text(read(desk, at=f"{end - 20}-{end}"))


def test_the_number_of_queries_does_not_grow(desk: Desk) -> None:
    def counted() -> int:
        read(desk)
        with CaptureQueriesContext(connection) as queries:
            assert read(desk, at=desk.sentence("Northland shelled")).status_code == 200
        return len(queries)

    desk.save()
    before = counted()
    for number in range(5):
        desk.save(**{"event-title": f"Event {number}"})
        factories.obligation(desk.agreement)
        factories.actor()
    assert counted() == before


@pytest.mark.parametrize("published", [False, True])
def test_a_broken_quote_is_said_and_mended_from_the_text(desk: Desk, published: bool) -> None:
    desk.save()
    if published:
        desk.set.hand_in(researcher())
        Proposal.objects.get().publish(reviewer())
    desk.text = "In another wording: Northland fired on Reedham on Tuesday. Nobody said more."
    desk.keep(desk.text)
    refind(desk.article)
    page = seen(read(desk))
    assert "These quotes are no longer in the text" in page
    assert "choose the passage again" in page
    report = Report.objects.get()
    at = desk.at("Northland fired on Reedham")
    wanted = {"agreement": desk.agreement.slug, "at": at, "mend": str(report.pk)}
    wrong = desk.browser.post(desk.panel, wanted | {"quote": "nothing of it", "mend-reason": "Read anew."})
    assert wrong.status_code == 422
    assert "do not stand in the text" in seen(wrong)
    answer = desk.browser.post(
        desk.panel, wanted | {"quote": "Northland fired on Reedham", "mend-reason": "Read anew."}
    )
    assert answer.status_code == 200
    assert "rests on these words now" in seen(answer)
    report.refresh_from_db()
    assert (report.quote, report.suffix) == ("Northland fired on Reedham", " on Tuesday. Nobody said more.")
    assert BrokenAnchor.objects.count() == 0
    if published:
        assert "Read anew." in text(Client().get(report.event.get_absolute_url()))


def test_a_merged_article_leads_to_its_heir(desk: Desk) -> None:
    heir = factories.article()
    Article.objects.filter(pk=desk.article.pk).update(merged_into=heir)
    answer = read(desk)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/desk/articles/{heir.pk}/")


@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: ascii(value)[:24])
def test_nonsense_in_any_field_is_answered(desk: Desk, value: str) -> None:
    chance = random.Random(value)  # noqa: S311  # the same choices every time
    whole = desk.filled(q="", **{"actor-name": "x", "actor-kind": "person", "mend-reason": "x"})
    buttons = ["", "move", "more", "search", "add-actor", "mend"]
    for button in buttons:
        fields = chance.sample(sorted(set(whole) - {"agreement"}), 2)
        data = whole | dict.fromkeys(fields, value) | ({button: value} if button else {})
        before = Event.objects.count()
        answer = desk.browser.post(desk.panel, data, headers=HTMX if chance.random() < 0.5 else {})
        assert answer.status_code in (200, 303, 422), (button, fields)
        if answer.status_code == 422:
            assert Event.objects.count() == before
    for slug in (value, desk.agreement.slug):
        table = {"agreement": slug, "table": value, "column-0": value, "as_of": value, "target": value, "read": "1"}
        assert desk.browser.post(f"{desk.url}figures/", table).status_code in (200, 303, 404, 422)
        assert Client().post(desk.panel, whole | {"agreement": slug}).status_code in (302, 404)
