"""Entries for reference managers: whatever a title holds, the entry can be read back and says what the page says."""

import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from tracker.exchange.citations import FORMATS, Work, bibtex, csl, latex, one_line, ris

WORK = Work(
    title="Return of all hostages",
    url="https://tracker.example/agreements/gaza-2025/obligations/hostages/?as_of=2025-12-18&known_on=2026-11-24",
    as_of=dt.date(2025, 12, 18),
    known_on=dt.date(2026, 11, 4),
    accessed=dt.date(2026, 11, 24),
    publisher="Institute of Ceasefires",
)
HOSTILE = [
    r"100 % of {all} & $5 #1 under_score ^ ~ \input{/etc/passwd}",
    "}} , author = {Somebody else",
    "One line\nER  - \r\nTY  - JOUR",
    '“Quoted” … "double" @misc{x,',
    "اتفاق وقف إطلاق النار في غزة",
    "הסכם הפסקת האש בעזה",
    "停火协议 🕊",
    "bell\x07 zero\x00 line\u2028separator \u202eturned",
]


def titled(title: str) -> Work:
    return replace(WORK, title=title)


def fields(entry: str) -> dict[str, str]:
    """The fields of our one BibTeX entry, their outer braces taken off."""
    found = re.findall(r"^  (\w+) = \{(.*)\},?$", entry, re.MULTILINE)
    return dict(found)


def depth(text: str) -> int:
    """How deep in braces a text ends, as BibTeX counts them: those behind a backslash too."""
    now = 0
    for char in text:
        now += {"{": 1, "}": -1}.get(char, 0)
        assert now >= 0
    return now


def test_a_bibtex_entry_names_both_dates() -> None:
    assert bibtex(WORK).splitlines()[0] == "@misc{tracker-gaza-2025-obligations-hostages-2025-12-18-2026-11-04,"
    assert fields(bibtex(WORK)) == {
        "author": "{Ceasefire Tracker}",
        "title": "{Return of all hostages}",
        "year": "2026",
        "month": "11",
        "publisher": "{Institute of Ceasefires}",
        "url": WORK.url,
        "urldate": "2026-11-24",
        "note": f"{WORK.note}",
    }
    assert WORK.note.startswith("As of 2025-12-18, as recorded by 2026-11-04, by edition ")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_never_ends_its_bibtex_field(title: str) -> None:
    entry = bibtex(titled(title))
    assert depth(entry) == 0
    assert entry.count("\n@") == 0
    assert len(entry.splitlines()) == len(bibtex(WORK).splitlines())
    assert set(fields(entry)) == set(fields(bibtex(WORK)))


def test_what_means_something_to_latex_is_written_as_text() -> None:
    assert latex(r"50 % & $1 #2 a_b {c} d^e ~ \x") == (
        r"50 \% \& \$1 \#2 a\_b \textbraceleft{}c\textbraceright{} d\textasciicircum{}e \textasciitilde{} "
        r"\textbackslash{}x"
    )


def test_other_scripts_stay_as_they_are() -> None:
    assert "{{هدنة}}" in bibtex(titled("هدنة"))
    assert "TI  - הפוגה\r\n" in ris(titled("הפוגה"))
    assert "停火" in csl(titled("停火"))


def test_ris_has_one_tag_a_line_and_ends_as_it_must() -> None:
    lines = ris(WORK).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert "DA  - 2026/11/04/" in lines
    assert "Y2  - 2026/11/24/" in lines
    assert f"UR  - {WORK.url}" in lines


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_never_begins_another_ris_tag(title: str) -> None:
    entry = ris(titled(title))
    assert entry.count("\r\n") == ris(WORK).count("\r\n")
    assert "\n" not in entry.replace("\r\n", "")


@pytest.mark.parametrize("title", HOSTILE)
def test_csl_json_is_read_back_as_it_was(title: str) -> None:
    (entry,) = json.loads(csl(titled(title)))
    assert entry["title"] == one_line(title)
    assert entry["type"] == "webpage"
    assert entry["author"] == [{"literal": "Ceasefire Tracker"}]
    assert entry["issued"] == {"date-parts": [[2026, 11, 4]]}
    assert entry["accessed"] == {"date-parts": [[2026, 11, 24]]}
    assert entry["URL"] == WORK.url


def test_nothing_is_said_of_a_publisher_that_is_not_known() -> None:
    for one in FORMATS:
        assert "ublisher" not in one.written(replace(WORK, publisher=""))
        assert "PB  -" not in one.written(replace(WORK, publisher=""))


def test_an_address_cannot_leave_its_field() -> None:
    work = replace(WORK, url="https://tracker.example/events/?q=a}b\n{c \\ d%20e")
    for one in FORMATS:
        assert "https://tracker.example/events/?q=a%7Db%0A%7Bc%20%5C%20d%20e" in one.written(work)


def test_a_key_is_made_of_plain_letters() -> None:
    assert replace(WORK, url="https://x.example/actors/هدنة-a/?q=1").key == "tracker-actors-a-2025-12-18-2026-11-04"
