"""From the database to one case file: the published record of an agreement, always in the same bytes.

Lists are in code-point order, keys in the format's, what is the default or follows from the file itself is left out.
Loaded into an empty database, the text gives the same record, with its ids and its moments of recording.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml
from django.db.models import Model, Q

from tracker import models as tables
from tracker.codebook import DEFAULT_LANGUAGE, Basis, DatePrecision, Direction, FigureNature, Stage
from tracker.exchange.addresses import canonical_url
from tracker.models import Actor, Agreement, Assessment

from . import names
from .names import outlet_slug
from .schema import FORMAT
from .text import line, prose

WIDTH = 120

type Keys = dict[str, Any]


def dump(slug: str) -> str:
    """The agreement's case file. Raises ``Agreement.DoesNotExist``. About thirty queries, however large it is."""
    return write(_Dumper(Agreement.objects.get(slug=slug)).case())


def write(case: Keys) -> str:
    """Data as YAML: short rows on one line, everything else one key a line."""
    text: str = yaml.dump(
        case, Dumper=_Dump, default_flow_style=False, allow_unicode=True, sort_keys=False, width=WIDTH, line_break="\n"
    )
    return text


class _Dump(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


class Flow(dict[str, Any]):
    """A row short enough for one line."""


def short(row: Keys) -> Keys:
    """On one line, unless it says when it was recorded: a moment has colons, which do not stand well there."""
    return row if "recorded_at" in row else Flow(row)


def _represent_list(dumper: Any, data: list[Any]) -> Any:
    short = all(isinstance(item, str | int) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dump.add_representer(list, _represent_list)
_Dump.add_representer(Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), True))
_Dump.add_representer(uuid.UUID, lambda dumper, data: dumper.represent_str(str(data)))


def _represent_number(dumper: Any, data: Decimal) -> Any:
    text = f"{data.normalize():f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dump.add_representer(Decimal, _represent_number)
_Dump.add_representer(
    dt.datetime,
    lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:timestamp", _instant(data)),
)


def _instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def compact(keys: Mapping[str, Any], **defaults: Any) -> Keys:
    """Without what is empty or the default."""
    return {key: value for key, value in keys.items() if value not in (None, "", [], {}) and value != defaults.get(key)}


class _Dumper:
    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.slug = agreement.slug
        self.heirs: dict[uuid.UUID, uuid.UUID] = {}
        for table in (Actor, tables.Outlet, tables.Article, tables.Event):
            merged = table.with_merged.filter(merged_into__isnull=False).order_by()
            self.heirs |= {pk: into for pk, into in merged.values_list("pk", "merged_into") if into}
        self.actors: dict[uuid.UUID, Actor] = Actor.objects.in_bulk()
        self.used: set[uuid.UUID] = set()
        self.outlets = tables.Outlet.objects.in_bulk()
        self.outlets_used: set[uuid.UUID] = set()
        events = tables.Event.objects.filter(agreement=agreement, stage=Stage.PUBLISHED).select_related("outcome")
        self.events = {row.pk: row for row in events}
        duties = tables.Obligation.objects.filter(agreement=agreement)
        self.duties = {row.pk: row for row in duties.select_related("phase", "instrument", "clause__instrument")}
        self.measures = {row.pk: row for row in tables.Measure.objects.filter(obligation__agreement=agreement)}
        self.reports = self.of_events(tables.Report)
        self.observations = self.of_events(tables.Observation)
        self.withdrawals = self.find_withdrawals()
        phases = tables.Phase.objects.filter(agreement=agreement)
        self.phases = {row.pk: row for row in phases}
        self.declarations = self.inherited(tables.Declaration.objects.filter(phase__agreement=agreement))
        self.clauses = [
            (row.instrument.code, line(row.number), row)
            for row in tables.Clause.objects.filter(instrument__agreement=agreement).select_related("instrument")
        ]
        self.articles, self.refs = self.find_sources()

    def of_events[M: Model](self, model: type[M]) -> list[M]:
        rows = model._default_manager.filter(event__in=self.events)
        # What somebody still drafts of a public event is not public.
        staged = any(column.name == "stage" for column in model._meta.concrete_fields)
        return self.inherited(rows.filter(stage=Stage.PUBLISHED) if staged else rows)

    def find_withdrawals(self) -> dict[Any, tables.Withdrawal]:
        """What is withdrawn now, by its id. What was put back again leaves no trace in a file."""
        ours = Q(event__in=self.events) | Q(report__event__in=self.events) | Q(observation__event__in=self.events)
        rows = tables.Withdrawal.objects.filter(ours).order_by("recorded_at", "id")
        last = {row.event_id or row.report_id or row.observation_id: row for row in rows}
        return {pk: row for pk, row in last.items() if row.withdrawn}

    def withdrawn(self, row: Any) -> Keys | None:
        found = self.withdrawals.get(row.pk)
        if found is None:
            return None
        return compact({"at": found.recorded_at, "reason": prose(found.reason), "byline": line(found.byline)})

    def inherited[M: Model](self, rows: Iterable[M]) -> list[M]:
        """The rows, with the heir in place of an article that was merged."""
        found = list(rows)
        for row in found:
            article = getattr(row, "article_id", None)
            if article in self.heirs:
                setattr(row, "article_id", self.heirs[article])  # noqa: B010  # not every table has one
        return found

    def find_sources(self) -> tuple[dict[uuid.UUID, tables.Article], dict[uuid.UUID, str]]:
        """The articles that the public record rests on or the file named, and the ref of each."""
        named = tables.Source.objects.filter(agreement=self.agreement).order_by("ref").values_list("article", "ref")
        refs = {pk: ref for pk, ref in named if pk not in self.heirs}
        for pk, ref in named:
            refs.setdefault(self.heirs.get(pk, pk), ref)
        cited = {row.article_id for row in self.reports} | {row.article_id for row in self.observations}
        cited |= {row.article_id for row in self.declarations}
        # Named once and cited only by what is not public yet: that is not public either.
        waiting: set[uuid.UUID] = set()
        for model in (tables.Report, tables.Observation):
            rows = model._default_manager.filter(event__agreement=self.agreement).exclude(event__stage=Stage.PUBLISHED)
            waiting |= {self.heirs.get(pk, pk) for pk in rows.order_by().values_list("article", flat=True)}
        wanted = cited | {pk for pk in refs if pk not in waiting}
        articles = tables.Article.objects.in_bulk(wanted)
        taken = set(refs.values())
        for pk, article in sorted(articles.items()):
            if pk not in refs:
                outlet = self.heirs.get(article.outlet_id, article.outlet_id)
                stem = f"{outlet_slug(self.outlets[outlet].name)[:40].strip('-')}-{pk.hex[:8]}"
                refs[pk] = stem if stem not in taken else f"{stem}-{pk.hex}"[-60:].strip("-")
                taken.add(refs[pk])
        return articles, {pk: refs[pk] for pk in articles}

    # Pieces

    def actor(self, pk: uuid.UUID | None) -> str | None:
        """The actor's name in the file; whoever is named is also described there."""
        pk = self.heirs.get(pk, pk) if pk else None
        at = pk
        while at is not None and at not in self.used:
            self.used.add(at)
            above = self.actors[at].parent_id
            at = self.heirs.get(above, above) if above else None
        return self.actors[pk].slug if pk else None

    def outlet(self, pk: uuid.UUID | None) -> str | None:
        if pk is None:
            return None
        pk = self.heirs.get(pk, pk)
        self.outlets_used.add(pk)
        return line(self.outlets[pk].name)

    def recorded(self, row: Any, outer: dt.datetime | None = None) -> dt.datetime | None:
        """The moment of recording, where it is not that of what the row stands in."""
        moment: dt.datetime = row.recorded_at
        return None if moment == (outer or self.agreement.recorded_at) else moment

    @staticmethod
    def own_id(row: Any, follows: uuid.UUID) -> uuid.UUID | None:
        return None if row.pk == follows else row.pk

    def links(self, owner: type[Model], name: str, column: str) -> dict[uuid.UUID, list[uuid.UUID]]:
        through = getattr(owner, name).through
        linked: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for one, other in through._default_manager.filter(
            **{f"{column.removesuffix('_id')}__agreement": self.agreement}
        ).values_list(column, "actor_id"):
            linked[one].append(other)
        return linked

    def slugs(self, pks: Iterable[uuid.UUID]) -> list[str]:
        return sorted({self.actor(pk) or "" for pk in pks})

    def clause(self, row: tables.Clause | None, instrument: str | None) -> str | None:
        """The clause's number, with its instrument where the number alone would mean another one."""
        if row is None:
            return None
        code, number = row.instrument.code, line(row.number)
        found = names.find_clause(number, instrument, [(of, known) for of, known, _ in self.clauses])
        return number if found == [(code, number)] else names.clause_name(code, number)

    # The file

    def case(self) -> Keys:
        # Actors and outlets come last, when it is known who is named.
        body: Keys = {
            "instruments": self.instruments(),
            "clauses": self.clause_rows(),
            "parties": self.parties(),
            "phases": self.phase_rows(),
            "obligations": self.obligations(),
            "sources": self.sources(),
            "events": self.event_rows(),
            "assessments": self.assessments(),
            "checks": self.checks(),
        }
        body["outlets"] = self.outlet_rows()
        body["actors"] = self.actor_rows()
        order = (
            *("instruments", "clauses", "actors", "parties", "phases", "obligations", "outlets", "sources"),
            *("events", "assessments", "checks"),
        )
        case: Keys = {"format": FORMAT, "agreement": self.agreement_keys()}
        return case | compact({name: body[name] for name in order})

    def agreement_keys(self) -> Keys:
        row = self.agreement
        states = [
            short(compact({"state": item.state, "since": item.since, "recorded_at": self.recorded(item)}))
            for item in row.states.order_by("since")
        ]
        relations = [
            short(compact({"to": item.to.slug, "kind": item.kind, "recorded_at": self.recorded(item)}))
            for item in sorted(row.relations.select_related("to"), key=lambda item: (item.to.slug, item.kind))
        ]
        return {
            key: value
            for key, value in {
                "slug": row.slug,
                "id": self.own_id(row, names.agreement_id(row.slug)),
                "title": line(row.title),
                "conflict": line(row.conflict),
                "territory": line(row.territory),
                "signed_on": row.signed_on,
                "effective_on": row.effective_on,
                "summary": prose(row.summary),
                "states": states,
                "stage": line(row.stage),
                "ceasefire_class": row.ceasefire_class,
                "review": row.review,
                "external_ids": _plain_ids(row.external_ids),
                "relations": relations,
                "recorded_at": row.recorded_at,
            }.items()
            if key == "states" or value not in (None, "", [], {})
        }

    def instruments(self) -> list[Keys]:
        accepted = self.links(tables.Instrument, "accepted_by", "instrument_id")
        disputed = self.links(tables.Instrument, "disputed_by", "instrument_id")
        return [
            compact(
                {
                    "code": row.code,
                    "id": self.own_id(row, names.instrument_id(self.slug, row.code)),
                    "title": line(row.title),
                    "date": row.date,
                    "url": row.url,
                    "accepted_by": self.slugs(accepted[row.pk]),
                    "disputed_by": self.slugs(disputed[row.pk]),
                    "recorded_at": self.recorded(row),
                }
            )
            for row in sorted(tables.Instrument.objects.filter(agreement=self.agreement), key=lambda row: row.code)
        ]

    def clause_rows(self) -> list[Keys]:
        return [
            compact(
                {
                    "number": number,
                    "id": self.own_id(row, names.clause_id(self.slug, code, number)),
                    "instrument": code,
                    "text": prose(row.text),
                    "language": line(row.language),
                    "recorded_at": self.recorded(row),
                },
                language=DEFAULT_LANGUAGE,
            )
            for code, number, row in sorted(self.clauses, key=lambda item: item[:2])
        ]

    def actor_rows(self) -> list[Keys]:
        rows = sorted((self.actors[pk] for pk in self.used), key=lambda row: row.slug)
        return [
            compact(
                {
                    "ref": row.slug,
                    "id": self.own_id(row, names.actor_id(row.slug)),
                    "name": line(row.name),
                    "kind": row.kind,
                    "parent": self.actor(row.parent_id),
                    "aliases": sorted({line(alias) for alias in row.aliases} - {""}),
                    "recorded_at": self.recorded(row),
                }
            )
            for row in rows
        ]

    def parties(self) -> list[Keys]:
        rows = tables.Party.objects.filter(agreement=self.agreement)
        made = [
            short(compact({"actor": self.actor(row.actor_id), "role": row.role, "recorded_at": self.recorded(row)}))
            for row in rows
        ]
        return sorted(made, key=lambda keys: (keys["actor"], keys["role"]))

    def phase_rows(self) -> list[Keys]:
        waiting = self.conditions("phase_id")
        said: dict[uuid.UUID, list[Keys]] = defaultdict(list)
        for item in self.declarations:
            phase = self.phases[item.phase_id]
            keys = {
                "actor": self.actor(item.actor_id),
                "date": item.date,
                "says": item.says,
                "source": self.refs[item.article_id],
                "recorded_at": self.recorded(item, phase.recorded_at),
            }
            said[item.phase_id].append(short(compact(keys)))
        return [
            compact(
                {
                    "ordinal": row.ordinal,
                    "id": self.own_id(row, names.phase_id(self.slug, row.ordinal)),
                    "title": line(row.title),
                    "summary": prose(row.summary),
                    "agreed_on": row.agreed_on,
                    "planned_start": row.planned_start,
                    "planned_end": row.planned_end,
                    "conditions": waiting[row.pk],
                    "declarations": sorted(
                        said[row.pk], key=lambda keys: (keys["date"].isoformat(), keys["actor"], keys["says"])
                    ),
                    "recorded_at": self.recorded(row),
                }
            )
            for row in sorted(self.phases.values(), key=lambda row: row.ordinal)
        ]

    def conditions(self, holder: str) -> dict[uuid.UUID, list[Keys]]:
        rows = tables.Condition.objects.filter(requires__agreement=self.agreement).exclude(**{holder: None})
        made: dict[uuid.UUID, list[Keys]] = defaultdict(list)
        for row in rows.select_related("clause__instrument"):
            duty = self.duties.get(row.obligation_id) if row.obligation_id else None
            outer = duty or self.phases[row.phase_id]  # type: ignore[index]  # one of the two is there
            instrument = duty.instrument.code if duty and duty.instrument else None
            keys = {
                "obligation": self.duties[row.requires_id].code,
                "level": row.level,
                "basis": row.basis,
                "actor": self.actor(row.actor_id) if row.basis == Basis.PARTY else None,
                "clause": self.clause(row.clause, instrument),
                "recorded_at": self.recorded(row, outer.recorded_at),
            }
            made[getattr(row, holder)].append(short(compact(keys)))
        for found in made.values():
            found.sort(key=lambda keys: (keys["obligation"], keys["basis"], keys.get("actor", "")))
        return made

    def obligations(self) -> list[Keys]:
        owing = self.links(tables.Obligation, "obligors", "obligation_id")
        gaining = self.links(tables.Obligation, "beneficiaries", "obligation_id")
        waiting = self.conditions("obligation_id")
        measures: dict[uuid.UUID, list[tables.Measure]] = defaultdict(list)
        for measure in self.measures.values():
            measures[measure.obligation_id].append(measure)
        made = []
        for row in sorted(self.duties.values(), key=lambda row: row.code):
            keys = {
                "code": row.code,
                "id": self.own_id(row, names.obligation_id(self.slug, row.code)),
                "phase": row.phase.ordinal,
                "category": row.category,
                "nature": row.nature,
                "title": line(row.title),
                "instrument": row.instrument.code if row.instrument else None,
                "agreed_on": row.agreed_on,
                "obligors": self.slugs(owing[row.pk]),
                "beneficiaries": self.slugs(gaining[row.pk]),
                "clause": self.clause(row.clause, row.instrument.code if row.instrument else None),
                "due_on": row.due_on,
                "due_rule": line(row.due_rule),
                "specificity": row.specificity,
                "weight": row.weight,
                "measures": [
                    self.measure(row, measure) for measure in sorted(measures[row.pk], key=lambda item: item.code)
                ],
                "conditions": waiting[row.pk],
                "recorded_at": self.recorded(row),
            }
            made.append(_keep(compact(keys, weight=1), keys, "obligors"))
        return made

    def measure(self, duty: tables.Obligation, row: tables.Measure) -> Keys:
        keys = {
            "code": row.code,
            "id": self.own_id(row, names.measure_id(self.slug, duty.code, row.code)),
            "label": line(row.label),
            "unit": line(row.unit),
            "kind": row.kind,
            "direction": row.direction,
            "target": row.target,
            "target_basis": line(row.target_basis),
            "target_from": row.target_from,
            "counted": line(row.counted),
            "not_counted": line(row.not_counted),
            "recorded_at": self.recorded(row, duty.recorded_at),
        }
        return compact(keys, direction=Direction.AT_LEAST)

    def outlet_rows(self) -> list[Keys]:
        made = []
        for row in sorted((self.outlets[pk] for pk in self.outlets_used), key=lambda row: line(row.name)):
            name = line(row.name)
            keys = {
                "name": name,
                "id": self.own_id(row, names.outlet_id(name)),
                "slug": None if row.slug == outlet_slug(name) else row.slug,
                "domain": line(row.domain),
                "country": line(row.country),
                "interest": row.interest,
                "recorded_at": self.recorded(row),
            }
            keys = compact(keys)
            # A source names it, and there is nothing to add.
            if len(keys) > 1:
                made.append(keys)
        return made

    def sources(self) -> list[Keys]:
        made = []
        for pk, ref in sorted(self.refs.items(), key=lambda item: item[1]):
            row = self.articles[pk]
            url = canonical_url(row.url)
            keys = {
                "ref": ref,
                "id": self.own_id(row, names.article_id(url)),
                "outlet": self.outlet(row.outlet_id),
                "title": line(row.title),
                "url": url,
                "language": line(row.language),
                "authors": line(row.authors),
                "published_on": row.published_on,
                "accessed_on": row.accessed_on,
                "archive_url": row.archive_url,
                "copy_of": line(row.copy_of),
                "reliability": row.reliability,
                "recorded_at": self.recorded(row),
            }
            made.append(compact(keys, language=DEFAULT_LANGUAGE))
        return made

    def event_rows(self) -> list[Keys]:
        roles: dict[uuid.UUID, list[Keys]] = defaultdict(list)
        for role in self.of_events(tables.EventActor):
            moment = self.recorded(role, self.events[role.event_id].recorded_at)
            keys = {"actor": self.actor(role.actor_id), "role": role.role, "recorded_at": moment}
            roles[role.event_id].append(short(compact(keys)))
        effects: dict[uuid.UUID, list[Keys]] = defaultdict(list)
        for effect in self.of_events(tables.Effect):
            moment = self.recorded(effect, self.events[effect.event_id].recorded_at)
            duty = self.duties[effect.obligation_id].code
            keys = {"obligation": duty, "effect": effect.effect, "recorded_at": moment}
            effects[effect.event_id].append(short(compact(keys)))
        reports: dict[uuid.UUID, list[tables.Report]] = defaultdict(list)
        for report in self.reports:
            reports[report.event_id].append(report)
        figures: dict[uuid.UUID, list[tables.Observation]] = defaultdict(list)
        for figure in self.observations:
            figures[figure.event_id].append(figure)
        made = []
        for row in sorted(self.events.values(), key=lambda row: row.ref):
            public_outcome = row.outcome if row.outcome_id in self.events else None
            told: Keys = {
                "ref": row.ref,
                "id": self.own_id(row, names.event_id(self.slug, row.ref)),
                "date": row.date,
                "date_precision": row.date_precision,
                "date_end": row.date_end,
                "state": row.state,
                "kind": row.kind,
                "title": line(row.title),
                "summary": prose(row.summary),
                "place": line(row.place),
                "latitude": row.latitude,
                "longitude": row.longitude,
                "where_precision": row.where_precision,
                "verification": row.verification,
                "note": prose(row.note),
                "outcome": public_outcome.ref if public_outcome else None,
                "actors": sorted(roles[row.pk], key=lambda keys: (keys["actor"], keys["role"])),
                "effects": sorted(effects[row.pk], key=lambda keys: str(keys["obligation"])),
                "reports": self.report_rows(row, reports[row.pk]),
                "observations": self.figure_rows(row, figures[row.pk]),
                "recorded_at": self.recorded(row),
                "withdrawn": self.withdrawn(row),
            }
            made.append(_keep(compact(told, date_precision=DatePrecision.DAY), told, "reports"))
        return made

    def report_rows(self, event: tables.Event, rows: Sequence[tables.Report]) -> list[Keys]:
        def keys(row: tables.Report) -> Keys:
            return {
                "source": self.refs[row.article_id],
                "id": row.pk,
                "stance": row.stance,
                "about": row.about,
                "originator": self.actor(row.originator_id),
                "originator_text": line(row.originator_text),
                "relays": self.outlet(row.relays_id),
                "credibility": row.credibility,
                "quote": line(row.quote),
                "prefix": line(row.prefix),
                "suffix": line(row.suffix),
                "quote_language": line(row.quote_language),
                "translator": line(row.translator),
                "recorded_at": self.recorded(row, event.recorded_at),
                "withdrawn": self.withdrawn(row),
            }

        def stem(made: Keys) -> Callable[[int], uuid.UUID]:
            return lambda number: names.report_id(self.slug, event.ref, made["source"], number)

        return in_order([keys(row) for row in rows], lambda made: made["source"], stem)

    def figure_rows(self, event: tables.Event, rows: Sequence[tables.Observation]) -> list[Keys]:
        def keys(row: tables.Observation) -> Keys:
            measure = self.measures[row.measure_id]
            return {
                "obligation": self.duties[measure.obligation_id].code,
                "measure": measure.code,
                "id": row.pk,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "as_of": row.as_of,
                "period_start": row.period_start,
                "nature": "" if row.nature == FigureNature.ACTUAL else row.nature,
                "counts": row.counts,
                "source": self.refs[row.article_id],
                "originator": self.actor(row.originator_id),
                "originator_text": line(row.originator_text),
                "note": line(row.note),
                "recorded_at": self.recorded(row, event.recorded_at),
                "withdrawn": self.withdrawn(row),
            }

        def stem(made: Keys) -> Callable[[int], uuid.UUID]:
            path = (event.ref, made["obligation"], made["measure"], made["source"])
            return lambda number: names.observation_id(self.slug, *path, number)

        return in_order(
            [keys(row) for row in rows], lambda made: (made["obligation"], made["measure"], made["source"]), stem
        )

    def assessments(self) -> list[Keys]:
        rows = list(Assessment.objects.published().filter(obligation__agreement=self.agreement))
        refs: dict[uuid.UUID, list[str]] = defaultdict(list)
        for link in tables.Evidence.objects.filter(assessment__in=rows):
            refs[link.assessment_id].append(self.events[self.heirs.get(link.event_id, link.event_id)].ref)
        attributed: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for attribution in tables.Attribution.objects.filter(assessment__in=rows):
            attributed[attribution.assessment_id].append(attribution.actor_id)
        withdrawn = {row.assessment_id: row for row in tables.Retraction.objects.filter(assessment__in=rows)}
        # In a line of corrections those recorded at the same moment follow one another.
        rows.sort(
            key=lambda row: (
                self.duties[row.obligation_id].code,
                row.effective_on,
                row.recorded_at,
                row.position,
                row.pk,
            )
        )
        named = self.name_assessments(rows, withdrawn)
        made = []
        for row in rows:
            retraction = withdrawn.get(row.pk)
            keys = {
                "obligation": self.duties[row.obligation_id].code,
                "id": named[row.pk],
                "effective_on": row.effective_on,
                "effective_precision": row.effective_precision,
                "level": row.level,
                "direction": row.direction,
                "conformity": row.conformity,
                "reason": prose(row.reason),
                "evidence": sorted(set(refs[row.pk])),
                "attributed_to": self.slugs(attributed[row.pk]),
                "byline": line(row.byline),
                "reviewer_byline": line(row.reviewer_byline),
                "rubric": line(row.rubric),
                "recorded_at": row.recorded_at,
                "supersedes": self.superseded(row, rows),
                "correction_reason": prose(row.correction_reason) if row.supersedes_id else "",
                "retracted": retraction
                and compact(
                    {
                        "at": retraction.recorded_at,
                        "reason": prose(retraction.reason),
                        "byline": line(retraction.byline),
                    }
                ),
            }
            made.append(compact(keys, effective_precision=DatePrecision.DAY))
        return made

    def name_assessments(
        self, rows: Sequence[Assessment], withdrawn: Mapping[uuid.UUID, Any]
    ) -> dict[uuid.UUID, uuid.UUID | None]:
        """The ids to write: those that do not follow, and where several of one day stand side by side, all but one."""
        superseded = {row.supersedes_id for row in rows}
        numbers: dict[Hashable, int] = defaultdict(int)
        free: set[Hashable] = set()
        named: dict[uuid.UUID, uuid.UUID | None] = {}
        for row in rows:
            key = (self.duties[row.obligation_id].code, row.effective_on)
            numbers[key] += 1
            follows = names.assessment_id(self.slug, *key, numbers[key])
            named[row.pk] = self.own_id(row, follows)
            linked = row.supersedes_id or row.pk in superseded or row.pk in withdrawn
            if not linked and named[row.pk] is None:
                if key in free:
                    named[row.pk] = row.pk
                free.add(key)
        return named

    def superseded(self, row: Assessment, rows: Sequence[Assessment]) -> dt.date | uuid.UUID | None:
        """What it supersedes: by day where the nearest one of that day is meant, else by id."""
        if row.supersedes_id is None:
            return None
        at = next(number for number, other in enumerate(rows) if other.pk == row.pk)
        target = next(number for number, other in enumerate(rows) if other.pk == row.supersedes_id)
        same = [
            number
            for number, other in enumerate(rows)
            if (other.obligation_id, other.effective_on) == (row.obligation_id, rows[target].effective_on)
            and number != at
        ]
        before = [number for number in same if number < at]
        nearest = before[-1] if before else same[0]
        return rows[target].effective_on if nearest == target else row.supersedes_id

    def checks(self) -> list[Keys]:
        rows = tables.Check.objects.filter(obligation__agreement=self.agreement)
        made = [
            compact(
                {
                    "obligation": self.duties[row.obligation_id].code,
                    "date": row.date,
                    "where": line(row.where),
                    "byline": line(row.byline),
                    "recorded_at": row.recorded_at,
                }
            )
            for row in rows
        ]
        return sorted(
            made,
            key=lambda keys: (
                keys["obligation"],
                keys["date"].isoformat(),
                keys.get("where", ""),
                _instant(keys["recorded_at"]),
                keys.get("byline", ""),
            ),
        )


def in_order(
    rows: list[Keys], group: Callable[[Keys], Hashable], stem: Callable[[Keys], Callable[[int], uuid.UUID]]
) -> list[Keys]:
    """Rows without names, sorted; their ids are left out where they follow from the place within their group."""
    groups: dict[Hashable, list[Keys]] = defaultdict(list)
    for row in rows:
        groups[group(row)].append(row)
    made = []
    for _, members in sorted(groups.items(), key=lambda item: item[0]):  # type: ignore[arg-type,return-value]  # text
        number = {stem(members[0])(n): n for n in range(1, 2 * len(members) + 1)}

        def place(row: Keys, number: Mapping[uuid.UUID, int] = number) -> tuple[int, str, str]:
            return (
                number.get(row["id"], len(number) + 1),
                repr([v for k, v in row.items() if k != "id"]),
                str(row["id"]),
            )

        for at, row in enumerate(sorted(members, key=place), 1):
            if number.get(row["id"]) == at:
                del row["id"]
            made.append(compact(row))
    return made


def _keep(made: Keys, keys: Keys, required: str) -> Keys:
    """With an empty list where the format requires the key."""
    if required in made:
        return made
    return {key: made.get(key, []) for key in keys if key in made or key == required}


def _plain_ids(held: Any) -> Keys:
    """Ids in other datasets, as far as they are numbers and text."""

    def one(value: Any) -> Any:
        return value if isinstance(value, int) and not isinstance(value, bool) else line(str(value))

    if not isinstance(held, dict):
        return {}
    made = {
        line(str(name)): [one(item) for item in value] if isinstance(value, list) else one(value)
        for name, value in held.items()
        if value not in (None, "", [])
    }
    return dict(sorted(made.items()))
