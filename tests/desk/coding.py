"""What the tests of double coding at the desk share: an agreement between named sides, coders, a leader, rounds."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests import factories, people
from tracker.models import Actor, Agreement, Event, Item, Measure, Obligation, Person, Round
from tracker.models.rounds import Coded

DAY = dt.date(2025, 12, 18)
NAMES = ("Northland", "Kingdom of the North", "الشمالية", "Aster Quill", "River Front", "Lake League", "LL")
"""How the sides, and who speaks for them, are called."""


@dataclass
class Coding:
    """Two sides and a mediator; two duties, each with an event that names everybody, and a figure."""

    agreement: Agreement = field(init=False)
    duties: list[Obligation] = field(init=False)
    events: list[Event] = field(init=False)
    measure: Measure = field(init=False)
    leader: Person = field(init=False)
    coder: Person = field(init=False)
    other: Person = field(init=False)

    def __post_init__(self) -> None:
        self.agreement = factories.agreement("lakeside-2025", title="Truce of Northland and the River Front")
        north = factories.actor("northland", name="Northland", aliases=["Kingdom of the North", "الشمالية"])
        voice = factories.actor("quill", name="Aster Quill", kind="person", parent=north)
        front = factories.actor("front", name="River Front", kind="armed_group")
        league = factories.actor("league", name="Lake League", aliases=["LL"], kind="intergovernmental")
        for side, role in ((north, "signatory"), (front, "signatory"), (league, "mediator")):
            factories.party(self.agreement, side, role)
        text = factories.instrument(self.agreement, title="The Northland paper")
        clause = factories.clause(text, "4 (Northland)", text="Northland lets the people of the River Front go.")
        phase = factories.phase(self.agreement, title="Northland moves first")
        self.duties = [
            factories.obligation(
                self.agreement,
                code,
                phase=phase,
                title=f"Northland ends {code} of the River Front",
                obligors=[north],
                beneficiaries=[front],
                clause=clause,
                due_rule="once the Lake League says so",
            )
            for code in ("detention", "siege")
        ]
        self.measure = factories.measure(
            self.duties[0],
            label="People sent home by Northland",
            unit="people of the River Front",
            target=10,
            target_basis="Northland's list",
            counted="by the LL",
        )
        self.events = [self._event(duty, voice, front, league) for duty in self.duties]
        factories.observation(self.measure, self.events[0], 4, originator=league, note="as Northland told the LL")
        self.leader, self.coder, self.other = people.administrator(), people.researcher(), people.second_researcher()

    def _event(self, duty: Obligation, voice: Actor, front: Actor, league: Actor) -> Event:
        outlet = factories.outlet(f"The Northland Post {duty.code}")
        article = factories.article(title="Aster Quill speaks", outlet=outlet)
        return factories.event(
            self.agreement,
            "2025-11-01",
            effects=[duty],
            title=f"Aster Quill of Northland meets the River Front about {duty.code}",
            summary="The Kingdom of the North and the Lake League agree; the River Front's men wait.",
            place="By the lake",
            actors=[(voice, "speaker"), (front, "target")],
            reports=[
                {"article": article, "originator": voice, "quote": "Northland keeps its word, says الشمالية"},
                {"article": article, "originator_text": "a River Front guard", "translator": "Aster Quill"},
                {"article": article, "originator": league, "stance": "denies"},
            ],
        )

    def status(self, **fields: Any) -> Round:
        values: dict[str, Any] = {"title": "Phase one", "pairs": [(duty, None) for duty in self.duties]}
        values |= {"coders": [self.coder, self.other], "by": self.leader} | fields
        return Round.open_(self.agreement, values.pop("title"), "status", DAY, **values)

    def event(self, **fields: Any) -> Round:
        values: dict[str, Any] = {"title": "November", "pairs": list(zip(self.duties, self.events, strict=True))}
        values |= {"coders": [self.coder, self.other], "by": self.leader} | fields
        return Round.open_(self.agreement, values.pop("title"), "event", DAY, **values)


def items(of: Round) -> list[Item]:
    return list(Item.objects.filter(round=of).order_by("pk"))


def address(of: Round, number: int = 0, ending: str = "") -> str:
    return f"/desk/rounds/{of.pk}/items/{items(of)[number].pk}/{ending}"


def level(number: int, reason: str = "As two sides report.") -> Coded:
    return Coded(reason, number, "holding" if number else "", "as_agreed" if number else "")


def sent(**fields: Any) -> dict[str, Any]:
    """A filled-in answer in a round of statuses."""
    values = {"level": "2", "direction": "holding", "conformity": "as_agreed", "reason": "Half of them are back."}
    return {name: value for name, value in (values | fields).items() if value is not None}
