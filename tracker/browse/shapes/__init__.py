"""Land and borders as Natural Earth draws them, clipped to a part of the world. README.txt tells of the files."""

import gzip
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILES = ((20.0, "countries-10m.bin.gz"), (70.0, "countries-50m.bin.gz"), (math.inf, "countries-110m.bin.gz"))
"""From which file views are drawn that are narrower than so many degrees."""

HALF, TURN = 180.0, 360.0

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: "Box") -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


@dataclass(frozen=True, slots=True)
class Arc:
    start: int
    points: int
    box: Box


class Shapes:
    """One file of shapes. Arcs are read when a view needs them."""

    def __init__(self, name: str) -> None:
        data = gzip.decompress((Path(__file__).parent / name).read_bytes())
        line, _, self._body = data.partition(b"\n")
        head = json.loads(line)
        (self._sx, self._sy), (self._ox, self._oy) = head["scale"], head["offset"]
        self._rings: list[list[int]] = head["rings"]
        self._borders = frozenset(head["borders"])
        self._arcs = [
            Arc(start, points, Box(*self._degrees(left, low), *self._degrees(right, high)))
            for start, points, left, low, right, high in head["arcs"]
        ]
        self._boxes = [_around([self._arcs[_forward(one)].box for one in ring]) for ring in self._rings]

    def land(self, view: Box) -> Iterator[list[Point]]:
        """The outlines of land and of what is cut out of it, clipped to the view."""
        for ring, box in zip(self._rings, self._boxes, strict=True):
            if box.meets(view):
                outline: list[Point] = []
                for number in ring:
                    part = self._points(_forward(number))
                    outline += part[::-1] if number < 0 else part
                for copy in _unrolled(outline):
                    clipped = clip(copy, view)
                    if len(clipped) > 2:
                        yield clipped

    def lines(self, view: Box, *, borders: bool) -> Iterator[list[Point]]:
        """The lines that come into the view: those that two countries share, or those between land and water."""
        for number, arc in enumerate(self._arcs):
            if (number in self._borders) == borders and arc.box.meets(view):
                yield self._points(number)

    def _degrees(self, x: int, y: int) -> Point:
        return x * self._sx + self._ox, y * self._sy + self._oy

    def _points(self, number: int) -> list[Point]:
        arc = self._arcs[number]
        body, at = self._body, arc.start
        found: list[Point] = []
        here = [0, 0]
        for _point in range(arc.points):
            for axis in (0, 1):
                value = shift = 0
                while True:
                    byte = body[at]
                    at += 1
                    value |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                here[axis] += (value >> 1) ^ -(value & 1)
            found.append(self._degrees(here[0], here[1]))
        return found


@lru_cache(maxsize=len(FILES))
def shapes(name: str) -> Shapes:
    return Shapes(name)


def of_view(view: Box) -> Shapes:
    """The shapes that fit a view of this width."""
    return shapes(next(name for width, name in FILES if view.east - view.west < width))


def _unrolled(outline: Sequence[Point]) -> Iterator[list[Point]]:
    """The outline on a flat map: once, or, where it runs over the edge at 180 degrees, once at either edge."""
    flat: list[Point] = []
    turned = 0.0
    for point in outline:
        if flat and abs(point[0] + turned - flat[-1][0]) > HALF:
            turned += -TURN if point[0] + turned > flat[-1][0] else TURN
        flat.append((point[0] + turned, point[1]))
    if turned and abs(flat[-1][0] - flat[0][0]) > HALF:
        # Around the pole.
        flat += [(flat[-1][0], -90.0), (flat[0][0], -90.0)]
    yield flat
    if max(point[0] for point in flat) > HALF or min(point[0] for point in flat) < -HALF:
        for shift in (-TURN, TURN):
            yield [(x + shift, y) for x, y in flat]


def clip(outline: Sequence[Point], view: Box) -> list[Point]:
    """The part of an outline within the view (Sutherland and Hodgman)."""
    points = list(outline)
    for axis, limit, sign in ((0, view.west, 1), (0, view.east, -1), (1, view.south, 1), (1, view.north, -1)):
        if not points:
            return []
        kept: list[Point] = []
        before = points[-1]
        for point in points:
            inside, was_inside = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside:
                kept.append(point)
            before = point
        points = kept
    return points


def _forward(number: int) -> int:
    return ~number if number < 0 else number


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )
