"""Tables, the questions asked of them, and the only ways to change them."""

from .actors import Actor
from .agreements import (
    Agreement,
    AgreementRelation,
    Clause,
    Condition,
    DatedState,
    Declaration,
    Instrument,
    Measure,
    Obligation,
    Party,
    Phase,
)
from .assessments import (
    Assessment,
    Attribution,
    Check,
    Conflict,
    Evidence,
    Judgement,
    Reconsideration,
    Retraction,
    check_evidence,
    check_judgement,
    keeping_times,
)
from .base import Vantage, derived_id, today
from .copies import BrokenAnchor, Copy, Link
from .evidence import Article, Effect, Event, EventActor, Observation, Outlet, Report, Source, Withdrawal
from .inbox import Bulletin, Candidate, Feed, Look
from .people import ADMINISTRATORS, RESEARCHERS, REVIEWERS, Person
from .proposals import Proposal, Remark
from .regroupings import Regrouping
from .rounds import Answer, Coder, Item, Memo, Round, Settlement
from .suggestions import Reply, Suggestion

__all__ = [
    "ADMINISTRATORS",
    "RESEARCHERS",
    "REVIEWERS",
    "Actor",
    "Agreement",
    "AgreementRelation",
    "Answer",
    "Article",
    "Assessment",
    "Attribution",
    "BrokenAnchor",
    "Bulletin",
    "Candidate",
    "Check",
    "Clause",
    "Coder",
    "Condition",
    "Conflict",
    "Copy",
    "DatedState",
    "Declaration",
    "Effect",
    "Event",
    "EventActor",
    "Evidence",
    "Feed",
    "Instrument",
    "Item",
    "Judgement",
    "Link",
    "Look",
    "Measure",
    "Memo",
    "Obligation",
    "Observation",
    "Outlet",
    "Party",
    "Person",
    "Phase",
    "Proposal",
    "Reconsideration",
    "Regrouping",
    "Remark",
    "Reply",
    "Report",
    "Retraction",
    "Round",
    "Settlement",
    "Source",
    "Suggestion",
    "Vantage",
    "Withdrawal",
    "check_evidence",
    "check_judgement",
    "derived_id",
    "keeping_times",
    "today",
]
