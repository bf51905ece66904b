"""What pages should say, computed once more by other means: lists of raw rows, loops and the rules of the codebook.

Nothing here asks a queryset of the product or a function of its rubric, so that a mistake there is not made twice.
``Plain`` answers for one agreement on a day, as recorded by a day; it loads every table of the record whole.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from tracker.models import (
    Actor,
    Article,
    Assessment,
    Check,
    Condition,
    DatedState,
    Effect,
    Event,
    EventActor,
    Obligation,
    Report,
    Retraction,
    Withdrawal,
)

type Row = dict[str, Any]
A_DAY = dt.timedelta(days=1)
CONTESTING = ("denies", "disputes", "justifies")
ENDED = ("lapsed", "superseded", "completed")


def rows(model: Any) -> list[Row]:
    return list(model._base_manager.values())


class Record:
    """Every row of the record, as it lies in the tables."""

    def __init__(self) -> None:
        self.actors = {one["id"]: one for one in rows(Actor)}
        self.articles = {one["id"]: one for one in rows(Article)}
        self.obligations = rows(Obligation)
        self.owed_by: dict[UUID, list[UUID]] = defaultdict(list)
        for link in Obligation.obligors.through._base_manager.values():
            self.owed_by[link["obligation_id"]].append(link["actor_id"])
        self.assessments = rows(Assessment)
        self.retractions = {one["assessment_id"]: one for one in rows(Retraction)}
        self.events = rows(Event)
        self.reports = rows(Report)
        self.effects = rows(Effect)
        self.casts = rows(EventActor)
        self.checks = rows(Check)
        self.conditions = rows(Condition)
        self.states = rows(DatedState)
        self.withdrawals = sorted(rows(Withdrawal), key=lambda one: one["recorded_at"])


class Plain:
    """The record on day ``on``, as recorded by day ``by``."""

    def __init__(self, record: Record, agreement: Any, on: dt.date, by: dt.date) -> None:
        self.record, self.agreement, self.on, self.by = record, agreement, on, by
        self.words: dict[tuple[UUID, dt.date], str] = {}

    # What is on record

    def known(self, row: Row) -> bool:
        return bool(row["recorded_at"]) and row["recorded_at"].astimezone(dt.UTC).date() <= self.by

    def taken_out(self, part: str, key: Any) -> bool:
        last = [one for one in self.record.withdrawals if one[f"{part}_id"] == key and self.known(one)]
        return bool(last) and last[-1]["withdrawn"]

    @cached_property
    def reports(self) -> dict[UUID, list[Row]]:
        found: dict[UUID, list[Row]] = defaultdict(list)
        for one in self.record.reports:
            if self.known(one) and not self.taken_out("report", one["id"]):
                found[one["event_id"]].append(one)
        return found

    def published(self, report: Row) -> dt.date | None:
        day: dt.date | None = self.record.articles[report["article_id"]]["published_on"]
        return day

    def last_day(self, event: Row) -> dt.date:
        day: dt.date = event["date"]
        if event["date_end"]:
            end: dt.date = event["date_end"]
            return end
        match event["date_precision"]:
            case 2:
                return day + 5 * A_DAY
            case 3:
                return day + (6 - day.weekday()) * A_DAY
            case 4:
                return (day.replace(day=28) + 4 * A_DAY).replace(day=1) - A_DAY
            case 5:
                return day.replace(month=12, day=31)
            case _:
                return day

    def counts_from(self, event: Row) -> dt.date:
        """From its last day or, where none is given and an article reports it earlier, from the day of that article."""
        if event["date_end"] or event["date_precision"] == 1:
            return self.last_day(event)
        told = [day for day in map(self.published, self.reports[event["id"]]) if day and day >= event["date"]]
        return min([self.last_day(event), *told])

    @cached_property
    def public(self) -> list[Row]:
        return [one for one in self.record.events if self.known(one) and not self.taken_out("event", one["id"])]

    @cached_property
    def happened(self) -> dict[UUID, Row]:
        return {
            one["id"]: one for one in self.public if one["state"] == "occurred" and self.counts_from(one) <= self.on
        }

    @cached_property
    def announced(self) -> dict[UUID, Row]:
        """Scheduled events from their earliest dated report on, also once they have an outcome."""
        found = {}
        for one in self.public:
            told = [day for day in map(self.published, self.reports[one["id"]]) if day]
            if one["state"] == "scheduled" and min(told, default=one["date"]) <= self.on:
                found[one["id"]] = one
        return found

    @property
    def listed(self) -> set[UUID]:
        """What has happened, and what is scheduled and has no outcome yet."""
        return set(self.happened) | {
            key for key, one in self.announced.items() if one["outcome_id"] not in self.happened
        }

    # What was promised

    @cached_property
    def duties(self) -> list[Row]:
        found = [one for one in self.record.obligations if one["agreement_id"] == self.agreement.pk]
        return [one for one in found if self.known(one) and one["agreed_on"] <= self.on]

    # What is concluded

    def standing(self, duty: Row) -> list[Row]:
        """Of each chain of corrections the last member that was recorded and not taken back by then, in order."""
        chains: dict[UUID, Row] = {}
        mine = [one for one in self.record.assessments if one["obligation_id"] == duty["id"] and self.known(one)]
        for one in sorted(mine, key=lambda one: (one["recorded_at"], str(one["id"]))):
            retraction = self.record.retractions.get(one["id"])
            if retraction is None or not self.known(retraction):
                chains[self.root(one)] = one
        return sorted(chains.values(), key=lambda one: (one["effective_on"], one["recorded_at"], str(one["id"])))

    def root(self, one: Row) -> UUID:
        by_id = {row["id"]: row for row in self.record.assessments}
        while one["supersedes_id"]:
            one = by_id[one["supersedes_id"]]
        key: UUID = one["id"]
        return key

    @cached_property
    def all_standing(self) -> dict[UUID, list[Row]]:
        return {duty["id"]: self.standing(duty) for duty in self.record.obligations}

    def history(self, duty: Row, day: dt.date) -> list[Row]:
        return [one for one in self.all_standing[duty["id"]] if one["effective_on"] <= day]

    def level(self, duty_id: UUID, day: dt.date) -> int | None:
        past = [one for one in self.all_standing[duty_id] if one["effective_on"] <= day]
        return past[-1]["level"] if past else None

    def level_since(self, history: list[Row]) -> dt.date | None:
        since = None
        for one in reversed(history):
            if one["level"] != history[-1]["level"]:
                break
            since = one["effective_on"]
        return since

    def word(self, duty: Row, day: dt.date) -> str:
        key = (duty["id"], day)
        if key not in self.words:
            self.words[key] = self._word(duty, day)
        return self.words[key]

    def _word(self, duty: Row, day: dt.date) -> str:
        """The first rule of the codebook that holds."""
        history = self.history(duty, day)
        if not history:
            return "not_assessed"
        now, due, nature = history[-1], duty["due_on"], duty["nature"]
        level = now["level"]
        continuing = nature == "continuing"
        overdue = not continuing and due is not None and level < 3 and day > due
        if level == 3 and not continuing:
            late = due is not None and (self.level_since(history) or day) > due
            return "fulfilled_late" if late else "fulfilled"
        states = [one for one in self.record.states if one["agreement_id"] == self.agreement.pk and self.known(one)]
        states = sorted((one for one in states if one["since"] <= day), key=lambda one: one["since"])
        if states and states[-1]["state"] in ENDED:
            return "lapsed"
        if now["conformity"] == "contrary":
            return "breached"
        if now["conformity"] == "contrary_alleged":
            return "breach_alleged"
        if continuing and level == 3:
            return "kept"
        if now["direction"] in ("reversing", "stalled"):
            return str(now["direction"])
        if overdue:
            return "overdue"
        if level > 0:
            return "partly_kept" if continuing else "under_way"
        begun = due or self.agreement.effective_on
        if continuing and begun is not None and day >= begun:
            return "not_kept"
        if now["direction"] == "advancing":
            return "in_talks"
        if (begun if continuing else due) is not None and day <= (begun if continuing else due):
            return "not_yet_due"
        asked = [one for one in self.record.conditions if one["obligation_id"] == duty["id"] and self.known(one)]
        open_ones = [one for one in asked if (self.level(one["requires_id"], day) or -1) < one["level"]]
        if nature == "conditional" and open_ones:
            return "waiting"
        return "not_started"

    # What is reported about a duty

    def bearing(self, duty: Row) -> list[Row]:
        """The events that bear on it."""
        linked = {
            one["event_id"] for one in self.record.effects if one["obligation_id"] == duty["id"] and self.known(one)
        }
        return [event for key, event in self.happened.items() if key in linked]

    def key(self, report: Row) -> str:
        """Whose voice it is."""
        if report["originator_id"]:
            actor = self.record.actors[report["originator_id"]]
            while actor["parent_id"]:
                actor = self.record.actors[actor["parent_id"]]
            return f"actor {actor['id']}"
        if report["originator_text"]:
            return f"text {report['originator_text'].casefold()}"
        outlet = report["relays_id"] or self.record.articles[report["article_id"]]["outlet_id"]
        return f"outlet {outlet}"

    def voices(self, duty: Row) -> int:
        return len({self.key(report) for event in self.bearing(duty) for report in self.reports[event["id"]]})

    def disputed(self, duty: Row) -> bool:
        since = self.level_since(self.history(duty, self.on))
        return any(
            report["stance"] in CONTESTING
            for event in self.bearing(duty)
            if since is None or self.counts_from(event) >= since
            for report in self.reports[event["id"]]
        )

    def looked(self, duty: Row) -> int | None:
        """Days since somebody judged it or looked at it."""
        looks = [one["effective_on"] for one in self.history(duty, self.on)]
        looks += [
            one["date"]
            for one in self.record.checks
            if one["obligation_id"] == duty["id"] and one["date"] <= self.on
            if self.known(one) and not self.taken_out("checked", one["id"])
        ]
        return (self.on - max(looks)).days if looks else None

    def late(self, duty: Row) -> bool:
        due: dt.date | None = duty["due_on"]
        history = self.history(duty, self.on)
        if due is None or duty["nature"] == "continuing":
            return False
        if history and history[-1]["level"] == 3:
            return (self.level_since(history) or self.on) > due
        return self.on > due

    # What pages gather

    def runs(self, duty: Row) -> list[tuple[str, int | None]]:
        """Word and level from the first day that the timeline shows, each run once."""
        first = max(self.agreement.signed_on, duty["agreed_on"])
        found: list[tuple[str, int | None]] = []
        for number in range((self.on - first).days + 1):
            day = first + number * A_DAY
            now = (self.word(duty, day), self.level(duty["id"], day))
            if not found or found[-1] != now:
                found.append(now)
        return found

    @property
    def contested(self) -> set[UUID]:
        """What has happened and is denied, disputed or justified by somebody."""
        return {key for key in self.happened if any(one["stance"] in CONTESTING for one in self.reports[key])}

    def used(self) -> dict[UUID, set[UUID]]:
        """The articles that something rests on, each with its events."""
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for key in set(self.happened) | set(self.announced):
            for report in self.reports[key]:
                day = self.published(report)
                article = self.record.articles[report["article_id"]]
                if self.known(article) and (day is None or day <= self.on):
                    found[report["article_id"]].add(key)
        return found

    def top(self, actor_id: UUID) -> UUID:
        actor = self.record.actors[actor_id]
        while actor["parent_id"]:
            actor = self.record.actors[actor["parent_id"]]
        key: UUID = actor["id"]
        return key

    def owed(self, side: UUID) -> list[Row]:
        return [one for one in self.duties if any(self.top(who) == side for who in self.record.owed_by[one["id"]])]

    def accused(self, side: UUID, verification: str) -> set[UUID]:
        breaking = {one["event_id"] for one in self.record.effects if one["effect"] == "breaches" and self.known(one)}
        named = {one["event_id"] for one in self._accusing() if self.top(one["actor_id"]) == side}
        return {
            key
            for key, event in self.happened.items()
            if key in breaking and key in named and event["verification"] == verification
        }

    def _accusing(self) -> Iterable[Row]:
        return (one for one in self.record.casts if one["role"] == "accused" and self.known(one))

    def mended(self) -> list[str]:
        """The corrections and retractions of what had become true, as recorded by then; each by its key."""
        true = {one["id"]: one for one in self.record.assessments if one["effective_on"] <= self.on}
        corrected = [str(one["id"]) for one in true.values() if one["supersedes_id"] and self.known(one)]
        taken = [one for key, one in self.record.retractions.items() if key in true and self.known(one)]
        return corrected + [str(one["id"]) for one in taken]
