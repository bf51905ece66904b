"""Names of sides taken out of texts."""

import pytest

from tracker.reading.masking import Mask
from tracker.reading.names import Known

MASK = Mask(
    [
        (Known("il", "Israel", ("State of Israel", "IDF", "إسرائيل", "ישראל"), "state"), "Party A"),
        (Known("bn", "Benjamin Netanyahu", ("Netanyahu", "Bibi"), "person"), "Person 1 of Party A"),
        (Known("hamas", "Hamas", ("Islamic Resistance Movement", "حماس", "חמאס"), "armed_group"), "Party B"),
        (Known("us", "United States", ("US", "U.S.", "USA", "Washington"), "state"), "Party C"),
        (
            Known("office", "LINK (Israel's coordinator of crossings)", ("LINK",), "government_body"),
            "Body 1 of Party A",
        ),
        (Known("front", "River Front", ("the Front",), "armed_group"), "Party D"),
    ]
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Israel and Hamas sign", "Party A and Party B sign"),
        ("An Israeli strike; the Israelis deny it", "An Party A strike; the Party A deny it"),
        ("Israel's army says", "Party A's army says"),
        ("Prime Minister Netanyahu speaks", "Prime Minister Person 1 of Party A speaks"),
        ("Benjamin Netanyahu and Bibi", "Person 1 of Party A and Person 1 of Party A"),
        ("the islamic resistance movement", "the Party B"),
        ("It tells us that the US waits", "It tells us that the Party C waits"),
        ("A U.S. envoy in Washington", "A Party C envoy in Party C"),
        ("hamas, HAMAS and Hamas-led", "Party B, Party B and Party B-led"),
        ("RIVER  FRONT fighters of the Front", "Party D fighters of Party D"),
        ("وقالت حماس إن إسرائيل", "وقالت Party B إن Party A"),
        ("وحماس", "وParty B"),
        ("בישראל", "בParty A"),
        ("LINK (Israel's coordinator of crossings) counts", "Body 1 of Party A counts"),
        ("Gaza City waits", "Gaza City waits"),
        ("", ""),
    ],
)
def test_names_give_way_to_letters(text: str, masked: str) -> None:
    assert MASK.hide(text) == masked


def test_without_parties_nothing_changes() -> None:
    assert Mask([]).hide("Israel and Hamas") == "Israel and Hamas"
