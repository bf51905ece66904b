"""The page of the text: what each side signed, clause by clause, with what follows from it."""

import pytest

from tests import factories
from tests.browse.reading import days_ago, nothing_loads_late, part, read, same_number_of_queries, words
from tracker.codebook import PartyRole, RelationKind
from tracker.models import Actor, Agreement, AgreementRelation, Clause, Instrument, today

pytestmark = pytest.mark.django_db

PAGE = "/agreements/truce/text/"


@pytest.fixture
def truce() -> Agreement:
    return factories.agreement("truce", title="The river truce", summary="Both banks hold their fire.")


@pytest.fixture
def north() -> Actor:
    return factories.actor("north", name="North")


@pytest.fixture
def south() -> Actor:
    return factories.actor("south", name="South")


@pytest.fixture
def plan(truce: Agreement, north: Actor, south: Actor) -> Instrument:
    """Accepted by South; North disputes being bound."""
    made = factories.instrument(truce, "plan", title="The plan", date="2025-10-01", url="https://plans.example/1")
    made.accepted_by.set([south])
    made.disputed_by.set([north])
    return made


# Who signed what


def test_it_says_of_each_side_what_it_signed(truce: Agreement, plan: Instrument, north: Actor, south: Actor) -> None:
    steps = factories.instrument(truce, "steps", title="The steps", date="2025-10-09")
    steps.accepted_by.set([south, north])
    factories.party(truce, north)
    factories.party(truce, south)
    said = part(read(PAGE), "signed")
    assert "North Signatory Accepted The steps 9 Oct 2025 Disputes being bound by The plan 1 Oct 2025" in said
    assert "South Signatory Accepted The plan 1 Oct 2025 The steps 9 Oct 2025" in said


def test_a_text_without_an_acceptance_on_record_says_that_and_no_more(truce: Agreement) -> None:
    factories.instrument(truce, "steps", title="The steps", date="2025-10-09")
    said = words(read(PAGE))
    assert "Accepted by No acceptance is recorded" in said
    assert "Who disputes being bound No dispute is recorded" in said


def test_those_of_whom_nothing_is_recorded_are_named(truce: Agreement, plan: Instrument) -> None:
    factories.party(truce, factories.actor(name="Delta"), PartyRole.GUARANTOR)
    factories.party(truce, factories.actor(name="Estuary"), PartyRole.MONITOR)
    page = read(PAGE)
    assert "Of Delta and Estuary it is not recorded whether they accepted a text" in part(page, "signed")
    assert "Guarantor Delta" in part(page, "agreement")
    assert "Monitor Estuary" in part(page, "agreement")


def test_who_owes_something_without_having_signed_anything_is_named_too(truce: Agreement, north: Actor) -> None:
    factories.party(truce, north)
    factories.obligation(truce, obligors=[factories.actor(name="The Free Company")])
    assert "Of North and The Free Company it is not recorded whether they accepted" in part(read(PAGE), "signed")


def test_somebody_without_a_role_who_disputes_being_bound_is_there(plan: Instrument) -> None:
    assert "North Disputes being bound by The plan" in part(read(PAGE), "signed")


def test_on_a_past_day_it_says_that_nobody_recorded_since_when(plan: Instrument) -> None:
    assert "Since when somebody accepts one" not in words(read(PAGE))
    assert "Since when somebody accepts one" in words(read(f"{PAGE}?as_of=2025-12-18"))


# Texts and clauses


def test_a_text_stands_with_its_day_its_address_and_who_is_bound(plan: Instrument) -> None:
    page = read(PAGE)
    said = part(page, "text-plan")
    assert "The plan 1 Oct 2025" in said
    assert "Accepted by South" in said
    assert "Who disputes being bound North" in said
    assert 'href="https://plans.example/1"' in page.content.decode()
    assert 'href="/agreements/truce/disputes/#bound-plan-north"' in page.content.decode()


def test_clauses_stand_in_the_order_of_their_numbers_with_what_rests_on_them(
    truce: Agreement, plan: Instrument, north: Actor, south: Actor
) -> None:
    clauses = {number: factories.clause(plan, number, text=f"Point {number}.") for number in ("10", "9", "4 (b)", "4")}
    duty = factories.obligation(
        truce,
        "bridge",
        title="The bridge is opened",
        obligors=[north],
        beneficiaries=[south],
        instrument=plan,
        clause=clauses["9"],
    )
    factories.assessed(duty, "2025-10-20", 2)
    other = factories.obligation(truce, "ferry", title="The ferry runs", instrument=plan)
    factories.condition(other, duty, clause=clauses["10"])
    page = read(PAGE)
    said = part(page, "text-plan")
    places = [said.index(f"Point {number}.") for number in ("4", "4 (b)", "9", "10")]
    assert places == sorted(places)
    nine = part(page, "clause-plan.9")
    assert "The bridge is opened Owed by North to South Under way" in nine
    assert "“The ferry runs” waits, by this clause, for “The bridge is opened” to reach level 3 of 3." in part(
        page, "clause-plan.10"
    )
    assert "No obligation is recorded under this clause." in part(page, "clause-plan.4-(b)")
    after = said[said.index("whose clause is not recorded") :]
    assert "The ferry runs" in after
    assert "The bridge is opened" not in after


def test_a_clause_keeps_its_own_language(plan: Instrument) -> None:
    factories.clause(plan, "1", text="يفتح الجسر", language="ar")
    assert '<div class="clause-text" lang="ar" dir="auto"><p>يفتح الجسر</p>' in read(PAGE).content.decode()


def test_obligations_without_a_text_are_not_lost(truce: Agreement, plan: Instrument) -> None:
    factories.obligation(truce, title="Nobody knows from where this comes")
    assert "Nobody knows from where this comes" in part(read(PAGE), "without-text")


def test_the_page_of_an_obligation_leads_to_its_clause(truce: Agreement, plan: Instrument) -> None:
    clause = factories.clause(plan, "4 (b)")
    factories.obligation(truce, "bridge", instrument=plan, clause=clause)
    factories.obligation(truce, "ferry", instrument=plan)
    for code, place in (("bridge", "clause-plan.4-%28b%29"), ("ferry", "text-plan")):
        page = read(f"/agreements/truce/obligations/{code}/").content.decode()
        assert f'href="{PAGE}#{place}"' in page


# The agreement


def test_relations_to_other_agreements_are_told_in_both_directions(truce: Agreement) -> None:
    older = factories.agreement("older", title="The lake truce", signed_on="2025-01-01")
    AgreementRelation.objects.create(agreement=truce, to=older, kind=RelationKind.EXTENDS)
    factories.obligation(truce)
    factories.obligation(older)
    assert "It extends The lake truce." in part(read(PAGE), "agreement")
    assert "The river truce extends it." in part(read("/agreements/older/text/"), "agreement")
    assert "The river truce" not in words(read("/agreements/older/text/?as_of=2025-06-01"))


def test_ids_in_other_datasets_and_the_summary(truce: Agreement) -> None:
    truce.external_ids = {"pax": [2849, 2848]}
    truce.save()
    factories.obligation(truce)
    said = part(read(PAGE), "agreement")
    assert "PA-X 2849, 2848" in said
    assert "Both banks hold their fire." in said


# The two dates


def test_a_text_of_a_later_day_is_not_shown(truce: Agreement, plan: Instrument) -> None:
    factories.instrument(truce, "late", title="The resolution", date="2025-11-17")
    factories.obligation(truce, title="What both agreed")
    assert "The resolution" not in words(read(f"{PAGE}?as_of=2025-11-16"))
    assert "The resolution" in words(read(f"{PAGE}?as_of=2025-11-17"))


def test_a_text_recorded_later_is_not_shown(truce: Agreement, plan: Instrument) -> None:
    Agreement.objects.update(recorded_at=factories.moment("2025-10-01"))
    Instrument.objects.update(recorded_at=factories.moment("2025-10-01"))
    factories.clause(plan, "1", text="The bridge opens.")
    yesterday = read(f"{PAGE}?known_on={days_ago(1)}")
    assert "The plan" in words(yesterday)
    assert "The bridge opens." not in words(yesterday)
    Clause.objects.update(recorded_at=factories.moment("2025-10-01"))
    assert "The bridge opens." in words(read(f"{PAGE}?known_on={days_ago(1)}"))
    assert "nothing about this agreement had been recorded" in words(read(f"{PAGE}?known_on=2025-09-01"))


def test_before_anything_was_agreed_it_says_so_and_leads_to_today(truce: Agreement, plan: Instrument) -> None:
    page = read(f"{PAGE}?as_of=2025-09-01")
    assert "Nothing had been agreed by 1 Sep 2025" in words(page)
    assert "The plan" not in words(page)
    assert f'href="{PAGE}"' in page.content.decode()


def test_nothing_on_record_yet_is_no_empty_page(truce: Agreement) -> None:
    assert "its texts had not been recorded here" in words(read(f"{PAGE}?as_of={today()}"))


def test_an_unknown_agreement_and_a_bad_day_are_explained() -> None:
    read("/agreements/none/text/", status=404)
    factories.agreement("truce")
    read(f"{PAGE}?as_of=2025-02-30", status=400)


def test_the_page_costs_the_same_queries_for_any_amount_of_data(
    truce: Agreement, plan: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_number_of_queries(lambda agreement: f"{agreement.get_absolute_url()}text/")
    nothing_loads_late(monkeypatch)
    factories.obligation(truce, instrument=plan, clause=factories.clause(plan))
    read(PAGE)
