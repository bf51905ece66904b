"""How long ago somebody looked, and whether an assessment was made long after the fact."""

from datetime import date

from tracker.codebook import RETROSPECT_AFTER_DAYS, STALE_AFTER_DAYS, Nature
from tracker.rubric.facts import Duty


def last_checked(day: date, assessed: date | None, checked: date | None) -> int | None:
    """Days from the newest look to ``day``; None where nobody ever looked.

    ``assessed``: the newest day on which an assessment became true; ``checked``: the newest "looked, nothing new". A
    look after ``day`` had not happened yet and counts for nothing.
    """
    looks = [look for look in (assessed, checked) if look is not None and look <= day]
    return (day - max(looks)).days if looks else None


def is_last_known(duty: Duty, days: int | None, *, assessed: bool = True) -> bool:
    """Whether the status of a continuing duty is only the last known one: ``days`` since the last look are 60 or more.

    ``days`` comes from ``last_checked``. What was never assessed has no last known status; say ``assessed=False`` where
    there were checks only.
    """
    return assessed and duty.nature == Nature.CONTINUING and days is not None and days >= STALE_AFTER_DAYS


def is_old(as_of: date, day: date) -> bool:
    """Whether a figure of ``as_of`` is only the last known one on ``day``: it is 60 or more days old."""
    return (day - as_of).days >= STALE_AFTER_DAYS


def in_retrospect(effective_on: date, recorded_on: date) -> bool:
    """Whether an assessment was recorded more than 30 days after it became true."""
    return (recorded_on - effective_on).days > RETROSPECT_AFTER_DAYS
