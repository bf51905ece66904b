"""Merging two records of one thing, splitting one that was two, and taking either back exactly."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from tests import factories
from tests.people import administrator, researcher, reviewer, second_researcher
from tracker.codebook import Basis, Reliability, Stance
from tracker.models import (
    Actor,
    Article,
    Assessment,
    BrokenAnchor,
    Condition,
    Copy,
    Effect,
    Event,
    Link,
    Outlet,
    Proposal,
    Regrouping,
    Report,
    Round,
    Source,
    Vantage,
    Withdrawal,
)
from tracker.models.base import Overtaken
from tracker.models.histories import history
from tracker.models.merging import (
    FROZEN,
    PICKED,
    STAYS,
    TABLES,
    Pick,
    merge,
    moves,
    newer,
    past_of,
    relations,
    split,
    state_of,
    told_of,
    undo,
)
from tracker.models.standing import board
from tracker.models.undo import recent, take_back

pytestmark = pytest.mark.django_db

MOVED = {
    "actor": {
        ("actor", "merged_into"),
        ("actor", "parent"),
        ("condition", "actor"),
        ("declaration", "actor"),
        ("eventactor", "actor"),
        ("instrument_accepted_by", "actor"),
        ("instrument_disputed_by", "actor"),
        ("obligation_beneficiaries", "actor"),
        ("obligation_obligors", "actor"),
        ("observation", "originator"),
        ("party", "actor"),
        ("report", "originator"),
    },
    "outlet": {
        ("article", "outlet"),
        ("bulletin", "outlet"),
        ("feed", "outlet"),
        ("outlet", "merged_into"),
        ("report", "relays"),
    },
    "article": {
        ("article", "merged_into"),
        ("article", "same_text_as"),
        ("candidate", "article"),
        ("copy", "article"),
        ("declaration", "article"),
        ("look", "article"),
        ("observation", "article"),
        ("proposal", "article"),
        ("report", "article"),
        ("source", "article"),
    },
    "event": {
        ("effect", "event"),
        ("event", "merged_into"),
        ("event", "outcome"),
        ("eventactor", "event"),
        ("observation", "event"),
        ("report", "event"),
    },
}
"""Every relation that leads to a table and whose rows move with a merge. The others give their reason."""


@pytest.mark.parametrize("name", list(TABLES))
def test_every_relation_is_moved_or_left_for_a_reason(name: str) -> None:
    found = {relation.key for relation in relations(TABLES[name])}
    left = {key for key in found if key in STAYS or key in FROZEN}
    assert found - left == MOVED[name]
    assert all(STAYS.get(key) or FROZEN[key][1] for key in left)


def test_reasons_and_choices_are_about_relations_that_exist() -> None:
    known = {name: {relation.key for relation in relations(table)} for name, table in TABLES.items()}
    everything = set().union(*known.values())
    assert STAYS.keys() | FROZEN.keys() <= everything
    assert all(set(keys) <= known[name] for name, keys in PICKED.items())


def merged(record: Any, heir: Any, reason: str = "They are one and the same.") -> Regrouping:
    return merge(record, heir, by=reviewer(), reason=reason)


def rows_of(record: Any) -> dict[tuple[str, str], set[Any]]:
    return {
        relation.key: set(relation.rows(record).values_list("pk", flat=True)) for relation in relations(type(record))
    }


def fields_of(record: Any) -> dict[str, Any]:
    row = type(record).with_merged.get(pk=record.pk)
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def settle() -> None:
    """Has the database look now at what it would look at when a transaction ends; a test is all one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def two_actors() -> tuple[Actor, Actor]:
    """Two records of one body, each with something of everything, some of it the same."""
    agreement = factories.agreement()
    one = factories.actor("harbour-board", name="Harbour Board", aliases=["HB"])
    other = factories.actor("board-of-the-harbour", name="Board of the Harbour", aliases=["hb", "The Board"])
    for actor in (one, other):
        factories.actor(parent=actor)
        factories.party(agreement, actor)
    factories.party(agreement, one, "monitor")
    duty = factories.obligation(agreement, obligors=[one, other])
    second = factories.obligation(agreement, obligors=[one], beneficiaries=[one])
    text = factories.instrument(agreement)
    text.accepted_by.set([one])
    text.disputed_by.set([one, other])
    factories.condition(duty, second, actor=one)
    factories.declaration(factories.phase(agreement), one, "2025-11-01")
    factories.declaration(factories.phase(agreement), other, "2025-11-01")
    event = factories.event(
        agreement,
        "2025-11-02",
        effects=[(duty, "breaches")],
        accused=[one, other],
        actors=[(one, "speaker")],
        reports=[{"originator": one}, {"originator": other, "stance": Stance.DENIES}],
    )
    factories.observation(factories.measure(duty), event, 4, originator=one)
    factories.assessed(duty, "2025-11-02", 1, evidence=[event], attributed_to=[one])
    return one, other


def two_outlets() -> tuple[Outlet, Outlet]:
    one, other = factories.outlet("Harbour News", country="Lakeland"), factories.outlet("The Harbour News")
    agreement = factories.agreement()
    for outlet in (one, other):
        factories.event(agreement, reports=[factories.article(outlet=outlet)])
    factories.report(factories.event(agreement), relays=one)
    return one, other


def two_articles() -> tuple[Article, Article]:
    agreement = factories.agreement()
    one = factories.article(reliability=Reliability.B, archive_url="https://archive.example/1")
    other = factories.article(outlet=one.outlet)
    event = factories.event(agreement, reports=[one, other])
    duty = factories.obligation(agreement)
    factories.observation(factories.measure(duty), event, 3, article=one)
    factories.declaration(factories.phase(agreement), factories.actor(), "2025-11-01", article=one)
    factories.article(same_text_as=one)
    Source.objects.create(agreement=agreement, article=one, ref="first")
    Source.objects.create(agreement=agreement, article=other, ref="second")
    Link.objects.create(article=one, due_at=dt.datetime.now(dt.UTC))
    for article in (one, other):
        Proposal.objects.create(agreement=agreement, article=article, author=researcher())
    Copy.objects.create(article=one, origin="pasted", media_type="text/plain", sha256="0" * 64, size=1)
    return one, other


def two_events() -> tuple[Event, Event]:
    agreement = factories.agreement()
    duty, second = factories.obligation(agreement), factories.obligation(agreement)
    side = factories.actor()
    one = factories.event(
        agreement,
        "2025-11-02",
        effects=[(duty, "breaches"), second],
        accused=[side],
        actors=[(factories.actor(), "target")],
        summary="Told at length.",
    )
    other = factories.event(agreement, "2025-11-02", effects=[(duty, "context")])
    factories.event(agreement, "2025-10-30", state="scheduled", outcome=one)
    factories.observation(factories.measure(duty), one, 3)
    factories.assessed(second, "2025-11-02", 1, evidence=[one])
    settle()
    return one, other


PAIRS: list[Callable[[], tuple[Any, Any]]] = [two_actors, two_outlets, two_articles, two_events]


@pytest.mark.parametrize("pair", PAIRS)
def test_whatever_hung_on_the_record_is_the_heirs(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    before = {move.relation.key: move for move in moves(record, heir)}
    merged(record, heir)
    left = {key: pks for key, pks in rows_of(record).items() if pks and key != ("actor", "root")}
    assert {key: len(pks) for key, pks in left.items()} == {key: one.left for key, one in before.items() if one.left}
    for key, move in before.items():
        assert set(move.moved) <= rows_of(heir)[key]
    record.refresh_from_db()
    assert record.merged_into == heir
    assert record.standing == heir
    assert not type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("pair", PAIRS)
def test_taking_a_merge_back_restores_everything(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    before = [(fields_of(one), rows_of(one)) for one in (record, heir)]
    back = undo(merged(record, heir), by=reviewer())
    assert [(fields_of(one), rows_of(one)) for one in (record, heir)] == before
    assert back.kind == Regrouping.SPLIT
    assert (back.kept, back.other) == (heir.pk, record.pk)


@pytest.mark.parametrize("pair", PAIRS)
def test_an_undo_can_be_taken_back_and_that_again(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    before = [(fields_of(one), rows_of(one)) for one in (record, heir)]
    first = merged(record, heir)
    then = [(fields_of(one), rows_of(one)) for one in (record, heir)]
    again = undo(undo(first, by=reviewer()), by=reviewer())
    assert [(fields_of(one), rows_of(one)) for one in (record, heir)] == then
    undo(again, by=reviewer())
    assert [(fields_of(one), rows_of(one)) for one in (record, heir)] == before
    assert len(past_of(heir)) == 4


def test_the_heir_of_an_actor_goes_by_the_other_names_too() -> None:
    record, heir = two_actors()
    merged(record, heir)
    heir.refresh_from_db()
    assert heir.aliases == ["hb", "The Board", "Harbour Board"]


def test_both_actors_are_one_voice() -> None:
    record, heir = two_actors()
    merged(record, heir)
    keys = {report.independence_key for report in Report.objects.select_related("originator", "article__same_text_as")}
    assert keys == {f"actor:{heir.pk}"}


def test_an_actor_can_be_merged_into_one_far_below_it() -> None:
    top = factories.actor()
    record = factories.actor(parent=top)
    middle = factories.actor(parent=record)
    heir = factories.actor(parent=middle)
    one = merged(record, heir)
    for actor, parent in ((heir, top), (middle, heir), (record, heir)):
        actor.refresh_from_db()
        assert (actor.parent, actor.root) == (parent, top)
    undo(one, by=reviewer())
    for actor, parent in ((record, top), (middle, record), (heir, middle)):
        actor.refresh_from_db()
        assert actor.parent == parent


def test_of_several_merges_every_record_leads_to_the_end_at_once() -> None:
    first, second, third = factories.actor(), factories.actor(), factories.actor()
    merged(first, second)
    one = merged(second, third)
    first.refresh_from_db()
    assert first.merged_into == third
    undo(one, by=reviewer())
    first.refresh_from_db()
    assert first.merged_into == second


def test_the_heir_is_on_record_since_the_earlier_of_the_two() -> None:
    long_ago = factories.moment("2025-10-20")
    record, heir = factories.actor(recorded_at=long_ago), factories.actor()
    merged(record, heir)
    assert Actor.objects.get(pk=heir.pk).recorded_at == long_ago


def test_what_is_empty_is_filled_from_the_other() -> None:
    record, heir = two_articles()
    merged(record, heir)
    heir.refresh_from_db()
    assert (heir.reliability, heir.archive_url) == (Reliability.B, "https://archive.example/1")


def test_an_article_is_no_reprint_of_itself() -> None:
    record = factories.article()
    heir = factories.article(same_text_as=record)
    one = merged(record, heir)
    heir.refresh_from_db()
    assert heir.same_text_as is None
    undo(one, by=reviewer())
    heir.refresh_from_db()
    assert heir.same_text_as == record


def test_the_address_and_the_name_of_a_merged_record_lead_to_its_heir() -> None:
    record, heir = two_outlets()
    merged(record, heir)
    assert Outlet.named("Harbour News") == heir
    one, other = factories.article(), factories.article()
    merged(one, other)
    assert Article.at(one.url) == other
    assert Article.at("https://news.example/unheard") is None


def test_a_new_record_cannot_take_the_address_of_a_merged_one() -> None:
    record, heir = two_actors()
    merged(record, heir)
    with pytest.raises(ValidationError, match="merged into “Board of the Harbour”"):
        Actor(slug=record.slug, name="Another", kind="state").full_clean()
    one, other = factories.outlet("Ferry Post"), factories.outlet("The Ferry Post")
    merged(one, other)
    assert Outlet.named("ferry post").slug == "ferry-post-2"


def test_a_published_status_rests_on_the_heir_of_its_evidence() -> None:
    record, heir = two_events()
    status = Assessment.objects.get()
    merged(record, heir)
    standing = board(status.obligation.agreement, Vantage.now())
    row = standing.row(status.obligation.code)
    assert row is not None
    assert [event for change in standing.changes for event in change.events] == [heir]
    assert row.unassessed == []
    (entry,) = history(standing, row)
    assert [(ground.event, ground.effect) for ground in entry.grounds] == [(heir, "Advances")]
    assert status.as_judgement().evidence == [heir]


def test_a_status_that_rests_on_both_names_the_heir_once() -> None:
    record, heir = two_events()
    duty = heir.effects.get().obligation
    status = factories.assessed(duty, "2025-11-03", 1, evidence=[record, heir])
    merged(record, heir)
    standing = board(duty.agreement, Vantage.now())
    row = standing.row(duty.code)
    assert row is not None
    assert [ground.event for ground in history(standing, row)[0].grounds] == [heir]
    assert status.as_judgement().evidence == [heir]


def test_whom_a_published_status_is_about_is_read_as_the_heir() -> None:
    record, heir = two_actors()
    status = Assessment.objects.get()
    merged(record, heir)
    standing = board(status.obligation.agreement, Vantage.now())
    row = standing.row(status.obligation.code)
    assert row is not None
    assert history(standing, row)[0].attributed == [heir]
    assert status.as_judgement().attributed_to == [heir]


def test_a_status_on_merged_evidence_can_be_corrected() -> None:
    record, heir = two_events()
    status = Assessment.objects.get()
    merged(record, heir)
    again = Assessment.record(
        status.obligation,
        status.as_judgement(),
        by=researcher(),
        supersedes=status,
        correction_reason="Said more plainly.",
    )
    assert list(again.evidence.all()) == [heir]


def refused(record: Any, heir: Any) -> str:
    with pytest.raises(ValidationError) as error:
        merged(record, heir)
    return " ".join(error.value.messages)


def test_only_two_records_of_one_kind_that_stand_can_be_merged() -> None:
    one, two, three = factories.actor(name="One"), factories.actor(name="Two"), factories.actor(name="Three")
    assert "into itself" in refused(one, one)
    assert "same kind" in refused(one, factories.outlet())
    merged(one, two)
    assert refused(three, one) == "“One” was merged into “Two”. Merge into that one."
    assert refused(one, three) == "“One” was merged into “Two” already."


def test_events_have_to_be_of_one_agreement_and_state_and_public() -> None:
    agreement = factories.agreement()
    event = factories.event(agreement)
    assert "different agreements" in refused(event, factories.event(factories.agreement()))
    assert "what came of the first" in refused(event, factories.event(agreement, state="scheduled"))
    assert "not public yet" in refused(event, factories.event(agreement, stage="draft"))
    gone = factories.event(agreement)
    Withdrawal.objects.create(event=gone, reason="Told twice.")
    assert "Put it back first" in refused(event, gone)


def test_an_event_that_is_being_coded_waits_for_the_end_of_the_round() -> None:
    record, heir = two_events()
    duty = record.effects.get(effect="breaches").obligation
    coders = [researcher(), second_researcher()]
    coding = Round.open_(
        record.agreement, "Winter", "event", dt.date(2025, 12, 1), [(duty, record)], coders, by=administrator()
    )
    assert "being coded in the round “Winter”" in refused(record, heir)
    assert "being coded" in refused(heir, record)
    coding.close("Enough.", administrator())
    item = coding.items.get()
    merged(record, heir)
    item.refresh_from_db()
    # What was coded is that very record.
    assert item.event_id == record.pk


def test_a_breach_takes_its_verification_along() -> None:
    record, heir = two_events()
    Effect.objects.filter(event=heir).delete()
    merged(record, heir)
    heir.refresh_from_db()
    assert heir.verification == "alleged"
    assert heir.effects.filter(effect="breaches").exists()
    assert heir.actors.filter(role="accused").exists()


def test_only_those_who_may_and_who_say_why() -> None:
    record, heir = factories.actor(), factories.actor()
    with pytest.raises(PermissionDenied):
        merge(record, heir, by=researcher(), reason="The same.")
    with pytest.raises(ValidationError, match="Say why"):
        merge(record, heir, by=reviewer(), reason="  ")
    with pytest.raises(ValidationError, match="300"):
        merge(record, heir, by=reviewer(), reason="x" * 301)
    one = merged(record, heir)
    with pytest.raises(PermissionDenied):
        undo(one, by=researcher())
    record.refresh_from_db()
    assert record.merged_into == heir


def test_somebody_who_saw_another_state_is_told() -> None:
    record, heir = (Actor.objects.get(pk=actor.pk) for actor in two_actors())
    seen = state_of(record, heir)
    factories.report(factories.event(factories.agreement()), originator=record)
    with pytest.raises(Overtaken):
        merge(record, heir, by=reviewer(), reason="The same.", seen=seen)
    merge(record, heir, by=reviewer(), reason="The same.", seen=state_of(heir, record))


def test_the_reason_stands_beside_the_versions() -> None:
    record, heir = two_actors()
    merged(record, heir, "Two names of one body.")
    versions: Any = Actor._meta.get_field("versions").related_model
    last = versions.objects.filter(pgh_obj=heir.pk).latest("pgh_id")
    assert last.pgh_context.metadata["reason"] == "Two names of one body."


# Newer work


def told(one: Regrouping) -> str:
    with pytest.raises(Overtaken) as error:
        undo(one, by=reviewer())
    return " ".join(error.value.newer)


def test_what_was_merged_on_is_taken_back_first() -> None:
    first, second, third = factories.actor(), factories.actor(name="Second"), factories.actor(name="Third")
    one, another = merged(first, second), merged(second, third)
    assert told(one) == "“Second” was merged into “Third” since. Take that back first."
    undo(another, by=reviewer())
    undo(one, by=reviewer())


def test_a_merge_is_taken_back_once() -> None:
    one = merged(factories.actor(), factories.actor())
    undo(one, by=reviewer())
    assert "taken back already" in told(one)


def test_a_row_that_was_given_to_somebody_else_since_is_not_torn_away() -> None:
    record, heir = two_actors()
    one = merged(record, heir)
    report = Report.objects.filter(stance=Stance.ASSERTS).first()
    assert report is not None
    Report.objects.filter(pk=report.pk).update(originator=factories.actor(name="Somebody Else"))
    assert "“Somebody Else”" in told(one)
    Report.objects.filter(pk=report.pk).update(originator=heir)
    undo(one, by=reviewer())
    report.refresh_from_db()
    assert report.originator == record


def test_edits_and_deletions_since_are_kept() -> None:
    record, heir = two_actors()
    one = merged(record, heir)
    Report.objects.filter(stance=Stance.ASSERTS).update(quote="as amended")
    Condition.objects.all().delete()
    heir.refresh_from_db()
    heir.aliases = [*heir.aliases, "The Old Board"]
    heir.name = "The Harbour Board"
    heir.save()
    undo(one, by=reviewer())
    assert Report.objects.get(originator=record).quote == "as amended"
    heir.refresh_from_db()
    assert (heir.name, heir.aliases) == ("The Harbour Board", ["hb", "The Board", "The Old Board"])
    assert not Condition.objects.filter(basis=Basis.PARTY).exists()


def test_what_came_to_the_heir_since_stays_with_it() -> None:
    record, heir = two_actors()
    one = merged(record, heir)
    report = factories.report(factories.event(factories.agreement()), originator=heir)
    undo(one, by=reviewer())
    report.refresh_from_db()
    assert report.originator == heir


def test_parents_that_would_now_run_in_a_circle_are_refused() -> None:
    parent = factories.actor()
    record, heir = factories.actor(parent=parent), factories.actor()
    child = factories.actor(parent=record)
    one = merged(record, heir)
    parent.parent = child
    parent.save()
    assert "circle" in told(one) or "cycle" in told(one)


# Splitting


def test_an_event_that_was_two_is_split() -> None:
    record, _ = two_events()
    stays, goes = record.reports.get(), factories.report(record, quote="at noon")
    accused = record.actors.get(role="accused")
    breach = record.effects.get(effect="breaches")
    new = Event(
        agreement=record.agreement,
        ref=Event.new_ref(record.date),
        title="The second strike",
        date=record.date,
        kind=record.kind,
        verification=record.verification,
    )
    one = split(
        record,
        new,
        [
            Pick(("report", "event"), moved=[goes.pk]),
            Pick(("eventactor", "event"), copied=[accused.pk]),
            Pick(("effect", "event"), copied=[breach.pk]),
        ],
        by=reviewer(),
        reason="Two strikes, an hour apart.",
    )
    assert list(new.reports.all()) == [goes]
    assert list(record.reports.all()) == [stays]
    assert [part.actor for part in new.actors.all()] == [accused.actor]
    assert {effect.obligation for effect in new.effects.all()} == {breach.obligation}
    assert new.recorded_at == record.recorded_at
    assert [(past.partner, past.is_kept) for past in past_of(new)] == [(record, False)]
    undo(one, by=reviewer())
    new.refresh_from_db()
    assert new.merged_into == record
    assert set(record.reports.all()) == {stays, goes}
    assert record.actors.count() == 2
    assert record.effects.count() == 2


def test_a_breach_does_not_go_without_its_accused() -> None:
    record, _ = two_events()
    breach = record.effects.get(effect="breaches")
    new = Event(
        agreement=record.agreement,
        ref="alone",
        title="Alone",
        date=record.date,
        kind=record.kind,
        verification=record.verification,
    )
    with pytest.raises(ValidationError, match="accused"):
        split(record, new, [Pick(("effect", "event"), moved=[breach.pk])], by=reviewer(), reason="Two.")
    assert not Event.with_merged.filter(ref="alone").exists()


def test_an_actor_is_split_with_its_aliases() -> None:
    record, _ = two_actors()
    role = record.parties.get(role="monitor")
    fields, rows = fields_of(record), rows_of(record)
    new = Actor(slug="observers", name="Harbour Observers", kind="other", aliases=["HB"])
    one = split(
        record, new, [Pick(("party", "actor"), moved=[role.pk])], aliases=["HB"], by=reviewer(), reason="Two bodies."
    )
    role.refresh_from_db()
    record.refresh_from_db()
    assert (role.actor, record.aliases) == (new, [])
    undo(one, by=reviewer())
    assert rows_of(record) | {
        ("actor", "merged_into"): set(),
        ("actor", "parent"): set(),
        ("actor", "root"): set(),
    } == (rows | {("actor", "merged_into"): set(), ("actor", "parent"): set(), ("actor", "root"): set()})
    assert fields_of(record) == fields


def test_a_split_takes_something_and_only_what_is_there() -> None:
    record, other = two_outlets()
    theirs = other.articles.get()
    with pytest.raises(ValidationError, match="Choose what goes"):
        split(record, Outlet(slug="new", name="New"), [], by=reviewer(), reason="Two.")
    with pytest.raises(Overtaken, match="no longer here"):
        split(
            record,
            Outlet(slug="new", name="New"),
            [Pick(("article", "outlet"), moved=[theirs.pk])],
            by=reviewer(),
            reason="Two.",
        )
    with pytest.raises(ValidationError) as error:
        split(
            record,
            Outlet(slug=other.slug, name="New"),
            [Pick(("article", "outlet"), moved=[record.articles.get().pk])],
            by=reviewer(),
            reason="Two.",
        )
    assert "slug" in error.value.message_dict


def test_a_split_is_not_taken_back_under_a_newer_merge() -> None:
    record, other = two_outlets()
    new = Outlet(slug="third", name="Third")
    article = record.articles.get()
    one = split(record, new, [Pick(("article", "outlet"), moved=[article.pk])], by=reviewer(), reason="Two.")
    another = merged(new, other)
    assert "Take that back first" in told(one)
    undo(another, by=reviewer())
    undo(one, by=reviewer())
    article.refresh_from_db()
    assert article.outlet == record


# Among the changes at the desk


@pytest.mark.parametrize("pair", PAIRS)
def test_a_merge_is_among_the_recent_changes_and_taken_back_from_there(pair: Callable[[], tuple[Any, Any]]) -> None:
    record, heir = pair()
    one = merged(record, heir)
    settle()
    (change,) = [change for change in recent(reviewer()) if change.kind == "regrouping"]
    assert (change.title, change.text, change.undone) == (str(heir), f"Merged “{record}” into it.", False)
    done = take_back("regrouping", str(one.pk), by=reviewer(), reason="They are two.")
    assert "record of its own again" in done.restores
    assert [change.undone for change in recent(reviewer()) if change.kind == "regrouping"] == [False, True]
    with pytest.raises(Overtaken):
        take_back("regrouping", str(one.pk), by=reviewer(), reason="Once more.")
    with pytest.raises(PermissionDenied):
        take_back("regrouping", str(Regrouping.objects.latest("recorded_at").pk), by=researcher(), reason="Mine.")


# Quotes


def test_quotes_are_looked_for_in_the_text_that_is_read_now() -> None:
    event = factories.event(factories.agreement(), reports=[])
    record, heir = factories.article(), factories.article()
    for article, text in ((heir, "They met at noon by the lake."), (record, "They met at dusk, by the river.")):
        factories.report(event, article, quote=text[9:16])
        Copy.objects.create(
            article=article, origin="pasted", media_type="text/plain", sha256="0" * 64, size=1, text=text
        )
    one = merged(record, heir)
    assert [anchor.report.quote for anchor in BrokenAnchor.objects.all()] == ["at noon"]
    undo(one, by=reviewer())
    assert not BrokenAnchor.objects.exists()


# What readers are told


def test_readers_are_told_what_stands() -> None:
    record, heir = two_actors()
    one = merged(record, heir)
    today = dt.datetime.now(dt.UTC).date()
    assert [(said.how, said.partner, said.on) for said in told_of(heir, Vantage.now())] == [("merged", record, today)]
    earlier = Vantage(today, known_on=today - dt.timedelta(days=1))
    assert told_of(heir, earlier) == []
    undo(one, by=reviewer())
    assert told_of(heir, Vantage.now()) == []


def test_a_merge_of_a_merged_record_is_told_at_the_end_of_the_way() -> None:
    first, second, third = factories.actor(), factories.actor(), factories.actor()
    merged(first, second)
    merged(second, third)
    assert {said.partner for said in told_of(third, Vantage.now())} == {first, second}


def test_both_halves_of_a_split_are_told_of_each_other() -> None:
    record, _ = two_outlets()
    new = Outlet(slug="third", name="Third")
    pick = Pick(("article", "outlet"), moved=[record.articles.get().pk])
    split(record, new, [pick], by=reviewer(), reason="Two.")
    assert [(said.how, said.partner) for said in told_of(record, Vantage.now())] == [("split_off", new)]
    assert [(said.how, said.partner) for said in told_of(new, Vantage.now())] == [("split_from", record)]


def test_nothing_stands_in_the_way_of_a_fresh_merge() -> None:
    one = merged(factories.actor(), factories.actor())
    assert newer(one) == []
