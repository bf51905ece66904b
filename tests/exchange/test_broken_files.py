"""Broken case files: each gets every error with its place, nothing is written, and nothing blows up."""

import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.exchange.cases import RIVER, changed, edited, errors, loaded
from tracker.exchange.casefile.read import MAX_BYTES
from tracker.models import Agreement, Article, Event, Outlet

pytestmark = pytest.mark.django_db

LONG_QUOTE = " ".join(["word"] * 300)


def without(*path: str | int) -> str:
    """The case without the value at a path."""

    def edit(data: object) -> None:
        held: object = data
        for step in path[:-1]:
            held = held[step]  # type: ignore[index]  # plain data from YAML
        del held[path[-1]]  # type: ignore[attr-defined]  # the same

    return edited(edit)


# Name -> (file, its errors: each line has to contain one of these, in this order).
BROKEN: dict[str, tuple[str, list[str]]] = {
    # References
    "unknown source": (
        changed(("- {source: wire}", "- {source: wire-2}")),
        ['events[1].reports[0].source: no source "wire-2" (line'],
    ),
    "unknown actor": (
        changed(("stance: denies, originator: north-army", "stance: denies, originator: east")),
        ['events[0].reports[1].originator: no actor "east"'],
    ),
    "unknown parent": (changed(("parent: north", "parent: nord")), ['actors[1].parent: no actor "nord"']),
    "unknown obligation": (
        changed(("- {obligation: list, effect: advances}", "- {obligation: lists, effect: advances}")),
        [
            'events[1].effects[0].obligation: no obligation "lists"',
            'assessments[1].evidence[0]: event "list" has no effect on obligation "list"',
        ],
    ),
    "unknown event": (
        changed(("evidence: [met, meeting]", "evidence: [met, meet]")),
        ['assessments[3].evidence[1]: no event "meet"'],
    ),
    "unknown outcome": (changed(("outcome: met", "outcome: cancelled")), ['events[2].outcome: no event "cancelled"']),
    "unknown phase": (
        changed(("code: bridge\n  phase: 2", "code: bridge\n  phase: 3")),
        ["obligations[2].phase: no phase 3"],
    ),
    "unknown measure": (
        changed(("measure: shots, value: 4", "measure: bangs, value: 4")),
        ['events[0].observations[1].measure: no measure "bangs" of obligation "quiet"'],
    ),
    "unknown clause": (
        changed(
            (
                "level: 3, basis: text, clause: '1'}\n  - {obligation: list",
                "level: 3, basis: text, clause: '9'}\n  - {obligation: list",
            )
        ),
        ['phases[1].conditions[0].clause: no clause "9"'],
    ),
    "ambiguous clause": (
        changed(("due_on: 2025-03-10\n", "due_on: 2025-03-10\n  clause: '2'\n")),
        ['obligations[1].clause: "2" stands in several instruments; write accord/2 or annex/2'],
    ),
    "unknown instrument": (
        changed(("instrument: annex\n", "instrument: anex\n")),
        ['obligations[2].instrument: no instrument "anex"', "obligations[2].clause:"],
    ),
    "unknown related agreement": (
        changed(("  stage: Cea\n", "  stage: Cea\n  relations: [{to: lake-2024, kind: amends}]\n")),
        ['agreement.relations[0].to: no agreement "lake-2024" here'],
    ),
    # Days
    "no such day": (
        changed(("date: 2025-03-05\n", "date: 2025-02-30\n")),
        ["events[0].date: there is no 2025-02-30 in the calendar"],
    ),
    "short day": (
        changed(("signed_on: 2025-03-01", "signed_on: 2025-3-1")),
        ['agreement.signed_on: "2025-3-1" is no day; write YYYY-MM-DD'],
    ),
    "a moment for a day": (
        changed(("signed_on: 2025-03-01", "signed_on: 2025-03-01T10:00:00Z")),
        ["agreement.signed_on:"],
    ),
    "end before start": (
        changed(("date_end: 2025-03-10", "date_end: 2025-03-08")),
        ["events[1].date_end: 2025-03-08 lies before the date, 2025-03-09"],
    ),
    "phase ends before it starts": (
        changed(("planned_end: 2025-04-01", "planned_end: 2025-02-01")),
        ["phases[0].planned_end: 2025-02-01 lies before the planned start"],
    ),
    "assessment in the future": (
        changed(("effective_on: 2025-04-11", "effective_on: 2525-04-11")),
        ["assessments[3].effective_on: 2525-04-11 lies in the future"],
    ),
    "check in the future": (
        changed(("{obligation: quiet, date: 2025-05-01}", "{obligation: quiet, date: 2525-05-01}")),
        ["checks[1].date: 2525-05-01 lies in the future"],
    ),
    "happened in the future": (
        changed(("date: 2025-04-11\n", "date: 2525-04-11\n"), ("date: 2025-04-10\n", "date: 2525-04-10\n")),
        ["events[3].date: 2525-04-11 lies in the future"],
    ),
    # Twice
    "code twice": (
        changed(("- code: list\n", "- code: quiet\n")),
        [
            'phases[1].conditions[1].obligation: no obligation "list"',
            "obligations[1].code: the same obligation as obligations[0]",
            'obligations[2].conditions[0].obligation: no obligation "list"',
            'events[1].effects[0].obligation: no obligation "list"',
            'assessments[1].obligation: no obligation "list"',
        ],
    ),
    "key twice": (
        changed(("  territory: The river valley\n", "  title: Another\n")),
        ["agreement.title: this key is given twice, first in line 4 (line 6)"],
    ),
    "ref twice": (
        changed(("- ref: met\n", "- ref: list\n")),
        [
            'events[2].outcome: no event "met"',
            "events[3].ref: the same event as events[1]",
            'assessments[3].evidence[0]: no event "met"',
        ],
    ),
    "address twice": (
        changed(("https://gazette.example/bridge", "HTTPS://GAZETTE.example:443/shots?utm_source=x#top")),
        ["sources[1].url: the same article as sources[0]"],
    ),
    "effect twice": (
        changed(("{obligation: bridge, effect: context}", "{obligation: list, effect: context}")),
        ["events[1].effects[1].obligation: the same effect as events[1].effects[0]", 'event "list" has no effect'],
    ),
    "two states on a day": (
        changed(("state: in_force, since: 2025-03-02", "state: in_force, since: 2025-03-01")),
        ["agreement.states[1].since: the same state of that day as agreement.states[0]"],
    ),
    "obligor twice": (
        changed(("obligors: [north, south]", "obligors: [north, south, north]")),
        ['obligations[0].obligors[2]: "north" is listed twice'],
    ),
    "assessed twice": (
        changed(("effective_on: 2025-04-11", "effective_on: 2025-03-10")),
        ["assessments[3].effective_on: the same obligation and day as assessments[2]"],
    ),
    # Circles
    "circle of conditions": (
        changed(("due_rule: within ten days\n", "conditions: [{obligation: bridge, level: 1, basis: text}]\n")),
        ["form a circle: list -> bridge -> list"],
    ),
    "circle through a phase": (
        changed(
            ("{obligation: quiet, level: 3, basis: text, clause: '1'}", "{obligation: bridge, level: 3, basis: text}")
        ),
        ["phases[1].conditions: the conditions by the text form a circle: phase 2 -> bridge -> phase 2"],
    ),
    "waits for itself": (
        changed(
            (
                "- {obligation: list, level: 3, basis: text, clause: '1'}",
                "- {obligation: bridge, level: 3, basis: text}",
            )
        ),
        ["obligations[2].conditions[0].obligation: an obligation cannot wait for itself"],
    ),
    "circle of parents": (
        changed(("name: North, kind: state", "name: North, kind: state, parent: north-army")),
        ["actors[0].parent: the parents form a circle: north -> north-army -> north"],
    ),
    # Values
    "quote of 300 words": (
        changed(("they fired at the mill", LONG_QUOTE)),
        ["events[0].reports[0].quote: has 300 words; a quote has at most 15"],
    ),
    "level 7": (changed(("  level: 2\n", "  level: 7\n")), ["assessments[0].level: 7 is outside of 0 to 3"]),
    "text in a number": (
        changed(("value: 9,", "value: about nine,")),
        ['events[0].observations[0].value: "about nine" is no number'],
    ),
    "quoted number": (
        changed(("  level: 2\n", "  level: '2'\n")),
        ['assessments[0].level: "2" is text; write a whole number without quotes'],
    ),
    "number too large": (changed(("value: 9,", f"value: {'9' * 30},")), ["is too large"]),
    "not a number": (changed(("value: 9,", "value: .nan,")), ['".nan" is no number']),
    "weight of nothing": (changed(("weight: 0.5", "weight: 0")), ["obligations[1].weight: 0 is not above 0"]),
    "unknown word": (
        changed(("kind: attack", "kind: skirmish")),
        ['events[0].kind: "skirmish" is none of meeting, statement,'],
    ),
    "no words for yes": (
        changed(("direction: advancing", "direction: yes")),
        ['assessments[3].direction: "yes" is none of'],
    ),
    "title too long": (
        changed(("title: River truce", f"title: {'long ' * 100}")),
        ["agreement.title: has 499 characters"],
    ),
    "list for a value": (
        changed(("title: River truce", "title: [River truce]")),
        ["agreement.title: should be text, not a list"],
    ),
    "value for a list": (
        changed(("obligors: [south]", "obligors: south")),
        ["obligations[1].obligors: should be a list"],
    ),
    "value for a row": (
        changed(("- {source: wire}", "- wire")),
        ["events[1].reports[0]: should be a group of keys (source,"],
    ),
    "bad name": (changed(("slug: river-2025", "slug: River 2025")), ['agreement.slug: "River 2025" is no name']),
    "address of a script": (
        changed(("https://gazette.example/shots", "javascript:alert(1)")),
        ["sources[0].url:"],
    ),
    "address with a login": (
        changed(("https://gazette.example/shots", "https://me:secret@gazette.example/shots")),
        ["sources[0].url: an address must not carry a login"],
    ),
    "half a place": (changed(("  longitude: 8.25\n", "")), ["events[0].longitude: is missing"]),
    "off the map": (changed(("latitude: 47.5", "latitude: 470.5")), ["events[0].latitude: 470.5 is"]),
    "low above high": (
        changed(("low: 7", "low: 13")),
        ["events[0].observations[0].low: 13 is above the high figure, 12"],
    ),
    "period after its end": (
        changed(("period_start: 2025-03-02", "period_start: 2025-03-06")),
        ["events[0].observations[0].period_start: 2025-03-06 lies after"],
    ),
    "two originators": (
        changed(
            ("stance: denies, originator: north-army", "stance: denies, originator: north-army, originator_text: x")
        ),
        ["events[0].reports[1].originator_text: name who says it either"],
    ),
    "unknown format": (changed(("format: 1", "format: 2")), ['format: "2" is not known here']),
    # Keys
    "missing key": (without("assessments", 0, "reason"), ["assessments[0].reason: is missing"]),
    "missing agreement": (without("agreement"), ["agreement: is missing"]),
    "empty required key": (changed(("title: River truce", "title:")), ["agreement.title: is missing"]),
    "unknown key": (
        changed(("  reason: Nothing yet.", "  raeson: Nothing yet.")),
        [
            "assessments[2].reason: is missing",
            'assessments[2].raeson: there is no such key here; did you mean "reason"?',
        ],
    ),
    # Rules of the record
    "evidence without effect": (
        changed(("evidence: [shots]", "evidence: [shots, list]")),
        ['assessments[0].evidence[1]: event "list" has no effect on obligation "quiet"'],
    ),
    "no evidence": (
        changed(("evidence: [shots]", "evidence: []")),
        ["assessments[0].evidence: name at least one event"],
    ),
    "breach by nobody": (
        changed(("role: accused", "role: subject")),
        ["events[0].effects[0].effect: a breach needs an actor in the role accused"],
    ),
    "breach without verification": (
        changed(("  verification: alleged\n", "")),
        ["events[0].effects[0].effect: a breach needs the event's verification"],
    ),
    "level without direction": (
        changed(("  direction: advancing\n", "")),
        ["assessments[3].direction: is missing: every level above 0 needs it"],
    ),
    "owed by another": (
        changed(("attributed_to: [north]", "attributed_to: [league]")),
        ['assessments[0].attributed_to[0]: "league" is not among those who owe "quiet"'],
    ),
    "outcome of what happened": (
        changed(("  kind: handover\n", "  kind: handover\n  outcome: met\n")),
        ["events[1].outcome: only a scheduled event has an outcome"],
    ),
    "party condition of nobody": (
        changed(("basis: party, actor: south", "basis: party")),
        ["phases[1].conditions[1].actor: is missing: name the party that insists"],
    ),
    "text condition of somebody": (
        changed(
            (
                "{obligation: quiet, level: 3, basis: text, clause: '1'}",
                "{obligation: quiet, level: 3, basis: text, actor: north}",
            )
        ),
        ["phases[1].conditions[0].actor: the text insists for itself"],
    ),
    "withdrawn without a reason": (
        changed(("  evidence: [shots]\n", "  evidence: [shots]\n  retracted: {at: 2025-05-01}\n")),
        ["assessments[0].retracted.reason: is missing"],
    ),
    "supersedes nothing": (
        changed(("  evidence: [shots]\n", "  evidence: [shots]\n  supersedes: 2025-03-04\n")),
        ['assessments[0].supersedes: no assessment of "quiet" that became true on 2025-03-04'],
    ),
    "supersedes itself": (
        changed(("  evidence: [shots]\n", "  evidence: [shots]\n  supersedes: 2025-03-05\n")),
        ["assessments[0].supersedes: no assessment of"],
    ),
    "recorded in the future": (
        changed(("  evidence: [shots]\n", "  evidence: [shots]\n  recorded_at: 2525-01-01T00:00:00Z\n")),
        ["assessments[0].recorded_at: 2525-01-01 00:00 UTC lies in the future"],
    ),
    # Not YAML
    "truncated": (RIVER[: RIVER.index("{obligation: quiet, date: 2025-05-01}") + 12], ["not YAML"]),
    "tabs": (changed(("  title: River truce", "\ttitle: River truce")), ["line 4, column 1: not YAML"]),
    "empty": ("", ["the file is empty"]),
    "a list": ("- format: 1", ["a case file is a group of keys"]),
    "two documents": (f"{RIVER}---\n{RIVER}", ["a case file is one YAML document; a second one starts here"]),
    "alias": (
        changed(("obligors: [south]", "obligors: &a [south]"), ("obligors: [north]", "obligors: *a")),
        ["anchors (&a)"],
    ),
    "alias without anchor": (changed(("obligors: [south]", "obligors: *a")), ["aliases (*a)"]),
    "alias bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        ["line 1, column 4: anchors (&a) are not used in case files"],
    ),
    "tag": (
        changed(("title: River truce", "title: !!python/object:os.system River truce")),
        ["line 4, column 10: tags ("],
    ),
    "deep": (f"agreement: {'[' * 5000}", ["nested more than 16 deep"]),
    "NUL": (changed(("River truce", "River\0truce")), ["line 4, column 15: the control character U+0000 is no text"]),
    "escaped NUL": (
        changed(("River truce", '"River\\0truce"')),
        ["agreement.title: the control character U+0000 is no text"],
    ),
    "list as a key": (changed(("  stage: Cea", "  ? [stage]\n  : Cea")), ["a key is plain text"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_error_has_its_place_and_nothing_is_written(name: str) -> None:
    text, expected = BROKEN[name]
    found = errors(text)
    assert len(found) == len(expected), found
    for line, part in zip(found, expected, strict=True):
        assert part in line
    assert_nothing_written()


def assert_nothing_written() -> None:
    for model in (Agreement, Article, Event, Outlet):
        assert not model.objects.exists()


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    found = errors(
        changed(
            ("signed_on: 2025-03-01", "signed_on: 2025-13-01"),
            ("parent: north", "parent: nord"),
            ("kind: attack", "kind: skirmish"),
            ("evidence: [shots]", "evidence: [shots, list]"),
            ("  level: 0\n", "  level: none\n"),
        )
    )
    assert [line.partition(": ")[0] for line in found] == [
        "agreement.signed_on",
        "actors[1].parent",
        "events[0].kind",
        "assessments[0].evidence[1]",
        "assessments[2].level",
    ]


def test_what_only_follows_from_an_error_is_not_complained_about() -> None:
    """The source, the event and the actor cannot be read; whatever refers to them is as good as before."""
    found = errors(
        changed(
            ("https://wire.example/list?n=1", "nowhere"),
            ("kind: handover", "kind: hand-over"),
            ("kind: armed_group", "kind: rebels"),
            ("verification: alleged", "verification: rumoured"),
        )
    )
    assert [line.partition(": ")[0] for line in found] == [
        "actors[2].kind",
        "sources[2].url",
        "events[0].verification",
        "events[1].kind",
    ]


def test_a_row_with_an_error_is_checked_for_more() -> None:
    def spoil(data: Any) -> None:
        shots, judged = data["events"][0], data["assessments"][0]
        shots["date"] = "2025-3-5"
        shots["reports"][0] |= {"source": "nowhere", "stance": "thinks"}
        shots["actors"][0]["role"] = "culprit"
        shots["observations"][0] |= {"as_of": "soon", "value": "many", "measure": "bangs"}
        judged |= {"level": 9, "evidence": ["shots", "nothing"], "obligation": "quiets"}
        del judged["effective_on"]
        data["phases"][0]["ordinal"] = "first"
        data["phases"][1]["conditions"][1] |= {"basis": "wish", "obligation": "wishes"}

    assert {line.partition(": ")[0] for line in errors(edited(spoil))} == {
        "phases[0].ordinal",
        "phases[1].conditions[1].basis",
        "phases[1].conditions[1].obligation",
        "obligations[0].phase",
        "obligations[1].phase",
        "events[0].date",
        "events[0].reports[0].source",
        "events[0].reports[0].stance",
        "events[0].actors[0].role",
        "events[0].observations[0].as_of",
        "events[0].observations[0].value",
        "events[0].observations[0].measure",
        "assessments[0].level",
        "assessments[0].evidence[1]",
        "assessments[0].obligation",
        "assessments[0].effective_on",
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xfe" + RIVER.encode("utf-16-le"), "line 1: not UTF-8 text: byte 0xff"),
        (RIVER.encode().replace(b"A. Reporter", b"A. R\xe9porter"), "not UTF-8 text: byte 0xe9"),
        (b"x" * (50 * 1024 * 1024), "larger than 20 MB"),
        (b"[" * MAX_BYTES, "nested more than 16 deep"),
        (b"- " * (MAX_BYTES // 2), "nested more than 16 deep"),
        (b"a: [" + b"1," * (MAX_BYTES // 2 - 10), "more than 1,000,000 values"),
        (b"a b\n" * (MAX_BYTES // 4), "a case file is a group of keys"),
        (bytes(range(1, 256)) * 1000, "not UTF-8"),
    ],
    ids=["utf-16", "latin-1", "large", "brackets", "dashes", "values", "noise", "bytes"],
)
def test_what_is_no_case_file_at_all_is_refused_quickly(data: bytes, expected: str) -> None:
    start = time.monotonic()
    found = errors(data)
    assert len(found) == 1
    assert expected in found[0]
    assert time.monotonic() - start < 20


def test_one_broken_file_keeps_the_others_out() -> None:
    other = changed(("slug: river-2025", "slug: lake-2025"), ("kind: attack", "kind: skirmish"))
    assert len(errors(RIVER, other)) == 1
    assert_nothing_written()


def test_the_same_agreement_twice_in_one_load() -> None:
    assert errors(RIVER, RIVER) == ["agreement.slug: case-1.yaml holds this agreement too (line 3)"]


def run(*files: Path) -> tuple[str, str]:
    """Runs the command, which has to fail; what it says on standard error, and why it fails."""
    told = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("load_case", *map(str, files), stderr=told)
    assert failed.value.returncode == 1
    return told.getvalue(), str(failed.value)


def test_the_command_names_file_place_and_error(tmp_path: Path) -> None:
    good, bad, missing = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "missing.yaml"
    good.write_text(RIVER)
    bad.write_text(changed(("slug: river-2025", "slug: lake-2025"), ("- {source: wire}", "- {source: wire-2}")))
    told, why = run(good, bad)
    assert told.startswith(f'{bad}: events[1].reports[0].source: no source "wire-2" (line ')
    assert told.count("\n") == 1
    assert why == "Nothing was loaded: 1 error."
    told, why = run(good, missing, tmp_path, bad)
    assert told.startswith(f"{missing}: No such file or directory\n{tmp_path}: Is a directory\n{bad}: events[1].")
    assert why == "Nothing was loaded: 3 errors."
    assert_nothing_written()


def test_the_command_ends_with_1_and_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"\x00" * 1000)
    done = subprocess.run(
        [sys.executable, "manage.py", "load_case", str(tmp_path / "bad.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "bad.yaml: line 1, column 1: the control character U+0000 is no text\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_case_itself_is_sound() -> None:
    assert loaded(RIVER)[0].new["assessments"] == 4
