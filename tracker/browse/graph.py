"""Where boxes and lines of a small graph stand: from left to right, each box before those that it points to.

Geometry only: what is in a box is said elsewhere. Each group of boxes that hang together stands below the one before.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

WIDTH = 232
"""Of a box."""

BETWEEN = 116
"""The room between two columns, for lines and what is written at their ends."""

APART = 18
"""Between two boxes of a column."""

GROUPS_APART = 30
ROOM_FOR_A_LINE = 16
SWEEPS = 6

type Edge = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Box:
    """Whole numbers on the page: templates write others in the manner of the language."""

    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def end(self) -> int:
        return self.x + WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """The way of a line, and the point at its end beside which it is named; ``inward`` is 1 where it comes from the
    left, -1 where it comes from the right."""

    path: str
    x: int
    y: int
    inward: int


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: dict[Hashable, Box]
    lines: list[Line]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """A place in a column that a long line passes through."""

    edge: int
    column: int


def drawn(heights: Mapping[Hashable, int], edges: Sequence[Edge], *, mirrored: bool = False) -> Drawing:
    """Places the boxes (key and height, in the order in which they are read) and a line for each edge.

    Edges may close circles. ``mirrored``: from right to left.
    """
    boxes: dict[Hashable, Box] = {}
    turns: dict[_Turn, Box] = {}
    top = 0
    for group in _groups(heights, edges):
        inside = [number for number, edge in enumerate(edges) if edge[0] in group]
        placed = _group(group, heights, edges, inside)
        for key, box in placed.items():
            moved = replace(box, y=box.y + top)
            if isinstance(key, _Turn):
                turns[key] = moved
            else:
                boxes[key] = moved
        top = max(box.y + box.height for box in (*boxes.values(), *turns.values())) + GROUPS_APART
    width = max((box.x + WIDTH for box in boxes.values()), default=0)
    if mirrored:
        boxes = {key: replace(box, x=width - box.x - WIDTH) for key, box in boxes.items()}
        turns = {key: replace(box, x=width - box.x - WIDTH) for key, box in turns.items()}
    return Drawing(boxes, _lines(edges, boxes, turns), width, max(top - GROUPS_APART, 0))


def _groups(heights: Mapping[Hashable, int], edges: Sequence[Edge]) -> list[dict[Hashable, None]]:
    """The boxes that hang together, each group and the boxes in it in their order."""
    beside: dict[Hashable, list[Hashable]] = defaultdict(list)
    for start, end in edges:
        beside[start].append(end)
        beside[end].append(start)
    groups: list[dict[Hashable, None]] = []
    seen: set[Hashable] = set()
    for key in heights:
        found: set[Hashable] = set()
        coming = [key]
        while coming:
            one = coming.pop()
            if one not in seen:
                seen.add(one)
                found.add(one)
                coming += beside[one]
        if found:
            groups.append({one: None for one in heights if one in found})
    return groups


def _group(
    group: Mapping[Hashable, None], heights: Mapping[Hashable, int], edges: Sequence[Edge], inside: Sequence[int]
) -> dict[Hashable, Box]:
    columns = _columns(list(group), [edges[number] for number in inside])
    chains: list[list[Hashable]] = []
    stacked: dict[int, list[Hashable]] = defaultdict(list)
    for key in group:
        stacked[columns[key]].append(key)
    for number in inside:
        start, end = edges[number]
        first, last = columns[start], columns[end]
        through = range(first + 1, last) if first < last else range(first - 1, last, -1)
        chain: list[Hashable] = [start, *(_Turn(number, column) for column in through), end]
        for turn in chain[1:-1]:
            if isinstance(turn, _Turn):
                stacked[turn.column].append(turn)
        chains.append(chain)
    tall = {key: ROOM_FOR_A_LINE if isinstance(key, _Turn) else heights[key] for col in stacked.values() for key in col}
    return _stacked(stacked, chains, tall)


def _columns(keys: Sequence[Hashable], edges: Sequence[Edge]) -> dict[Hashable, int]:
    """The column of each box: one after the last that points to it; an edge that would close a circle does not count.

    What nothing points to stands right before the first that it points to.
    """
    ahead: dict[Hashable, list[Hashable]] = defaultdict(list)
    for start, end in edges:
        ahead[start].append(end)
    order: list[Hashable] = []
    state: dict[Hashable, int] = {}
    onward: list[Edge] = []

    def visit(key: Hashable) -> None:
        state[key] = 1
        for end in ahead[key]:
            if state.get(end) != 1:
                onward.append((key, end))
            if end not in state:
                visit(end)
        state[key] = 2
        order.append(key)

    pointed = {end for _start, end in edges}
    for key in [*(key for key in keys if key not in pointed), *keys]:
        if key not in state:
            visit(key)
    columns = dict.fromkeys(keys, 0)
    for key in reversed(order):
        for start, end in onward:
            if start == key:
                columns[end] = max(columns[end], columns[key] + 1)
    reached = {end for _start, end in onward}
    for key in keys:
        ends = [columns[end] for start, end in onward if start == key]
        if ends and key not in reached:
            columns[key] = min(ends) - 1
    first = min(columns.values())
    return {key: column - first for key, column in columns.items()}


def _stacked(
    stacked: dict[int, list[Hashable]], chains: Sequence[Sequence[Hashable]], tall: Mapping[Hashable, int]
) -> dict[Hashable, Box]:
    """Orders each column so that lines cross little, and moves boxes towards what they are joined to."""
    joined: dict[Hashable, list[Hashable]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            joined[one].append(other)
            joined[other].append(one)
    middles: dict[Hashable, float] = {}
    for column in stacked.values():
        _spread(column, tall, middles, dict.fromkeys(column, 0.0))
    order = sorted(stacked)
    for sweep in range(SWEEPS):
        for number in order if sweep % 2 == 0 else order[::-1]:
            wanted = {
                key: sum(middles[other] for other in joined[key]) / len(joined[key]) if joined[key] else middles[key]
                for key in stacked[number]
            }
            stacked[number].sort(key=lambda key: wanted[key])
            _spread(stacked[number], tall, middles, wanted)
    top = min(middles[key] - tall[key] / 2 for key in middles)
    return {
        key: Box(number * (WIDTH + BETWEEN), round(middles[key] - tall[key] / 2 - top), tall[key])
        for number in order
        for key in stacked[number]
    }


def _spread(
    column: Sequence[Hashable],
    tall: Mapping[Hashable, int],
    middles: dict[Hashable, float],
    wanted: Mapping[Hashable, float],
) -> None:
    """Sets the middles in their order, none on another, and the whole column as near to the wanted ones as can be."""
    end = 0.0
    for number, key in enumerate(column):
        at = wanted[key] if number == 0 else max(wanted[key], end + APART + tall[key] / 2)
        middles[key] = at
        end = at + tall[key] / 2
    if column:
        shift = sum(wanted[key] - middles[key] for key in column) / len(column)
        for key in column:
            middles[key] += shift


def _lines(edges: Sequence[Edge], boxes: Mapping[Hashable, Box], turns: Mapping[_Turn, Box]) -> list[Line]:
    through: dict[int, list[Box]] = defaultdict(list)
    for turn, box in turns.items():
        through[turn.edge].append(box)
    leaves: dict[Hashable, list[int]] = defaultdict(list)
    comes: dict[Hashable, list[int]] = defaultdict(list)
    for number, (start, end) in enumerate(edges):
        leaves[start].append(number)
        comes[end].append(number)
    lines = []
    for number, (start, end) in enumerate(edges):
        one, other = boxes[start], boxes[end]
        forward = 1 if one.x < other.x else -1
        bends = sorted(through[number], key=lambda box: box.x * forward)
        y = _port(one, number, leaves[start], lambda edge: boxes[edges[edge][1]].middle)
        last = _port(other, number, comes[end], lambda edge: boxes[edges[edge][0]].middle)
        points = [(one.x + WIDTH if forward > 0 else one.x, y)]
        for bend in bends:
            near, far = (bend.x, bend.x + WIDTH) if forward > 0 else (bend.x + WIDTH, bend.x)
            points += [(near, bend.middle), (far, bend.middle)]
        points.append((other.x if forward > 0 else other.x + WIDTH, last))
        lines.append(Line(_curve(points), *points[-1], forward))
    return lines


def _port(box: Box, number: int, edges: Sequence[int], place: Callable[[int], int]) -> int:
    """Where on its side of the box a line begins or ends, so that those of one box stand apart in the right order."""
    ordered = sorted(edges, key=lambda edge: (place(edge), edge))
    return box.y + round(box.height * (ordered.index(number) + 1) / (len(ordered) + 1))


def _curve(points: Sequence[tuple[int, int]]) -> str:
    """Level at both ends of each bend, straight through the columns that it passes."""
    path = f"M{points[0][0]} {points[0][1]}"
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        if number % 2:
            path += f"L{to_x} {to_y}"
        else:
            half = (x + to_x) // 2
            path += f"C{half} {y} {half} {to_y} {to_x} {to_y}"
    return path
