"""Runs: how long the same answer holds, day after day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Run[T]:
    """What holds from one day to another, both included."""

    start: date
    end: date
    value: T

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


def runs[T](first: date, last: date, turns: Iterable[date], value_on: Callable[[date], T]) -> list[Run[T]]:
    """The answers from ``first`` to ``last``, as few runs as possible; none where ``last`` comes before ``first``.

    ``turns`` are the days on which the answer may become another one; on all others it is the one of the eve. Only
    they, and ``first``, are asked about.
    """
    if last < first:
        return []
    found: list[tuple[date, T]] = []
    for day in sorted({first, *(turn for turn in turns if first < turn <= last)}):
        value = value_on(day)
        if not found or found[-1][1] != value:
            found.append((day, value))
    ends = [start - timedelta(days=1) for start, _ in found[1:]] + [last]
    return [Run(start, end, value) for (start, value), end in zip(found, ends, strict=True)]
