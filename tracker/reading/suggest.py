"""Events that a text may report, sentence by sentence: offered to the researcher, never saved by themselves."""

# ruff: noqa: RUF001 - quotation marks and dashes as articles have them

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
from tracker.reading.names import STATE_WORDS, TITLES, Known
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
    "said says say told tells saying stated announced announces declared declares added adds insisted insists "
    "warned warns warn argued argues claimed stressed stresses noted accused accuses vowed vows demanded "
    "rejected rejects denied denies deny called urged urges maintained maintains confirmed confirms believe believes "
    "reiterated pledged promised threatened threatens condemned condemns disputed alleged alleges "
    "acknowledged admitted explained wrote tweeted posted reported responded replied hailed praised criticized "
    "criticised "
    "expressed blamed refused refuses insist blasted stormed dismissed welcomed denounced slammed complained "
    "asserted affirmed emphasized emphasised "
    "conceded"
)
_DENY = listed("denied denies deny denying refuted refutes dismissed dismisses")
_DISPUTE = listed("disputed disputes disputing contradicted contradicts countered counters questioned challenged")
_JUSTIFY = listed("justified justifies defended defends defending self-defense self-defence")
_REVISE = listed("revised corrected retracted updated")
_STRIKE = listed(
    "strike strikes airstrike airstrikes struck bombed bombing bombings bombardment shelled shelling raid raids "
    "missile "
    "drone airstruck assassinated assassination targeted"
)
_ATTACK = listed(
    "attack attacks attacked ambush ambushed gunfire shooting gunmen rockets mortar mortars stabbing rammed sniper "
    "fired clashes"
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
    "decided decides approved approves voted ordered adopted ratified ruled suspended halted extended closed "
    "reopened opened"
)
_APPOINT = listed("appointed appoints named nominated elected sworn")
_VIOLATE = listed("violated violates violating violation violations breach breached breaches breaching infringement")
_VERIFY = listed("verified verifies documented corroborated")
_TALLY = listed("toll total since")
_AHEAD = listed("will expected scheduled planned slated upcoming would set due")
_NOT = listed(
    "not no never without neither failed fails fail refuse refuses refused refusing yet unless until stalled delay "
    "delayed blocked halted suspended"
)

_MODAL = re.compile(
    r"(?i)\b(?:will|shall|is to|are to|is set to|are set to|(?:is|are|was|were) (?:expected|scheduled|due|slated"
    r"|planned) to|supposed to"
    r"|expected|upcoming|planned|scheduled)\b"
)
_SUPPOSED = re.compile(
    r"(?i)\b(?:supposed to|is to|are to|must|should|calls? for|would|envisions?|provides? for|stipulates?"
    r"|includes? the|committed to)\b"
)
_BESIDES = re.compile(
    r"(?i)(?:,\s*(?:an?\s+)?(?:\w+\s+){0,3})?\b(?:sparked|prompted|led|caused|drew|drawing|prompting)\b"
    r".{0,80}?\b(?:warn|condemn|call|demand|say|threaten|protest)\w*\b"
)
_CONTINUED = re.compile(
    r"(?i)^\W*(?:the|this|that|these|those)\s+(?:\w+\s){0,2}?(?:meeting|gathering|summit|talks|session|conference)\b"
)
_AFTER_IN = re.compile(r"\b(?:in|at|near|outside)\s+(?=(?:the\s+)?(?:\w+\s+)?[A-Z])")
_PLACE_NAME = re.compile(
    r"(?:the\s+)?(?:(?:northern|southern|eastern|western|central|downtown|occupied)\s+)?"
    r"((?:[A-Z][\w'’.-]*|al-[A-Z][\w'’-]*|el-[A-Z][\w'’-]*)(?:[ -](?:[A-Z][\w'’-]*|al-[A-Z][\w'’-]*"
    r"|el-[A-Z][\w'’-]*|a-[A-Z]\w*)){0,3})"
)
_QUOTES = re.compile(r"“([^“”]{2,400})”|\"([^\"]{2,400})\"|«([^«»]{2,400})»|„([^„“”]{2,400})[“”]")
_SPEAKERS = (
    "officials?|sources?|diplomats?|spokes(?:man|woman|person|men|people)|aides?|witness(?:es)?|residents?"
    "|mediators?|insiders?"
    "|ministers?|officers?|medics?|doctors?|analysts?|workers?|lawyers?|relatives?|families|hospitals?|rescuers?"
    "|negotiators?"
    "|reports?|experts?|commanders?|agencies|groups?|staff|authorities|journalists?|media"
)
_SAYING = (
    "said|says|say|told|tells|tell|confirmed|stated|added|warned|denied|claimed|reported|described|blasted|complained"
)
_SOURCE = re.compile(
    r"(?:^|[\s,;(“\"—–-])"
    r"((?:(?i:an?|the|one|two|three|several|senior|some|unnamed|anonymous|local|health|hospital|israeli"
    r"|palestinian|egyptian"
    rf"|qatari|turkish|american|u\.?s\.?|white|un)\s+(?:[\w.’'-]+\s+){{0,4}}?|(?:^|(?<=[–—,-] "
    rf"))(?:\w+\s+)?)(?i:{_SPEAKERS}))"
    r"(\s+(?:for|from|in|at)\s+(?:[\w’'.-]+\s*){1,5}?)?(?:\s+(?i:familiar|close|briefed|with knowledge|involved"
    r"|who)\b[^,.;]{0,60}?)?\s*,?\s+"
    rf"(?=(?:also\s+|later\s+|has\s+|have\s+)?(?:{_SAYING})\b)"
)
_PRONOUN = re.compile(
    r"(?:^|[\s,”\"])(?i:(he|she|the (?:group|movement|organi[sz]ation|ministry|army|military|agency|office|statement)))"
    rf"\s+(?:also\s+|later\s+|has\s+|had\s+|then\s+)?(?:{_SAYING}|insisted|accused|rejected|urged|called|vowed)\b"
)
_INVERTED = listed("said says added warned explained wrote stormed blasted")
_LEADS_TO_NAME = re.compile(r" (?:(?:[a-z]+ ){0,4}|the [a-z]+(?: [a-z]+){0,3} )?(?:(?:[A-Z][\w.’'-]+ ){0,5})")
_NEW_CLAUSE = re.compile(
    r"(?i)\b(?:that|which|who|whose|whom|where|when|while|because|if|after|before|but|to|said|say|says|told|of the"
    r"|by|in which)\b|[;:]"
)
_AIMED = re.compile(
    r"(?i)\b(?:on|against|at|targeting|targeted|killed|killing|kills|hit|hitting|struck|strikes?|attacked|bombed"
    r"|shelled|wounded|assassinated"
    r"|assassinating)\s+(?:(?:an?|the|senior|top|several|two|three)\s+)*$"
)
_BY = re.compile(
    r"(?i)\b(?:killed|hit|struck|wounded|carried out|launched|attacked|shelled|bombed|fired"
    r"|assassinated)\b[^,;]{0,40}\bby\s+(?:an?\s+|the\s+)?$"
)
_OWN_FIRE = re.compile(
    r"(?i)\b(?:says?|said|confirm(?:s|ed)|announced?)\s+(?:[\w\s]{0,40}?\s)?"
    r"(?:(?:it|its (?:\w+ )?(?:forces|troops|army|aircraft|soldiers|jets))\s+(?:had\s+|has\s+|have\s+)?)?"
    r"(?:killed|struck|bombed|shelled|hit|carried out|targeted|assassinated|attacked)\b"
)
_BY_WHOM = re.compile(
    r"(?i)\b(?:violat\w+|breach\w*|infringement\w*|them)\b[^,;.]{0,40}\bby\s+(?:an?\s+|the\s+)?$|\bby\s+(?:[\w’' "
    r"-]+\sand\s)(?:the\s+)?$"
)
_BREAKS = re.compile(r"(?i)(?:['’]s)?\s+(?:(?!that\b)\w+\s+){0,3}?(?:violat\w+|breach\w*)\b")
_COMMITS = re.compile(r"(?i)\s+(?:(?:has|have|had)\s+)?(?:committed|carried out|perpetrated)\b")
_COUNTED = re.compile(r"(?i)\b\d[\d,.]*\s+(?:[\w-]+\s+){0,2}(?:violations|breaches)\b")
_CITIZEN = re.compile(
    r"(?i)\s+(?:hostages?|captives?|nationals?|prisoners?|detainees?|citizens?|soldiers?|bodies|civilians?)\b"
)
_WAS_HIT = re.compile(
    r"(?i)\s*(?:,[^,]*,\s*)?(?:was|were|had been|has been|is|died)\s+(?:killed|hit|wounded|targeted|assassinated"
    r"|struck|in)\b"
)
_ARMED = re.compile(
    r"(?i)(?:['’]s)?\s+(?:\w+\s+){0,2}?(?:strikes?|airstrikes?|raids?|fire|gunfire|shelling|bombing|bombardment"
    r"|drones?|missiles?|attacks?"
    r"|forces|troops|soldiers|army|military(?! wing)|tanks?|aircraft|jets?|warplanes|artillery|snipers?|gunmen|fighters"
    r"|rockets?|mortars?)\b"
)
_FIRES = re.compile(
    r"(?i)\s+(?:(?:has|have|had|also|then|later|on|early|\w+day|overnight|has since)\s+){0,4}(?:killed|struck"
    r"|bombed|shelled|hit|carried out"
    r"|launched|conducted|attacked|opened|fired|shot|targeted|assassinated|ambushed|raided|kills|strikes)\b"
)
_REJECTS = re.compile(
    r"(?i)\breject(?:ed|s|ing)\s+(?:\w+\s+){0,3}?(?:claims?|accusations?|allegations?|reports?|charges?|figures?"
    r"|accounts?)\b"
)
_OTHER_TIME = re.compile(r"(?i)\b(?:after|before|since|during|following)\s+(?:[\w’'-]+\s+){0,3}$")
_TO_MEET = re.compile(
    r"(?i)\b(?:prepar(?:es?|ing)|due|set|expected|scheduled|plan(?:s|ned)?|slated|about|travel\w*|fly|flying"
    r"|flies) to\s+"
    r"(?:host|meet|visit|receive|see)\b[^,;]*"
)
_MEETING_VERBS = listed("meet meets met convene convened convenes confer conferred")
_MEETS = re.compile(
    r"(?i)\b(?:will|to|would|is|are|was|were)\s+(?:see|seeing|sit(?:ting)? down|host|hosting|visit|visiting)\b"
    r"|\b(?:sat down|talks?) with\b"
)
_MEETING = re.compile(
    r"(?i)\b(?:hold|held|holds|holding|attend\w*|host\w*|conven\w*|expected|planned|scheduled|upcoming|round of"
    r")\s+"
    r"(?:[\w’'-]+\s+){0,3}(?:meeting|talks|summit|gathering|conference)\b"
    r"|\b(?:meetings?|talks|summit|gathering|conference)\s+(?:[\w’'-]+\s+){0,2}(?:between|with|in|at|on|of|will|took)\b"
)
_STRICT = listed("denied denies rejected rejects insisted insists believes believe argued argues vowed vows")
_GUNS = listed("gunfire fire shot shooting snipers sniper gunmen opened ambush ambushed shootings")
_SIDES = listed("sides parties")
_POSITIONS = listed("positions line zone belt outposts")
_TEXTS = listed("agreement deal accord declaration document memorandum resolution treaty text protocol roadmap")
_LONG_AGO = listed("invasion massacre onslaught")
_SAID = re.compile(r"(?i)\b(?:said|says|say|told|announced that|added|insisted)\b")
_NOT_DONE = re.compile(
    r"(?i)\b(?:not|never|yet to|no|refus\w+ to|fail\w+ to|without|before|until|unless|if|must|should|want\w* to"
    r"|demand\w*|urg\w+"
    r"|call\w* (?:for|on)|require\w*|ready to|willing to|able to|in order to|nobody|promis\w+|remain\w*|stay\w*"
    r"|still|vow\w*|pledg\w+)\b"
)
_DESCRIBED = re.compile(
    r"^\W*(?i:the|an?|two|three|both|some|several)\s+((?:[a-z’'-]+\s+){0,3}[a-z’'-]+)\s+(?:have\s+|has\s+)?"
    r"(?:said|say|says|believe|believes|insist|insists|argue|warned|warn|accused|denied|fear|hope|want|wants|expect)\b"
)
_ACCORDING = re.compile(
    r"(?i)\b(?:according to|as reported by|reported by|citing|quoting|quoted by|told|cited by)\s+(?:the\s+|an?\s+)?"
)
_REPORT_IN = re.compile(r"(?i)\b(?:report(?:s|ed)?|story|account|interview)\s+(?:in|by|from|on|with)\s+(?:the\s+)?")
_FROM = re.compile(
    r"(?i)\b(?:since|from|until|till|triggered by|following|ahead of)\b[^,;]*$|\b(?:after|before|into effect (?:in"
    r"|on)|began (?:in|on)|"
    r"signed (?:in|on)|agreed (?:in|on)|brokered in|planned? the|the)\s*$"
)
_OBJECT = re.compile(r"(?i)\b(?:with|of|to|by|against|in|on|at|from|for|about|over)\s+(?:the\s+)?$")
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
    """The words outside quotation marks."""
    quoted: list[tuple[int, int]] = field(default_factory=list)
    actors: list[Mark] = field(default_factory=list)
    names: list[Mark] = field(default_factory=list)
    dates: list[Mark] = field(default_factory=list)
    duties: list[Mark] = field(default_factory=list)

    def has(self, words: frozenset[str]) -> bool:
        return not self.keys.isdisjoint(words)

    def first_of(self, words: frozenset[str]) -> int | None:
        """Where the first of the words stands in the text outside quotation marks, in code points."""
        for at, each in enumerate(self.words.keys):
            if each in words and not self.in_quotes(self.start + self.words.starts[at]):
                return self.start + self.words.starts[at]
        return None

    def in_quotes(self, place: int) -> bool:
        return any(start <= place < end for start, end in self.quoted)


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
        self.belongs = _belongs(known)

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
        quoted = [(start + found.start(), start + found.end()) for found in _QUOTES.finditer(text)]
        clause = _Clause(number, start, end, text, words, set(), quoted)
        clause.keys.update(
            folded
            for at, folded in enumerate(words.keys)
            if not quoted or not clause.in_quotes(start + words.starts[at])
        )
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
        planned = self._meeting_besides(clause)
        besides = _BESIDES.search(clause.text)
        second = self._said_besides(clause, besides.start()) if besides else None
        if besides and second is not None:
            clause = self._part(clause, clause.start, clause.start + besides.start())
        kind = self._kind(clause)
        if kind == EventKind.MEETING and planned is not None and self._speaker(clause) is not None:
            kind = EventKind.STATEMENT
        if kind == EventKind.MEETING and self._continues(clause):
            return
        if kind:
            event = self._event(clause, kind)
            if not self._is_worth(event) and kind != EventKind.STATEMENT and self._speaks(clause):
                event = self._event(clause, EventKind.STATEMENT)
            if self._is_worth(event):
                self.found.append(event)
        if second is not None:
            self.found.append(second)
        if planned is not None and kind != EventKind.MEETING:
            self.found.append(planned)

    def _meeting_besides(self, clause: _Clause) -> Suggestion | None:
        """ "said somebody, who is due to meet somebody else next week": a meeting within a statement."""
        found = _TO_MEET.search(clause.text)
        if found is None or clause.in_quotes(clause.start + found.start()):
            return None
        host = self._speaker(clause)
        if host is None or host.kind != "actor" or not self._is_person(host.ref):
            return None
        part = self._part(clause, clause.start + found.start(), clause.start + found.end())
        others = tuple(ref for ref, _ in self._roles(part, EventKind.MEETING, "") if ref != host.ref)
        if not others:
            return None
        roles = tuple((ref, EventRole.PARTICIPANT.value) for ref in (host.ref, *others))
        event = self._event(part, EventKind.MEETING)
        return replace(
            event,
            start=clause.start,
            end=clause.end,
            title=self._title(EventKind.MEETING, roles, (), part.names, event.place),
            state=EventState.SCHEDULED.value,
            actors=roles,
            effects=(),
        )

    def _is_worth(self, event: Suggestion) -> bool:
        """Whether enough is known of the event to offer it."""
        if event.kind == EventKind.STATEMENT:
            return bool(event.originator or event.originator_text)
        if event.kind in (EventKind.STRIKE, EventKind.ATTACK):
            return any(role in (EventRole.ACCUSED, EventRole.TARGET) for _, role in event.actors)
        return bool(event.actors or event.effects or event.date or event.originator_text)

    def _part(self, clause: _Clause, start: int, end: int) -> _Clause:
        """A part of the sentence, with the marks that lie in it."""
        inside = sorted((*clause.actors, *clause.names, *clause.dates, *clause.duties), key=lambda each: each.start)
        return self._clause(clause.number, start, end, inside)

    # What kind of event

    def _kind(self, clause: _Clause) -> str:
        """The kind of event of which the sentence speaks first of all; "" for none."""
        has = clause.has
        people = bool(clause.actors or clause.names)
        speaks = self._speaks(clause)
        supposed = bool(_SUPPOSED.search(clause.text)) and not clause.dates
        if self._counts(clause):
            return EventKind.TALLY
        if has(_VIOLATE) and has(_ACCUSE):
            return EventKind.ALLEGED_VIOLATION
        if self._meets(clause) and not (speaks and clause.quoted and not clause.has(_MEETING_VERBS)):
            return EventKind.MEETING
        if not has(_STRICT) or has(_KILL):
            if self._by_fire(clause):
                by_hand = not has(_STRIKE) and re.search(r"(?i)\b(?:troops|soldiers|its forces|gunmen)\b", clause.text)
                return EventKind.ATTACK if by_hand else EventKind.STRIKE
            if has(_GUNS) and (has(_KILL) or has(_ATTACK)) and people and not supposed:
                return EventKind.ATTACK
        if has(_VIOLATE) and (people or has(_SIDES)):
            return EventKind.ALLEGED_VIOLATION
        act = "" if supposed or (speaks and has(_STRICT)) else self._act(clause)
        if act:
            return act
        return EventKind.STATEMENT if speaks else ""

    def _act(self, clause: _Clause) -> str:
        """What was done, where the sentence says that it was done and not that it was refused or is still to come."""
        has = clause.has
        people = bool(clause.actors or clause.names)
        kinds: tuple[tuple[str, bool, frozenset[str]], ...] = (
            (EventKind.RELEASE, has(_HELD), _FREE),
            (EventKind.HANDOVER, has(_BODIES), _HAND),
            (EventKind.AID_DELIVERY, has(_AID) and bool(clause.duties), _ENTER),
            (EventKind.WITHDRAWAL, has(_FORCES | _POSITIONS) and people, _LEAVE),
            (EventKind.DEPLOYMENT, has(_FORCES) and people, _DEPLOY),
            (EventKind.SIGNING, has(_TEXTS) and people, _SIGN),
            (EventKind.APPOINTMENT, people, _APPOINT),
            (EventKind.VERIFICATION, people, _VERIFY),
            (EventKind.ATTACK, people and bool(clause.dates) and not has(_LONG_AGO), _ATTACK),
            (EventKind.DECISION, people and bool(clause.duties), _DECIDE),
        )
        for kind, fits, cues in kinds:
            if not fits:
                continue
            at = clause.first_of(cues)
            if kind == EventKind.DECISION and at is not None and _SAID.search(self.text[clause.start : at]):
                continue
            if at is not None and not _NOT_DONE.search(self.text[clause.start : at][-45:]):
                return kind
        return ""

    def _speaks(self, clause: _Clause) -> bool:
        """Whether somebody says something, outside quotation marks."""
        return any(
            folded in _SAY and not self._is_no_saying(clause, at) for at, folded in enumerate(clause.words.keys)
        ) and bool(
            clause.actors
            or clause.names
            or any(pattern.search(clause.text) for pattern in (_SOURCE, _DESCRIBED, _PRONOUN))
        )

    def _is_no_saying(self, clause: _Clause, at: int) -> bool:
        """Whether a word of saying is something else: quoted, "said to have", "to warn", "so-called", "is called"."""
        keys = clause.words.keys
        if clause.in_quotes(clause.start + clause.words.starts[at]):
            return True
        before = keys[at - 1] if at else ""
        after = keys[at + 1] if at + 1 < len(keys) else ""
        if keys[at] in ("said", "reported", "alleged", "believed") and after == "to":
            return True
        return before in ("to", "so", "is", "are", "was", "were", "been", "be", "the", "an")

    def _meets(self, clause: _Clause) -> bool:
        """Whether people meet: a verb of meeting, or a meeting that is held, planned, or said to be between some."""
        people = len(clause.actors) + len(clause.names)
        if people < 1:
            return False
        if clause.has(_MEETING_VERBS):
            return True
        if found := _MEETS.search(clause.text):
            met = clause.start + found.end()
            if people >= 2 and any(0 <= each.start - met <= 40 for each in (*clause.actors, *clause.names)):
                return True
        found = _MEETING.search(clause.text)
        if found is None:
            return False
        if not _MODAL.search(found[0]) and _OTHER_TIME.search(clause.text[: found.start()]):
            return False
        return people >= 2 or bool(clause.dates)

    def _by_fire(self, clause: _Clause) -> bool:
        if not clause.has(_STRIKE) and not (
            clause.has(_KILL) and (self._armed_first(clause) or _OWN_FIRE.search(clause.text))
        ):
            return False
        if self._counts(clause) and not clause.has(listed("struck")):
            return False
        return bool(clause.has(_KILL) or clause.dates or clause.has(listed("struck bombed shelled"))) and bool(
            clause.actors or clause.names
        )

    def _armed_first(self, clause: _Clause) -> bool:
        """Whether a state or its army is said to kill."""
        return any(
            _FIRES.match(self.text[each.end : min(clause.end, each.end + 60)])
            for each in clause.actors
            if self.known[each.ref].kind in (ActorKind.STATE, ActorKind.GOVERNMENT_BODY)
        )

    def _counts(self, clause: _Clause) -> bool:
        """A bulletin of totals: a toll or a count since some day, with a figure."""
        if not any(word.isdigit() for word in clause.keys):
            return False
        text = clause.text.lower()
        return (
            ("since" in clause.keys and clause.has(_KILL | _VIOLATE | _AID))
            or _COUNTED.search(text) is not None
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
        return all(any(other.ref in people and self._titles(each, other) for other in clause.actors) for each in marks)

    def _titles(self, each: Mark, person: Mark) -> bool:
        """Whether nothing but a title stands between a name and a person: "Egyptian Foreign Minister"."""
        if not 0 < person.start - each.end < 70:
            return False
        between = re.sub(r"^['’]s\b", "", self.text[each.end : person.start])
        if any(mark in between for mark in ",;:.()"):
            return False
        words = tokens(between)
        return all(folded in _TITLES or words.capital(at) for at, folded in enumerate(words.keys))

    def _is_person(self, ref: str) -> bool:
        return ref in self.known and self.known[ref].kind == ActorKind.PERSON

    def _said_besides(self, clause: _Clause, at: int) -> Suggestion | None:
        """ "a move that sparked somebody to warn of something": a statement within a sentence about an act."""
        part = self._part(clause, clause.start + at, clause.end)
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
        if kind == EventKind.STATEMENT and origin and all(ref != origin for ref, _ in roles):
            roles = ((origin, EventRole.SPEAKER.value), *roles)
        admitted = kind in (EventKind.STRIKE, EventKind.ATTACK) and bool(origin) and bool(_OWN_FIRE.search(clause.text))
        if admitted:  # whoever says "we struck" is the one who did, and nobody else is
            roles = tuple(
                (ref, EventRole.ACCUSED.value if ref == origin and not self._is_person(ref) else role)
                for ref, role in roles
                if ref == origin or role != EventRole.ACCUSED
            )
        state, when = self._when(clause, kind)
        effects = self._effects(clause, kind, roles)
        place = "" if kind == EventKind.STATEMENT else self._place(clause, kind)
        accused = any(role == EventRole.ACCUSED for _, role in roles)
        breaches = any(effect == EffectKind.BREACHES for _, effect in effects)
        quote = self._quote(clause, kind)
        return Suggestion(
            sentence=clause.number,
            start=clause.start,
            end=clause.end,
            title=self._title(kind, roles, effects, clause.names, place, origin_text),
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
            verification=self._verified(breaches or (accused and kind == EventKind.ALLEGED_VIOLATION), admitted),
        )

    def _verified(self, needed: bool, admitted: bool) -> str:
        if not needed:
            return ""
        return Verification.ADMITTED.value if admitted else Verification.ALLEGED.value

    def _when(self, clause: _Clause, kind: str) -> tuple[str, Mark | None]:
        """Whether it lies ahead, and the date that belongs to it: the one nearest to its verb."""
        cues = _SAY if kind in (EventKind.STATEMENT, EventKind.TALLY) else _CUES.get(kind, frozenset())
        at = clause.first_of(cues) or clause.start
        dates = [each for each in clause.dates if each.precision is not None]
        reach = 45 if kind == EventKind.STATEMENT else 160
        fitting = [
            each
            for each in dates
            if not _FROM.search(self.text[max(clause.start, each.start - 40) : each.start])
            and self._same_clause(at, each, reach)
        ]
        when = min(fitting, key=lambda each: (not 0 <= each.start - at <= 60, abs(each.start - at)), default=None)
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

    def _same_clause(self, at: int, each: Mark, reach: int) -> bool:
        """Whether a date stands near enough to the verb at ``at``, with no other clause in between."""
        if each.start < at:
            return at - each.end <= reach + 60
        between = self.text[at : each.start]
        return len(between) <= reach and not re.search(r"(?i)\b(?:which|who|whose|when|where|that)\b", between)

    def _originator(self, clause: _Clause, kind: str) -> tuple[str, str]:
        """Who says it: a known actor's id, or words such as "White House official"."""
        text = clause.text
        if (found := _SOURCE.search(text)) and not clause.in_quotes(clause.start + found.start(1)):
            if (named := self._named_before(clause, clause.start + found.start(1))) is not None:
                return named
            words = re.sub(r"^(?i:an?|the|one)\s+", "", found[1] + (found[2] or "")).strip()
            if (found[2] or "").lstrip().startswith("for ") and (
                body := self._only_body(clause, clause.start + found.start(2), clause.start + found.end(2))
            ):
                return body, ""
            if 0 < len(words) <= 80:
                whole = [
                    each
                    for each in clause.actors
                    if each.start == clause.start + found.start(1) + len(found[1]) - len(words)
                ]
                if not (len(whole) == 1 and whole[0].end == clause.start + found.end(1)):
                    return "", words
        if kind == EventKind.TALLY and (named := self._according(clause)) is not None:
            return named
        speaker = self._speaker(clause)
        if speaker is not None:
            speaker = self._together(clause, speaker)[0]
            return (speaker.ref, "") if speaker.kind == "actor" else ("", self.text[speaker.start : speaker.end])
        if (named := self._according(clause)) is not None:
            return named
        if (again := self._again(clause)) is not None:
            return again
        if kind == EventKind.ALLEGED_VIOLATION and "sides" in clause.keys:
            return "", "both sides"
        if kind == EventKind.STATEMENT and (found := _DESCRIBED.match(text)):
            return "", found[1]
        return "", ""

    def _named_before(self, clause: _Clause, at: int) -> tuple[str, str] | None:
        """The person whom a description directly follows: "Jane Doe, a senior official, said"."""
        for each in (*clause.actors, *clause.names):
            if self.text[each.end : at] == ", " and not self._is_outlet(each):
                return (each.ref, "") if each.kind == "actor" else ("", self.text[each.start : each.end])
        return None

    def _according(self, clause: _Clause) -> tuple[str, str] | None:
        """Whom "according to" names."""
        for found in _ACCORDING.finditer(clause.text):
            at = clause.start + found.end()
            for each in (*clause.actors, *clause.names):
                if 0 <= each.start - at <= 2 and not self._is_outlet(each):
                    return (each.ref, "") if each.kind == "actor" else ("", self.text[each.start : each.end])
        return None

    def _only_body(self, clause: _Clause, start: int, end: int) -> str:
        """The one known body for which somebody speaks; "" for a person or none."""
        inside = [each.ref for each in clause.actors if start <= each.start and each.end <= end]
        return inside[0] if len(inside) == 1 and not self._is_person(inside[0]) else ""

    def _again(self, clause: _Clause) -> tuple[str, str] | None:
        """ "He said", "the group said": whoever spoke last, if that was in the sentences just before."""
        found = _PRONOUN.search(clause.text)
        if found is None or clause.in_quotes(clause.start + found.start(1)):
            return None
        person = found[1].lower() in ("he", "she")
        for before in reversed(self.found[-4:]):
            if clause.number - before.sentence > 3:
                break
            ref = before.originator
            if ref and ref in self.known and self._is_person(ref) == person:
                return ref, ""
            if not ref and before.originator_text and person and before.originator_text[:1].isupper():
                return "", before.originator_text
        return None

    def _speaker(self, clause: _Clause) -> Mark | None:
        """The actor whose verb is one of saying: directly before it, or directly after it ("said Netanyahu")."""
        people = sorted(
            (each for each in (*clause.actors, *clause.names) if not self._is_outlet(each)), key=lambda each: each.start
        )
        for at, word in enumerate(clause.words.keys):
            if word not in _SAY or self._is_no_saying(clause, at):
                continue
            place = clause.start + clause.words.starts[at]
            end = clause.start + clause.words.ends[at]
            if word in _INVERTED and self._after_quote(place) and (after := self._inverted(people, end)) is not None:
                return after
            limit = self._before_aside(clause, place)
            before = [
                each
                for each in people
                if each.end <= limit and not clause.in_quotes(each.start) and not self._is_object(clause, each, place)
            ]
            for each in (*before[-1:], *before[:1]):
                if self._is_subject(each, place):
                    return each
            if word in _INVERTED and self.text[:place].rstrip()[-1:] == ",":
                after = self._inverted(people, end)
                if after is not None:
                    return after
        return None

    def _after_quote(self, place: int) -> bool:
        """Whether a quotation ends directly before the verb."""
        lead = self.text[max(0, place - 4) : place].rstrip()
        return lead[-1:] in ("”", '"', "»") or lead[-2:] in ("”,", '",', "»,")

    def _inverted(self, people: Sequence[Mark], end: int) -> Mark | None:
        """Who stands directly after a verb of saying: "said Netanyahu"."""
        after = next((each for each in people if 0 <= each.start - end <= 60), None)
        if after is None or not _LEADS_TO_NAME.fullmatch(self.text[end : after.start]):
            return None
        return after

    def _before_aside(self, clause: _Clause, place: int) -> int:
        """Where the subject of the verb at ``place`` has to end: before an aside between commas, if there is one."""
        lead = self.text[clause.start : place].rstrip()
        if not lead.endswith(","):
            return place
        opened = lead.rfind(",", 0, len(lead) - 1)
        return clause.start + opened if opened > 0 else place

    def _together(self, clause: _Clause, speaker: Mark) -> list[Mark]:
        """All who speak: the actors that stand before the speaker, joined by commas and "and"."""
        people = sorted((*clause.actors, *clause.names), key=lambda each: each.start)
        at = people.index(speaker)
        first = at
        while first and re.fullmatch(
            r"(?:,|,? and|,? along with) (?:the )?", self.text[people[first - 1].end : people[first].start]
        ):
            first -= 1
        return people[first : at + 1]

    def _is_subject(self, each: Mark, place: int) -> bool:
        """Whether the name may be the subject of the verb at ``place``: no other clause begins in between."""
        between = self.text[each.end : place]
        if len(between) > 200:
            return False
        outside = re.sub(r",[^,]*,\s*$", " ", between)
        if len(outside.split()) > 7:
            return False
        return not _NEW_CLAUSE.search(outside)

    def _is_object(self, clause: _Clause, each: Mark, place: int) -> bool:
        """Whether what stands beside the name shows that it is not the one who speaks."""
        if self.text[each.end : each.end + 1] == "-":  # Hamas-run
            return True
        lead = self.text[max(clause.start, each.start - 30) : each.start]
        return each.end < place and _OBJECT.search(lead) is not None

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
        if clause.has(_DENY) or _REJECTS.search(clause.text):
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
        source = self._source_span(clause)
        marks = [
            each
            for each in clause.actors
            if not self._is_outlet(each)
            and (each.ref == origin or source is None or not source[0] <= each.start < source[1])
        ]
        people = {each.ref for each in marks if self._is_person(each.ref)}
        speaker = self._speaker(clause) if origin else None
        together = {each.ref for each in self._together(clause, speaker)} if speaker is not None else set()
        speakers = together if origin in together else {origin}
        for each in marks:
            if each.ref != origin and (self._stands_for(clause, each.ref, people) or self._describes(clause, each)):
                continue
            role = EventRole.SPEAKER.value if each.ref in speakers else self._role(clause, each, kind, origin, cue)
            if role and each.ref not in found:
                found[each.ref] = role
        return tuple(found.items())

    def _role_in_fire(self, clause: _Clause, each: Mark, before: bool) -> str:
        """Who fired and at whom: by what stands directly before and after the name."""
        lead = self.text[max(clause.start, each.start - 40) : each.start]
        after = self.text[each.end : min(clause.end, each.end + 40)]
        if self._is_person(each.ref):
            return EventRole.TARGET.value if not before or _AIMED.search(lead) or _WAS_HIT.match(after) else ""
        if _ARMED.match(after) or _BY.search(self.text[max(clause.start, each.start - 70) : each.start]):
            return EventRole.ACCUSED.value
        if _AIMED.search(lead):
            return EventRole.TARGET.value
        if before and not re.search(r"(?i)\b(?:in|of|to|with|from|under|inside|near)\s+(?:the\s+|\w+ern\s+)?$", lead):
            return EventRole.ACCUSED.value if _FIRES.match(after) else ""
        return ""

    def _source_span(self, clause: _Clause) -> tuple[int, int] | None:
        found = _SOURCE.search(clause.text)
        return (clause.start + found.start(1), clause.start + found.end(1)) if found else None

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
            return self._role_in_fire(clause, each, before)
        if kind in (EventKind.ALLEGED_VIOLATION, EventKind.TALLY):
            verb = clause.first_of(_ACCUSE)
            lead = self.text[max(clause.start, each.start - 60) : each.start]
            after = self.text[each.end : min(clause.end, each.end + 40)]
            blamed = (
                _COMMITS.match(after)
                or (verb is not None and 0 < each.start - verb < 50)
                or _BY_WHOM.search(lead)
                or _BREAKS.match(after)
            )
            if blamed or (kind == EventKind.TALLY and _ARMED.match(after)):
                return EventRole.ACCUSED.value
            return EventRole.SUBJECT.value
        if kind in (EventKind.HANDOVER, EventKind.RELEASE):
            if _CITIZEN.match(self.text[each.end : each.end + 30]):
                return ""
            passive = cue is not None and re.search(
                r"(?i)\b(?:was|were|been|be|being)\s+$", self.text[clause.start : cue]
            )
            if self._is_person(each.ref) or passive:
                return EventRole.SUBJECT.value
        return EventRole.PARTICIPANT.value if before else EventRole.SUBJECT.value

    def _describes(self, clause: _Clause, each: Mark) -> bool:
        """Whether the name only says whose somebody is: "senior Hamas commander Raed Saad"."""
        return any(
            other.ref != each.ref and self._is_person(other.ref) and self._titles(each, other)
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
            if kind == EventKind.TALLY and not found and clause.has(_KILL | _VIOLATE):
                found |= {each.id: EffectKind.CONTEXT.value for each in self._of(Category.HOSTILITIES)[:1]}
        for each in clause.duties:
            if each.ref in found:
                continue
            lead = self.text[clause.start : each.start]
            if re.search(r"(?i)\b(?:except|apart from|other than|but not)\b", lead):
                found[each.ref] = EffectKind.CONTEXT.value
                continue
            found[each.ref] = self._effect(clause, kind, self.duties[each.ref].category, lead)
        return tuple(found.items())

    def _hostile(self, accused: set[str]) -> list[str]:
        """The duties to hold fire of those accused; of a body, those of its state are not known here."""
        duties = self._of(Category.HOSTILITIES)
        whole = accused.union(*(self.belongs.get(ref, frozenset()) for ref in accused))
        own = [each.id for each in duties if whole & set(each.obligors)]
        return own[:1] if own else [each.id for each in duties[:1] if accused]

    def _of(self, category: str) -> list[Duty]:
        return [self.duties[ref] for ref in self.order if self.duties[ref].category == category]

    def _effect(self, clause: _Clause, kind: str, category: str, lead: str) -> str:
        negative = bool(_NOT_DONE.search(lead[-45:]))
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
                return EffectKind.SETS_BACK.value if negative else EffectKind.ADVANCES.value
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
            if not best and (known or kind != EventKind.TALLY):
                best = name
        return best

    def _quote(self, clause: _Clause, kind: str = "") -> tuple[int, int]:
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
        anchor = longest[0] if longest is not None else self._anchor(clause, kind)
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

    def _anchor(self, clause: _Clause, kind: str) -> int:
        if kind == EventKind.MEETING and (found := _MEETS.search(clause.text) or _MEETING.search(clause.text)):
            return clause.start + found.start()
        for cues in (_CUES.get(kind, frozenset()), _KILL | _STRIKE, _FREE, _MEET, _SAY):
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
        while start < end and (self.text[start].isspace() or self.text[start] in ",;:—–-•*“”\"'«»(|"):
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
        said_by: str = "",
    ) -> str:
        """A title in words made from what is marked, never the article's sentence."""

        def named(*wanted: str) -> list[str]:
            return [self.known[ref].name for ref, role in roles if not wanted or role in wanted]

        unknown = [self.text[each.start : each.end] for each in names]
        label = str(EventKind(kind).label)
        about = self._about(effects)
        if kind == EventKind.MEETING:
            people = [self.known[ref].name for ref, _ in roles if self._is_person(ref)]
            rest = [self.known[ref].name for ref, _ in roles if not self._is_person(ref)]
            return f"{label}: {_listed([*people, *unknown, *rest])}" if people or rest or unknown else label
        if kind == EventKind.STATEMENT:
            speakers = named(EventRole.SPEAKER) or ([said_by] if said_by else unknown[:1])
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
            who = who or ([said_by] if said_by == "both sides" else [])
            return f"{label} by {_listed(who)}" if who else label
        if kind == EventKind.TALLY:
            who = named(EventRole.SPEAKER) or ([said_by] if said_by else [])
            head = f"{label} by {_listed(who)}" if who else label
            return f"{head} on {about}" if about else head
        people = named() or unknown
        about = "remains" if kind == EventKind.HANDOVER and about in ("the hostages", "the prisoners") else about
        head = f"{label}: {about}" if about else label
        return f"{head} ({_listed(people)})" if people else head

    def _about(self, effects: Sequence[tuple[str, str]]) -> str:
        subjects: list[str] = []
        for ref, _ in effects:
            words = _SUBJECTS.get(self.duties[ref].category, "")
            if words and words not in subjects:
                subjects.append(words)
        return _listed(subjects[:2])


_TITLES = TITLES | listed(
    "terrorist militant fighter senior top special former acting veteran late slain hostage's gaza"
)
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


def _belongs(known: Sequence[Known]) -> dict[str, frozenset[str]]:
    """For bodies whose name or alias holds that of a known state or group, that state or group."""
    whole = {
        word: each.id
        for each in known
        if each.kind in (ActorKind.STATE, ActorKind.ARMED_GROUP) and " " not in each.name
        for word in (key(each.name), *map(key, STATE_WORDS.get(key(each.name), ())))
    }
    found: dict[str, frozenset[str]] = {}
    for each in known:
        if each.kind in (ActorKind.PERSON, ActorKind.STATE, ActorKind.MEDIA):
            continue
        words = {word for name in (each.name, *each.aliases) for word in tokens(name).keys}
        found[each.id] = frozenset(whole[word] for word in words if word in whole) - {each.id}
    return found


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
