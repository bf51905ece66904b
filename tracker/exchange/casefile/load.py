"""From case files into the database: everything is checked first, then everything is written in one transaction.

Loading adds and corrects; what a file lacks is left alone. Rows are recognised by their names in the file, published
assessments by ``judgements``. A second load of the same file finds nothing to do and writes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tracker import models as tables
from tracker.models import keeping_times

from . import schema
from .check import Understood, check, understand
from .judgements import Plan, known_assessments, plan
from .problems import BrokenCase, Problem
from .read import read
from .record import Others, check_record
from .write import Summary, Writer

LOADING = 20251010
"""The number of the lock that keeps two loads apart."""


def load(files: Sequence[tuple[str, bytes]], *, keep_present: bool = False) -> list[Summary]:
    """Loads case files, given as (name, content), all or none. Raises BrokenCase with every error of every file.

    With ``keep_present``, a file whose agreement is there already is checked and otherwise left alone.
    """
    understood = []
    problems: list[Problem] = []
    for file, data in files:
        found: list[Problem] = []
        understood.append((file, _understand(data, found)))
        problems += _sorted(found, file)
    try:
        with transaction.atomic():
            return _load(understood, problems, keep_present=keep_present)
    except (IntegrityError, ValidationError) as error:
        # The checks leave nothing to find but what somebody else wrote between them and the end.
        said = " ".join(str(error).split())
        raise BrokenCase(
            [Problem("", f"the database refused it, perhaps because of another change: {said}")]
        ) from error


def _load(
    understood: Sequence[tuple[str, Understood | None]], problems: list[Problem], *, keep_present: bool
) -> list[Summary]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    works: list[tuple[schema.CaseFile, Plan]] = []
    others = Others()
    slugs = {case.case.agreement.slug for _, case in understood if case}
    for file, case in understood:
        if case is None:
            continue
        found: list[Problem] = []
        works.append((case.case, _check_against_record(case, others, slugs, found)))
        others.add(case.case, file)
        problems += _sorted(found, file)
    if problems:
        order = {file: number for number, (file, _) in enumerate(understood)}
        raise BrokenCase(sorted(problems, key=lambda problem: (order[problem.file], *problem.order)))
    present = set(tables.Agreement.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if keep_present:
        works = [work for work in works if work[0].agreement.slug not in present]
    summaries = _write(works)
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
    check_record(case, agreement, others, slugs, problems)
    return plan(case, known_assessments(agreement) if agreement else [], problems)


def _sorted(problems: Iterable[Problem], file: str) -> list[Problem]:
    # The same place may be reached on two ways.
    once = dict.fromkeys(replace(problem, file=file) for problem in problems)
    return sorted(once, key=lambda problem: problem.order)


def _write(works: Sequence[tuple[schema.CaseFile, Plan]]) -> list[Summary]:
    with keeping_times():
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: dt.datetime = cursor.fetchone()[0]
        writers = [Writer(case, steps, moment) for case, steps in works]
        for writer in writers:
            writer.write()
        # Only now is every agreement there to relate to.
        for writer in writers:
            writer.write_relations()
    return [writer.summary for writer in writers]
