"""How records are put into words: the day of an event, a figure with its range and unit."""

from django.utils.translation import gettext as _

from tracker.models import Event, Observation
from tracker.words import number, numbers, roughly


def when(event: Event) -> str:
    """The day of an event, as precisely as it is known and no more precisely."""
    return roughly(event.date, event.date_end, event.date_precision)


def amount(observation: Observation) -> str:
    """A figure with its range: "24 to 26"."""
    low, high = observation.low, observation.high
    shown = number(observation.value)
    if low is not None and high is not None and low != high:
        return numbers(low, high)
    if low is not None and low != observation.value:
        return _("%(figure)s (at least %(low)s)") % {"figure": shown, "low": number(low)}
    if high is not None and high != observation.value:
        return _("%(figure)s (at most %(high)s)") % {"figure": shown, "high": number(high)}
    return shown


def figure(observation: Observation) -> str:
    """A figure with its range and unit, such as "24 to 26 bodies"."""
    unit = observation.measure.unit
    return f"{amount(observation)} {'%' if unit in ('%', 'percent') else unit}"


def counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
