"""Events that a text may report, sentence by sentence: offered to the researcher, never saved by themselves."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.codebook import (
    QUOTE_WORDS,
    ActorKind,
    Category,
    EffectKind,
    EventKind,
    EventRole,
    EventState,
    Stance,
    Verification,
)
from tracker.reading.duties import Duty
from tracker.reading.gazetteer import PLACES
from tracker.reading.marks import Mark, Marked
from tracker.reading.names import Known
from tracker.reading.tokens import Tokens, key, listed, tokens


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An event that sentence number ``sentence`` (``start`` to ``end``) may report.

    The stored words are values of the codebook: ``kind`` EventKind, ``state`` EventState, ``stance`` Stance, ``about``
    Quarrel or "", ``verification`` Verification or "", roles EventRole, effects EffectKind. ``originator`` is the id of
    a known actor, or "" with ``originator_text`` saying who in the article's words. ``relays`` names the outlet whose
    report is passed on. The quote is a passage of the text of at most 15 words.
    """

    sentence: int
    start: int
    end: int
    title: str
    kind: str
    state: str
    date: datetime.date | None
    date_end: datetime.date | None
    date_precision: int
    place: str
    originator: str
    originator_text: str
    relays: str
    stance: str
    about: str
    actors: tuple[tuple[str, str], ...]
    effects: tuple[tuple[str, str], ...]
    quote_start: int
    quote_end: int
    verification: str = ""


# Words that tell what happened

_MEET = listed("meet meets met meeting meetings summit gathering gatherings talks conference convene convened convenes")
_SAY = listed(
    "said says say told tells saying stated states announced announces declared declares added adds insisted insists "
    "warned warns warn argued argues claimed claims stressed stresses noted accused accuses vowed vows demanded demands "
    "rejected rejects denied denies deny called urged urges maintained maintains confirmed confirms believe believes "
    "reiterated pledged pledges promised threatened threatens condemned condemns disputed disputes alleged alleges "
    "acknowledged admitted explained wrote tweeted posted reported responded replied hailed praised criticized criticised "
    "expressed blamed refused refuses ruled insist"
)
_DENY = listed("denied denies deny denying rejected rejects rejecting refuted refutes dismissed dismisses")
_DISPUTE = listed("disputed disputes disputing contradicted contradicts countered counters questioned challenged")
_JUSTIFY = listed("justified justifies defended defends defending self-defense self-defence")
_REVISE = listed("revised corrected retracted updated")
_STRIKE = listed(
    "strike strikes airstrike airstrikes struck bombed bombing bombings bombardment shelled shelling raid raids missile "
    "drone airstruck assassinated assassination targeted"
)
_ATTACK = listed(
    "attack attacks attacked ambush ambushed gunfire shooting gunmen rockets mortar mortars stabbing rammed sniper fired clashes"
)
_KILL = listed("killed killing kills kill wounded injured dead deaths killings")
_FREE = listed("released releases release releasing freed frees free")
_HAND = listed("handed returned return returning hand handover transferred repatriated recovered delivered")
_BODIES = listed("body bodies remains coffin coffins corpse corpses")
_HELD = listed("hostage hostages captive captives prisoner prisoners detainee detainees abductees inmates")
_LEAVE = listed("withdrew withdrawn withdraw withdraws withdrawal withdrawing pullback redeployed")
_FORCES = listed("troops forces soldiers peacekeepers force battalion contingent police army military")
_DEPLOY = listed("deployed deploy deploys deployment arrived arrive landed")
_AID = listed("aid trucks truck relief supplies convoy convoys truckloads fuel food")
_ENTER = listed("entered enter enters delivered crossed arrived arrive reached entry entering unloaded offloaded")
_SIGN = listed("signed signs sign signing")
_DECIDE = listed(
    "decided decides approved approves voted ordered adopted ratified ruled suspended halted extended closed reopened opened"
)
_APPOINT = listed("appointed appoints named nominated elected sworn")
_VIOLATE = listed("violated violates violating violation violations breach breached breaches breaching infringement")
_VERIFY = listed("verified verifies documented corroborated")
_TALLY = listed("toll total since")
_AHEAD = listed("will expected scheduled planned slated upcoming would set due")
_NOT = listed(
    "not no never without neither failed fails fail refuse refuses refused refusing yet unless until stalled delay delayed blocked halted suspended"
)

_MODAL = re.compile(
    r"(?i)\b(?:will|shall|is to|are to|is set to|are set to|(?:is|are|was|were) (?:expected|scheduled|due|slated|planned) to|supposed to"
    r"|expected|upcoming|planned|scheduled)\b"
)
_SUPPOSED = re.compile(
    r"(?i)\b(?:supposed to|is to|are to|must|should|calls? for|would|envisions?|provides? for|stipulates?|includes? the|committed to)\b"
)
_CONTINUED = re.compile(
    r"(?i)^\W*(?:the|this|that|these|those)\s+(?:\w+\s){0,2}?(?:meeting|gathering|summit|talks|session|conference)\b"
)
_AFTER_IN = re.compile(r"\b(?:in|at|near|outside)\s+(?=(?:the\s+)?(?:\w+\s+)?[A-Z])")
_PLACE_NAME = re.compile(
    r"(?:the\s+)?(?:(?:northern|southern|eastern|western|central|downtown|occupied)\s+)?"
    r"((?:[A-Z][\w'’.-]*|al-[A-Z][\w'’-]*|el-[A-Z][\w'’-]*)(?:[ -](?:[A-Z][\w'’-]*|al-[A-Z][\w'’-]*|el-[A-Z][\w'’-]*|a-[A-Z]\w*)){0,3})"
)
_QUOTES = re.compile(r"“([^“”]{2,400})”|\"([^\"]{2,400})\"|«([^«»]{2,400})»|„([^„“”]{2,400})[“”]")
_SOURCE = re.compile(
    r"(?:^|[\s,;(“\"])(?:(?:according to|says|said|told by|citing|quoting)\s+)?"
    r"((?:an?|the|one|two|three|several|senior|some|unnamed|anonymous)\s+(?:[\w’'-]+\s+){0,5}?"
    r"(?:officials?|sources?|diplomats?|spokes(?:man|woman|person)|aides?|witness(?:es)?|residents?|mediators?|ministers?|officers?|medics?|doctors?|analysts?|statement))"
    r"(?:\s+(?:familiar|close|briefed|with knowledge|involved|in|from|at)\b[^,.;]{0,60}?)?\s*,?\s+"
    r"(?=(?:said|says|told|tells|confirmed|stated|added|warned|denied|claimed|reported|described)\b)"
)
_DESCRIBED = re.compile(
    r"^\W*(?i:the|an?|two|three|both|some|several)\s+((?:[a-z’'-]+\s+){0,3}[a-z’'-]+)\s+(?:have\s+|has\s+)?"
    r"(?:said|say|says|believe|believes|insist|insists|argue|warned|warn|accused|denied|fear|hope|want|wants|expect)\b"
)
_ACCORDING = re.compile(
    r"(?i)\b(?:according to|as reported by|reported by|citing|quoting|quoted by|told|cited by)\s+(?:the\s+|an?\s+)?"
)
_REPORT_IN = re.compile(r"(?i)\b(?:report(?:s|ed)?|story|account|interview)\s+(?:in|by|from|on|with)\s+(?:the\s+)?")
_WORD = re.compile(r"\S+")

_CIVIL = frozenset(
    (EventKind.MEETING, EventKind.STATEMENT, EventKind.SIGNING, EventKind.DECISION, EventKind.APPOINTMENT)
)
MOST = 500
"""So many suggestions are enough for one text."""

_SUBJECTS: dict[str, str] = {
    Category.HOSTILITIES: "the fighting",
    Category.WITHDRAWAL: "the withdrawal",
    Category.INTERIM_AUTHORITY: "the interim government",
    Category.STABILIZATION_FORCE: "the international force",
    Category.HOSTAGE_RELEASE: "the hostages",
    Category.PRISONER_RELEASE: "the prisoners",
    Category.DISARMAMENT: "disarmament",
    Category.RECONSTRUCTION: "reconstruction",
    Category.HUMANITARIAN_AID: "aid",
    Category.BORDER_CROSSING: "the crossing",
    Category.MONITORING: "monitoring",
    Category.POLITICAL_PROCESS: "the political process",
    Category.RETURN_OF_DISPLACED: "the displaced",
}
"""What a statement is about, for its title."""


@dataclass(slots=True)
class _Clause:
    """A sentence, or a part of one, with what is marked in it."""

    number: int
    start: int
    end: int
    text: str
    words: Tokens
    keys: set[str]
    actors: list[Mark] = field(default_factory=list)
    names: list[Mark] = field(default_factory=list)
    dates: list[Mark] = field(default_factory=list)
    duties: list[Mark] = field(default_factory=list)

    def has(self, words: frozenset[str]) -> bool:
        return not self.keys.isdisjoint(words)

    def first_of(self, words: frozenset[str]) -> int | None:
        """Where the first of the words stands in the text, in code points."""
        for at, each in enumerate(self.words.keys):
            if each in words:
                return self.start + self.words.starts[at]
        return None


class _Reader:
    def __init__(
        self,
        marked: Marked,
        known: Sequence[Known],
        duties: Sequence[Duty],
        published_on: datetime.date | None,
        outlets: Sequence[str],
    ) -> None:
        self.marked = marked
        self.text = marked.text
        self.known = {each.id: each for each in known}
        self.duties = {each.id: each for each in duties}
        self.order = [each.id for each in duties]
        self.published = published_on
        self.outlets = [each for each in outlets if each]
        self.found: list[Suggestion] = []

    def clauses(self) -> list[_Clause]:
        made: list[_Clause] = []
        at = 0
        marks = self.marked.marks
        for number, sentence in enumerate(self.marked.sentences):
            while at < len(marks) and marks[at].start < sentence.start:
                at += 1
            if sentence.notice or sentence.end - sentence.start > 3000:
                continue
            inside = []
            while at < len(marks) and marks[at].start < sentence.end:
                inside.append(marks[at])
                at += 1
            made.append(self._clause(number, sentence.start, sentence.end, inside))
        return made

    def _clause(self, number: int, start: int, end: int, inside: Sequence[Mark]) -> _Clause:
        text = self.text[start:end]
        words = tokens(text)
        clause = _Clause(number, start, end, text, words, set(words.keys))
        for each in inside:
            if start <= each.start and each.end <= end:
                {"actor": clause.actors, "name": clause.names, "date": clause.dates, "duty": clause.duties}[
                    each.kind
                ].append(each)
        return clause

    def read(self) -> list[Suggestion]:
        for clause in self.clauses():
            if len(self.found) >= MOST:
                break
            if len(clause.words) < 4 or not (clause.actors or clause.names or clause.duties or clause.dates):
                continue
            self._sentence(clause)
        return self.found

    def _sentence(self, clause: _Clause) -> None:
        kind = self._kind(clause)
        if kind == EventKind.MEETING and self._continues(clause):
            return
        if kind:
            self.found.append(self._event(clause, kind))
        if kind not in ("", EventKind.STATEMENT):
            second = self._said_besides(clause)
            if second is not None:
                self.found.append(second)

    # What kind of event

    def _kind(self, clause: _Clause) -> str:
        """The kind of event of which the sentence speaks first of all; "" for none."""
        has = clause.has
        people = clause.actors or clause.names
        supposed = bool(_SUPPOSED.search(clause.text)) and not clause.dates
        verb = self._main_verb(clause)
        speaks = has(_SAY) and bool(people)
        if has(_MEET) and people and not self._only_after(clause, _MEET) and self._meets(clause):
            return EventKind.MEETING
        if has(_KILL | _STRIKE) and has(_STRIKE | _KILL) and self._by_fire(clause) and not verb & _SAY_STRICT:
            return EventKind.STRIKE
        if self._counts(clause):
            return EventKind.TALLY
        if has(_VIOLATE) and (people or has(listed("sides parties"))):
            return EventKind.ALLEGED_VIOLATION
        if verb & _SAY and speaks and not supposed:
            return EventKind.STATEMENT
        if supposed:
            return EventKind.STATEMENT if speaks else ""
        if has(_HAND) and has(_BODIES):
            return EventKind.HANDOVER
        if has(_FREE) and has(_HELD):
            return EventKind.RELEASE
        if has(_ATTACK) and has(_KILL | _ATTACK) and people and not has(listed("october invasion")):
            return EventKind.ATTACK
        if has(_AID) and has(_ENTER) and clause.duties:
            return EventKind.AID_DELIVERY
        if has(_LEAVE) and has(_FORCES | listed("positions")) and people:
            return EventKind.WITHDRAWAL
        if has(_DEPLOY) and has(_FORCES) and people:
            return EventKind.DEPLOYMENT
        if has(_SIGN) and people:
            return EventKind.SIGNING
        if has(_APPOINT) and (clause.names or len(clause.actors) > 0) and not has(listed("so-called")):
            return EventKind.APPOINTMENT
        if has(_VERIFY) and people:
            return EventKind.VERIFICATION
        if has(_DECIDE) and people and (clause.duties or clause.dates):
            return EventKind.DECISION
        if speaks:
            return EventKind.STATEMENT
        return ""

    def _main_verb(self, clause: _Clause) -> set[str]:
        """The verbs of saying that stand outside quotations."""
        quoted = [(found.start(), found.end()) for found in _QUOTES.finditer(clause.text)]
        return {
            word
            for at, word in enumerate(clause.words.keys)
            if word in _SAY and not any(start <= clause.words.starts[at] < end for start, end in quoted)
        }

    def _meets(self, clause: _Clause) -> bool:
        """Whether somebody meets: a verb of meeting, or a meeting with a day, a place or two who meet."""
        if clause.has(listed("meet meets met convene convened convenes attended hosted hosts")):
            return len(clause.actors) + len(clause.names) >= 1
        return bool(clause.dates) and (len(clause.actors) + len(clause.names) >= 2)

    def _only_after(self, clause: _Clause, words: frozenset[str]) -> bool:
        """Whether the word stands only in a clause such as "before talks" at the end of a statement."""
        at = clause.first_of(words)
        return at is None

    def _by_fire(self, clause: _Clause) -> bool:
        if not clause.has(_STRIKE) and not (clause.has(_KILL) and self._armed_first(clause)):
            return False
        if self._counts(clause) and not clause.has(listed("struck")):
            return False
        return bool(clause.has(_KILL) or clause.dates or clause.has(listed("struck bombed shelled"))) and bool(
            clause.actors or clause.names
        )

    def _armed_first(self, clause: _Clause) -> bool:
        """Whether a state or its army stands before the word for killing."""
        at = clause.first_of(_KILL)
        return any(
            each.end <= (at or 0) and self.known[each.ref].kind in (ActorKind.STATE, ActorKind.GOVERNMENT_BODY)
            for each in clause.actors
            if each.ref in self.known
        )

    def _counts(self, clause: _Clause) -> bool:
        """A bulletin of totals: a toll or a count since some day, with a figure."""
        if not any(word.isdigit() for word in clause.keys):
            return False
        text = clause.text.lower()
        return (
            ("since" in clause.keys and clause.has(_KILL | _VIOLATE | _AID))
            or "death toll" in text
            or "in total" in text
            or ("total" in clause.keys and clause.has(_KILL | _VIOLATE | _AID | _HELD))
        )

    def _continues(self, clause: _Clause) -> bool:
        """A sentence that says more about the meeting before: its people are added there, nothing new is offered."""
        if not _CONTINUED.search(clause.text) or "between" in clause.keys:
            return False
        for place in range(len(self.found) - 1, -1, -1):
            before = self.found[place]
            if clause.number - before.sentence > 4:
                return False
            if before.kind != EventKind.MEETING:
                continue
            own = [each for each in clause.dates if each.precision is not None and each.precision <= 2]
            if own and before.date is not None and own[0].first != before.date:
                return False
            roles = self._roles(clause, EventKind.MEETING, "")
            merged = list(before.actors)
            people = {ref for ref, _ in roles if self._is_person(ref)}
            for ref, role in roles:
                if all(ref != have for have, _ in merged):
                    merged.append((ref, role))
            kept = tuple((ref, role) for ref, role in merged if not self._stands_for(clause, ref, people))
            self.found[place] = replace(
                before, actors=kept, title=self._title(EventKind.MEETING, kept, before.effects, [], before.place)
            )
            return True
        return False

    def _stands_for(self, clause: _Clause, ref: str, people: set[str]) -> bool:
        """Whether the state is only named in front of a person of the sentence: "Egyptian Foreign Minister"."""
        if ref not in self.known or self.known[ref].kind != ActorKind.STATE:
            return False
        marks = [each for each in clause.actors if each.ref == ref]
        if not marks:
            return False
        return all(
            any(
                other.ref in people and 0 < other.start - each.end < 45 and "," not in self.text[each.end : other.start]
                for other in clause.actors
            )
            for each in marks
        )

    def _is_person(self, ref: str) -> bool:
        return ref in self.known and self.known[ref].kind == ActorKind.PERSON

    def _said_besides(self, clause: _Clause) -> Suggestion | None:
        """ "a move that sparked somebody to warn of something": a statement within a sentence about an act."""
        found = re.search(
            r"(?i)\b(?:sparked|prompted|led|caused|drew|drawing|prompting)\b.{0,80}?\b(?:warn|condemn|call|demand|say|threaten|protest)\w*\b",
            clause.text,
        )
        if not found:
            return None
        start = clause.start + found.start()
        part = self._clause(
            clause.number, start, clause.end, [*clause.actors, *clause.names, *clause.dates, *clause.duties]
        )
        if not part.actors and not part.names:
            return None
        speaker = part.actors[0].ref if part.actors else ""
        roles: tuple[tuple[str, str], ...] = ((speaker, EventRole.SPEAKER.value),) if speaker else ()
        quote = self._quote(part)
        return Suggestion(
            clause.number,
            clause.start,
            clause.end,
            self._title(EventKind.STATEMENT, roles, (), part.names, ""),
            EventKind.STATEMENT.value,
            EventState.OCCURRED.value,
            None,
            None,
            1,
            "",
            speaker,
            "" if speaker else self._words_of(part.names),
            "",
            Stance.ASSERTS.value,
            "",
            roles,
            (),
            *quote,
        )

    # One event

    def _event(self, clause: _Clause, kind: str) -> Suggestion:
        origin, origin_text = self._originator(clause, kind)
        relays = self._relays(clause)
        if kind == EventKind.STATEMENT and origin:
            pass
        roles = self._roles(clause, kind, origin)
        state, when = self._when(clause, kind)
        effects = self._effects(clause, kind, roles)
        place = self._place(clause, kind)
        accused = any(role == EventRole.ACCUSED for _, role in roles)
        breaches = any(effect == EffectKind.BREACHES for _, effect in effects)
        quote = self._quote(clause)
        return Suggestion(
            sentence=clause.number,
            start=clause.start,
            end=clause.end,
            title=self._title(kind, roles, effects, clause.names, place),
            kind=str(kind),
            state=state,
            date=when.first if when else None,
            date_end=when.last if when and when.last != when.first else None,
            date_precision=(when.precision or 1) if when else 1,
            place=place,
            originator=origin,
            originator_text=origin_text,
            relays=relays,
            stance=self._stance(clause, bool(relays) and not origin and not origin_text),
            about="fact" if clause.has(_DENY) and kind != EventKind.STATEMENT else "",
            actors=roles,
            effects=effects,
            quote_start=quote[0],
            quote_end=quote[1],
            verification=Verification.ALLEGED.value
            if breaches or (accused and kind == EventKind.ALLEGED_VIOLATION)
            else "",
        )

    def _when(self, clause: _Clause, kind: str) -> tuple[str, Mark | None]:
        """Whether it lies ahead, and the date that belongs to it: the one nearest to its verb."""
        at = clause.first_of(_CUES.get(kind, frozenset())) or clause.start
        dates = [each for each in clause.dates if each.precision is not None]
        since = [
            each
            for each in dates
            if not re.search(
                r"(?i)\b(?:since|after|from|until|went into effect in)\s*$", self.text[clause.start : each.start]
            )
        ]
        when = min(since, key=lambda each: (abs(each.start - at), each.precision), default=None)
        ahead = False
        if kind != EventKind.STATEMENT:
            if when is not None and self.published is not None and when.first is not None:
                ahead = when.first > self.published or (
                    when.first == self.published and bool(_MODAL.search(clause.text))
                )
            elif when is None:
                ahead = kind == EventKind.MEETING and bool(_MODAL.search(clause.text))
        elif when is not None and self.published is not None and when.first is not None and when.first > self.published:
            when = None
        return (EventState.SCHEDULED.value if ahead else EventState.OCCURRED.value), when

    def _originator(self, clause: _Clause, kind: str) -> tuple[str, str]:
        """Who says it: a known actor's id, or words such as "White House official"."""
        text = clause.text
        if found := _SOURCE.search(text):
            words = re.sub(r"^(?i:an?|the|one)\s+", "", found[1]).strip()
            if 0 < len(words) <= 80:
                whole = [
                    each
                    for each in clause.actors
                    if each.start == clause.start + found.start(1) + len(found[1]) - len(words)
                ]
                if not (len(whole) == 1 and whole[0].end == clause.start + found.end(1)):
                    return "", words
        speaker = self._speaker(clause)
        if speaker is not None:
            return (speaker.ref, "") if speaker.kind == "actor" else ("", self.text[speaker.start : speaker.end])
        for found in _ACCORDING.finditer(text):
            at = clause.start + found.end()
            for each in (*clause.actors, *clause.names):
                if 0 <= each.start - at <= 2 and not self._is_outlet(each):
                    return (each.ref, "") if each.kind == "actor" else ("", self.text[each.start : each.end])
        if kind == EventKind.ALLEGED_VIOLATION and "sides" in clause.keys:
            return "", "both sides"
        if kind == EventKind.STATEMENT and (found := _DESCRIBED.match(text)):
            return "", found[1]
        return "", ""

    def _speaker(self, clause: _Clause) -> Mark | None:
        """The actor whose verb is one of saying: directly before it, or directly after it ("said Netanyahu")."""
        people = sorted((*clause.actors, *clause.names), key=lambda each: each.start)
        quoted = [(clause.start + found.start(), clause.start + found.end()) for found in _QUOTES.finditer(clause.text)]
        for at, word in enumerate(clause.words.keys):
            if word not in _SAY or (at and clause.words.keys[at - 1] == "to"):
                continue
            place = clause.start + clause.words.starts[at]
            if any(start <= place < end for start, end in quoted):
                continue
            end = clause.start + clause.words.ends[at]
            for each in people:
                if 0 <= each.start - end <= 2 and word in ("said", "says", "added", "told", "warned"):
                    return each
            before = [
                each
                for each in people
                if each.end <= place and not any(start <= each.start < stop for start, stop in quoted)
            ]
            before = [each for each in before if not self._is_object(clause, each, place)]
            if before:
                return self._head(before, place)
        return None

    def _head(self, before: Sequence[Mark], place: int) -> Mark:
        """Of the actors before the verb the one that is its subject: the last, unless it stands in another's clause."""
        last = before[-1]
        between = self.text[last.end : place]
        if len(between) <= 60 or len(before) == 1:
            return last
        return before[0]

    def _is_object(self, clause: _Clause, each: Mark, place: int) -> bool:
        """Whether a preposition directly before the name shows that it is not the one who speaks."""
        lead = self.text[clause.start : each.start]
        return (
            bool(re.search(r"(?i)\b(?:with|of|to|by|against|in|on|at|from|for|about|over)\s+(?:the\s+)?$", lead))
            and place > each.end
        )

    def _is_outlet(self, each: Mark) -> bool:
        if each.kind == "actor":
            return each.ref in self.known and self.known[each.ref].kind == ActorKind.MEDIA
        return self.text[each.start : each.end] in self.outlets

    def _relays(self, clause: _Clause) -> str:
        """The outlet whose report is passed on: "according to the Axios report", "told Reuters" by somebody else."""
        text = clause.text
        media = [
            (each.start - clause.start, self.known[each.ref].name) for each in clause.actors if self._is_outlet(each)
        ]
        for name in self.outlets:
            at = text.find(name)
            if at >= 0:
                media.append((at, name))
        places = [found.end() for pattern in (_REPORT_IN, _ACCORDING) for found in pattern.finditer(text)]
        told = [found.end() for found in re.finditer(r"\btold\s+(?:the\s+)?", text)]
        for at, name in sorted(media):
            lead = text[:at]
            near = any(0 <= at - place <= 4 for place in places) and not any(0 <= at - place <= 4 for place in told)
            follows = re.match(r"(?:['’]s)?\s+(?:report(?:ed|s)?|news site|said|wrote)\b", text[at + len(name) :])
            if near or follows or re.search(r"(?i)\b(?:report|reports|reported) (?:in|by|from) (?:the )?$", lead):
                return name
        return ""

    def _stance(self, clause: _Clause, passed_on: bool) -> str:
        if clause.has(_DENY):
            return Stance.DENIES.value
        if clause.has(_DISPUTE):
            return Stance.DISPUTES.value
        if clause.has(_JUSTIFY) and clause.has(_SAY):
            return Stance.JUSTIFIES.value
        if clause.has(_REVISE):
            return Stance.REVISES.value
        return Stance.RELAYS.value if passed_on else Stance.ASSERTS.value

    # Who

    def _roles(self, clause: _Clause, kind: str, origin: str) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        cue = clause.first_of(_CUES.get(kind, frozenset()))
        marks = [each for each in clause.actors if not self._is_outlet(each)]
        people = {each.ref for each in marks if self._is_person(each.ref)}
        for each in marks:
            if self._stands_for(clause, each.ref, people):
                continue
            role = self._role(clause, each, kind, origin, cue)
            if role and each.ref not in found:
                found[each.ref] = role
        return tuple(found.items())

    def _role(self, clause: _Clause, each: Mark, kind: str, origin: str, cue: int | None) -> str:
        before = cue is None or each.start < cue
        if kind == EventKind.MEETING:
            if clause.has(listed("hosted host hosts")) and before and self.known[each.ref].kind == ActorKind.STATE:
                return EventRole.HOST.value
            return EventRole.PARTICIPANT.value
        if kind == EventKind.STATEMENT:
            if each.ref == origin:
                return EventRole.SPEAKER.value
            verb = clause.first_of(_ACCUSE)
            if verb is not None and each.start > verb:
                return EventRole.ACCUSED.value
            return EventRole.SUBJECT.value
        if each.ref == origin:
            return EventRole.SPEAKER.value
        if kind in (EventKind.STRIKE, EventKind.ATTACK):
            if self.known[each.ref].kind == ActorKind.PERSON:
                return EventRole.TARGET.value
            if before and not re.search(
                r"(?i)\b(?:on|against|at|hit|in)\s+(?:the\s+)?$", self.text[clause.start : each.start]
            ):
                return "" if self._describes(clause, each) else EventRole.ACCUSED.value
            return "" if self._describes(clause, each) else EventRole.TARGET.value
        if kind == EventKind.ALLEGED_VIOLATION:
            verb = clause.first_of(_ACCUSE)
            return EventRole.ACCUSED.value if verb is None or each.start > verb else EventRole.SPEAKER.value
        if kind == EventKind.TALLY:
            return (
                EventRole.ACCUSED.value
                if self._describes(clause, each) is False and not before
                else EventRole.SUBJECT.value
            )
        return EventRole.PARTICIPANT.value if before else EventRole.SUBJECT.value

    def _describes(self, clause: _Clause, each: Mark) -> bool:
        """Whether the name only says whose somebody is: "Hamas commander Raed Saad"."""
        return any(
            other.ref != each.ref
            and self._is_person(other.ref)
            and 0 < other.start - each.end < 40
            and re.fullmatch(r"(?:['’]s)?(?: [\w-]+\.?){0,4} ", self.text[each.end : other.start]) is not None
            and not (_KILL | _STRIKE) & set(tokens(self.text[each.end : other.start]).keys)
            for other in clause.actors
        )

    # What it does to obligations

    def _effects(self, clause: _Clause, kind: str, roles: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        accused = {ref for ref, role in roles if role == EventRole.ACCUSED}
        if kind in (EventKind.STRIKE, EventKind.ATTACK, EventKind.ALLEGED_VIOLATION, EventKind.TALLY):
            for ref in self._hostile(accused):
                breach = kind in (EventKind.STRIKE, EventKind.ATTACK, EventKind.ALLEGED_VIOLATION) and bool(accused)
                found[ref] = EffectKind.BREACHES.value if breach else EffectKind.CONTEXT.value
        for each in clause.duties:
            if each.ref in found:
                continue
            category = self.duties[each.ref].category
            found[each.ref] = self._effect(clause, kind, category)
        return tuple(found.items())

    def _hostile(self, accused: set[str]) -> list[str]:
        """The duties to hold fire of those accused; of a body, those of its state are not known here."""
        duties = [self.duties[ref] for ref in self.order if self.duties[ref].category == Category.HOSTILITIES]
        own = [each.id for each in duties if accused & set(each.obligors)]
        return own[:1] if own else [each.id for each in duties[:1] if accused]

    def _effect(self, clause: _Clause, kind: str, category: str) -> str:
        negative = clause.has(_NOT)
        advancing = {
            EventKind.RELEASE: (Category.HOSTAGE_RELEASE, Category.PRISONER_RELEASE),
            EventKind.HANDOVER: (
                Category.HOSTAGE_RELEASE,
                Category.PRISONER_RELEASE,
                Category.DISARMAMENT,
                Category.INTERIM_AUTHORITY,
            ),
            EventKind.WITHDRAWAL: (Category.WITHDRAWAL,),
            EventKind.DEPLOYMENT: (Category.STABILIZATION_FORCE,),
            EventKind.AID_DELIVERY: (Category.HUMANITARIAN_AID, Category.BORDER_CROSSING),
        }
        for each, categories in advancing.items():
            if kind == each and category in categories:
                return (
                    EffectKind.SETS_BACK.value
                    if negative and "except" not in clause.keys
                    else EffectKind.ADVANCES.value
                )
        if kind == EventKind.STATEMENT and clause.has(listed("refused refuses refuse rejected rejects never")):
            return EffectKind.SETS_BACK.value
        return EffectKind.CONTEXT.value

    # Where, the quote, the title

    def _place(self, clause: _Clause, kind: str) -> str:
        text = clause.text
        actors = [(each.start - clause.start, each.end - clause.start) for each in clause.actors]
        best = ""
        for lead in _AFTER_IN.finditer(text):
            found = _PLACE_NAME.match(text, lead.end())
            if not found:
                continue
            name = found[1].strip(" .'’-")
            whole = key_of(name)
            known = whole in PLACES
            start = found.start(1)
            if any(begin <= start < end for begin, end in actors) and not known:
                continue
            if whole.split(" ")[0] in _MONTHS_AND_DAYS or (
                not known and any(word in _NO_PLACE for word in whole.split())
            ):
                continue
            if known and whole not in ("gaza", "west bank"):
                return name
            if not best and (
                known or kind in (EventKind.MEETING, EventKind.STRIKE, EventKind.ATTACK, EventKind.SIGNING)
            ):
                best = name
        return best

    def _quote(self, clause: _Clause) -> tuple[int, int]:
        """At most 15 words of the sentence: those in quotation marks, else those around its verb."""
        quoted = [
            (clause.start + found.start(group), clause.start + found.end(group))
            for found in _QUOTES.finditer(clause.text)
            for group in (1, 2, 3, 4)
            if found.group(group)
        ]
        longest = max(quoted, key=lambda each: each[1] - each[0], default=None)
        if longest is not None and len(self.text[longest[0] : longest[1]].split()) >= 4:
            return self._first_words(*longest)
        words = [(clause.start + each.start(), clause.start + each.end()) for each in _WORD.finditer(clause.text)]
        if len(words) <= QUOTE_WORDS:
            return self._trimmed(clause.start, clause.end)
        anchor = longest[0] if longest is not None else self._anchor(clause)
        at = max((place for place, (start, _) in enumerate(words) if start <= anchor), default=0)
        first = at
        while first > 0 and at - first < QUOTE_WORDS - 6 and self.text[words[first - 1][1] - 1] not in ",;:—":
            first -= 1
        last = min(len(words), first + QUOTE_WORDS) - 1
        for place in range(min(last, len(words) - 1), max(at, first + 4), -1):
            if self.text[words[place][1] - 1] in ",;:—.":
                last = place
                break
        return self._trimmed(words[first][0], words[last][1])

    def _anchor(self, clause: _Clause) -> int:
        for cues in (_KILL | _STRIKE, _FREE, _MEET, _SAY):
            at = clause.first_of(cues)
            if at is not None:
                return at
        return clause.duties[0].start if clause.duties else clause.start

    def _first_words(self, start: int, end: int) -> tuple[int, int]:
        words = list(_WORD.finditer(self.text[start:end]))
        if len(words) > QUOTE_WORDS:
            end = start + words[QUOTE_WORDS - 1].end()
        return self._trimmed(start, end)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and (self.text[start].isspace() or self.text[start] in ",;:—–-“”\"'«»("):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in ',;:—–-.“”"«»('):
            end -= 1
        return start, end

    def _words_of(self, names: Sequence[Mark]) -> str:
        return self.text[names[0].start : names[0].end] if names else ""

    def _title(
        self,
        kind: str,
        roles: Sequence[tuple[str, str]],
        effects: Sequence[tuple[str, str]],
        names: Sequence[Mark],
        place: str,
    ) -> str:
        """A title in words made from what is marked, never the article's sentence."""

        def named(*wanted: str) -> list[str]:
            return [self.known[ref].name for ref, role in roles if not wanted or role in wanted]

        unknown = [self.text[each.start : each.end] for each in names]
        label = EventKind(kind).label
        about = self._about(effects)
        if kind == EventKind.MEETING:
            people = [self.known[ref].name for ref, _ in roles if self._is_person(ref)]
            rest = [self.known[ref].name for ref, _ in roles if not self._is_person(ref)]
            return f"{label}: {_listed([*people, *unknown, *rest])}" if people or rest or unknown else label
        if kind == EventKind.STATEMENT:
            speakers = named(EventRole.SPEAKER) or unknown[:1]
            head = f"Statement by {_listed(speakers)}" if speakers else "Statement"
            return f"{head} on {about}" if about else head
        if kind in (EventKind.STRIKE, EventKind.ATTACK):
            targets = named(EventRole.TARGET)
            who = named(EventRole.ACCUSED)
            head = f"{label} on {_listed(targets)}" if targets else label
            head += f" in {place}" if place else ""
            return f"{head}, attributed to {_listed(who)}" if who else head
        if kind == EventKind.ALLEGED_VIOLATION:
            who = named(EventRole.ACCUSED)
            return f"{label} by {_listed(who)}" if who else f"{label}s by both sides"
        people = named() or unknown
        head = f"{label}: {about}" if about else label
        return f"{head} ({_listed(people)})" if people else head

    def _about(self, effects: Sequence[tuple[str, str]]) -> str:
        subjects: list[str] = []
        for ref, _ in effects:
            words = _SUBJECTS.get(self.duties[ref].category, "")
            if words and words not in subjects:
                subjects.append(words)
        return _listed(subjects[:2])


_SAY_STRICT = listed("denied denies rejected insisted believes believe argued")
_ACCUSE = listed("accused accuses accusing alleged alleges alleging blamed blames")
_CUES: dict[str, frozenset[str]] = {
    EventKind.MEETING: _MEET,
    EventKind.STATEMENT: _SAY,
    EventKind.STRIKE: _STRIKE | _KILL,
    EventKind.ATTACK: _ATTACK | _KILL,
    EventKind.RELEASE: _FREE,
    EventKind.HANDOVER: _HAND,
    EventKind.WITHDRAWAL: _LEAVE,
    EventKind.DEPLOYMENT: _DEPLOY,
    EventKind.AID_DELIVERY: _ENTER,
    EventKind.SIGNING: _SIGN,
    EventKind.DECISION: _DECIDE,
    EventKind.APPOINTMENT: _APPOINT,
    EventKind.ALLEGED_VIOLATION: _VIOLATE,
    EventKind.VERIFICATION: _VERIFY,
    EventKind.TALLY: _KILL | _VIOLATE | _AID,
}
_MONTHS_AND_DAYS = listed(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec"
)
_NO_PLACE = listed(
    "ministry government council committee president minister arabic english hebrew phase article resolution army news "
    "report times agency hamas state department office"
)


def key_of(name: str) -> str:
    """A place's name as the gazetteer has it."""
    return " ".join(key(each) for each in name.split())


def _listed(names: Sequence[str]) -> str:
    names = [re.sub(r"\s*\(.*\)$|,.*$", "", each) for each in names]
    if len(names) <= 1:
        return names[0] if names else ""
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def suggest(
    marked: Marked,
    known: Sequence[Known],
    duties: Sequence[Duty],
    published_on: datetime.date | None,
    outlets: Sequence[str] = (),
) -> list[Suggestion]:
    """Events worth offering, in the order of the text; ``outlets`` are names of newsrooms besides the known actors."""
    return _Reader(marked, known, duties, published_on, outlets).read()
