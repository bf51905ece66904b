"""The catalogues of translations: complete, in line with what pages say, and keeping what has to be kept."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django.conf.locale
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.rubric.test_standfirst import GAZA, GAZA_HOSTAGES, IN_FORCE
from tracker import catalogues
from tracker.catalogues import Words, in_template
from tracker.codebook import DeskTerm, Level, StatusWord, SuggestionOutcome, messages
from tracker.rubric.standfirst import plain, standfirst

LANGUAGES = ["ar", "he"]


@pytest.fixture(scope="module")
def said() -> set[Words]:
    return catalogues.said()


def told(found: list[Message]) -> list[object]:
    return [message.id for message in found]


# What is to be translated


def test_messages_of_templates_are_found_wherever_they_stand() -> None:
    source = """{% load i18n %}{% translate "plain" %}{% translate "named" as name %}
      {% translate "May" context "month" %}
      {% include "x.html" with label=_("argument") only %}{{ value|default:_("filter") }}
        {% blocktranslate trimmed with who=one %}
          {{ who }} says
          so, 100% sure
        {% endblocktranslate %}
    {% blocktranslate count n=2 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %} it's
    """
    assert set(in_template(source, "x.html")) == {
        Words("plain"),
        Words("named"),
        Words("May", context="month"),
        Words("argument"),
        Words("filter"),
        Words("%(who)s says so, 100%% sure"),
        Words("%(n)s day", "%(n)s days"),
    }


def test_public_pages_are_gathered_and_the_desk_is_not(said: set[Words]) -> None:
    texts = {words.text for words in said}
    assert {"Where it stands", "%(first)s to %(last)s", "No agreement has this address."} <= texts
    assert Words("Kept", context="StatusWord") in said
    assert not [words for words in said if words.context in {"DeskTerm", *(one.__name__ for one in _desk_terms())}]


def _desk_terms() -> Iterator[type[DeskTerm]]:
    yield from DeskTerm.__subclasses__()


def test_every_label_and_definition_of_the_codebook_is_a_message() -> None:
    found = set(messages())
    assert ("StatusWord", "Kept") in found
    assert ("Level", "Nothing done yet; an announcement alone stays here.") in found
    assert not [context for context, _ in found if context == SuggestionOutcome.__name__]


# The catalogues


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_in_line_with_what_pages_say(language: str, said: set[Words]) -> None:
    path = catalogues.catalogue_of(language)
    assert path.read_text("utf-8") == catalogues.renewed(language, said), "Call make words, and translate what is new."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    assert told(catalogues.untranslated(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_places_and_marks(language: str) -> None:
    assert told(catalogues.unlike(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_guessed(language: str) -> None:
    assert "fuzzy" not in catalogues.catalogue_of(language).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_django(language: str) -> None:
    [folder] = django.conf.locale.__path__
    theirs = read_po(BytesIO((Path(folder) / language / "LC_MESSAGES" / "django.po").read_bytes()), locale=language)
    ours = catalogues.read(language)
    assert (ours.num_plurals, ours.plural_expr) == (theirs.num_plurals, theirs.plural_expr)


def test_a_message_that_is_no_longer_said_is_dropped_and_a_new_one_comes_in_empty() -> None:
    renewed = catalogues.renewed("ar", [Words("Events"), Words("Quite new"), Words("%(n)s fresh", "%(n)s fresh ones")])
    assert 'msgid "Events"\nmsgstr "الأحداث"' in renewed
    assert 'msgid "Quite new"\nmsgstr ""' in renewed
    assert renewed.count("msgstr[") == 6
    assert "Sources" not in renewed


def test_a_place_that_is_missing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = catalogues.read("he")
    catalogue.add("%(who)s said", "אמר")
    catalogue.add(("%(n)s day", "%(n)s days"), ("יום", "יומיים", "%(n)s ימים"))
    monkeypatch.setattr(catalogues, "read", lambda language: catalogue)
    assert "%(who)s said" in told(catalogues.unlike("he"))
    assert ("%(n)s day", "%(n)s days") not in told(catalogues.unlike("he"))


def test_a_catalogue_is_compiled_where_it_is_missing_and_only_there(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    source = catalogues.catalogue_of("ar")
    source.parent.mkdir(parents=True)
    source.write_text(catalogues.renewed("ar", [Words("Events")]))
    catalogues.compile_stale()
    compiled = source.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    catalogues.compile_stale()
    assert compiled.stat().st_mtime_ns == first
    assert [path.name for path in source.parent.iterdir() if path.suffix == ".tmp"] == []


# What readers get


@pytest.mark.parametrize(("language", "word"), [("ar", "محترَم"), ("he", "מקוים")])
def test_words_of_the_codebook_speak_the_language_of_the_page(language: str, word: str) -> None:
    assert str(StatusWord.KEPT.label) == "Kept"
    with translation.override(language):
        assert str(StatusWord.KEPT.label) == word
        assert dict(StatusWord.choices)["kept"] == word
        assert Level.FULL.definition != "Done; for a duty to abstain: no credible breach."
    assert Level.FULL.definition == "Done; for a duty to abstain: no credible breach."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_opening_sentences_are_whole_in_every_language(language: str) -> None:
    with translation.override(language):
        told = plain(standfirst(IN_FORCE, GAZA, GAZA_HOSTAGES))
    assert not re.search(r"[A-Za-z*%]", told)
    assert "47" in told
    assert "48" in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/", "/agreements/", "/methodology/", "/about/", "/terms/", "/corrections/", "/nowhere/"]
)
@pytest.mark.django_db
def test_pages_name_their_language_and_direction_and_leave_nothing_in_english(
    client: Client, path: str, language: str, said: set[Words]
) -> None:
    html = client.get(f"/{language}{path}").content.decode()
    assert f'<html lang="{language}" dir="rtl"' in html
    # Without what the record says in its own language.
    ours = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
    texts = {" ".join(text.split()) for text in re.findall(r">([^<]+)<", ours)}
    english = {words.text for words in said if re.search(r"[A-Za-z]{2}.* ", words.text) and "%" not in words.text}
    kept = {message.id for message in catalogues.read(language) if message.id == message.string}
    assert texts & english <= kept


def test_languages_that_pages_have_are_those_of_the_catalogues() -> None:
    assert catalogues.languages() == LANGUAGES == [code for code, _ in settings.LANGUAGES if code != "en"]
