"""From case files into the database: everything is checked first, then everything is written in one transaction.

Loading adds and corrects; what a file lacks is left alone. Rows are recognised by their names in the file, published
assessments by ``judgements``. A second load of the same file finds nothing to do and writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tracker import models as tables
from tracker.models import keeping_times
from tracker.models.base import clock

from . import schema
from .check import Understood, check, understand
from .heirs import heirs_of
from .judgements import OTHER_ACCOUNT, Plan, known_assessments, plan
from .problems import BrokenCase, Problem
from .read import read
from .record import Others, check_record
from .write import Summary, Writer

LOADING = 20251010
"""The number of the lock that keeps two loads apart."""


def load(
    files: Sequence[tuple[str, bytes]], *, keep_present: bool = False, unreadable: Sequence[Problem] = ()
) -> list[Summary]:
    """Loads case files, given as (name, content), all or none. Raises BrokenCase with every error of every file.

    With ``keep_present``, a file whose agreement is there already is checked and otherwise left alone. ``unreadable``
    are errors with files that could not even be opened: the others are checked, and nothing is loaded.
    """
    works = []
    for file, data in files:
        problems: list[Problem] = []
        works.append(_Work(file, _understand(data, problems), problems))
    try:
        with transaction.atomic():
            return _load(works, unreadable, keep_present=keep_present)
    except (IntegrityError, ValidationError) as error:
        # The checks leave nothing to find but what somebody else wrote between them and the end.
        said = " ".join(str(error).split())
        raise BrokenCase(
            [Problem("", f"the database refused it, perhaps because of another change: {said}")]
        ) from error


@dataclass(slots=True)
class _Work:
    file: str
    understood: Understood | None
    problems: list[Problem]
    plan: Plan = field(default_factory=Plan)

    def told(self) -> list[Problem]:
        """The errors in the order of the file, each once."""
        problems = self.understood.without_echoes(self.problems) if self.understood else self.problems
        once = dict.fromkeys(replace(problem, file=self.file) for problem in problems)
        return sorted(once, key=lambda problem: problem.order)


def _load(works: Sequence[_Work], unreadable: Sequence[Problem], *, keep_present: bool) -> list[Summary]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    others = Others()
    slugs = {work.understood.case.agreement.slug for work in works if work.understood}
    for work in works:
        if work.understood:
            work.plan = _check_against_record(work.understood, others, slugs, work.problems)
            others.add(work.understood.case, work.file)
    problems = [*unreadable, *(problem for work in works for problem in work.told())]
    if problems:
        raise BrokenCase(problems)
    present = set(tables.Agreement.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    cases = [(work.understood.case, work.plan) for work in works if work.understood]
    if keep_present:
        cases = [(case, plan) for case, plan in cases if case.agreement.slug not in present]
    summaries = _write(cases)
    return summaries + [Summary(slug, notes=["left as it is"]) for slug in sorted(present) if keep_present]


def _understand(data: bytes, problems: list[Problem]) -> Understood | None:
    try:
        understood = understand(read(data, problems), problems)
    except BrokenCase as error:
        problems += error.problems
        return None
    if understood:
        check(understood, problems)
    return understood


def _check_against_record(case: Understood, others: Others, slugs: set[str], problems: list[Problem]) -> Plan:
    agreement = tables.Agreement.objects.filter(slug=case.case.agreement.slug).first()
    if agreement:
        # Whoever changes a status now waits until the load is through.
        locked = tables.Obligation.objects.filter(agreement=agreement).order_by("pk").select_for_update(of=("self",))
        len(locked)
    heirs = heirs_of(agreement)
    check_record(case, agreement, others, slugs, heirs, problems)
    return plan(case, known_assessments(agreement) if agreement else [], heirs, problems)


def _write(cases: Sequence[tuple[schema.CaseFile, Plan]]) -> list[Summary]:
    # Readers see why an event changed that a published judgement rests on.
    with keeping_times(), pghistory.context(reason=OTHER_ACCOUNT):
        moment = clock()
        writers = [Writer(case, steps, moment) for case, steps in cases]
        for writer in writers:
            writer.write()
        # Only now is every agreement there to relate to.
        for writer in writers:
            writer.write_relations()
    return [writer.summary for writer in writers]
