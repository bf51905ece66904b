"""Whether those who speak about a matter agree, and how many of them there are."""

from collections.abc import Iterable
from datetime import date

from tracker.codebook import CONTESTING, Contestation
from tracker.rubric.facts import Said


def contestation(said: Iterable[Said], since: date | None) -> Contestation:
    """How far the reports on events from ``since`` on (None: on all events) bear one another out.

    One denial, dispute or justification makes the matter disputed; a single independent originator makes it rest on one
    voice. Without any report there is nothing to contest.
    """
    heard = [one for one in said if since is None or one.event_on >= since]
    if any(one.stance in CONTESTING for one in heard):
        return Contestation.DISPUTED
    if independent(heard) == 1:
        return Contestation.SINGLE_ORIGINATOR
    return Contestation.UNCONTESTED


def independent(said: Iterable[Said]) -> int:
    """The number of independent originators: each key counts once, whatever it says and however often."""
    return len({one.key for one in said})
