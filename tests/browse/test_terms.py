"""The words of the site in its three languages, side by side."""

import pytest

from tests.browse.reading import read, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "first"),
    [("/terms/", "hostages رهائن"), ("/ar/terms/", "رهائن hostages"), ("/he/terms/", "בני ערובה hostages")],
)
def test_each_word_stands_in_all_languages_the_readers_own_first(address: str, first: str) -> None:
    assert first in words(read(address))


def test_a_word_of_datasets_is_not_called_a_word_of_the_texts() -> None:
    said = words(read("/terms/"))
    assert "The texts speak of demilitarisation and decommissioning." in said
    assert "The word of the texts" not in said


def test_every_word_says_in_which_language_it_is() -> None:
    assert '<span lang="ar" dir="rtl">نزع السلاح</span>' in read("/terms/").content.decode()
