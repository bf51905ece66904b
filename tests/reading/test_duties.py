"""Phrases that speak of an obligation."""

import pytest

from tests.reading.case import found

CASES: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "Under the second stage, Israel is to withdraw from its positions.",
        [("withdraw from its positions", "withdraw")],
    ),
    ("Israel pulled back to the yellow line.", [("pulled back to the yellow line", "pullback")]),
    (
        "an interim authority is to govern the territory",
        [("interim authority", "authority"), ("govern the territory", "authority")],
    ),
    ("an international stabilization force is to come", [("international stabilization force", "force")]),
    ("Hamas has to lay down its weapons", [("lay down its weapons", "disarm")]),
    ("Hamas should give up all of its heavy arms.", [("give up all of its heavy arms", "disarm")]),
    ("Hamas will be disarmed", [("disarmed", "disarm")]),
    ("a right to hold weapons", [("hold weapons", "disarm")]),
    ("they released all of the hostages", [("released all of the hostages", "living")]),
    ("the body of a dead hostage was returned", [("body of", "dead"), ("dead hostage", "dead"), ("returned", "dead")]),
    ("Israel freed 250 Palestinian prisoners", [("freed 250 Palestinian prisoners", "prisoners")]),
    ("The reconstruction has not begun", [("reconstruction", "rebuild")]),
    ("Aid trucks may enter", [("Aid trucks", "aid")]),
    ("let more fuel in", [("let more fuel in", "aid")]),
    ("the reopening of the Rafah crossing", [("reopening of the Rafah crossing", "rafah")]),
    ("the crossing could open soon", [("crossing", "rafah"), ("open", "rafah")]),
    ("Israel halted all its fire.", [("halted all its fire", "fire-il")]),
    ("Hamas is to hold its fire.", [("hold its fire", "fire-hamas")]),
    ("The street lamps were lit.", [("street lamps", "lamps")]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_an_obligation_is_found(text: str, wanted: list[tuple[str, str]]) -> None:
    assert found(text, "duty") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Aid workers and aid agencies met.",
        "He withdrew his remark.",
        "They are crossing the road.",
        "The bank opened at nine.",
        "He left early and returned to Cairo for talks on Monday.",
        "The committee will discuss it.",
        "A strike hit the town.",
    ],
)
def test_other_uses_of_the_words_are_left_alone(text: str) -> None:
    assert found(text, "duty") == []


def test_the_one_who_acts_decides_between_duties_of_a_kind() -> None:
    text = "Israel handed over bodies to the Red Cross. Hamas handed over bodies."
    assert [ref for _, ref in found(text, "duty")] == ["prisoners", "dead"]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("نزع سلاح حماس", "ar", [("نزع سلاح", "disarm")]),
        ("إدخال المساعدات", "ar", [("إدخال المساعدات", "aid")]),
        ("פירוק הנשק", "he", [("פירוק הנשק", "disarm")]),
        ("לסגת", "he", [("לסגת", "withdraw")]),
    ],
)
def test_arabic_and_hebrew_words(text: str, language: str, wanted: list[tuple[str, str]]) -> None:
    assert [words for words, _ in found(text, "duty", language=language)] == [words for words, _ in wanted]


def test_particles_stay_outside_and_the_arabic_article_inside() -> None:
    assert found("وإدخال المساعدات", "duty", language="ar") == [("إدخال المساعدات", "aid")]
    assert [words for words, _ in found("ונסיגת צבא", "duty", language="he")] == ["נסיגת"]


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("The army must quit the posts.", "pullback"),
        ("An apolitical committee took over.", "authority"),
        ("Two states offered troops, then blue helmets came.", "force"),
        ("Their guns are stored in an assembly zone.", "disarm"),
        ("A donors' conference met; the donor conference raised money.", "rebuild"),
        ("They counted 40 lorries a day.", "aid"),
        ("It reopened the gate.", "rafah"),
    ],
)
def test_the_fields_ordinary_words_are_known(text: str, ref: str) -> None:
    assert ref in [each for _, each in found(text, "duty")]
