"""The values that the tracker records and the words it concludes with, each with its definition in one line.

Admin help, form hints, legends, the case-file schema and the methodology page are all generated from here.
A member carries ``value`` (stored), ``label`` (shown) and ``definition`` (one sentence for readers). The last two are
told in the language of the page; the catalogue of translations takes them from here (see ``messages``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from django.db.models import Choices, IntegerChoices, TextChoices
from django.utils.translation import pgettext, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RUBRIC_VERSION = "2026.1"
"""The edition of the rules in ``tracker.rubric``; every assessment stores the one it was made under."""

DEFAULT_LANGUAGE = "en"
QUOTE_WORDS = 15
"""The longest quote that the record keeps, in words: citation, not republication."""

STALE_AFTER_DAYS = 60
"""A continuing duty not looked at for this many days is shown as "last known"."""

RETROSPECT_AFTER_DAYS = 30
"""An assessment recorded more than this many days after it became true counts as coded in retrospect."""


class _Defined(Choices):
    """Has its label and its definition translated, each in the context of the list that it belongs to."""

    _definition_: str

    @property
    def label(self) -> "_StrPromise":
        return pgettext_lazy(type(self).__name__, str(self._label_))

    @property
    def definition(self) -> str:
        return pgettext(type(self).__name__, self._definition_) if self._definition_ else ""


class Term(_Defined, TextChoices):
    """A stored word. Written as ``NAME = value, definition, label``."""

    def __new__(cls, value: str, definition: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member._definition_ = definition
        return member


class DeskTerm(Term):
    """A word for the work at the desk, which readers do not meet: it has no translation."""


class Grade(_Defined, IntegerChoices):
    """A stored number on a scale. Written as ``NAME = value, definition, label``."""

    def __new__(cls, value: int, definition: str = "") -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member._definition_ = definition
        return member


def messages() -> Iterator[tuple[str, str]]:
    """What is to be translated of the lists below: the context and the English words."""
    lists = [found for found in globals().values() if isinstance(found, type) and issubclass(found, _Defined)]
    for one in lists:
        if not issubclass(one, DeskTerm):
            for member in one:
                yield one.__name__, str(member._label_)
                yield one.__name__, member._definition_


# What was promised


class AgreementState(Term):
    NEGOTIATION = "negotiation", "The parties talk; nothing binds yet.", "In negotiation"
    SIGNED = "signed", "The text is agreed but has not taken effect.", "Signed"
    IN_FORCE = "in_force", "The agreement binds.", "In force"
    SUSPENDED = "suspended", "The agreement is halted for a time by those who made it.", "Suspended"
    LAPSED = "lapsed", "The agreement ended without being carried out.", "Lapsed"
    SUPERSEDED = "superseded", "A later agreement took its place.", "Superseded"
    COMPLETED = "completed", "The agreement ended because its parties call it carried out.", "Completed"


ENDED_STATES = frozenset({AgreementState.LAPSED, AgreementState.SUPERSEDED, AgreementState.COMPLETED})


class CeasefireClass(Term):
    CESSATION = (
        "cessation_of_hostilities",
        "The sides stop fighting, with little machinery.",
        "Cessation of hostilities",
    )
    PRELIMINARY = (
        "preliminary",
        "A truce with rules and monitoring on the way to a settlement.",
        "Preliminary ceasefire",
    )
    DEFINITIVE = "definitive", "A permanent ceasefire with disarmament or a settlement.", "Definitive ceasefire"


class RelationKind(Term):
    IMPLEMENTS = "implements", "Carries the other agreement out.", "implements"
    AMENDS = "amends", "Changes the other agreement's text.", "amends"
    EXTENDS = "extends", "Widens the other agreement to more matters or parties.", "extends"
    RENEWS = "renews", "Prolongs the other agreement.", "renews"
    SUPERSEDES = "supersedes", "Takes the other agreement's place.", "supersedes"


class Review(Term):
    NONE = "none", "A saved status is public at once.", "No second person needed"
    REQUIRED = "required", "A saved status waits until another person publishes it.", "A second person publishes"


class ActorKind(Term):
    STATE = "state", "A state as a whole.", "State"
    GOVERNMENT_BODY = "government_body", "A ministry, army, office or agency of a government.", "Government body"
    ARMED_GROUP = "armed_group", "An organised armed group that is no state's army.", "Armed group"
    INTERGOVERNMENTAL = "intergovernmental", "A body made by states.", "Intergovernmental body"
    COALITION = "coalition", "Several actors that speak as one.", "Coalition"
    CIVIL_SOCIETY = "civil_society", "An association, charity or movement.", "Civil society"
    MEDIA = "media", "A newsroom or agency quoted as the one who says it.", "Media"
    PERSON = "person", "One human being.", "Person"
    OTHER = "other", "None of the other kinds.", "Other"


class PartyRole(Term):
    SIGNATORY = "signatory", "Bound by the text.", "Signatory"
    MEDIATOR = "mediator", "Brings the sides together.", "Mediator"
    GUARANTOR = "guarantor", "Vouches that the text is kept.", "Guarantor"
    MONITOR = "monitor", "Watches whether the text is kept.", "Monitor"
    OBSERVER = "observer", "Present without a task of its own.", "Observer"
    IMPLEMENTER = "implementer", "Carries out part of the text.", "Implementer"


class Saying(Term):
    BEGUN = "begun", "The actor says that the phase has begun.", "begun"
    ENDED = "ended", "The actor says that the phase has ended.", "ended"
    NOT_BEGUN = "not_begun", "The actor says that the phase has not begun.", "not begun"


class Nature(Term):
    DELIVERABLE = "deliverable", "Done once, then finished.", "Done once"
    CONTINUING = "continuing", "Binds from its start all the time.", "Continuing"
    CONDITIONAL = "conditional", "Binds when its conditions are met.", "Conditional"


class Category(Term):
    HOSTILITIES = "hostilities", "Stopping fire, attacks and military operations.", "Hostilities"
    WITHDRAWAL = "withdrawal", "Pulling forces back, or holding an agreed line.", "Withdrawal"
    INTERIM_AUTHORITY = "interim_authority", "Handing over or setting up temporary government.", "Interim authority"
    STABILIZATION_FORCE = "stabilization_force", "An outside force, or police it trains.", "Stabilization force"
    HOSTAGE_RELEASE = "hostage_release", "Returning hostages, living and dead.", "Hostage releases"
    PRISONER_RELEASE = "prisoner_release", "Releasing prisoners and detainees, or their remains.", "Prisoner releases"
    DISARMAMENT = "disarmament", "Giving up weapons and military infrastructure.", "Disarmament"
    RECONSTRUCTION = "reconstruction", "Rebuilding and paying for it.", "Reconstruction"
    HUMANITARIAN_AID = "humanitarian_aid", "Letting in relief and restoring services.", "Humanitarian aid"
    BORDER_CROSSING = "border_crossing", "Opening crossings to people or goods.", "Border crossings"
    MONITORING = "monitoring", "Watching, reporting on and settling disputes about the text.", "Monitoring"
    POLITICAL_PROCESS = "political_process", "Talks, elections, constitution, amnesty, status.", "Political process"
    RETURN_OF_DISPLACED = (
        "return_of_displaced",
        "Letting people stay, leave freely or come home.",
        "Return of the displaced",
    )
    OTHER = "other", "None of the other categories.", "Other"


CROSSWALK: dict[Category, tuple[str, str, str]] = {
    Category.HOSTILITIES: ("cease", "Ce", "cease"),
    Category.WITHDRAWAL: ("with", "SsrFf", "withd"),
    Category.INTERIM_AUTHORITY: ("powtran, untran", "PolNewTemp", "interim"),
    Category.STABILIZATION_FORCE: ("unpkf, regpkf", "ImPK", "pko"),
    Category.HOSTAGE_RELEASE: ("", "", ""),
    Category.PRISONER_RELEASE: ("prisr", "TjPrire", "pris"),
    Category.DISARMAMENT: ("disarm, demob", "SsrDdr", "ddr"),
    Category.RECONSTRUCTION: ("develop, donor", "DevInfra, NEC", ""),
    Category.HUMANITARIAN_AID: ("idps, refug", "DevHum", "return"),
    Category.BORDER_CROSSING: ("", "", ""),
    Category.MONITORING: ("verify, disput", "ImE", "co_impl"),
    Category.POLITICAL_PROCESS: ("selfd, const, elect", "StSd, Cons, Ele", "elections"),
    Category.RETURN_OF_DISPLACED: ("refug, idps", "", "return"),
    Category.OTHER: ("", "", ""),
}
"""The same subject in three datasets: (PAM, PA-X, UCDP); empty where a dataset has no such code."""


class Specificity(Grade):
    NONE = 0, "The text names an aim only.", "Aim only"
    GENERAL = 1, "The text says what, but neither how much nor when.", "General"
    PARTIAL = 2, "The text says what and either how much or when.", "Partly specific"
    FULL = 3, "The text says what, how much and when.", "Fully specific"


class Basis(Term):
    TEXT = "text", "A clause of the agreement says so.", "the text"
    PARTY = "party", "One party insists on it.", "a party insists"


class MeasureKind(Term):
    TOTAL = "total", "A running total.", "Total"
    PER_DAY = "per_day", "A rate for one day.", "Per day"
    SHARE = "share", "A part of a whole, in percent.", "Share"


class Direction(Term):
    """Which side of its target a measure has to be on."""

    AT_LEAST = "at_least", "Reached from below.", "at least"
    AT_MOST = "at_most", "Not to be exceeded.", "at most"


class FigureNature(Term):
    ACTUAL = "actual", "What is said to have happened.", "Actual"
    PLANNED = "planned", "What is announced or listed; it fulfils nothing.", "Planned"
    ESTIMATE = "estimate", "What is said to be roughly so.", "Estimate"


class Counting(Term):
    NEW = "new", "Only what was added in the period.", "new"
    CUMULATIVE = "cumulative", "Everything so far.", "so far"
    RETROACTIVE = "retroactive", "Added now for earlier days.", "added for earlier days"


# What was reported


class Interest(Term):
    PARTY = "party", "Run by a party to the agreement.", "A party's own"
    ALLY_OF_PARTY = "ally_of_party", "Run by or close to an ally of a party.", "Ally of a party"
    MEDIATOR = "mediator", "Run by a mediating state.", "A mediator's own"
    UN = "un", "A body of the United Nations.", "United Nations"
    INDEPENDENT_MONITOR = "independent_monitor", "Monitors without being a party.", "Independent monitor"
    NGO = "ngo", "A non-governmental organisation.", "Non-governmental organisation"
    PRESS = "press", "A newsroom or agency.", "Press"


class Reliability(Term):
    """How far a source has proved right before (Admiralty code)."""

    A = "A", "No doubt about the source.", "A, completely reliable"
    B = "B", "Minor doubts.", "B, usually reliable"
    C = "C", "Doubts, but right in the past.", "C, fairly reliable"
    D = "D", "Significant doubts.", "D, not usually reliable"
    E = "E", "Wrong in the past.", "E, unreliable"
    F = "F", "Nothing to judge by.", "F, cannot be judged"


class Credibility(Grade):
    """How far one report is borne out (Admiralty code)."""

    CONFIRMED = 1, "Confirmed by other independent sources.", "1, confirmed"
    PROBABLE = 2, "Logical and in keeping with other reports.", "2, probably true"
    POSSIBLE = 3, "Reasonable, partly in keeping with other reports.", "3, possibly true"
    DOUBTFUL = 4, "Possible but without support.", "4, doubtful"
    IMPROBABLE = 5, "Contradicted by other reports.", "5, improbable"
    UNKNOWN = 6, "Nothing to judge by.", "6, cannot be judged"


class DatePrecision(Grade):
    DAY = 1, "The day is known.", "Day"
    DAYS = 2, "Known to two to six days.", "A few days"
    WEEK = 3, "Known to a week.", "Week"
    MONTH = 4, "Known to a month.", "Month"
    YEAR = 5, "Known to a year.", "Year"


class WherePrecision(Grade):
    EXACT = 1, "The exact place.", "Exact place"
    NEAR = 2, "Within about 25 km of a known place.", "Near a known place"
    DISTRICT = 3, "Somewhere in a district.", "District"
    PROVINCE = 4, "Somewhere in a province.", "Province"
    LINE = 5, "Along a line or in a vaguely bounded region.", "Region"
    COUNTRY = 6, "Somewhere in a country or territory.", "Country or territory"
    SEA_OR_AIR = 7, "At sea or in the air.", "At sea or in the air"


class EventKind(Term):
    MEETING = "meeting", "People met, or are to meet.", "Meeting"
    STATEMENT = "statement", "Somebody said something in public.", "Statement"
    SIGNING = "signing", "A text was signed.", "Signing"
    DECISION = "decision", "A body decided something.", "Decision"
    APPOINTMENT = "appointment", "Somebody was put in office.", "Appointment"
    RELEASE = "release", "People were set free.", "Release"
    HANDOVER = "handover", "Remains, objects or offices changed hands.", "Handover"
    WITHDRAWAL = "withdrawal", "Forces left or pulled back.", "Withdrawal"
    DEPLOYMENT = "deployment", "Forces or staff arrived.", "Deployment"
    AID_DELIVERY = "aid_delivery", "Relief came in.", "Aid delivery"
    STRIKE = "strike", "Fire from the air or from afar.", "Strike"
    ATTACK = "attack", "Fire or assault on the ground.", "Attack"
    ALLEGED_VIOLATION = "alleged_violation", "An act that somebody calls a breach.", "Alleged violation"
    VERIFICATION = "verification", "A monitor checked and found something.", "Verification"
    TALLY = "tally", "A bulletin of totals; never an incident of its own.", "Tally"
    OTHER = "other", "None of the other kinds.", "Other"


class EventState(Term):
    SCHEDULED = "scheduled", "Announced for a day; what came of it is an event of its own.", "Scheduled"
    OCCURRED = "occurred", "Reported to have happened.", "Happened"


class EventRole(Term):
    PARTICIPANT = "participant", "Took part.", "took part"
    HOST = "host", "Received the others.", "host"
    SPEAKER = "speaker", "Said it.", "speaker"
    ACCUSED = "accused", "Said to have done what is called a breach.", "accused"
    TARGET = "target", "Was aimed at.", "target"
    SUBJECT = "subject", "Is what the event is about.", "subject"


class EffectKind(Term):
    ADVANCES = "advances", "Brings the obligation nearer to being carried out.", "Advances"
    SETS_BACK = "sets_back", "Makes carrying it out harder or later.", "Sets back"
    BREACHES = "breaches", "Is said or shown to break the obligation.", "Breaches"
    CONTEXT = "context", "Bears on the obligation without moving it.", "Context"


class Verification(Term):
    """How sure it is that an act was done; whether the act broke the text is another question."""

    ALLEGED = "alleged", "One side says that the act was done; this is not yet borne out.", "Alleged"
    ADMITTED = (
        "admitted",
        "The one accused says that the act was done; this does not say that it broke the text.",
        "Admitted",
    )
    OBSERVED = (
        "observed",
        "Seen by one who is no party, such as a journalist, or by satellite; this does not say that it broke the text.",
        "Observed",
    )
    VERIFIED = (
        "verified",
        "A monitor checked and confirmed that the act was done; this does not say that it broke the text.",
        "Verified",
    )
    REFUTED = "refuted", "Checked, and the act was found not to have been done so.", "Refuted"
    UNDETERMINED = "undetermined", "Checked, without a finding whether the act was done.", "Undetermined"


class Stance(Term):
    ASSERTS = "asserts", "Says that it is so.", "says so"
    DENIES = "denies", "Says that it is not so.", "denies it"
    DISPUTES = "disputes", "Gives another account of it.", "disputes it"
    JUSTIFIES = "justifies", "Accepts that it is so and defends it.", "justifies it"
    RELAYS = "relays", "Passes on what others say.", "relays it"
    REVISES = "revises", "Replaces its own earlier account.", "revises its account"


class Quarrel(Term):
    """What a contested report is about."""

    FACT = "fact", "Whether it happened.", "what happened"
    AUTHOR = "author", "Who did it.", "who did it"
    LEGALITY = "legality", "Whether it was allowed.", "whether it was allowed"
    AMOUNT = "amount", "How much or how many.", "how much"
    BINDING = "binding", "Whether the text binds.", "whether the text binds"


CONTESTING = frozenset({Stance.DENIES, Stance.DISPUTES, Stance.JUSTIFIES})
"""The stances any one of which makes a matter disputed."""


# What we conclude


class Level(Grade):
    NOT_INITIATED = 0, "Nothing done yet; an announcement alone stays here.", "Not initiated"
    MINIMAL = 1, "Begun, under half; for a duty to abstain: frequent breaches.", "Minimal"
    INTERMEDIATE = 2, "Half or more, not all; for a duty to abstain: isolated breaches.", "Intermediate"
    FULL = 3, "Done; for a duty to abstain: no credible breach.", "Full"


class Movement(Term):
    """The direction of an assessment."""

    ADVANCING = "advancing", "Moving towards being carried out.", "Advancing"
    HOLDING = "holding", "Staying where it is.", "Holding"
    STALLED = "stalled", "Blocked.", "Stalled"
    REVERSING = "reversing", "Moving away from being carried out.", "Reversing"


class Conformity(Term):
    AS_AGREED = "as_agreed", "Carried out the way the text says.", "As agreed"
    MODIFIED = "modified", "Carried out in another way than the text says.", "As modified"
    CONTRARY_ALLEGED = (
        "contrary_alleged",
        "One says that the text is broken; it is not admitted, observed or verified.",
        "Breach alleged",
    )
    CONTRARY = (
        "contrary",
        "The act is admitted, observed or verified, and a researcher judged it contrary to the text.",
        "Contrary to the text",
    )
    UNCLEAR_TEXT = "unclear_text", "The text does not say what would carry it out.", "Text unclear"


class Stage(Term):
    """Where a judgement stands on its way to the public."""

    DRAFT = "draft", "Seen by its author only.", "Draft"
    IN_REVIEW = "in_review", "Waits for another person to publish it.", "Waiting for review"
    PUBLISHED = "published", "Public, and never changed again.", "Published"


class SuggestionOutcome(DeskTerm):
    """What became of a correction that a reader proposed."""

    ACCEPTED = "accepted", "The record was corrected; the answer leads to the correction.", "Accepted"
    DECLINED = "declined", "The record stays as it is; the answer says why.", "Declined"


class ProposalStage(DeskTerm):
    """Where a set of changes stands that one person brings and another publishes."""

    DRAFT = "draft", "Being written; seen by its author only.", "Draft"
    IN_REVIEW = "in_review", "Waits for another person.", "Waiting for review"
    SENT_BACK = "sent_back", "Returned to its author with a comment.", "Sent back"
    PUBLISHED = "published", "Public.", "Published"
    DROPPED = "dropped", "Taken back by its author; nothing of it was public.", "Taken back"


class CopyOrigin(DeskTerm):
    """How the kept copy of an article came in."""

    FETCHED = "fetched", "Read by the server at the article's address.", "Read at its address"
    PASTED = "pasted", "Text that a researcher pasted.", "Pasted"
    UPLOADED = "uploaded", "A file that a researcher uploaded.", "Uploaded"


class CandidateState(DeskTerm):
    """What became of an article that a feed announced."""

    NEW = "new", "Nobody has looked at it yet.", "New"
    TAKEN = "taken", "Brought in to be read.", "Taken"
    IGNORED = "ignored", "Left aside, with a reason.", "Left aside"


class Rhythm(DeskTerm):
    """How often a recurring source appears."""

    DAILY = "daily", "Every day.", "Daily"
    WEEKLY = "weekly", "Every week.", "Weekly"
    MONTHLY = "monthly", "Every month.", "Monthly"


class CodingKind(DeskTerm):
    """What a coding round codes."""

    STATUS = "status", "Level, direction and fit of obligations on a day.", "Status of obligations"
    EVENT = "event", "Effect and verification of events.", "Events"


class Timeliness(Term):
    NO_DEADLINE = "no_deadline", "The text sets no day.", "No date"
    NOT_DUE = "not_due", "The day has not passed; due today is not overdue.", "Not yet due"
    OVERDUE = "overdue", "The day has passed and it is not done.", "Overdue"
    DONE_ON_TIME = "done_on_time", "Done by the day.", "On time"
    DONE_LATE = "done_late", "Done after the day.", "Late"
    IN_EFFECT = "in_effect", "A continuing duty that binds.", "Continuing"


class Contestation(Term):
    UNCONTESTED = "uncontested", "Nobody contradicts, and not everything rests on one source.", "Uncontested"
    DISPUTED = "disputed", "Those who speak about it contradict one another.", "Disputed"
    SINGLE_ORIGINATOR = "single_originator", "Only one source stands behind it.", "One source"


class StatusWord(Term):
    NOT_ASSESSED = (
        "not_assessed",
        "Nobody has judged it here by that day. This does not mean that nothing was done.",
        "Not assessed",
    )
    FULFILLED = "fulfilled", "Done in full, by its day or without one.", "Fulfilled"
    FULFILLED_LATE = "fulfilled_late", "Done in full after its day.", "Fulfilled late"
    LAPSED = "lapsed", "Not finished when the agreement ended, or no longer binding since.", "Lapsed"
    BREACHED = (
        "breached",
        "The act is admitted, observed or verified, and a researcher judged it contrary to the text.",
        "Breached",
    )
    BREACH_ALLEGED = (
        "breach_alleged",
        "One says that it is broken; it is not admitted, observed or verified.",
        "Breach alleged",
    )
    KEPT = "kept", "A continuing duty kept in full.", "Kept"
    REVERSING = "reversing", "Moving away from being carried out.", "Reversing"
    STALLED = "stalled", "Blocked.", "Stalled"
    OVERDUE = "overdue", "Its day has passed and it is not done.", "Overdue"
    NOT_KEPT = "not_kept", "A continuing duty of which nothing is kept.", "Not kept"
    IN_TALKS = "in_talks", "Nothing done yet, but talks about it move.", "In talks"
    NOT_YET_DUE = "not_yet_due", "Nothing done yet and its day has not passed.", "Not yet due"
    WAITING = "waiting", "Waits for a condition that is not met.", "Waiting"
    NOT_STARTED = "not_started", "Nothing done yet.", "Not started"
    PARTLY_KEPT = "partly_kept", "A continuing duty kept in part.", "Partly kept"
    UNDER_WAY = "under_way", "Begun and not finished.", "Under way"
