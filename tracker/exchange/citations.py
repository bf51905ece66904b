"""A page of this site as the entry that reference managers read: BibTeX, RIS, CSL-JSON. Nothing is asked of anybody."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from tracker.codebook import RUBRIC_VERSION

SITE = "Ceasefire Tracker"


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited: a page as it stood on ``as_of``, as recorded by ``known_on``, read on ``accessed``.

    ``url`` names both dates, so that it goes on showing what was cited. ``publisher`` is who runs the site, if known.
    """

    title: str
    url: str
    as_of: dt.date
    known_on: dt.date
    accessed: dt.date
    publisher: str = ""
    language: str = "en"

    @property
    def key(self) -> str:
        """A name for the entry, made of plain letters: tracker-gaza-2025-timeline-2025-12-18-2026-11-24."""
        path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", self.url)
        words = re.findall(r"[A-Za-z0-9]+", path.replace("/agreements/", "/"))
        return "-".join(["tracker", *words, self.as_of.isoformat(), self.known_on.isoformat()])

    @property
    def note(self) -> str:
        return f"As of {self.as_of}, as recorded by {self.known_on}, by edition {RUBRIC_VERSION} of the rules"


def one_line(text: str) -> str:
    """The text without line breaks and characters that control rather than say something."""
    shown = "".join(char if not unicodedata.category(char).startswith(("C", "Z")) else " " for char in text)
    return re.sub(r" +", " ", shown).strip()


def _address(url: str) -> str:
    """The address with nothing in it that an entry could end at. What is escaped already stays as it is."""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%-._~")


# BibTeX

LATEX = {
    # Even behind a backslash a brace would count as one.
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "&%$#_"}


def latex(text: str) -> str:
    """The text for a field between braces. Other scripts stay as they are: today's LaTeX reads UTF-8."""
    return "".join(LATEX.get(char, char) for char in one_line(text))


def bibtex(work: Work) -> str:
    # Twice in braces: a name that is not split into first and last, a title whose capitals stay.
    fields = {
        "author": f"{{{SITE}}}",
        "title": f"{{{latex(work.title)}}}",
        "year": str(work.known_on.year),
        "month": f"{work.known_on:%m}".lstrip("0"),
        "publisher": f"{{{latex(work.publisher)}}}" if work.publisher else "",
        "url": _address(work.url),
        "urldate": work.accessed.isoformat(),
        "note": latex(work.note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{work.key},\n" + ",\n".join(lines) + "\n}\n"


# RIS


def ris(work: Work) -> str:
    """One tag a line, ended as the format asks for."""
    tags = [
        ("TY", "ELEC"),
        ("ID", work.key),
        ("AU", f"{SITE},"),  # the comma keeps programs from turning the name round
        ("TI", one_line(work.title)),
        ("PY", str(work.known_on.year)),
        ("DA", f"{work.known_on:%Y/%m/%d}/"),
        ("Y2", f"{work.accessed:%Y/%m/%d}/"),
        ("PB", one_line(work.publisher)),
        ("N1", one_line(work.note)),
        ("LA", work.language),
        ("UR", _address(work.url)),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value) + "ER  - \r\n"


# CSL-JSON


def csl(work: Work) -> str:
    entry = {
        "id": work.key,
        "type": "webpage",
        "title": one_line(work.title),
        "author": [{"literal": SITE}],
        "issued": _parts(work.known_on),
        "accessed": _parts(work.accessed),
        "URL": _address(work.url),
        "publisher": one_line(work.publisher),
        "note": work.note,
        "language": work.language,
    }
    return json.dumps([{name: value for name, value in entry.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _parts(day: dt.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


@dataclass(frozen=True, slots=True)
class Format:
    """``ending`` is that of the file, after the address of the page."""

    ending: str
    label: str
    media_type: str
    written: Callable[[Work], str]


FORMATS = (
    Format("bib", "BibTeX", "application/x-bibtex", bibtex),
    Format("ris", "RIS", "application/x-research-info-systems", ris),
    Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
)
