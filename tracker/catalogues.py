"""The words of the public pages and their translations: one catalogue for each language, in ``locale/``.

What is to be translated stands in the templates, in Python and in the codebook. ``make words`` brings the catalogues in
line with it: new messages come in empty, those no longer said are dropped, and nothing is guessed. The desk, the admin
and the pages of accounts are in English only and left out.

Programs read compiled catalogues (``.mo``), which are made wherever one is missing or older than its text.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from tracker import codebook

PYTHON = "tracker"
TEMPLATES = "templates"
ENGLISH_ONLY = frozenset(
    {
        *("tracker/admin", "tracker/database", "tracker/desk", "tracker/management", "tracker/migrations"),
        *("templates/account", "templates/admin", "templates/allauth", "templates/desk", "templates/mfa"),
    }
)
"""Folders without a word that readers see."""

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

# As in Django's own catalogues, with which these are merged.
PLURALS = {
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "he": "nplurals=3; plural=(n == 1 && n % 1 == 0) ? 0 : (n == 2 && n % 1 == 0) ? 1: 2;",
}
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

MARK = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?[a-z][^>]*>|\*\*")
"""What a translation has to keep: places for values, markup, marks of emphasis."""

COUNTS = frozenset({"%(count)s", "%(n)s", "%(number)s", "%(days)s", "%(counter)s"})


@dataclass(frozen=True, slots=True)
class Words:
    """One message: ``plural`` is "" where it has none, ``context`` "" where it needs none."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


# What is to be translated


def said() -> set[Words]:
    """Every message of the public pages."""
    found = {Words(text, context=context) for context, text in codebook.messages() if text}
    for path in _files(PYTHON, "*.py"):
        found |= set(_in_python(path.read_bytes()))
    for path in _files(TEMPLATES, "*"):
        found |= set(in_template(path.read_text("utf-8"), str(path)))
    return found


def _files(folder: str, pattern: str) -> Iterator[Path]:
    root: Path = settings.BASE_DIR
    for path in sorted((root / folder).rglob(pattern)):
        above = {str(parent.relative_to(root)) for parent in path.parents if parent.is_relative_to(root)}
        if path.is_file() and not above & ENGLISH_ONLY:
            yield path


def in_template(source: str, name: str) -> Iterator[Words]:
    """The messages of a template's tags, including those in arguments."""
    # What Django makes of them reads as Python but for the indentation.
    calls = re.sub(r"^[^\S\n]+", "", templatize(source, origin=name), flags=re.MULTILINE)
    return _in_python(calls.encode())


def _in_python(source: bytes) -> Iterator[Words]:
    for _line, found, _comments, context in extract("python", BytesIO(source), KEYWORDS):
        text, plural = found if isinstance(found, tuple) else (found, "")
        if text:
            yield Words(text, plural, context or "")


# Catalogues


def languages() -> list[str]:
    """Those that have a catalogue: all but the one that the messages are written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue_of(language: str) -> Path:
    folder: Path = settings.LOCALE_PATHS[0]
    return folder / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = catalogue_of(language)
    return _parsed(path.read_text("utf-8") if path.exists() else _head(language), language)


def _parsed(text: str, language: str) -> Catalog:
    return read_po(BytesIO(text.encode()), locale=language, abort_invalid=True)


def _head(language: str) -> str:
    return HEAD.format(language=language, plurals=PLURALS[language])


def renewed(language: str, messages: Iterable[Words]) -> str:
    """The catalogue as it should be: these messages, each with the translation that it has, in a fixed order."""
    old, new = read(language), _parsed(_head(language), language)
    for words in messages:
        context = words.context or None
        known = old.get(words.id, context)
        # What became a plural, or ceases to be one, starts anew.
        kept = known.string if known and known.id == words.id else None
        new.add(words.id, kept or (("",) * new.num_plurals if words.plural else ""), context=context)
    written = BytesIO()
    write_po(written, new, width=110, no_location=True, omit_header=True, sort_output=True)
    body = re.sub(r"^#, .*\n", "", written.getvalue().decode(), flags=re.MULTILINE)
    return _head(language) + body.strip() + "\n"


def untranslated(language: str) -> list[Message]:
    return [message for message in read(language) if message.id and not all(forms_of(message))]


def unlike(language: str) -> list[Message]:
    """Messages whose translation does not keep what has to be kept."""
    return [message for message in read(language) if message.id and not _alike(message)]


def _alike(message: Message) -> bool:
    if isinstance(message.id, str):
        return _marks(str(message.string)) == _marks(message.id)
    # A form that is said of one or two may leave the number out: Arabic and Hebrew have words for both.
    return all(_marks(form) | COUNTS == _marks(message.id[1]) | COUNTS for form in forms_of(message))


def _marks(text: str) -> set[str]:
    return set(MARK.findall(text))


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each way of counting."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


# What programs read


def compile_stale() -> None:
    """Compile each catalogue whose compiled form is missing or older.

    Where that cannot be written, what was compiled last is read, or pages are in English.
    """
    for language in languages():
        source = catalogue_of(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        with suppress(OSError):
            _compile(language, target)


def _compile(language: str, target: Path) -> None:
    # Several processes may do this at once; each of them finds a whole file.
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, read(language))
    made = Path(name)
    made.chmod(0o644)
    made.replace(target)
