"""What is wrong with a case file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One error. ``place`` is a path such as ``events[12].reports[0].source``, or a line where there is no path yet."""

    place: str
    message: str
    line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text} (line {self.line})" if self.line else text

    @property
    def order(self) -> tuple[int, str]:
        """Sorts the problems of one file the way it is read: from the top."""
        return (self.line or 0, self.place)


class BrokenCase(Exception):
    """One or more files cannot be loaded. Nothing of them was."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
