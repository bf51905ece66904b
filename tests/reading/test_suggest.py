"""Events that an article reports are offered, with who said them, when, and what they mean."""

from datetime import date

import pytest

from tests.reading.case import ARTICLE, DUTIES, KNOWN, THURSDAY, marked
from tracker.codebook import QUOTE_WORDS, EffectKind, EventKind, EventRole, EventState, Stance, Verification
from tracker.reading.suggest import Suggestion, suggest


def offered(text: str, published_on: date | None = THURSDAY) -> list[Suggestion]:
    return suggest(marked(text, published_on), KNOWN, DUTIES, published_on, ["The Morning Ledger"])


def only(text: str) -> Suggestion:
    (suggestion,) = offered(text)
    return suggestion


def of_kind(kind: EventKind) -> list[Suggestion]:
    return [each for each in offered(ARTICLE) if each.kind == kind]


def test_the_meeting_with_its_day_place_people_and_sources() -> None:
    meeting = of_kind(EventKind.MEETING)[0]
    assert (meeting.state, meeting.date, meeting.date_end, meeting.date_precision) == (
        EventState.SCHEDULED,
        date(2025, 12, 19),
        None,
        1,
    )
    assert meeting.place == "Miami"
    assert (meeting.originator, meeting.originator_text, meeting.relays) == ("", "White House official", "Axios")
    assert {ref for ref, role in meeting.actors if role == EventRole.PARTICIPANT} == {
        "witkoff",
        "al-thani",
        "fidan",
        "abdelatty",
    }
    assert meeting.title == (
        "Meeting: Steve Witkoff, Mohammed bin Abdulrahman Al Thani, Hakan Fidan and Badr Abdelatty"
    )


def test_a_meeting_some_time_in_a_month() -> None:
    meeting = of_kind(EventKind.MEETING)[1]
    assert [ref for ref, _ in meeting.actors] == ["netanyahu", "trump"]
    assert (meeting.state, meeting.date, meeting.date_end, meeting.date_precision) == (
        EventState.SCHEDULED,
        date(2025, 12, 19),
        date(2025, 12, 31),
        4,
    )
    assert len(of_kind(EventKind.MEETING)) == 2


def test_a_strike_names_who_is_accused_and_who_was_hit() -> None:
    strike = of_kind(EventKind.STRIKE)[0]
    assert dict(strike.actors) == {"israel": EventRole.ACCUSED, "saad": EventRole.TARGET}
    assert (strike.date, strike.date_end) == (date(2025, 12, 13), date(2025, 12, 14))
    assert ("fire-il", EffectKind.BREACHES) in strike.effects
    assert strike.verification == Verification.ALLEGED
    assert strike.place == "Gaza City"


def test_a_statement_inside_a_sentence_about_an_act_is_one_of_its_own() -> None:
    warning = next(each for each in of_kind(EventKind.STATEMENT) if each.originator == "trump")
    assert ARTICLE[warning.quote_start : warning.quote_end].endswith("led Trump to warn of the deal's end")


def test_what_somebody_says_about_an_obligation() -> None:
    said = next(each for each in of_kind(EventKind.STATEMENT) if each.originator == "hayya")
    assert said.date == date(2025, 12, 14)
    assert said.title == "Statement by Khalil al-Hayya on disarmament"
    assert said.effects == (("disarm", EffectKind.CONTEXT),)
    assert ARTICLE[said.quote_start : said.quote_end] == "lay down its arms before there is a state"
    assert any(each.originator == "israel" for each in of_kind(EventKind.STATEMENT))


def test_a_described_speaker_keeps_the_article_s_words() -> None:
    assert "three mediators" in [each.originator_text for each in of_kind(EventKind.STATEMENT)]


def test_a_release_and_what_is_still_owed() -> None:
    (release,) = of_kind(EventKind.RELEASE)
    assert dict(release.effects)["living"] == EffectKind.ADVANCES
    assert ("gvili", EventRole.SUBJECT) in release.actors


def test_nothing_is_offered_from_notices_and_background() -> None:
    sentences = marked(ARTICLE).sentences
    for each in offered(ARTICLE):
        assert not sentences[each.sentence].notice
        assert "October 2023" not in ARTICLE[each.start : each.end]


def test_a_title_is_never_the_sentence_and_a_quote_is_short_and_its_own() -> None:
    for each in offered(ARTICLE):
        sentence = ARTICLE[each.start : each.end]
        assert each.title not in sentence
        assert each.start <= each.quote_start < each.quote_end <= each.end
        assert len(ARTICLE[each.quote_start : each.quote_end].split()) <= QUOTE_WORDS


def test_both_sides_allege_violations() -> None:
    event = only("The truce remains fragile, with both sides alleging violations.")
    assert (event.kind, event.originator_text) == (EventKind.ALLEGED_VIOLATION, "both sides")


def test_an_accusation_names_the_accused() -> None:
    event = only("Hamas accused Israel of violating the ceasefire.")
    assert event.kind == EventKind.ALLEGED_VIOLATION
    assert dict(event.actors) == {"hamas": EventRole.SPEAKER, "israel": EventRole.ACCUSED}
    assert event.verification == Verification.ALLEGED


def test_one_s_own_strike_is_admitted() -> None:
    event = only("Israel said it had struck a car in Gaza City on Wednesday, and that Raed Saad was killed.")
    assert event.verification == Verification.ADMITTED


def test_a_bulletin_of_totals_is_a_tally() -> None:
    event = only(
        "The Gaza Health Ministry said on Wednesday that 386 people were killed since the truce began on Oct. 10."
    )
    assert (event.kind, event.originator, event.date) == (EventKind.TALLY, "moh", date(2025, 12, 17))


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Hamas said it had returned all living hostages.", Stance.ASSERTS),
        ("Hamas denied that it held the bodies of hostages.", Stance.DENIES),
        ("Egypt disputed the figures that Israel gave, officials said.", Stance.DISPUTES),
        ("Israel defended the strike in Gaza City on Monday, Netanyahu said.", Stance.JUSTIFIES),
    ],
)
def test_stances(text: str, stance: Stance) -> None:
    assert offered(text)[0].stance == stance


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hamas handed over the bodies of two hostages on Sunday.", EventKind.HANDOVER),
        ("Israeli troops withdrew from their positions on Friday.", EventKind.WITHDRAWAL),
        ("A first contingent of peacekeepers from Egypt deployed on Monday.", EventKind.DEPLOYMENT),
        ("On Sunday 200 aid trucks entered Gaza, Egypt reported.", EventKind.AID_DELIVERY),
        ("Israel and Hamas signed the agreement on October 9.", EventKind.SIGNING),
        ("The Security Council appointed Nickolay Mladenov on Monday.", EventKind.APPOINTMENT),
        ("Gunmen of Hamas opened fire on Israeli troops on Sunday, killing one.", EventKind.ATTACK),
        ("Witkoff met Netanyahu in Jerusalem on Sunday.", EventKind.MEETING),
    ],
)
def test_kinds(text: str, kind: EventKind) -> None:
    assert kind in [each.kind for each in offered(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Israel is to withdraw, and a force is to be deployed.",
        "The third stage includes the reconstruction of Gaza.",
        "The road to peace is long.",
        "Hamas has yet to hand over the last body.",
        "Raed Saad, said to have planned it, lived in Gaza.",
    ],
)
def test_background_is_no_event(text: str) -> None:
    assert offered(text) == []


def test_he_is_whoever_spoke_last() -> None:
    first, second = offered("Netanyahu said on Sunday that it was over. He added that the hostages would be released.")
    assert (first.originator, second.originator) == ("netanyahu", "netanyahu")


def test_a_spokesman_speaks_for_his_body() -> None:
    assert only("A spokesman for the Israeli military said that it was true.").originator == "idf"


def test_several_speak_together() -> None:
    event = only("Egypt, Qatar and Turkey said on Monday that aid must flow.")
    assert event.originator == "egypt"
    assert [ref for ref, role in event.actors if role == EventRole.SPEAKER] == ["egypt", "qatar", "turkiye"]


def test_without_a_day_of_publication_events_are_offered_undated() -> None:
    assert all(each.date is None for each in offered(ARTICLE, None) if each.kind == EventKind.MEETING)


def test_a_meeting_named_in_passing_is_an_event_of_its_own() -> None:
    statement, meeting = offered(
        "Netanyahu, who is due to meet Donald Trump in Washington next week, said that Hamas would be disarmed."
    )
    assert (statement.kind, statement.originator) == (EventKind.STATEMENT, "netanyahu")
    assert (meeting.kind, meeting.state, meeting.place) == (EventKind.MEETING, EventState.SCHEDULED, "Washington")
    assert [ref for ref, _ in meeting.actors] == ["netanyahu", "trump"]
    assert meeting.date == date(2025, 12, 22)


def test_who_complains_of_a_breach_is_not_who_committed_it() -> None:
    complaint = only("Hamas condemned the killing as a breach of the ceasefire on Monday.")
    assert complaint.originator == "hamas"
    assert [ref for ref, _ in complaint.effects] == ["fire-il"]


def test_troops_that_say_they_fired_admit_it_for_their_state() -> None:
    event = only("The Israeli military said on Saturday its forces had killed two men in southern Gaza.")
    assert dict(event.actors) == {"idf": EventRole.ACCUSED}
    assert event.verification == Verification.ADMITTED
    assert event.effects == (("fire-il", EffectKind.BREACHES),)
