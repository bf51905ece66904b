"""Where events happened, drawn over shapes of land, with the places as a list.

A place known to 25 km or better is a point. What is known less exactly is an area, as wide as it is unknown. What is
known to a country only is never drawn: the middle of a country is no place.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from tracker.codebook import WherePrecision
from tracker.models import Event
from tracker.words import joined, number

from .charts import MARGIN, WIDTH, Sheet, lines, quoted, written
from .narrowing import Narrowing
from .shapes import HALF, Box, Point, of_view

SIZE = 480.0
"""The side of the map, in its own units."""

FILE_SIZE = 640
"""The side of the map in the file."""

LINE = 20
"""The height of a line of text in the file."""

MOST = 5_000
"""How many of the newest events are put on the map."""

LISTED = 5
"""How many events of a place are named beside the map."""

LEAST_SPAN = 0.9
"""Degrees of latitude that a map shows at least: about 100 km."""

NEAR = 3.0
"""Degrees around the place with most events within which others belong to the same region."""

FAR = 12.0
"""Degrees over which places have to be spread before a map shows one region of them first."""

KM_PER_DEGREE = 111.2

RADIUS_KM = {
    WherePrecision.DISTRICT: 15,
    WherePrecision.PROVINCE: 50,
    WherePrecision.LINE: 50,
    WherePrecision.SEA_OR_AIR: 50,
}
"""How far around its middle an area reaches."""

SCALES_KM = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(slots=True)
class Place:
    """Events at one position, or in one area."""

    longitude: float
    latitude: float
    precision: int
    names: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def is_area(self) -> bool:
        return self.precision in RADIUS_KM


@dataclass(frozen=True, slots=True)
class Mark:
    """Places so near to each other that the map shows them as one. ``id`` is its entry in the list."""

    id: str
    x: str
    y: str
    radius: str
    is_area: bool
    count: int
    label: str
    title: str
    precision: str
    names: list[str]
    events: list[Event]
    more: int
    url: str
    label_x: str = ""
    label_y: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A place that is named without its position."""

    name: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class Scale:
    width: str
    label: str


@dataclass(frozen=True, slots=True)
class Map:
    """A map with its list. ``whole_url`` and ``region_url`` lead to the other part of the world, where there is one."""

    size: int
    land: str
    coasts: str
    borders: str
    marks: list[Mark]
    scale: Scale
    drawn: int
    all: int
    off: int
    """How many of ``all`` have no place exact enough to be drawn."""

    outside: str
    whole_url: str
    region_url: str
    unplaced: list[Unplaced]
    in_country: int
    nowhere: int
    partial: str


def drawn(events: Sequence[Event], narrowing: Narrowing, *, whole: bool) -> Map:
    """The map of these events, newest first. ``whole``: of all of them, however far apart."""
    shown = events[:MOST]
    places = _places(shown)
    region = [] if whole else _region(places)
    inside = region or places
    view = _view(inside)
    away = len(places) > len(inside)
    unplaced, in_country, nowhere = _without_position(shown, narrowing)
    land, coasts, borders = _ground(view)
    return Map(
        size=int(SIZE),
        land=land,
        coasts=coasts,
        borders=borders,
        marks=_marks(inside, view, narrowing),
        scale=_scale(view),
        drawn=sum(len(place.events) for place in inside),
        all=len(shown),
        off=len(shown) - sum(len(place.events) for place in places),
        outside=_outside([place for place in places if place not in inside]) if away else "",
        whole_url=narrowing.url(area="all") if away else "",
        region_url=narrowing.url() if whole and _region(places) else "",
        unplaced=unplaced,
        in_country=in_country,
        nowhere=nowhere,
        partial=number(MOST) if len(events) > MOST else "",
    )


def _places(events: Iterable[Event]) -> list[Place]:
    found: dict[tuple[float, float, bool], Place] = {}
    for event in events:
        if event.latitude is None or event.longitude is None or event.where_precision == WherePrecision.COUNTRY:
            continue
        precision = event.where_precision or WherePrecision.NEAR
        position = (float(event.longitude), float(event.latitude), precision in RADIUS_KM)
        place = found.setdefault(position, Place(position[0], position[1], precision))
        place.precision = max(place.precision, precision)
        place.events.append(event)
        if event.place and event.place not in place.names:
            place.names.append(event.place)
    return list(found.values())


def _without_position(events: Iterable[Event], narrowing: Narrowing) -> tuple[list[Unplaced], int, int]:
    """Places that are only named, and how many events are known to a country only, or have no place at all."""
    named: dict[str, int] = {}
    in_country = nowhere = 0
    for event in events:
        if event.where_precision == WherePrecision.COUNTRY:
            in_country += 1
        elif event.latitude is not None:
            continue
        elif event.place:
            named[event.place] = named.get(event.place, 0) + 1
        else:
            nowhere += 1
    names = sorted(named.items(), key=lambda one: (-one[1], one[0]))
    unplaced = [Unplaced(name, number(count), narrowing.url(view=None, place=[name])) for name, count in names]
    return unplaced, in_country, nowhere


def _region(places: Sequence[Place]) -> list[Place]:
    """The places around the one with most events near it, where the others are far away and fewer; else nothing."""
    if not places or _spread(places) < FAR:
        return []

    def near(middle: Place) -> list[Place]:
        return [
            place
            for place in places
            if abs(place.longitude - middle.longitude) <= NEAR and abs(place.latitude - middle.latitude) <= NEAR
        ]

    def events(some: Sequence[Place]) -> int:
        return sum(len(place.events) for place in some)

    region = max((near(place) for place in places), key=events)
    return region if 2 * events(region) > events(places) else []


def _spread(places: Sequence[Place]) -> float:
    longitudes, latitudes = [one.longitude for one in places], [one.latitude for one in places]
    return max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))


def _outside(places: Sequence[Place]) -> str:
    events = sum(len(place.events) for place in places)
    names = list(dict.fromkeys(name for place in places for name in place.names))
    some = joined(names[:6])
    if not some:
        return ngettext("%(count)s event lies outside.", "%(count)s events lie outside.", events) % {
            "count": number(events)
        }
    return ngettext(
        "%(count)s event lies outside: %(places)s.", "%(count)s events lie outside, for instance at %(places)s.", events
    ) % {"count": number(events), "places": some}


# As a file


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, so far down."""

    y: int
    text: str


def sheet(map_: Map, title: str, page: str) -> Sheet:
    """The map with the list of its places beside it."""
    mirrored = get_language_bidi()
    side = WIDTH - 2 * MARGIN
    texts = [line for mark in map_.marks for line in lines(mark.title, side - FILE_SIZE - 40, 12, most=2)]
    room = FILE_SIZE // LINE
    if len(texts) > room:
        texts = [*texts[: room - 1], "…"]
    caption = [
        _("Shapes of land and borders: Natural Earth, public domain. Drawing them takes no position on any border."),
        *([map_.outside] if map_.outside else []),
    ]
    subtitle = ngettext("Where %(count)s event took place", "Where %(count)s events took place", map_.drawn)
    return Sheet(
        name="map",
        title=title,
        subtitle=subtitle % {"count": number(map_.drawn)},
        page=page,
        template="map.svg",
        height=FILE_SIZE + LINE * (len(caption) + 1),
        drawing={
            "map": map_,
            "side": FILE_SIZE,
            "map_x": MARGIN + side - FILE_SIZE if mirrored else MARGIN,
            "places_x": MARGIN + side - FILE_SIZE - 40 if mirrored else MARGIN + FILE_SIZE + 40,
            "places": [Line(LINE * (at + 1), quoted(text)) for at, text in enumerate(texts)],
            "caption": [Line(LINE * (at + 2), written(text)) for at, text in enumerate(caption)],
        },
    )


# Geometry


def _view(places: Sequence[Place]) -> Box:
    """A square on the map around the places, with room for areas and labels."""
    if not places:
        return Box(-180.0, -60.0, 180.0, 84.0)
    reach = [RADIUS_KM.get(WherePrecision(place.precision), 0) / KM_PER_DEGREE for place in places]
    south = min(place.latitude - far for place, far in zip(places, reach, strict=True))
    north = max(place.latitude + far for place, far in zip(places, reach, strict=True))
    middle = (south + north) / 2
    squeeze = max(math.cos(math.radians(middle)), 0.2)
    west = min(place.longitude - far / squeeze for place, far in zip(places, reach, strict=True))
    east = max(place.longitude + far / squeeze for place, far in zip(places, reach, strict=True))
    span = max(LEAST_SPAN, 1.35 * max(north - south, (east - west) * squeeze))
    # On a grid, so that views that hardly differ share their land.
    step = span / 20
    middle, centre = round(middle / step) * step, round((west + east) / 2 / step) * step
    half = min(span / 2, 85.0)
    return Box(centre - half / squeeze, middle - half, centre + half / squeeze, middle + half)


def _placed(point: Point, view: Box) -> Point:
    """Where a point of the world lies on the map."""
    return (
        (point[0] - view.west) / (view.east - view.west) * SIZE,
        (view.north - point[1]) / (view.north - view.south) * SIZE,
    )


@lru_cache(maxsize=32)
def _ground(view: Box) -> tuple[str, str, str]:
    """Land, coasts and borders as paths."""
    margin_x, margin_y = (view.east - view.west) * 0.02, (view.north - view.south) * 0.02
    wide = Box(view.west - margin_x, view.south - margin_y, view.east + margin_x, view.north + margin_y)
    shapes = of_view(view)
    land = "".join(_path(outline, view, close=True) for outline in shapes.land(wide))
    coasts, borders = (
        "".join(_path(line, view, close=False) for line in _inside(shapes.lines(wide, borders=which), wide))
        for which in (False, True)
    )
    return land, coasts, borders


def _inside(lines: Iterable[Sequence[Point]], view: Box) -> Iterable[list[Point]]:
    """The parts of lines that come into the view."""
    for line in lines:
        part: list[Point] = []
        for before, after in pairwise(line):
            (west, east), (south, north) = sorted((before[0], after[0])), sorted((before[1], after[1]))
            # A line that seems to cross the whole map crosses its edge.
            if east - west < HALF and Box(west, south, east, north).meets(view):
                part = part or [before]
                part.append(after)
            elif part:
                yield part
                part = []
        if part:
            yield part


def _path(points: Sequence[Point], view: Box, *, close: bool) -> str:
    """A path without the points that nobody could tell apart; "" for what is smaller than a dot."""
    shown: list[Point] = []
    for point in points:
        x, y = _placed(point, view)
        if not shown or abs(x - shown[-1][0]) + abs(y - shown[-1][1]) >= 0.8:
            shown.append((round(x, 1), round(y, 1)))
    if len(shown) < (3 if close else 2):
        return ""
    text = "L".join(f"{x:g} {y:g}" for x, y in shown)
    return f"M{text}Z" if close else f"M{text}"


def _scale(view: Box) -> Scale:
    """A length on the map that is a round number of kilometres, about a fifth of its width."""
    km_per_unit = (view.north - view.south) * KM_PER_DEGREE / SIZE
    length = max((km for km in SCALES_KM if km / km_per_unit <= SIZE / 4), default=SCALES_KM[0])
    return Scale(f"{length / km_per_unit:.1f}", _("%(length)s km") % {"length": number(length)})


# Marks


@dataclass(slots=True)
class _Cluster:
    x: float
    y: float
    is_area: bool
    reach: float
    places: list[Place]

    @property
    def count(self) -> int:
        return sum(len(place.events) for place in self.places)

    @property
    def radius(self) -> float:
        return max(self.reach, 12.0) if self.is_area else min(7.0 + 2.2 * math.sqrt(self.count - 1), 26.0)


def _marks(places: Sequence[Place], view: Box, narrowing: Narrowing) -> list[Mark]:
    units_per_km = SIZE / ((view.north - view.south) * KM_PER_DEGREE)
    clusters: list[_Cluster] = []
    for place in sorted(places, key=lambda one: -len(one.events)):
        x, y = _placed((place.longitude, place.latitude), view)
        reach = RADIUS_KM.get(WherePrecision(place.precision), 0) * units_per_km
        near = next((one for one in clusters if one.is_area == place.is_area and _touch(one, x, y)), None)
        if near is None:
            clusters.append(_Cluster(x, y, place.is_area, reach, [place]))
        else:
            near.places.append(place)
            near.reach = max(near.reach, reach)
    # Areas lie below points, large ones below small ones.
    clusters.sort(key=lambda one: (not one.is_area, -one.radius))
    taken: list[tuple[float, float, float, float]] = [_square(one) for one in clusters if not one.is_area]
    return [_mark(one, f"place-{position}", narrowing, taken) for position, one in enumerate(clusters, 1)]


def _touch(cluster: _Cluster, x: float, y: float) -> bool:
    nearest = 6.0 if cluster.is_area else cluster.radius + 8.0
    return math.hypot(cluster.x - x, cluster.y - y) < nearest


def _square(cluster: _Cluster) -> tuple[float, float, float, float]:
    return (
        cluster.x - cluster.radius,
        cluster.y - cluster.radius,
        cluster.x + cluster.radius,
        cluster.y + cluster.radius,
    )


def _mark(cluster: _Cluster, id: str, narrowing: Narrowing, taken: list[tuple[float, float, float, float]]) -> Mark:  # noqa: A002  # what it is called in HTML
    names = list(dict.fromkeys(name for place in cluster.places for name in place.names))
    events = sorted((event for place in cluster.places for event in place.events), key=lambda one: one.date)[::-1]
    coarsest = WherePrecision(max(place.precision for place in cluster.places))
    title = quoted(" · ".join(names)) if names else _("A place without a name")
    count = cluster.count
    label = names[0] if names else ""
    if others := len(names[1:]):
        label = ngettext("%(place)s and %(count)s more", "%(place)s and %(count)s more", others) % {
            "place": label,
            "count": number(others),
        }
    if cluster.is_area and label:
        label = _("%(place)s: %(count)s") % {"place": label, "count": number(count)}
    label_x, label_y = _label_at(cluster, label, taken)
    return Mark(
        id=id,
        x=f"{cluster.x:.1f}",
        y=f"{cluster.y:.1f}",
        radius=f"{cluster.radius:.1f}",
        is_area=cluster.is_area,
        count=count,
        label=label if label_x else "",
        title=ngettext("%(place)s: %(count)s event", "%(place)s: %(count)s events", count)
        % {"place": title, "count": number(count)},
        precision=coarsest.definition,
        names=names,
        events=events[:LISTED],
        more=len(events[LISTED:]),
        url=narrowing.url(view=None, place=names) if names and len(names) <= 20 else "",
        label_x=label_x,
        label_y=label_y,
    )


def _label_at(cluster: _Cluster, name: str, taken: list[tuple[float, float, float, float]]) -> tuple[str, str]:
    """Where the name has room: after the mark or before it; nowhere if it would lie on something."""
    width = 7.4 * len(name)
    for start in (cluster.x + cluster.radius + 5, cluster.x - cluster.radius - 5 - width):
        box = (start - 3, cluster.y - 8, start + width + 3, cluster.y + 8)
        free = all(box[2] < one[0] or one[2] < box[0] or box[3] < one[1] or one[3] < box[1] for one in taken)
        if name and free and start > 4 and start + width < SIZE - 4:
            taken.append(box)
            return f"{start:.1f}", f"{cluster.y + 4.5:.1f}"
    return "", ""
