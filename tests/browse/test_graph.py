"""The geometry of a small graph."""

from collections.abc import Hashable, Sequence
from itertools import combinations
from random import Random

import pytest

from tracker.browse.graph import WIDTH, Drawing, drawn

type Edges = Sequence[tuple[Hashable, Hashable]]

GRAPHS: dict[str, Edges] = {
    "one line": [("a", "b")],
    "a chain": [("a", "b"), ("b", "c")],
    "a fan": [("a", "b"), ("a", "c"), ("a", "d")],
    "a long line beside a short way": [("a", "b"), ("b", "c"), ("a", "c")],
    "two groups": [("a", "b"), ("c", "d")],
    "a circle": [("a", "b"), ("b", "a")],
    "a circle of three": [("a", "b"), ("b", "c"), ("c", "a")],
    "several at once between the same boxes": [("a", "b"), ("a", "b")],
}


def placed(edges: Edges, *, mirrored: bool = False) -> Drawing:
    keys = dict.fromkeys(key for edge in edges for key in edge)
    return drawn({key: 40 + 10 * number for number, key in enumerate(keys)}, edges, mirrored=mirrored)


def is_sound(drawing: Drawing) -> None:
    for one, other in combinations(drawing.boxes.values(), 2):
        beside = one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    for box in drawing.boxes.values():
        assert 0 <= box.x <= drawing.width - WIDTH
        assert 0 <= box.y <= drawing.height - box.height


@pytest.mark.parametrize("edges", GRAPHS.values(), ids=GRAPHS)
def test_no_box_stands_on_another_or_outside(edges: Edges) -> None:
    for mirrored in (False, True):
        drawing = placed(edges, mirrored=mirrored)
        is_sound(drawing)
        assert len(drawing.lines) == len(edges)


def test_any_graph_is_drawn() -> None:
    chance = Random(4)  # noqa: S311  # nothing secret
    for _number in range(60):
        keys = range(chance.randint(2, 14))
        edges = [(one, other) for one in keys for other in keys if one != other and chance.random() < 0.15]
        is_sound(drawn(dict.fromkeys(keys, 50), edges))


def test_what_is_waited_for_stands_further_on() -> None:
    boxes = placed(GRAPHS["a long line beside a short way"]).boxes
    assert boxes["a"].x < boxes["b"].x < boxes["c"].x
    turned = placed(GRAPHS["a long line beside a short way"], mirrored=True).boxes
    assert turned["a"].x > turned["b"].x > turned["c"].x


def test_a_line_ends_at_the_side_of_the_box_that_it_points_to() -> None:
    for mirrored in (False, True):
        drawing = placed(GRAPHS["a circle"], mirrored=mirrored)
        for line, (_start, end) in zip(drawing.lines, GRAPHS["a circle"], strict=True):
            box = drawing.boxes[end]
            assert line.x == (box.x if line.inward > 0 else box.x + WIDTH)
            assert box.y < line.y < box.y + box.height


def test_groups_stand_below_one_another() -> None:
    boxes = placed(GRAPHS["two groups"]).boxes
    assert max(boxes["a"].y, boxes["b"].y) < min(boxes["c"].y, boxes["d"].y)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn({}, []).height == 0
