"""Methodology and about: what they say is what the program does."""

import re

import pytest
from django.test import Client, override_settings

from tests import factories
from tests.browse.reading import number_of_queries, part, read, words
from tracker import codebook
from tracker.browse.pages import CONTENTS, LISTS
from tracker.codebook import CROSSWALK, RUBRIC_VERSION
from tracker.models import today
from tracker.rubric.status import RULES

pytestmark = pytest.mark.django_db


# Methodology


def test_every_status_word_stands_with_its_rule_and_mark_in_the_order_of_trying() -> None:
    response = read("/methodology/")
    said = part(response, "status")
    places = [said.index(f"{word.label} {rule}") for word, rule in RULES]
    assert places == sorted(places)
    for word, _ in RULES:
        assert word.definition in said
        assert f'class="status st-{word.value}"' in response.content.decode()


def test_every_value_of_the_codebook_is_defined() -> None:
    said = words(read("/methodology/"))
    for choices in LISTS.values():
        for one in choices:
            assert one.definition in said, one


def test_no_list_of_the_codebook_is_left_out() -> None:
    every = {
        thing
        for thing in vars(codebook).values()
        if isinstance(thing, type) and issubclass(thing, (codebook.Term, codebook.Grade)) and thing.__members__
    }
    every = {thing for thing in every if not issubclass(thing, codebook.DeskTerm)}
    # Status words stand with their rules; which side of a target and stages of drafts are no matter for readers.
    shown = {*LISTS.values(), codebook.StatusWord, codebook.Direction, codebook.Stage}
    assert every == shown


def test_the_contents_lead_to_every_section() -> None:
    html = read("/methodology/").content.decode()
    sections = re.findall(r'<section class="section" id="([^"]+)"', html)
    assert sections == [anchor for anchor, _ in CONTENTS]
    for anchor in sections:
        assert f'href="#{anchor}"' in html


def test_the_crosswalk_names_every_subject_with_its_codes() -> None:
    said = part(read("/methodology/"), "crosswalk")
    for category, codes in CROSSWALK.items():
        written = " ".join(code or "\N{EN DASH}" for code in codes)
        assert f"{category.label} {category.definition} {written}" in said


def test_it_says_the_rules_that_readers_most_often_miss() -> None:
    response = read("/methodology/")
    said = words(response)
    assert RUBRIC_VERSION in said
    assert "It says nothing about what the parties did." in part(response, "not-assessed")
    assert f"at most {codebook.QUOTE_WORDS} words" in said
    assert f"for {codebook.STALE_AFTER_DAYS} days" in said
    assert f"more than {codebook.RETROSPECT_AFTER_DAYS} days" in said
    assert "sum of (weight" in part(response, "score")
    assert "never the headline of a page" in part(response, "score")
    assert "counts from the last day on which it can have happened" in part(response, "imprecise")


def test_on_a_past_day_it_says_that_todays_rules_apply() -> None:
    assert "edition of the rules; each judgement" in words(read("/methodology/?as_of=2025-12-18"))
    assert "edition of the rules; each judgement" not in words(read("/methodology/"))


# About


def test_it_says_how_to_cite_with_both_dates() -> None:
    factories.agreement("truce", title="The river truce")
    said = words(read("/about/?as_of=2025-12-18"))
    assert f"The river truce”, as it stood on 18 Dec 2025, as recorded by {today().day} " in said
    assert f"/agreements/truce/?as_of=2025-12-18&known_on={today().isoformat()}" in said


@override_settings(OPERATOR="The River Institute", CONTACT="errors@river.example", SOURCE="https://code.example/")
def test_it_names_who_runs_it_and_whom_to_write_to() -> None:
    response = read("/about/")
    assert "run by The River Institute" in words(response)
    html = response.content.decode()
    assert 'href="mailto:errors@river.example"' in html
    assert 'href="https://code.example/"' in html


@override_settings(OPERATOR="", CONTACT="", SOURCE="")
def test_it_says_plainly_where_nobody_has_filled_these_in() -> None:
    said = words(read("/about/"))
    assert "has not entered a name" in said
    assert "link to propose a correction" in said
    assert "Or write to" not in said
    assert "Ask whoever runs it" in said


@override_settings(CONTACT="https://river.example/mistakes")
def test_an_address_on_the_web_is_a_link() -> None:
    assert 'href="https://river.example/mistakes"' in read("/about/").content.decode()


def test_it_states_the_licences_and_the_words() -> None:
    response = read("/about/")
    said = words(response)
    assert "Creative Commons Attribution 4.0" in said
    assert "GNU Affero General Public License, version 3 or later" in said
    for word in ("Hostages", "Prisoners and detainees", "Says", "Tolls"):
        assert word in part(response, "words")
    assert "Reading sets no cookie" in said


@pytest.mark.parametrize("url", ["/methodology/", "/about/"])
def test_reading_sets_no_cookie_only_reading_is_allowed_and_nonsense_is_refused(url: str) -> None:
    assert not read(url).cookies
    assert Client().post(url).status_code == 405
    read(f"{url}?as_of=2025-02-30", status=400)
    assert number_of_queries(url) <= 1


def test_links_within_the_explanations_lead_somewhere() -> None:
    pages = {
        url: read(url).content.decode() for url in ("/methodology/", "/about/", "/events/", "/sources/", "/actors/")
    }
    for html in pages.values():
        for path, anchor in re.findall(r'href="(/methodology/|/about/)#([^"]+)"', html):
            assert f'id="{anchor}"' in pages[path], f"{path}#{anchor}"
