"""What somebody types into a search box, taken apart."""

import pytest

from tracker.reading.asking import Asked, Term, asked, cleaned, plain


def words(*groups: str, without: tuple[str, ...] = ()) -> Asked:
    return Asked(tuple((Term(one),) for one in groups), tuple(Term(one) for one in without))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hostages returned", words("hostages", "returned")),
        ('"second phase" begun', words("second phase", "begun")),
        ("“second phase”", words("second phase")),
        ("truce -strike", words("truce", without=("strike",))),
        ('truce -"air strike"', words("truce", without=("air strike",))),
        ("-strike", words(without=("strike",))),
        ("cease-fire", words("cease fire")),
        ("hamas OR israel", Asked(((Term("hamas"), Term("israel")),))),
        ("hamas OR israel truce", Asked(((Term("hamas"), Term("israel")), (Term("truce"),)))),
        ("a OR b OR c", Asked(((Term("a"), Term("b"), Term("c")),))),
        ("or", words("or")),
        ("disarm*", Asked(((Term("disarm", prefix=True),),))),
        ("disarm*.", Asked(((Term("disarm", prefix=True),),))),
        ('"second pha*"', Asked(((Term("second pha", prefix=True),),))),
        # A single letter would find almost everything.
        ("d*", words("d")),
        # What is no operator in its place is no operator.
        ("OR truce", words("truce")),
        ("truce OR", words("truce")),
        ('"truce', words("truce")),
        ('"second phase', words("second", "phase")),
        ('צה"ל', words("צה ל")),
        ("Erdoğan\u2019s café", words("Erdogan s", "cafe")),
        ("truce truce", words("truce")),
        ("", Asked()),
        ('- * OR | "" \'\' -- -* -"" ()', Asked()),
        ("🕊️ !!! …", Asked()),
    ],
)
def test_operators_and_words(text: str, expected: Asked) -> None:
    assert asked(text) == expected


def test_signs_that_cannot_be_stored_become_spaces() -> None:
    assert cleaned(" a\x00b\x1f\ud800c\ufffd ") == "a b  c"


def test_text_is_made_plain() -> None:
    assert plain("Şanl\u0131urfa, Côte-d\u2019Ivoire") == "Sanliurfa  Cote d Ivoire"
    assert plain("هُدْنَة إسرائيل") == "هدنة اسراييل"
    assert plain("שָׁלוֹם") == "שלום"
