"""What the rules judge by: plain values, cut from the record as it stood on one day and as recorded by one moment."""

from dataclasses import dataclass
from datetime import date

from tracker.codebook import Nature


@dataclass(frozen=True, slots=True)
class Duty:
    """What an obligation asks for, as far as its dates go.

    ``due_on`` is the last day on which doing it still counts as on time; None where the text sets no day.
    ``starts_on`` is the first day on which a continuing duty binds: its own day, else the day the agreement took
    effect; None where neither is known. Only continuing duties use it.
    """

    nature: Nature
    due_on: date | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One standing assessment: the day it became true, the day it was published, and what it says.

    ``level`` is 0 to 3; ``direction`` is a ``Movement`` and ``conformity`` a ``Conformity`` value, "" where empty.
    """

    effective_on: date
    recorded_on: date
    level: int
    direction: str = ""
    conformity: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One report's word about one event: the day of the event, a ``Stance`` value, and who stands behind it.

    ``key`` is the independence key (topmost parent of the originator, else its text, else the outlet): reports that
    share it come from one mouth.
    """

    event_on: date
    stance: str
    key: str
