"""Where sentences end, and what is no report."""

import pytest

from tests.reading.case import ARTICLE
from tracker.reading.sentences import sentences

SPLIT = [
    ["Mr. Smith met Gen. Jones at 3.5 p.m. on Dec. 13 in the U.S. capital.", "They left."],
    ["He works for the U.S.", "The army said so."],
    ["Master Sgt. Ran Gvili died.", "Lt. Col. (res.) Example spoke."],
    ["“It is over.”", "He left."],
    ["“Stop!” he cried.", "“Why?”"],
    ["Was it so?", "Yes…", "No."],
    ["He waited... and left.", "Later it rained."],
    ["It cost 1.5 million, i.e. too much, vs. 3.2.", "Nobody paid."],
    ["J. K. Example and Ali B. Test wrote No. 3 of it.", "A new one came."],
    ["هل وافقت؟", "نعم.", "قالت الحركة، إنها وافقت."],
    ["האם הסכימו?", "כן.", 'צה"ל הודיע.'],
    ["Israel “will be disarmed.”", "Next."],
    ["See example.org for version 2.0 of it."],
]


@pytest.mark.parametrize("parts", SPLIT, ids=[parts[0] for parts in SPLIT])
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    text = "  " + " ".join(parts) + "\n"
    assert [text[each.start : each.end] for each in sentences(text)] == parts


def test_paragraphs_are_parted_by_blank_lines_and_short_lines_stand_alone() -> None:
    text = "Headline here\nFirst sentence. Second one.\n\nA third."
    assert [(text[each.start : each.end], each.paragraph) for each in sentences(text)] == [
        ("Headline here", 0),
        ("First sentence.", 1),
        ("Second one.", 1),
        ("A third.", 2),
    ]


def test_lines_wrapped_at_a_width_are_one_sentence() -> None:
    text = "The ministers of four states met in the old hall of the city and\nagreed on a plan. Then they left.\r\n"
    assert len(sentences(text)) == 2


def test_notices_of_the_page_are_told_from_its_report() -> None:
    reports = [ARTICLE[each.start : each.end] for each in sentences(ARTICLE) if not each.notice]
    told = " ".join(reports)
    for words in (
        "sit down on Friday",
        "three mediators",
        "will be attended",
        "last weekend",
        "burnt car",
        "October 2023",
    ):
        assert words in told
    outside = "Evening Letter|signing up|Somebody Else|Ledger staff|gift|loved ones|Learn more|Sign in|value our work"
    for words in (*outside.split("|"), "newsroom", "Founding Editor"):
        assert words not in told, words


NOTICES = [
    "Subscribe to our newsletter",
    "Sign up for our daily briefing",
    "Read more: Israel strikes Gaza City",
    "Related: What is phase two?",
    "ADVERTISEMENT",
    "© 2025 The Morning Ledger",
    "We use cookies to improve your experience.",
    "By Ada Ledger and Ben Ledger",
    "Reporting by Ada Ledger; Editing by Ben Ledger",
    "Already a subscriber? Log in to read on",
    "Help us keep our journalism free: donate today",
    "Ada Ledger is a correspondent for The Morning Ledger in Cairo.",
    "Photo: Getty Images",
    "اقرأ أيضا: خبر آخر",
    "הירשמו לניוזלטר שלנו",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_is_told(text: str) -> None:
    page = f"Israel and Hamas agreed on Monday.\n\nThey met in Cairo.\n\n{text}\n\nEgypt welcomed it."
    assert [page[each.start : each.end] for each in sentences(page) if not each.notice] == [
        "Israel and Hamas agreed on Monday.",
        "They met in Cairo.",
        "Egypt welcomed it.",
    ]


REPORTS = [
    "Norway pledged donations for reconstruction worth a billion dollars.",
    "The members of the committee agreed to the terms of the deal.",
    "States willing to sign up to the force met in Doha.",
    "Palestine sought to become a member of the United Nations.",
    "In the first month of the truce, the ministry said, flour sold at a discounted price.",
    "“You can sign up for our help,” the aid worker said, “and your family too.”",
    "Officials agreed to share the costs and support the community.",
    "Mourners look at a destroyed car in Gaza City on December 13, 2025.",
    "The report was published by the United Nations on Monday.",
    "He is a former prisoner who joined the International Contact Group.",
    "Sources on both sides said that talks went on.",
    "The group offered a gift of food to displaced families.",
    "The Red Cross has full access to the prisoners.",
    "A resolution sponsored by Algeria failed.",
    "Exclusive: Hamas ready to store its weapons",
    "With agencies unable to work, bread is short.",
    "Israel did not consent to the list.",
    "Views are divided on the force.",
]


@pytest.mark.parametrize("text", REPORTS)
def test_a_report_that_uses_such_words_is_kept(text: str) -> None:
    page = f"Israel and Hamas agreed on Monday.\n\n{text}\n\nEgypt welcomed it."
    assert not any(each.notice for each in sentences(page))


NOTICES = [
    "Printed at the Harbour Works. Not for sale.",
    "This is an uncorrected transcript of the hearing.",
    "Spotted a mistake? Let us know.",
    "More from Europe: Mayor opens a bridge",
    "Get unlimited access for a month. Cancel anytime.",
    "Listen on Apple Podcasts or wherever you get your podcasts.",
    "Views in this column do not necessarily reflect those of the paper.",
    "For media enquiries: duty phone, Geneva",
    "With agencies",
    "للاشتراك في النسخة المطبوعة",
    "הורידו את היישומון",
]


@pytest.mark.parametrize("text", NOTICES)
def test_what_a_publisher_says_in_few_words_is_a_notice(text: str) -> None:
    page = f"Israel and Hamas agreed on Monday.\n\nThey met in Cairo.\n\n{text}"
    assert [each.notice for each in sentences(page)][:2] == [False, False]
    assert sentences(page)[-1].notice


@pytest.mark.parametrize("line", ["Ada Brook, Middle East editor", "Ada Brook in Port Said"])
def test_a_name_with_a_desk_or_a_place_below_the_headline_is_a_byline(line: str) -> None:
    found = sentences(f"Talks go on\n\n{line}\n\nIsrael and Hamas agreed on Monday.")
    assert [each.notice for each in found] == [False, True, False]


def test_notices_words_in_a_report_are_kept() -> None:
    page = "They met.\n\nThe office said that the books were printed at a press in Gaza.\n\nEgypt welcomed it."
    assert not any(each.notice for each in sentences(page))
