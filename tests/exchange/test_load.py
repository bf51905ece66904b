"""What a load writes, what a second one leaves alone, and what becomes a correction."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.exchange.cases import RIVER, changed, edited, errors, loaded
from tracker.exchange.casefile import dump
from tracker.models import (
    Actor,
    Agreement,
    Article,
    Assessment,
    Check,
    Condition,
    Effect,
    Event,
    EventActor,
    Judgement,
    Obligation,
    Observation,
    Outlet,
    Phase,
    Report,
    Retraction,
    Source,
    Vantage,
    derived_id,
)
from tracker.models.edits import edits_of

pytestmark = pytest.mark.django_db

GAZA = Path("tracker/exchange/demo/gaza-2025.yaml")


def everything() -> dict[str, list[Any]]:
    """All rows of the tracker's tables, the versions that they had included."""
    tables = {}
    for model in apps.get_app_config("tracker").get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  # the table's own name
            tables[model._meta.db_table] = sorted(map(repr, cursor.fetchall()))
    return tables


def levels(code: str, vantage: Vantage | None = None) -> list[int]:
    standing = Assessment.objects.standing(vantage or Vantage.now()).filter(obligation__code=code)
    return [row.level for row in standing]


def test_every_part_of_a_file_arrives() -> None:
    loaded(RIVER)
    agreement = Agreement.objects.get()
    assert (agreement.slug, agreement.territory, agreement.review) == ("river-2025", "The river valley", "none")
    assert agreement.external_ids == {"pax": [77], "wikidata": "Q1"}
    assert [state.state for state in agreement.states.all()] == ["signed", "in_force"]
    accord = agreement.instruments.get(code="accord")
    assert [actor.slug for actor in accord.disputed_by.all()] == ["south"]
    assert Actor.objects.get(slug="north-army").root == Actor.objects.get(slug="north")
    quiet, bridge = agreement.obligations.get(code="quiet"), agreement.obligations.get(code="bridge")
    assert {actor.slug for actor in quiet.obligors.all()} == {"north", "south"}
    assert quiet.clause is not None
    assert (quiet.clause.number, quiet.clause.instrument) == ("1", accord)
    assert bridge.clause is not None
    assert bridge.clause.instrument.code == "annex"
    assert float(agreement.obligations.get(code="list").weight) == 0.5
    assert Phase.objects.get(ordinal=2).declarations.get().article.title == "Bridge to open"
    assert Condition.objects.filter(phase__ordinal=2).count() == 2
    shots = Event.objects.get(ref="shots")
    assert (float(shots.latitude or 0), shots.where_precision, shots.verification) == (47.5, 1, "alleged")
    assert Event.objects.get(ref="meeting").outcome == Event.objects.get(ref="met")
    relayed = Report.objects.get(originator_text="A miller")
    assert relayed.relays == Outlet.objects.get(name="Valley Gazette")
    assert relayed.article.outlet.slug == "river-wire"
    figure = Observation.objects.get(originator__slug="south")
    assert (float(figure.value), float(figure.low or 0), figure.counts) == (9, 7, "new")
    listed = Assessment.objects.get(obligation__code="list")
    assert (listed.byline, listed.reviewer_byline, listed.stage) == ("Researcher 1", "Reviewer 1", "published")
    assert [actor.slug for actor in Assessment.objects.get(level=2).attributed_to.all()] == ["north"]
    assert Check.objects.get(obligation=bridge).where == "the wires"
    assert {source.ref for source in Source.objects.all()} == {"gazette-shots", "gazette-bridge", "wire"}


def test_everything_of_one_load_was_recorded_at_the_same_moment() -> None:
    loaded(RIVER)
    moment = Agreement.objects.get().recorded_at
    for model in (Actor, Article, Obligation, Event, Effect, Report, Observation, Assessment, Check, Source):
        assert set(model._default_manager.values_list("recorded_at", flat=True)) == {moment}


def test_ids_follow_from_the_file() -> None:
    loaded(RIVER)
    assert Event.objects.get(ref="shots").pk == derived_id("river-2025", "events", "shots")
    assert Assessment.objects.get(level=2).pk == derived_id("river-2025", "assessments", "quiet", "2025-03-05")
    assert Article.objects.get(title="Shots at dusk").pk == derived_id("articles", "https://gazette.example/shots")
    same_source = Report.objects.filter(article__title="Shots at dusk").values_list("pk", flat=True)
    stem = ("river-2025", "reports", "shots", "gazette-shots")
    assert set(same_source) == {derived_id(*stem), derived_id(*stem, "2")}


@pytest.mark.parametrize("text", [RIVER, GAZA.read_text(encoding="utf-8")], ids=["river", "gaza"])
def test_loading_twice_changes_nothing_at_all(text: str) -> None:
    loaded(text)
    before = everything()
    (summary,) = loaded(text)
    assert str(summary).endswith(": nothing new, nothing changed")
    assert summary.notes == []
    assert everything() == before


def test_reading_back_a_dump_changes_nothing_at_all() -> None:
    loaded(RIVER)
    before = everything()
    loaded(dump("river-2025"))
    assert everything() == before


def test_the_number_of_queries_follows_the_assessments_only() -> None:
    """Each of those is recorded on its own; no other list costs a query for each of its rows."""

    def more_events(data: Any) -> None:
        for number in range(200):
            event = dict(data["events"][0])
            data["events"].append(event | {"ref": f"shots-{number}"})

    counts = []
    for slug, text in (("lake-2024", RIVER), ("pond-2024", edited(more_events))):
        with CaptureQueriesContext(connection) as queries:
            loaded(changed(("slug: river-2025", f"slug: {slug}"), text=text))
        counts.append(len(queries))
    assert counts[1] <= counts[0]
    assert counts[0] < 160


def test_the_demo_loads_in_one_go() -> None:
    told = StringIO()
    call_command("load_case", str(GAZA), stdout=told)
    assert told.getvalue().startswith("gaza-2025: new: 1 agreement, ")
    assert "105 events" in told.getvalue()
    assert "77 assessments" in told.getvalue()
    december = Vantage(make.day("2025-12-18"))
    assert levels("hostages-living", december)[-1] == 3
    assert levels("hostages-dead", december)[-1] == 2


# What a file need not say


def test_a_file_may_leave_out_whatever_is_optional() -> None:
    loaded("format: 1\nagreement: {slug: talks, title: Talks, states: [{state: negotiation, since: 2025-01-01}]}\n")
    agreement = Agreement.objects.get()
    assert (agreement.signed_on, agreement.effective_on, agreement.review) == (None, None, "required")


def test_keys_without_a_value_count_as_left_out() -> None:
    def empty(data: Any) -> None:
        data["agreement"] |= {"summary": None, "relations": None, "external_ids": None, "signed_on": None}
        data |= {"parties": None, "checks": [], "outlets": None}
        data["obligations"][0] |= {"beneficiaries": None, "clause": None, "measures": None, "due_on": None}
        data["events"][0] |= {"observations": None, "place": None, "note": None}
        data["events"][1]["reports"][0] |= {"stance": None, "originator": None, "relays": None, "quote": None}
        data["assessments"][2] |= {"direction": None, "conformity": None, "retracted": None, "supersedes": None}

    text = edited(empty)
    loaded(text)
    assert Agreement.objects.get().summary == ""
    before = everything()
    loaded(text)
    assert everything() == before


def test_text_is_text_however_it_looks() -> None:
    """YAML takes some words for numbers, days and truth values; where text is due they are what they are."""
    loaded(
        changed(
            ("{number: '1', ", "{number: 1, "),
            ("territory: The river valley", "territory: NO"),
            ("conflict: North against South", "conflict: 2025-10-09"),
            ("country: North", "country: 0x1F"),
            ("wikidata: Q1", "wikidata: 012, ucdp: 13246"),
            ("- ref: shots", "- ref: 2803"),
            ("evidence: [shots]", "evidence: ['2803']"),
        )
    )
    agreement = Agreement.objects.get()
    assert (agreement.territory, agreement.conflict) == ("NO", "2025-10-09")
    assert agreement.external_ids == {"pax": [77], "wikidata": "012", "ucdp": 13246}
    assert Outlet.objects.get(name="Valley Gazette").country == "0x1F"
    assert Event.objects.get(ref="2803").title == "Shots fall at the mill"


def test_a_byte_order_mark_windows_line_ends_and_json_are_yaml_too() -> None:
    loaded(b"\xef\xbb\xbf" + RIVER.replace("\n", "\r\n").encode())
    assert dump("river-2025").count("\r") == 0
    loaded('{"format": 1, "agreement": {"slug": "json", "title": "J", "states": []}}')
    assert Agreement.objects.filter(slug="json").exists()


def test_one_article_has_one_address() -> None:
    loaded(changed(("https://wire.example/list?n=1", "HTTPS://Wire.example:443/list?utm_source=feed&n=1#top")))
    assert Article.objects.filter(url="https://wire.example/list?n=1").exists()


# What a changed file does


def test_changed_rows_are_brought_up_and_keep_their_versions() -> None:
    loaded(RIVER)
    recorded = Event.objects.get(ref="shots").recorded_at
    (summary,) = loaded(
        changed(
            ("title: Shots fall at the mill", "title: Shots fall at the old mill"),
            ("obligors: [south]", "obligors: [south, north]"),
            ("{obligation: bridge, effect: context}", "{obligation: bridge, effect: sets_back}"),
            ("kind: armed_group", "kind: coalition"),
            ("target: 12.5", "target: 13"),
            ("title: Bridge to open", "title: The bridge is to open"),
        )
    )
    shots = Event.objects.get(ref="shots")
    assert (shots.title, shots.recorded_at) == ("Shots fall at the old mill", recorded)
    assert shots.versions.count() == 2  # type: ignore[attr-defined]  # made by pghistory
    assert Obligation.objects.get(code="list").obligors.count() == 2
    assert Actor.objects.get(slug="south").kind == "coalition"
    assert summary.changed == {
        "events": 1, "obligations": 1, "effects": 1, "actors": 1, "measures": 1, "sources": 1
    }  # fmt: skip
    assert not summary.new


def test_what_a_file_lacks_is_left_alone() -> None:
    loaded(RIVER)
    before = everything()
    (summary,) = loaded("format: 1\nagreement: {slug: river-2025, title: River truce, states: []}\n")
    assert str(summary) == "river-2025: nothing new, nothing changed"
    assert everything() == before


def test_what_was_added_on_the_site_stays() -> None:
    loaded(RIVER)
    agreement = Agreement.objects.get()
    quiet = agreement.obligations.get(code="quiet")
    event = make.event(agreement, "2025-04-20", effects=[quiet])
    Event.objects.filter(ref="met").update(place="On the bridge", summary="They shook hands.")
    made = make.assessed(quiet, "2025-04-20", 3, evidence=[event])
    before = everything()
    loaded(RIVER)
    assert everything() == before
    assert levels("quiet")[-1] == made.level


def test_a_changed_date_brings_its_whole_group_along() -> None:
    loaded(RIVER)
    loaded(changed(("date: 2025-03-09\n  date_precision: 2\n  date_end: 2025-03-10\n", "date: 2025-03-12\n")))
    event = Event.objects.get(ref="list")
    assert (event.date_end, event.date_precision) == (None, 1)
    loaded(
        changed(
            ("state: scheduled", "state: occurred"),
            ("  outcome: met\n", ""),
            ("originator_text: A miller, relays", "originator: league, relays"),
        )
    )
    assert Event.objects.get(ref="meeting").outcome is None
    assert Report.objects.get(quote="on a tiré").originator_text == ""


def test_a_changed_report_is_the_same_report() -> None:
    loaded(RIVER)
    ids = set(Report.objects.values_list("pk", flat=True))
    loaded(
        changed(
            ("quote: they fired at the mill", "quote: they shot at the mill"),
            ("stance: denies, originator: north-army", "stance: disputes, originator: north"),
            ("value: 4,", "value: 5,"),
        )
    )
    assert set(Report.objects.values_list("pk", flat=True)) == ids
    assert set(Report.objects.filter(article__title="Shots at dusk").values_list("stance", "originator__slug")) == {
        ("asserts", "south"),
        ("disputes", "north"),
    }
    assert Observation.objects.count() == 2


def test_a_report_made_on_the_site_is_not_overwritten_by_another_one() -> None:
    loaded(RIVER)
    event, article = Event.objects.get(ref="met"), Article.objects.get(title="List: handed over")
    made = make.report(event, article, originator=Actor.objects.get(slug="north"), stance="denies")
    loaded(changed(("originator: league}\nassessments", "originator: south}\nassessments")))
    made.refresh_from_db()
    assert made.stance == "denies"
    assert set(event.reports.values_list("originator__slug", flat=True)) == {"north", "south"}


def test_a_mended_address_keeps_the_article() -> None:
    loaded(RIVER)
    article = Article.objects.get(title="Shots at dusk")
    loaded(changed(("https://gazette.example/shots", "https://gazette.example/2025/shots")))
    article.refresh_from_db()
    assert article.url == "https://gazette.example/2025/shots"


def test_two_sources_may_change_places() -> None:
    def swap(data: Any) -> None:
        one, two = data["sources"][:2]
        one["ref"], two["ref"] = two["ref"], one["ref"]

    loaded(RIVER)
    loaded(edited(swap))
    assert Event.objects.get(ref="meeting").reports.get().article.title == "Shots at dusk"
    before = everything()
    loaded(edited(swap))
    assert everything() == before


def test_a_renamed_source_is_the_same_article() -> None:
    loaded(RIVER)
    loaded(RIVER.replace("gazette-shots", "dusk"))
    assert Source.objects.get(article__title="Shots at dusk").ref == "dusk"
    assert Report.objects.count() == 6


def test_an_outcome_that_waited_for_review_becomes_public() -> None:
    loaded(RIVER)
    agreement = Agreement.objects.get()
    bridge = agreement.obligations.get(code="bridge")
    waiting = make.event(agreement, "2025-05-01", ref="opening", stage="in_review")
    Effect.objects.create(event=waiting, obligation=bridge, effect="context", stage="in_review")

    def add(data: Any) -> None:
        event = {"ref": "opening", "date": waiting.date, "state": "occurred", "kind": "statement", "title": "Open"}
        event |= {"reports": [], "effects": [{"obligation": "bridge", "effect": "advances"}]}
        data["events"].append(event)

    loaded(edited(add))
    waiting.refresh_from_db()
    assert waiting.stage == "published"
    assert Effect.objects.get(event=waiting).stage == "published"


# Corrections and withdrawals

CORRECTED = changed(
    ("  level: 2\n", "  level: 1\n"),
    ("  evidence: [shots]\n", "  evidence: [shots]\n  correction_reason: Shots fell every night.\n"),
)


def test_other_content_is_a_correction() -> None:
    loaded(RIVER)
    (summary,) = loaded(CORRECTED)
    first, second = Assessment.objects.filter(obligation__code="quiet").order_by("position")
    assert (second.supersedes, second.level, second.correction_reason) == (first, 1, "Shots fell every night.")
    assert second.recorded_at > first.recorded_at  # type: ignore[operator]  # both are published
    assert second.pk == derived_id("river-2025", "assessments", "quiet", "2025-03-05", "2")
    assert str(summary) == "river-2025: corrected: 1 assessment"
    before = everything()
    loaded(CORRECTED)
    assert everything() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  level: 2\n", "  level: 1\n"),
        ("  direction: advancing\n", "  direction: stalled\n"),
        ("conformity: modified", "conformity: as_agreed"),
        ("reason: Nothing yet.", "reason: Nothing so far."),
        ("evidence: [met, meeting]", "evidence: [met]"),
        ("attributed_to: [north]", "attributed_to: [south]"),
        ("effective_precision: 2", "effective_precision: 3"),
    ],
)
def test_every_part_of_the_content_counts(old: str, new: str) -> None:
    loaded(RIVER)
    (summary,) = loaded(changed((old, new)))
    assert summary.corrected == 1
    reason = Assessment.objects.get(supersedes__isnull=False).correction_reason
    assert reason == "The case file gives a different account."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("byline: Researcher 1\n", "byline: Somebody else\n"),
        ("evidence: [met, meeting]", "evidence: [meeting, met]"),
        ("reason: Nothing yet.", "reason: |\n    Nothing yet.\n\n"),
    ],
)
def test_what_is_no_content_does_not(old: str, new: str) -> None:
    loaded(RIVER)
    before = everything()
    loaded(changed((old, new)))
    assert everything() == before


def test_a_correction_of_a_correction_and_back_again() -> None:
    loaded(RIVER)
    loaded(CORRECTED)
    loaded(changed(("  level: 2\n", "  level: 3\n")))
    (summary,) = loaded(RIVER)
    assert summary.corrected == 1
    chain = Assessment.objects.filter(obligation__code="quiet").order_by("position")
    assert [row.level for row in chain] == [2, 1, 3, 2]
    assert levels("quiet") == [2]


def test_a_correction_made_on_the_site_outlives_the_old_file() -> None:
    """What the file says is what it said before: it has nothing to correct."""
    loaded(RIVER)
    first = Assessment.objects.get(obligation__code="quiet")
    made = make.assessed(first.obligation, "2025-03-05", 1, evidence=list(first.evidence.all()), supersedes=first)
    before = everything()
    (summary,) = loaded(RIVER)
    assert summary.notes == ["1 assessment corrected here since; that stays"]
    assert everything() == before
    # Other content is news, and corrects what stands.
    loaded(changed(("  level: 2\n", "  level: 3\n")))
    assert Assessment.objects.get(level=3, obligation__code="quiet").supersedes == made


def test_a_correction_that_moves_the_day_leaves_nothing_to_do() -> None:
    loaded(RIVER)
    first = Assessment.objects.get(obligation__code="quiet")
    make.assessed(first.obligation, "2025-03-04", 1, evidence=list(first.evidence.all()), supersedes=first)
    before = everything()
    loaded(RIVER)
    assert everything() == before


def test_a_withdrawal_is_explicit_and_not_undone_by_silence() -> None:
    loaded(RIVER)
    withdrawn = changed(
        ("  evidence: [shots]\n", "  evidence: [shots]\n  retracted: {at: 2025-06-01, reason: Misread.}\n")
    )
    (summary,) = loaded(withdrawn)
    assert str(summary) == "river-2025: withdrawn: 1 assessment"
    retraction = Retraction.objects.get()
    assert retraction.reason == "Misread."
    # The record was not wrong about when it said so: the load's moment counts, not the file's.
    assert retraction.recorded_at > make.moment("2026-01-01")
    before = everything()
    loaded(withdrawn)
    loaded(RIVER)
    assert everything() == before
    assert levels("quiet") == []


def test_a_withdrawn_record_is_taken_up_again_by_a_correction() -> None:
    def undo(data: Any) -> None:
        first = data["assessments"][0]
        again = dict(first) | {"supersedes": first["effective_on"], "correction_reason": "It was right after all."}
        first["retracted"] = {"at": "2025-06-01", "reason": "Misread."}
        data["assessments"].append(again)

    loaded(RIVER)
    loaded(edited(undo))
    assert levels("quiet") == [2]
    assert Assessment.objects.filter(obligation__code="quiet").count() == 2
    before = everything()
    loaded(edited(undo))
    assert everything() == before


def test_new_content_after_a_withdrawal_continues_the_line() -> None:
    loaded(RIVER)
    first = Assessment.objects.get(obligation__code="quiet")
    make.retracted(first)
    loaded(CORRECTED)
    assert Assessment.objects.get(obligation__code="quiet", level=1).supersedes == first


def test_a_published_record_cannot_be_rewritten_behind_its_correction() -> None:
    loaded(RIVER)
    loaded(CORRECTED)
    text = dump("river-2025")
    assert text.count("level: 2\n") == 1
    found = errors(text.replace("level: 2\n", "level: 3\n"))
    assert len(found) == 1
    assert "a published record is never changed" in found[0]


def test_withdrawing_something_else_than_what_was_published() -> None:
    loaded(RIVER)
    withdrawal = "  evidence: [shots]\n  retracted: {at: 2025-06-01, reason: Misread.}\n"
    found = errors(changed(("  evidence: [shots]\n", withdrawal), ("  level: 2\n", "  level: 3\n")))
    assert len(found) == 1
    assert found[0].startswith("assessments[0].retracted: to withdraw a published record, leave the rest of it")


LATER = """\
- obligation: quiet
  effective_on: 2025-03-06
  level: 1
  direction: holding
  conformity: contrary_alleged
  reason: A day later.
  evidence: [shots]
  supersedes: 2025-03-05
checks:
"""


def test_supersedes_may_move_the_day() -> None:
    moved = changed(("checks:\n", LATER))
    for text in (RIVER, moved):
        loaded(text)
    first, second = Assessment.objects.filter(obligation__code="quiet").order_by("position")
    assert second.supersedes == first
    assert levels("quiet") == [1]
    before = everything()
    loaded(moved)
    loaded(RIVER)
    assert everything() == before


# Moments


def test_moments_count_when_the_agreement_is_new_and_only_then() -> None:
    dated = changed(
        ("  evidence: [shots]\n", "  evidence: [shots]\n  recorded_at: 2025-03-08T10:00:00Z\n"),
        ("where: the wires}", "where: the wires, recorded_at: 2025-05-02 09:00:00+01:00}"),
    )
    loaded(dated)
    assert Assessment.objects.get(level=2).recorded_at == make.moment("2025-03-08T10:00")
    assert Check.objects.get(where="the wires").recorded_at == make.moment("2025-05-02T08:00")
    # Whatever does not say when it was recorded was there from the first moment that the file names.
    assert Event.objects.get(ref="shots").recorded_at == make.moment("2025-03-08T10:00")
    # A judgement is only as old as it says.
    assert Assessment.objects.get(level=3).recorded_at > make.moment("2026-01-01")  # type: ignore[operator]  # published, so recorded
    loaded(changed(("  level: 2\n", "  level: 1\n"), text=dated))
    assert Assessment.objects.get(obligation__code="quiet", level=1).recorded_at > make.moment("2026-01-01")  # type: ignore[operator]  # published, so recorded


# What agreements share

LAKE = (
    RIVER.replace("slug: river-2025", "slug: lake-2026")
    .replace("title: River truce", "title: Lake truce")
    .replace("wire.example/list?n=1", "wire.example/lake")
)


def test_a_second_agreement_shares_actors_outlets_and_articles() -> None:
    loaded(RIVER, LAKE)
    assert Actor.objects.count() == 4
    assert Outlet.objects.count() == 2
    assert Article.objects.count() == 4
    assert Source.objects.count() == 6
    assert Event.objects.count() == 8
    assert EventActor.objects.filter(actor__slug="south").count() == 4
    assert dump("lake-2026").replace("lake-2026", "river-2025") != dump("river-2025")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: South,", "name: The South,", 'actors[2].name: {} has "South" as the name of "south"'),
        ("kind: armed_group", "kind: state", 'actors[2].kind: {} has "armed_group" as the kind of "south"'),
        ("parent: north}", "parent: league}", 'actors[1].parent: {} has "north" as the parent of "north-army"'),
    ],
)
def test_a_second_file_has_to_agree_about_an_actor(old: str, new: str, message: str) -> None:
    other = changed((old, new), text=LAKE)
    (found,) = errors(RIVER, other)
    assert found.startswith(message.format("case-1.yaml"))
    assert not Agreement.objects.exists()
    loaded(RIVER)
    (found,) = errors(other)
    assert found.startswith(message.format("the record"))
    # A file may change its own actors as long as nobody else relies on them.
    loaded(changed((old, new)))
    loaded(RIVER)
    loaded(LAKE)
    (found,) = errors(changed((old, new)))
    assert found.startswith(message.format("the record"))


def test_a_second_file_may_know_other_spellings_and_less() -> None:
    loaded(RIVER)
    loaded(changed(("aliases: [The North, Northland]", "aliases: [Upper Bank]"), (", parent: north}", "}"), text=LAKE))
    assert Actor.objects.get(slug="north").aliases == ["The North", "Northland", "Upper Bank"]
    assert Actor.objects.get(slug="north-army").parent == Actor.objects.get(slug="north")


def test_parents_form_no_circle_with_those_on_record() -> None:
    make.actor("north", parent=make.actor("north-army", name="Army of the North", kind="government_body"), name="North")
    Actor.objects.filter(slug="north").update(name="North")
    found = errors(RIVER)
    assert any("circle with those of the record: north-army -> north -> north-army" in line for line in found)


def test_conditions_form_no_circle_with_those_on_record() -> None:
    loaded(RIVER)
    duties = {duty.code: duty for duty in Obligation.objects.all()}
    make.condition(duties["list"], duties["bridge"])
    (found,) = errors(RIVER)
    assert "with those on record, they form a circle: bridge -> list -> bridge" in found


def test_what_another_agreement_describes_is_kept_and_filled_in() -> None:
    loaded(RIVER)
    (summary,) = loaded(
        changed(
            ("domain: gazette.example, country: North", "domain: gazette.example, country: Northland"),
            ("title: Bridge to open", "title: The bridge"),
            ("authors: A. Reporter", "authors: A. Reporter, accessed_on: 2025-05-05, reliability: C"),
            text=LAKE,
        )
    )
    assert summary.notes == [
        'outlet "Valley Gazette" is described here already; kept: country',
        'source "gazette-bridge" is described here already; kept: title',
    ]
    article = Article.objects.get(url="https://gazette.example/bridge")
    assert (article.title, article.reliability, str(article.accessed_on)) == ("Bridge to open", "C", "2025-05-05")


def test_agreements_of_one_load_may_relate_to_one_another() -> None:
    river = changed(("  stage: Cea\n", "  stage: Cea\n  relations: [{to: lake-2026, kind: amends}]\n"))
    lake = changed(("  stage: Cea\n", "  stage: Cea\n  relations: [{to: river-2025, kind: renews}]\n"), text=LAKE)
    assert errors(river)[0].startswith('agreement.relations[0].to: no agreement "lake-2026" here')
    loaded(river, lake)
    before = everything()
    loaded(lake)
    loaded(river)
    assert everything() == before


def test_a_given_id_belongs_to_one_record() -> None:
    loaded(RIVER)
    taken = Event.objects.get(ref="met").pk
    (found,) = errors(changed(("- ref: met\n", f"- ref: met\n  id: {taken}\n"), text=LAKE))
    assert found.startswith("events[3].id: another record has this id already")
    loaded(changed(("- ref: met\n", f"- ref: met\n  id: {taken}\n")))


def test_a_row_that_got_another_name_keeps_its_id() -> None:
    loaded(RIVER)
    Event.objects.filter(ref="shots").update(ref="old-shots")
    loaded(RIVER)
    assert Event.objects.filter(ref__in=["shots", "old-shots"]).count() == 2


def test_outlets_get_addresses_of_their_own() -> None:
    make.outlet("River_Wire")
    loaded(changed(("outlet: River Wire", "outlet: 'River  Wire!'"), ("relays: Valley Gazette", "relays: الجزيرة")))
    slugs = set(Outlet.objects.values_list("slug", flat=True))
    assert {"river-wire", "river-wire-2", "valley-gazette"} < slugs
    assert len(slugs) == 4


# The command


def test_files_of_agreements_that_are_there_can_be_left_out(tmp_path: Path) -> None:
    river, lake = tmp_path / "river.yaml", tmp_path / "lake.yaml"
    river.write_text(RIVER)
    lake.write_text(LAKE)
    call_command("load_case", str(river), stdout=StringIO())
    Event.objects.filter(ref="met").update(title="As mended on the site")
    told = StringIO()
    call_command("load_case", str(river), str(lake), keep_present=True, stdout=told)
    assert Event.objects.filter(title="As mended on the site").exists()
    assert Agreement.objects.count() == 2
    assert "river-2025: nothing new, nothing changed\n  left as it is\n" in told.getvalue()


def test_a_status_recorded_meanwhile_is_not_lost() -> None:
    """A load and a person lock the same rows, so each sees what the other did; here the person comes first."""
    loaded(RIVER)
    duty = Obligation.objects.get(code="bridge")
    version = duty.version
    judgement = Judgement(make.day("2025-04-12"), 0, "Closed again.", [Event.objects.get(ref="met")])
    Assessment.record(duty, judgement, seen_version=version)
    loaded(CORRECTED)
    assert levels("bridge")[-1] == 0


def test_readers_see_that_a_file_changed_an_event_and_nothing_of_the_first_load() -> None:
    loaded(RIVER)
    event = Event.objects.get(summary__startswith="South hands the list to the League")
    assert edits_of(event) == []
    loaded(changed(("South hands the list to the League, which", "South hands the list to the League's envoy, who")))
    (edit,) = edits_of(event)
    assert edit.reason == "The case file gives a different account."
    assert [field.label for field in edit.fields] == ["Summary"]
