"""Conditions in circles, and parties that each ask for what the other owes."""

import pytest

from tracker.rubric.waiting import Ask, each_waits, standoffs


def insists(by: str, needs: str, *owed_by: str, waiter: str = "phase") -> Ask:
    return Ask(waiter, needs, by, frozenset(owed_by))


CIRCLES: dict[str, tuple[list[Ask], set[tuple[str, str]]]] = {
    "nothing waits": ([], set()),
    "a chain is no circle": ([Ask("a", "b"), Ask("b", "c")], set()),
    "two that wait for each other": ([Ask("a", "b"), Ask("b", "a")], {("a", "b"), ("b", "a")}),
    "over a third": (
        [Ask("a", "b"), Ask("b", "c"), Ask("c", "a")],
        {("a", "b"), ("b", "c"), ("c", "a")},
    ),
    "what leads into a circle is outside it": ([Ask("a", "b"), Ask("b", "c"), Ask("c", "b")], {("b", "c"), ("c", "b")}),
    "what a circle waits for is outside it": ([Ask("a", "b"), Ask("b", "a"), Ask("b", "c")], {("a", "b"), ("b", "a")}),
    "two ways to the same thing are no circle": ([Ask("a", "b"), Ask("a", "c"), Ask("b", "d"), Ask("c", "d")], set()),
}


@pytest.mark.parametrize(("asks", "found"), CIRCLES.values(), ids=CIRCLES)
def test_circles(asks: list[Ask], found: set[tuple[str, str]]) -> None:
    assert each_waits(asks) == found


STANDOFFS: dict[str, tuple[list[Ask], list[tuple[str, str]]]] = {
    "nobody insists": ([Ask("phase", "a", None, frozenset({"north"}))], []),
    "one side alone": ([insists("north", "a", "south")], []),
    "each asks for what the other owes": (
        [insists("north", "a", "south"), insists("south", "b", "north")],
        [("north", "south")],
    ),
    "named once however many conditions there are": (
        [insists("north", "a", "south"), insists("south", "b", "north"), insists("south", "c", "north")],
        [("north", "south")],
    ),
    "for different things is not against each other": (
        [insists("north", "a", "south"), insists("south", "b", "north", waiter="another phase")],
        [],
    ),
    "what somebody owes together with others": (
        [insists("north", "a", "south", "east"), insists("south", "b", "north")],
        [("north", "south")],
    ),
    "what both owe sets neither against the other": (
        [insists("north", "a", "south"), insists("south", "b", "south", "north")],
        [],
    ),
    "asking for what a third owes": ([insists("north", "a", "east"), insists("south", "b", "north")], []),
}


@pytest.mark.parametrize(("asks", "found"), STANDOFFS.values(), ids=STANDOFFS)
def test_standoffs(asks: list[Ask], found: list[tuple[str, str]]) -> None:
    assert standoffs(asks) == found
