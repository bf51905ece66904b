"""Writes a checked file: adds the rows that are missing and brings the others up to what the file says."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Model, When

from tracker import models as tables
from tracker.codebook import RUBRIC_VERSION, Stage
from tracker.models import Assessment, Check, Judgement
from tracker.models.base import free_name
from tracker.models.evidence import PARTS, gone

from . import names, schema
from .check import parts
from .heirs import heirs_of, parents
from .judgements import Plan
from .rows import Groups, Passes, Want, anything, bring_up, numbered, pair, plain, same, voice, want
from .text import line


@dataclass(slots=True)
class Summary:
    """What a load did with one file. The counters are by kind of row, in words for a terminal."""

    slug: str
    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    corrected: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = []
        if self.new:
            said.append("new: " + _counted(self.new))
        if self.changed:
            said.append("changed: " + _counted(self.changed))
        if self.corrected:
            said.append("corrected: " + _counted({"assessments": self.corrected}))
        if self.withdrawn:
            said.append("withdrawn: " + _counted({"assessments": self.withdrawn}))
        return f"{self.slug}: {'; '.join(said) or 'nothing new, nothing changed'}"


def _counted(numbers: Mapping[str, int]) -> str:
    one = {"parties": "party"}
    return ", ".join(
        f"{number} {what if number > 1 else one.get(what, what.removesuffix('s'))}"
        for what, number in numbers.items()
        if number
    )


QUOTE = ("quote", "prefix", "suffix", "quote_language", "translator")


class Writer:
    """Writes one file. Everything was checked; what can still fail is the database itself."""

    def __init__(self, case: schema.CaseFile, steps: Plan, moment: dt.datetime) -> None:
        self.case = case
        self.plan = steps
        self.moment = moment
        self.slug = case.agreement.slug
        self.summary = Summary(self.slug)
        self.agreement: tables.Agreement
        self.is_new = False
        self.base = moment
        # Names in the file -> ids in the database; those of merged records lead to their heirs.
        self.actors: dict[str, uuid.UUID] = {}
        self.outlets: dict[str, uuid.UUID] = {}
        self.articles: dict[str, uuid.UUID] = {}
        self.instruments: dict[str, uuid.UUID] = {}
        self.clauses: dict[tuple[str, str], uuid.UUID] = {}
        self.phases: dict[int, uuid.UUID] = {}
        self.duties: dict[str, uuid.UUID] = {}
        self.measures: dict[tuple[str, str], uuid.UUID] = {}
        self.events: dict[str, uuid.UUID] = {}

    def write(self) -> None:
        self.write_agreement()
        self.write_outlets()
        self.write_actors()
        self.write_sources()
        self.write_texts()
        self.write_duties()
        self.write_events()
        self.write_judgements()
        self.write_checks()

    # How rows are written

    def at(self, part: schema.Part, outer: dt.datetime | None = None) -> dt.datetime:
        """When a row counts as recorded: an archive coming home says it, for everything else it is now."""
        if not self.is_new:
            return self.moment
        given: dt.datetime | None = getattr(part, "recorded_at", None)
        return given or outer or self.base

    def sync[M: Model](
        self,
        label: str,
        found: Mapping[Any, M],
        wanted: Sequence[Want],
        model: type[M],
        groups: Groups = (),
        fixed: Mapping[str, Any] | None = None,
    ) -> dict[Any, M]:
        """Adds the rows that are not found under their key and brings the others up to what the file says.

        ``fixed`` are columns that every new row gets. Returns the row of each key.
        """
        rows: dict[Any, M] = {}
        new, changed, columns = [], [], set()
        for item in sorted(wanted, key=lambda item: item.inherited):
            row = found.get(item.key)
            if item.inherited and (row is not None or item.key in rows):
                rows.setdefault(item.key, row)  # type: ignore[arg-type]  # there, or told by another part already
                continue
            if row is None:
                made = model(**item.values, **(fixed or {}), recorded_at=item.recorded_at)
                if item.id is not None:
                    made.pk = item.id
                rows[item.key] = made
                new.append(made)
                continue
            rows[item.key] = row
            touched = bring_up(row, item, groups)
            if touched:
                changed.append(row)
                columns |= touched
        if new:
            self.insert(model, new)
            self.summary.new[label] += len(new)
        if changed:
            model._default_manager.bulk_update(changed, sorted(columns), batch_size=500)
            self.summary.changed[label] += len(changed)
        return rows

    @staticmethod
    def insert[M: Model](model: type[M], rows: Sequence[M]) -> None:
        if isinstance(model._meta.pk.default, Callable):  # type: ignore[arg-type]  # a class with __call__ as a check
            # An id that follows from the file may belong to a row that got another name since.
            ids = [row.pk for row in rows]
            taken = set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
            for row in rows:
                if row.pk in taken:
                    row.pk = uuid.uuid4()
        model._default_manager.bulk_create(rows, batch_size=1000)

    def sync_links(
        self, label: str, through: type[Model], owner: str, other: str, wanted: Mapping[Any, set[Any]]
    ) -> None:
        """Makes the links of each owner in ``wanted`` exactly those given."""
        found: dict[Any, set[Any]] = defaultdict(set)
        pairs = through._default_manager.filter(**{f"{owner}__in": list(wanted)}).values_list(owner, other)
        for one, another in pairs:
            found[one].add(another)
        new = []
        for one, others in wanted.items():
            new += [through(**{owner: one, other: another}) for another in sorted(others - found[one], key=str)]
            gone = found[one] - others
            if gone:
                through._default_manager.filter(**{owner: one, f"{other}__in": gone}).delete()
            if found[one] != others and found[one]:
                self.summary.changed[label] += 1
        through._default_manager.bulk_create(new, batch_size=1000)

    # What was promised

    def write_agreement(self) -> None:
        part = self.case.agreement
        columns = plain(
            part,
            *("slug", "title", "conflict", "territory", "signed_on", "effective_on", "summary", "stage"),
            *("ceasefire_class", "review", "external_ids"),
        )
        found = {row.slug: row for row in tables.Agreement.objects.filter(slug=self.slug)}
        self.is_new = not found
        if self.is_new:
            recorded = [getattr(item, "recorded_at", None) for item in parts(self.case)]
            self.base = part.recorded_at or min((time for time in recorded if time), default=self.moment)
        wanted = [want(part, self.slug, self.at(part), columns, names.agreement_id(self.slug))]
        self.agreement = self.sync("agreements", found, wanted, tables.Agreement)[self.slug]
        self.heirs = heirs_of(self.agreement)
        states = {row.since: row for row in self.agreement.states.all()}
        self.sync(
            "states",
            states,
            [want(row, row.since, self.at(row), plain(row, "state", "since")) for row in part.states],
            tables.DatedState,
            fixed={"agreement": self.agreement},
        )

    def write_relations(self) -> None:
        part = self.case.agreement
        ids = dict(
            tables.Agreement.objects.filter(slug__in=[row.to for row in part.relations]).values_list("slug", "pk")
        )
        found = {
            (row.to_id, row.kind): row for row in tables.AgreementRelation.objects.filter(agreement=self.agreement)
        }
        wanted = [
            want(row, (ids[row.to], row.kind), self.at(row), {"to_id": ids[row.to], "kind": row.kind})
            for row in part.relations
        ]
        self.sync("relations", found, wanted, tables.AgreementRelation, fixed={"agreement": self.agreement})

    def write_outlets(self) -> None:
        told = {outlet.name: outlet for outlet in self.case.outlets}
        named = [*told, *(source.outlet for source in self.case.sources)]
        named += [report.relays for event in self.case.events for report in event.reports if report.relays]
        rows = tables.Outlet.with_merged.filter(name__in=named).select_related("merged_into")
        found = {row.name: row for row in rows}
        slugs = set(tables.Outlet.with_merged.values_list("slug", flat=True))
        # Those that nothing describes, or that were merged, are only looked up, never changed.
        self.outlets = {name: row.standing.pk for name, row in found.items()}
        wanted = []
        for name in dict.fromkeys(named):
            part = told.get(name)
            values = {"name": name, "slug": "", "domain": "", "country": "", "interest": ""}
            if part:
                values |= plain(part, "domain", "country", "interest")
            if name not in found:
                stem = part.slug if part and part.slug else names.outlet_slug(name)
                values["slug"] = free_name(stem, slugs.__contains__)
                slugs.add(values["slug"])
            elif not part or found[name].merged_into:
                continue
            else:
                del values["slug"]
            moment = self.at(part) if part else self.base
            given = {key for key in values if part and part.gives(key)}
            wanted.append(Want(name, values, given, moment, (part and part.id) or names.outlet_id(name)))
        self.keep_shared("outlet", found, wanted, self.outlets_of_others)
        made = self.sync("outlets", found, wanted, tables.Outlet)
        self.outlets |= {name: row.pk for name, row in made.items()}

    def write_actors(self) -> None:
        named = tables.Actor.with_merged.filter(slug__in=[row.ref for row in self.case.actors])
        found = {row.slug: row for row in named.select_related("merged_into")}
        ids = {part.ref: part.id or names.actor_id(part.ref) for part in self.case.actors}
        ids |= {slug: row.standing.pk for slug, row in found.items()}
        told = parents(self.case, self.heirs)
        wanted = []
        for part in self.case.actors:
            if part.ref in self.heirs.actors:
                continue
            values = {"slug": part.ref, **plain(part, "name", "kind")}
            values["parent_id"] = ids[part.parent] if part.parent else None
            # Other spellings are collected from all files.
            known = found[part.ref].aliases if part.ref in found else []
            values["aliases"] = list(dict.fromkeys([*known, *part.aliases]))
            item = want(part, part.ref, self.at(part), values, ids[part.ref])
            if part.ref not in told:
                item.given.discard("parent_id")
            wanted.append(item)
        rows = self.sync("actors", found, wanted, tables.Actor)
        self.actors = {part.ref: ids[part.ref] for part in self.case.actors}
        self.actors |= {ref: row.pk for ref, row in rows.items()}

    def write_sources(self) -> None:
        """The articles, and under which ref this agreement's file names each."""
        parts_by_ref = {part.ref: part for part in self.case.sources}
        links = {
            row.ref: row
            for row in tables.Source.objects.filter(agreement=self.agreement).select_related("article__merged_into")
        }
        urls = {part.url for part in self.case.sources}
        known = tables.Article.with_merged.filter(url__in=urls).select_related("merged_into")
        by_url = {row.url: row for row in known}
        found: dict[str, tables.Article] = {}
        for ref, part in parts_by_ref.items():
            linked = links.get(ref)
            if part.url in by_url:
                found[ref] = by_url[part.url]
            elif linked and linked.article.merged_into:
                continue
            elif linked and linked.article.url not in urls and not self.articles_of_others([linked.article_id]):
                # The same article at a mended address.
                found[ref] = linked.article
        wanted = []
        for ref, part in parts_by_ref.items():
            if ref in found and found[ref].merged_into:
                continue
            values = plain(
                part,
                *("url", "title", "language", "authors", "published_on", "accessed_on", "archive_url", "copy_of"),
                "reliability",
            )
            values["outlet_id"] = self.outlets[part.outlet]
            wanted.append(want(part, ref, self.at(part), values, names.article_id(part.url)))
        self.keep_shared("source", found, wanted, self.articles_of_others)
        rows = self.sync("sources", found, wanted, tables.Article)
        named = {ref: row.pk for ref, row in found.items()} | {ref: row.pk for ref, row in rows.items()}
        self.articles = {ref: row.standing.pk for ref, row in found.items()} | {
            ref: row.pk for ref, row in rows.items()
        }
        self.link_sources(links, named, {ref: self.at(part) for ref, part in parts_by_ref.items()})

    def link_sources(
        self,
        links: Mapping[str, tables.Source],
        named: Mapping[str, uuid.UUID],
        moments: Mapping[str, dt.datetime],
    ) -> None:
        """``named``: the article that each ref means, a merged one itself, whose name goes on leading to its heir."""
        other = {
            ref: links[ref]
            for ref, pk in self.articles.items()
            if ref in links and links[ref].article.standing.pk != pk
        }
        moved = {row.article_id: self.articles[ref] for ref, row in other.items()}
        gone = list(other.values())
        # An article that the record knew here under another name goes by the file's from now on.
        articles = set(self.articles.values())
        gone += [row for ref, row in links.items() if ref not in self.articles and row.article_id in articles]
        if gone:
            tables.Source.objects.filter(pk__in=[row.pk for row in gone]).delete()
            self.summary.changed["source names"] += len(gone)
        kept = {ref for ref, row in links.items() if row not in gone}
        since = {row.article_id: row.recorded_at for row in gone}
        tables.Source.objects.bulk_create(
            tables.Source(agreement=self.agreement, article_id=pk, ref=ref, recorded_at=since.get(pk, moments[ref]))
            for ref, pk in named.items()
            if ref not in kept
        )
        if moved:
            turned = Case(*(When(article_id=old, then=new) for old, new in moved.items()))
            for model, path in (
                (tables.Report, "event__agreement"),
                (tables.Observation, "event__agreement"),
                (tables.Declaration, "phase__agreement"),
            ):
                rows = model._default_manager.filter(**{path: self.agreement, "article__in": list(moved)})
                rows.update(article_id=turned)

    def write_texts(self) -> None:
        """Instruments and their clauses, the parties, the phases."""
        case, fixed = self.case, {"agreement": self.agreement}
        instruments = {row.code: row for row in tables.Instrument.objects.filter(agreement=self.agreement)}
        wanted = [
            want(
                part, part.code, self.at(part), plain(part, "code", "title", "date", "url"),
                names.instrument_id(self.slug, part.code),
            )
            for part in case.instruments
        ]  # fmt: skip
        made = self.sync("instruments", instruments, wanted, tables.Instrument, fixed=fixed)
        self.instruments = {code: row.pk for code, row in made.items()}
        for name in ("accepted_by", "disputed_by"):
            links = {
                self.instruments[part.code]: {self.actors[ref] for ref in getattr(part, name)}
                for part in case.instruments
                if part.gives(name)
            }
            through = getattr(tables.Instrument, name).through
            self.sync_links("instruments", through, "instrument_id", "actor_id", links)

        clauses = {
            (row.instrument_id, row.number): row
            for row in tables.Clause.objects.filter(instrument__agreement=self.agreement)
        }
        wanted = []
        for clause in case.clauses:
            values = plain(clause, "number", "text", "language") | {
                "instrument_id": self.instruments[clause.instrument]
            }
            pk = names.clause_id(self.slug, clause.instrument, clause.number)
            wanted.append(want(clause, (values["instrument_id"], clause.number), self.at(clause), values, pk))
        rows = self.sync("clauses", clauses, wanted, tables.Clause)
        codes = {pk: code for code, pk in self.instruments.items()}
        self.clauses = {(codes[pk], number): row.pk for (pk, number), row in rows.items()}

        parties = {(row.actor_id, row.role): row for row in tables.Party.objects.filter(agreement=self.agreement)}
        wanted = []
        for party in case.parties:
            values = {"actor_id": self.actors[party.actor], "role": party.role}
            item = want(party, (values["actor_id"], party.role), self.at(party), values)
            item.inherited = party.actor in self.heirs.actors
            wanted.append(item)
        self.sync("parties", parties, wanted, tables.Party, fixed=fixed)

        phases = {row.ordinal: row for row in tables.Phase.objects.filter(agreement=self.agreement)}
        columns = ("ordinal", "title", "summary", "agreed_on", "planned_start", "planned_end")
        wanted = [
            want(part, part.ordinal, self.at(part), plain(part, *columns), names.phase_id(self.slug, part.ordinal))
            for part in case.phases
        ]
        groups = [("planned_start", "planned_end")]
        made_phases = self.sync("phases", phases, wanted, tables.Phase, groups, fixed)
        self.phases = {ordinal: row.pk for ordinal, row in made_phases.items()}

    def write_duties(self) -> None:
        """Obligations with what is counted of them; then what they and the phases wait for, and declarations."""
        case, fixed = self.case, {"agreement": self.agreement}
        duties = {row.code: row for row in tables.Obligation.objects.filter(agreement=self.agreement)}
        columns = ("code", "category", "nature", "title", "agreed_on", "due_on", "due_rule", "specificity", "weight")
        wanted = []
        for duty in case.obligations:
            values = plain(duty, *columns)
            values["phase_id"] = self.phases[duty.phase]
            values["instrument_id"] = self.instruments[duty.instrument] if duty.instrument else None
            values["clause_id"] = self.clause(duty.clause, duty.instrument)
            pk = names.obligation_id(self.slug, duty.code)
            wanted.append(want(duty, duty.code, self.at(duty), values, pk))
        made = self.sync("obligations", duties, wanted, tables.Obligation, fixed=fixed)
        self.duties = {code: row.pk for code, row in made.items()}
        for name in ("obligors", "beneficiaries"):
            links = {
                self.duties[duty.code]: {self.actors[ref] for ref in getattr(duty, name)}
                for duty in case.obligations
                if duty.gives(name)
            }
            self.sync_links("obligations", getattr(tables.Obligation, name).through, "obligation_id", "actor_id", links)

        measures = {
            (row.obligation_id, row.code): row
            for row in tables.Measure.objects.filter(obligation__agreement=self.agreement)
        }
        counted = (
            *("code", "label", "unit", "kind", "direction", "target", "target_basis", "target_from"),
            *("counted", "not_counted"),
        )
        wanted = []
        for duty in case.obligations:
            for measure in duty.measures:
                values = plain(measure, *counted) | {"obligation_id": self.duties[duty.code]}
                pk = names.measure_id(self.slug, duty.code, measure.code)
                moment = self.at(measure, self.at(duty))
                wanted.append(want(measure, (values["obligation_id"], measure.code), moment, values, pk))
        rows = self.sync("measures", measures, wanted, tables.Measure)
        self.measures = {
            (duty.code, measure.code): rows[self.duties[duty.code], measure.code].pk
            for duty in case.obligations
            for measure in duty.measures
        }
        self.write_conditions()

    def write_conditions(self) -> None:
        found = {
            (row.phase_id, row.obligation_id, row.requires_id, row.basis, row.actor_id): row
            for row in tables.Condition.objects.filter(requires__agreement=self.agreement)
        }
        wanted = []
        waits: list[tuple[schema.Phase | None, schema.Obligation | None, schema.Condition]] = []
        waits += [(phase, None, part) for phase in self.case.phases for part in phase.conditions]
        waits += [(None, duty, part) for duty in self.case.obligations for part in duty.conditions]
        for phase, duty, part in waits:
            values: dict[str, Any] = {
                "phase_id": self.phases[phase.ordinal] if phase else None,
                "obligation_id": self.duties[duty.code] if duty else None,
                "requires_id": self.duties[part.obligation],
                "basis": part.basis,
                "actor_id": self.actors[part.actor] if part.actor else None,
            }
            key = tuple(values.values())
            values |= {"level": part.level, "clause_id": self.clause(part.clause, duty.instrument if duty else None)}
            outer = self.at(phase or duty or self.case.agreement)
            item = want(part, key, self.at(part, outer), values)
            # What makes up the key is as it is.
            item.given &= {"level", "clause_id"}
            item.inherited = part.actor in self.heirs.actors
            wanted.append(item)
        self.sync("conditions", found, wanted, tables.Condition)

        declarations = {
            (row.phase_id, row.actor_id, row.date, row.says): row
            for row in tables.Declaration.objects.filter(phase__agreement=self.agreement)
        }
        wanted = []
        for phase in self.case.phases:
            for said in phase.declarations:
                values = {
                    "phase_id": self.phases[phase.ordinal],
                    "actor_id": self.actors[said.actor],
                    "date": said.date,
                    "says": said.says,
                }
                name = tuple(values.values())
                values["article_id"] = self.articles[said.source]
                item = want(said, name, self.at(said, self.at(phase)), values)
                item.inherited = said.actor in self.heirs.actors
                wanted.append(item)
        self.sync("declarations", declarations, wanted, tables.Declaration)

    def clause(self, name: str | None, instrument: str | None) -> uuid.UUID | None:
        return self.clauses[names.find_clause(name, instrument, self.clauses)[0]] if name else None

    # What was reported

    def write_events(self) -> None:
        known = tables.Event.with_merged.filter(agreement=self.agreement).select_related("merged_into")
        found = {row.ref: row for row in known}
        ids = {part.ref: part.id or names.event_id(self.slug, part.ref) for part in self.case.events}
        ids |= {ref: row.standing.pk for ref, row in found.items()}
        standing = [part for part in self.case.events if part.ref not in self.heirs.events]
        told = [found[part.ref] for part in standing if part.ref in found]
        self.publish([row for row in told if row.stage != Stage.PUBLISHED])
        columns = (
            *("ref", "date", "date_precision", "date_end", "state", "kind", "title", "summary", "place"),
            *("latitude", "longitude", "where_precision", "verification", "note"),
        )
        wanted = []
        for part in standing:
            values = plain(part, *columns)
            values["outcome_id"] = ids[part.outcome] if part.outcome else None
            item = want(part, part.ref, self.at(part), values, ids[part.ref])
            if values["outcome_id"] == ids[part.ref]:
                # Its outcome by the file was merged into this very event.
                item.given.discard("outcome_id")
            wanted.append(item)
        groups = [
            ("date", "date_end", "date_precision"),
            ("latitude", "longitude", "where_precision"),
            ("state", "outcome_id"),
        ]
        rows = self.sync("events", found, wanted, tables.Event, groups, {"agreement": self.agreement})
        self.events = {part.ref: ids[part.ref] for part in self.case.events}
        self.events |= {ref: row.pk for ref, row in rows.items()}
        self.write_roles_and_effects()
        self.write_reports()
        self.write_observations()
        self.withdraw(tables.Event, [(self.events[part.ref], part.withdrawn) for part in standing if part.withdrawn])

    def withdraw(self, model: type[Model], told: Sequence[tuple[Any, schema.Retraction]]) -> None:
        """What the file says was withdrawn is so; what it does not say so of stays as it is."""
        if not told:
            return
        rows = model._default_manager.in_bulk([pk for pk, _ in told])
        part = PARTS[str(model._meta.model_name)]
        already = set(model._default_manager.filter(gone(part), pk__in=rows).values_list("pk", flat=True))
        for pk, withdrawal in told:
            if pk in rows and pk not in already:
                moment = withdrawal.at if self.is_new else self.moment
                tables.Withdrawal.record(
                    rows[pk],
                    withdrawn=True,
                    reason=withdrawal.reason,
                    byline=withdrawal.byline,
                    recorded_at=moment,
                )
                self.summary.new["withdrawals"] += 1

    def publish(self, events: Sequence[tables.Event]) -> None:
        """What waited for review on the site is public now that a file tells it; its record begins."""
        if not events:
            return
        tables.EventActor.objects.filter(event__in=events).update(recorded_at=self.moment)
        for model in (tables.Effect, tables.Report, tables.Observation):
            model._default_manager.filter(event__in=events).update(stage=Stage.PUBLISHED, recorded_at=self.moment)
        for event in events:
            event.stage, event.recorded_at = Stage.PUBLISHED, self.moment
        tables.Event.objects.bulk_update(events, ["stage", "recorded_at"])
        self.summary.changed["published events"] += len(events)

    def write_roles_and_effects(self) -> None:
        roles = {
            (row.event_id, row.actor_id, row.role): row
            for row in tables.EventActor.objects.filter(event__agreement=self.agreement)
        }
        effects = {
            (row.event_id, row.obligation_id): row
            for row in tables.Effect.objects.filter(event__agreement=self.agreement)
        }
        wanted_roles, wanted_effects = [], []
        for event in self.case.events:
            pk, moment = self.events[event.ref], self.at(event)
            merged = event.ref in self.heirs.events
            for role in event.actors:
                values = {"event_id": pk, "actor_id": self.actors[role.actor], "role": role.role}
                item = want(role, tuple(values.values()), self.at(role, moment), values)
                item.inherited = merged or role.actor in self.heirs.actors
                wanted_roles.append(item)
            for effect in event.effects:
                key = (pk, self.duties[effect.obligation])
                values = {"event_id": pk, "obligation_id": key[1], "effect": effect.effect}
                item = want(effect, key, self.at(effect, moment), values | {"stage": Stage.PUBLISHED.value})
                item.inherited = merged
                row = effects.get(key)
                if row and row.stage != Stage.PUBLISHED:
                    item.values["recorded_at"] = self.moment
                    item.given |= {"stage", "recorded_at"}
                wanted_effects.append(item)
        self.sync("roles", roles, wanted_roles, tables.EventActor)
        self.sync("effects", effects, wanted_effects, tables.Effect)

    def write_reports(self) -> None:
        found: dict[Hashable, list[tables.Report]] = defaultdict(list)
        for row in tables.Report.objects.filter(event__agreement=self.agreement).order_by("recorded_at", "pk"):
            found[row.event_id, row.article_id].append(row)
        columns = (
            *("stance", "about", "originator_text", "credibility", "quote", "prefix", "suffix"),
            *("quote_language", "translator"),
        )
        wanted: dict[Hashable, list[Want]] = defaultdict(list)
        stems: dict[Hashable, Callable[[int], uuid.UUID]] = {}
        for event in self.heirs_last():
            for part in event.reports:
                values = plain(part, *columns) | {
                    "event_id": self.events[event.ref],
                    "article_id": self.articles[part.source],
                    "originator_id": self.actors[part.originator] if part.originator else None,
                    "relays_id": self.outlets[part.relays] if part.relays else None,
                }
                key = (values["event_id"], values["article_id"])
                wanted[key].append(want(part, key, self.at(part, self.at(event)), values))
                stems.setdefault(key, numbered(names.report_id, self.slug, event.ref, part.source))
        passes: Passes = [
            (lambda of: (voice(of), of("stance")), False),
            (voice, True),
            (anything, True),
        ]
        groups = [("originator_id", "originator_text"), QUOTE]
        self.sync_unnamed("reports", tables.Report, found, wanted, stems, passes, groups)

    def heirs_last(self) -> list[schema.Event]:
        """The events of the file, merged ones after the others: what an event says of itself comes first."""
        return sorted(self.case.events, key=lambda event: event.ref in self.heirs.events)

    def write_observations(self) -> None:
        found: dict[Hashable, list[tables.Observation]] = defaultdict(list)
        for row in tables.Observation.objects.filter(event__agreement=self.agreement).order_by("recorded_at", "pk"):
            found[row.event_id, row.measure_id, row.article_id].append(row)
        columns = (
            *("value", "low", "high", "as_of", "period_start", "nature", "counts", "originator_text", "note"),
        )  # fmt: skip
        wanted: dict[Hashable, list[Want]] = defaultdict(list)
        stems: dict[Hashable, Callable[[int], uuid.UUID]] = {}
        for event in self.heirs_last():
            for part in event.observations:
                values = plain(part, *columns) | {
                    "event_id": self.events[event.ref],
                    "measure_id": self.measures[part.obligation, part.measure],
                    "article_id": self.articles[part.source],
                    "originator_id": self.actors[part.originator] if part.originator else None,
                }
                key = (values["event_id"], values["measure_id"], values["article_id"])
                wanted[key].append(want(part, key, self.at(part, self.at(event)), values))
                path = (event.ref, part.obligation, part.measure, part.source)
                stems.setdefault(key, numbered(names.observation_id, self.slug, *path))
        passes: Passes = [
            (lambda of: (voice(of), of("as_of"), of("period_start"), of("nature"), of("counts")), False),
            (lambda of: (voice(of), of("as_of")), True),
            (anything, True),
        ]
        groups = [("originator_id", "originator_text"), ("value", "low", "high"), ("as_of", "period_start")]
        self.sync_unnamed("figures", tables.Observation, found, wanted, stems, passes, groups)

    def sync_unnamed[M: Model](
        self,
        label: str,
        model: type[M],
        found: Mapping[Hashable, list[M]],
        wanted: Mapping[Hashable, list[Want]],
        stems: Mapping[Hashable, Callable[[int], uuid.UUID]],
        passes: Passes,
        groups: Groups,
    ) -> None:
        """Reports and figures have no names: those of one event and source are paired by what they say."""
        pairs: dict[Hashable, M] = {}
        flat: list[Want] = []
        for key, items in wanted.items():
            rows = found.get(key, [])
            paired = pair(items, rows, stems[key], passes)
            taken = {row.pk for row in rows} | {item.id for item in items if item.id}
            for number, item in enumerate(items, 1):
                item.key = (key, number)
                if number in paired:
                    pairs[item.key] = paired[number]
                elif item.id is None:
                    at = number
                    while (name := stems[key](at)) in taken:
                        at += 1
                    item.id = name
                    taken.add(name)
                flat.append(item)
        self.sync(label, pairs, flat, model, groups)
        self.withdraw(
            model,
            [(pairs[item.key].pk if item.key in pairs else item.id, item.withdrawn) for item in flat if item.withdrawn],
        )

    # What is concluded

    def write_judgements(self) -> None:
        if not self.plan.steps and not self.plan.withdrawals:
            self.note_kept()
            return
        duties = tables.Obligation.objects.select_related("agreement").in_bulk(list(self.duties.values()))
        events = tables.Event.objects.in_bulk(list(self.events.values()))
        actors = tables.Actor.objects.in_bulk(list(self.actors.values()))
        withdrawn = [pk for pk, _ in self.plan.withdrawals]
        earlier = [step.supersedes for step in self.plan.steps if step.supersedes]
        made = Assessment.objects.select_related("obligation__agreement").in_bulk([*withdrawn, *earlier])
        for step in self.plan.steps:
            entry = step.entry
            judgement = Judgement(
                effective_on=entry.effective_on,
                level=entry.level,
                reason=entry.reason,
                evidence=[events[pk] for pk in dict.fromkeys(self.events[ref] for ref in entry.evidence)],
                direction=entry.direction,
                conformity=entry.conformity,
                effective_precision=entry.effective_precision,
                attributed_to=[actors[pk] for pk in dict.fromkeys(self.actors[ref] for ref in entry.attributed_to)],
            )
            taken = Assessment.objects.filter(pk=step.id).exists()
            recorded = Assessment.record(
                duties[self.duties[entry.obligation]],
                judgement,
                byline=entry.byline,
                reviewer_byline=entry.reviewer_byline,
                supersedes=made[step.supersedes] if step.supersedes else None,
                correction_reason=step.correction_reason,
                rubric=entry.rubric or RUBRIC_VERSION,
                pk=uuid.uuid4() if taken else step.id,
                recorded_at=self.judged_at(entry),
            )
            made[step.id] = recorded
            if step.supersedes and not self.is_new:
                self.summary.corrected += 1
            else:
                self.summary.new["assessments"] += 1
        for pk, retraction in self.plan.withdrawals:
            moment = retraction.at if self.is_new else self.moment
            made[pk].retract(retraction.reason, byline=retraction.byline, recorded_at=moment)
            self.summary.withdrawn += 1
        self.note_kept()

    def judged_at(self, part: schema.Assessment | schema.Check) -> dt.datetime:
        """As the file says where it is an archive coming home; where it says nothing, as its agreement or now."""
        if not self.is_new:
            return self.moment
        return part.recorded_at or self.case.agreement.recorded_at or self.moment

    def note_kept(self) -> None:
        if self.plan.kept:
            kept = _counted({"assessments": self.plan.kept})
            self.summary.notes.append(f"{kept} corrected here since; that stays")

    def write_checks(self) -> None:
        def known() -> Iterable[tuple[uuid.UUID, dt.date, str]]:
            rows = Check.objects.filter(obligation__agreement=self.agreement)
            for pk, date, where in rows.values_list("obligation", "date", "where"):
                yield pk, date, line(where)

        there = Counter(known())
        duties: dict[Any, tables.Obligation] = {}
        if self.case.checks:
            duties = tables.Obligation.objects.in_bulk(list(self.duties.values()))
        for part in self.case.checks:
            key = (self.duties[part.obligation], part.date, part.where)
            if there[key]:
                there[key] -= 1
                continue
            moment = self.judged_at(part)
            Check.record(duties[key[0]], part.date, part.where, byline=part.byline, recorded_at=moment)
            self.summary.new["checks"] += 1

    # What is shared with other agreements

    def keep_shared(
        self,
        what: str,
        found: Mapping[Any, Model],
        wanted: Iterable[Want],
        of_others: Callable[[Iterable[uuid.UUID]], set[uuid.UUID]],
    ) -> None:
        """What another agreement's record describes stays so; a file only fills in what is still open there."""
        differing = []
        for item in wanted:
            row = found.get(item.key)
            if row is None:
                continue
            touched = {column for column in item.given if not same(row, column, item.values[column])}
            if any(getattr(row, column) not in ("", None) for column in touched):
                differing.append((item, row, touched))
        shared = {row.pk for _, row, _ in differing}
        if not self.is_new:
            shared = of_others(shared)
        for item, row, touched in differing:
            if row.pk not in shared:
                continue
            kept = sorted(column for column in touched if getattr(row, column) not in ("", None))
            item.given -= set(kept)
            # When somebody read it is no description.
            told = [column.removesuffix("_id") for column in kept if column != "accessed_on"]
            if told:
                self.summary.notes.append(f'{what} "{item.key}" is described here already; kept: {", ".join(told)}')

    def articles_of_others(self, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Which of the articles another agreement rests on."""
        found: set[uuid.UUID] = set()
        for model, path in (
            (tables.Source, "agreement"),
            (tables.Report, "event__agreement"),
            (tables.Observation, "event__agreement"),
            (tables.Declaration, "phase__agreement"),
        ):
            rows = model._default_manager.filter(article__in=list(ids)).exclude(**{path: self.agreement})
            found |= set(rows.order_by().values_list("article", flat=True).distinct())
        return found

    def outlets_of_others(self, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Which of the outlets another agreement's sources come from."""
        wanted = list(ids)
        owners = dict(tables.Article.objects.filter(outlet__in=wanted).values_list("pk", "outlet"))
        relayed = tables.Report.objects.filter(relays__in=wanted).exclude(event__agreement=self.agreement)
        return {owners[pk] for pk in self.articles_of_others(owners)} | set(relayed.values_list("relays", flat=True))
