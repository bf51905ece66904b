"""Known actors under all their names, and names that nobody knows."""

# ruff: noqa: RUF001 - names in other scripts

import pytest

from tests.reading.case import actors, found

FORMS = [
    ("Israel agreed.", [("Israel", "israel")]),
    ("Israeli, Egyptian, Qatari and Turkish officials", ["israel", "egypt", "qatar", "turkiye"]),
    ("Two Israelis and an American met Egyptians.", ["israel", "us", "egypt"]),
    ("U.S. officials and the USA and America's envoy and US-led talks", ["us", "us", "us"]),
    ("the US-brokered, Israel-Hamas deal", ["us", "israel", "hamas"]),
    ("The Hammas commander", [("Hammas", "hamas")]),
    ("Hamas’s chief and Hamas' men", [("Hamas", "hamas"), ("Hamas", "hamas")]),
    ("Prime Minister Benjamin Netanyahu spoke", [("Benjamin Netanyahu", "netanyahu")]),
    (
        "Binyamin Netanyahu spoke; Mr. Netanyahu left.",
        [("Binyamin Netanyahu", "netanyahu"), ("Netanyahu", "netanyahu")],
    ),
    ("President Donald J. Trump's plan", [("Donald J. Trump", "trump")]),
    ("the Trump administration", [("Trump", "trump")]),
    ("Khalil Al-Hayya, Khalil al Hayya, Khalil Hayya and el-Hayya", ["hayya"] * 4),
    ("Khalil al-Hayyah said", ["hayya"]),
    (
        "Qatari Prime Minister Mohammed bin Abdul Rahman al-Thani came",
        [("Qatari", "qatar"), ("Mohammed bin Abdul Rahman al-Thani", "al-thani")],
    ),
    (
        "Sheikh Mohammed bin Abdulrahman bin Jassim Al Thani",
        [("Mohammed bin Abdulrahman bin Jassim Al Thani", "al-thani")],
    ),
    ("Mohamed bin Abdelrahman Al-Thani", ["al-thani"]),
    ("Badr Abdelaty and Badr Abdelatty", ["abdelatty", "abdelatty"]),
    ("Ra'ed Saad, Raed Sa’ad and Raid Saad", ["saad"] * 3),
    ("Saad was killed.", [("Saad", "saad")]),
    ("High Representative Nickolay Mladenov and Nikolai Mladenov", ["mladenov", "mladenov"]),
    ("Maj. Gen. Jasper Jeffers and Jeffers", [("Jasper Jeffers", "jeffers"), ("Jeffers", "jeffers")]),
    ("police Master Sgt. Ran Gvili", [("Ran Gvili", "gvili")]),
    ("the Palestinian agency WAFA", [("WAFA", "wafa")]),
    ("Hamas-run Gaza health ministry and Gaza’s Health Ministry", ["hamas", "moh", "moh"]),
    ("the Ministry of Health in Gaza, and later the Health Ministry", ["moh", "moh"]),
    ("the United Nations Security Council", [("United Nations Security Council", "unsc")]),
    ("US Central Command and U.S. Central Command", ["centcom", "centcom"]),
    ("The Izz al-Din al-Qassam Brigades, then the Qassam Brigades", ["qassam", "qassam"]),
    ("the Israel Defense Forces and Israel Defence Forces", ["idf", "idf"]),
    ("Türkiye, Turkiye and TURKEY", ["turkiye"] * 3),
    ("Washington said so, and talks between Cairo and Doha began.", ["us", "egypt", "qatar"]),
    ("A White House official spoke.", [("White House", "us")]),
    ("Netanyahu to Meet Trump at Mar-a-Lago This Month", ["netanyahu", "trump"]),
    ("ISRAEL STRIKES HAMAS TARGETS", ["israel", "hamas"]),
    ("On Sunday Netanyahu and, Monday, Trump spoke", ["netanyahu", "trump"]),
    ("said Trump Monday", ["trump"]),
]


@pytest.mark.parametrize(("text", "wanted"), FORMS, ids=[text for text, _ in FORMS])
def test_actors_are_found_under_their_forms(text: str, wanted: list[object]) -> None:
    got = actors(text)
    if wanted and isinstance(wanted[0], str):
        assert [ref for _, ref in got] == wanted
    else:
        assert got == wanted


NOT = [
    "They let us know; pa and sis and un are words.",
    "Tell us, and ap.",
    "Israel Hayom wrote about it.",
    "The Bank of Israel kept its rate.",
    "The Times of Israel reported it.",
    "He studied at the American University of Beirut.",
    "Melania Trump visited, and Sara Netanyahu too.",
    "The Trump Tower stands.",
    "They met in Washington and flew to Cairo.",
    "He came from Doha.",
    "The two cousins called Haddad",
    "Saad Hariri spoke in Lebanon.",
    "Two men met at the White House.",
    "Lorries wait on the Egyptian side of the crossing.",
    "It costs forty Israeli shekels.",
    "a Shamas, a Hamasa",
]


@pytest.mark.parametrize("text", NOT)
def test_what_only_looks_like_an_actor_is_left_alone(text: str) -> None:
    assert actors(text) == []


def test_a_surname_means_whoever_was_named_before() -> None:
    assert [ref for _, ref in actors("Layla Saad is a baker. Mrs Saad bakes. Raed Saad was killed. Saad fought.")] == [
        "saad",
        "saad",
    ]


def test_a_cut_down_name_is_the_body_named_before() -> None:
    text = "The Palestinian Authority met. The Authority agreed, and an authority is no name."
    assert actors(text) == [("Palestinian Authority", "pa"), ("Authority", "pa")]


ELSEWHERE = [
    ("قالت حركة حماس إن إسرائيل وافقت", "ar", ["hamas", "israel"]),
    ("وحماس وبنيامين نتنياهو والرئيس الأمريكي دونالد ترامب", "ar", ["hamas", "netanyahu", "us", "trump"]),
    ("قال خليل الحية لقناة", "ar", ["hayya"]),
    ("القيادي رائد سعد وبعده سعد", "ar", ["saad", "saad"]),
    ("حماس אמרה שישראל ובקטאר", "he", ["hamas", "israel", "qatar"]),
    ('צה"ל וחמאס, ונתניהו', "he", ["idf", "hamas", "netanyahu"]),
    ("ג'ספר ג'פרס הגיע", "he", ["jeffers"]),
]


@pytest.mark.parametrize(("text", "language", "wanted"), ELSEWHERE, ids=[text for text, _, _ in ELSEWHERE])
def test_arabic_and_hebrew_names_need_no_alias(text: str, language: str, wanted: list[str]) -> None:
    assert [ref for _, ref in actors(text, language)] == wanted


def test_prefixes_stay_outside_the_mark() -> None:
    assert actors("ובחמאס", "he") == [("חמאס", "hamas")]
    assert actors("ولحماس", "ar") == [("حماس", "hamas")]


UNKNOWN = [
    ("Yesterday Joana Delacroix met the Northern Fishing Council.", ["Joana Delacroix", "Northern Fishing Council"]),
    ("The Ministry of Foreign Affairs said so.", ["Ministry of Foreign Affairs"]),
    ("He saw Prime Minister Keir Example and Mr Hijazi.", ["Keir Example", "Hijazi"]),
    ("UNRWA and UNICEF work there.", ["UNRWA", "UNICEF"]),
    ("Anna Meier spoke. Later Meier left.", ["Anna Meier", "Meier"]),
    ("They met in Gaza City and the West Bank on Monday.", []),
    ("But The New Plan Of Many Words Is A Headline", []),
    ("WE MUST SHOUT", []),
]


@pytest.mark.parametrize(("text", "wanted"), UNKNOWN, ids=[text for text, _ in UNKNOWN])
def test_unknown_names_are_offered(text: str, wanted: list[str]) -> None:
    assert [words for words, _ in found(text, "name")] == wanted


def test_a_text_without_capitals_has_its_actors() -> None:
    text = "so hamas said no.\n\nthen netanyahu said no to the us and the idf stayed. they told us so."
    assert actors(text) == [("hamas", "hamas"), ("netanyahu", "netanyahu"), ("us", "us"), ("idf", "idf")]


def test_a_speakers_label_is_a_name_and_a_heading_is_none() -> None:
    assert found("JANE MILLS: Good morning.\nVERDICT: It is false.", "name") == [("JANE MILLS", "")]


def test_a_dateline_and_a_village_are_no_names() -> None:
    assert found("HARN, Kestria, March 2 (Agency) - People met in the village of Dos Pinos.", "name") == []
