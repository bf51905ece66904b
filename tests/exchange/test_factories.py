"""The builders of tests/factories.py make what they say."""

import pytest

from tests import factories as make
from tracker.models import Assessment, Event, Vantage

pytestmark = pytest.mark.django_db


def test_a_chain_of_defaults_gives_a_public_status() -> None:
    agreement = make.agreement()
    duty = make.obligation(agreement)
    first = make.assessed(duty, "2025-10-20", 1, recorded_at=make.moment("2025-10-21"))
    second = make.assessed(duty, "2025-10-20", 2, supersedes=first, recorded_at=make.moment("2025-10-25"))
    vantage = Vantage(make.day("2025-10-30"), make.day("2025-10-22"))
    assert list(Assessment.objects.standing(vantage)) == [first]
    assert list(Assessment.objects.standing(Vantage.now())) == [second]
    make.retracted(second)
    assert list(Assessment.objects.standing(Vantage.now())) == [first]


def test_breaches_come_with_somebody_accused() -> None:
    agreement = make.agreement()
    duty = make.obligation(agreement)
    make.measure(duty)
    make.condition(duty, make.obligation(agreement))
    event = make.event(agreement, "2025-11-01", effects=[(duty, "breaches")], accused=[make.actor("north")])
    make.observation(make.measure(duty), event, 12)
    make.declaration(make.phase(agreement), make.actor(), "2025-11-02")
    make.checked(duty, "2025-11-03", "everywhere")
    assert Event.objects.happened(Vantage.now()).get() == event
