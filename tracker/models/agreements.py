"""What was promised: agreement, instrument, clause, phase, obligation, condition, measure."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from tracker.codebook import (
    DEFAULT_LANGUAGE,
    AgreementState,
    Basis,
    Category,
    CeasefireClass,
    Direction,
    Level,
    MeasureKind,
    Nature,
    PartyRole,
    RelationKind,
    Review,
    Saying,
    Specificity,
)

from .actors import Actor
from .base import (
    Record,
    Recorded,
    RecordQuerySet,
    Vantage,
    slug_constraint,
    validate_slug,
    values_constraint,
    versioned,
)


class AgreementQuerySet(RecordQuerySet["Agreement"]):
    pass


@versioned("AgreementVersion")
class Agreement(Record):
    slug = models.SlugField(
        max_length=80,
        unique=True,
        validators=[validate_slug],
        help_text="Part of every address of this agreement; keep it for ever.",
    )
    title = models.CharField(max_length=300)
    conflict = models.CharField(max_length=300, blank=True)
    territory = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True, help_text="The day it took effect; day 0 of the truce.")
    summary = models.TextField(blank=True, help_text="What the text says. Nothing that happened later.")
    stage = models.CharField("PA-X stage", max_length=60, blank=True, help_text="For instance Cea, Pre, SubPar, Imp.")
    ceasefire_class = models.CharField(max_length=30, choices=CeasefireClass, blank=True)
    review = models.CharField(max_length=10, choices=Review, default=Review.REQUIRED)
    external_ids = models.JSONField(
        default=dict, blank=True, help_text='Ids in other datasets: {"pax": [2849], "ucdp": "...", "wikidata": "Q..."}.'
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = [F("signed_on").desc(nulls_first=True), "slug"]
        constraints = [
            slug_constraint("slug", "agreement_slug_shape"),
            values_constraint("ceasefire_class", CeasefireClass, "agreement_class_known"),
            values_constraint("review", Review, "agreement_review_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.slug])


@versioned("AgreementStateVersion")
class DatedState(Recorded):
    """From which day the agreement was in which state."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="states")
    state = models.CharField(max_length=20, choices=AgreementState)
    since = models.DateField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            values_constraint("state", AgreementState, "agreement_state_known"),
            # Two states since the same day would leave it open which one holds.
            models.UniqueConstraint(
                fields=["agreement", "since"],
                name="agreement_one_state_a_day",
                violation_error_message="This agreement already has a state from that day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} since {self.since}"


class AgreementRelation(Recorded):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="relations")
    to = models.ForeignKey(Agreement, models.PROTECT, related_name="related_from")
    kind = models.CharField(max_length=12, choices=RelationKind)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            values_constraint("kind", RelationKind, "relation_kind_known"),
            models.UniqueConstraint(fields=["agreement", "to", "kind"], name="relation_once"),
            models.CheckConstraint(
                condition=~Q(agreement=F("to")),
                name="relation_to_another",
                violation_error_message="An agreement cannot relate to itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.to}"


@versioned("InstrumentVersion")
class Instrument(Record):
    """A text that the agreement consists of: a plan, steps, a resolution."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="instruments")
    code = models.CharField(max_length=60, validators=[validate_slug])
    title = models.CharField(max_length=300)
    date = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    accepted_by = models.ManyToManyField(Actor, blank=True, related_name="accepted_instruments")
    disputed_by = models.ManyToManyField(
        Actor, blank=True, related_name="disputed_instruments", help_text="Who disputes being bound by it."
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = [F("date").asc(nulls_last=True), "code"]
        constraints = [
            slug_constraint("code", "instrument_code_shape"),
            models.UniqueConstraint(fields=["agreement", "code"], name="instrument_code_once"),
        ]

    def __str__(self) -> str:
        return self.title


@versioned("ClauseVersion")
class Clause(Record):
    """One numbered passage, as agreed."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="clauses")
    number = models.CharField(max_length=60)
    text = models.TextField()
    language = models.CharField(max_length=20, default=DEFAULT_LANGUAGE)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["instrument", "number"]
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="clause_number_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:60]}"


class Party(Recorded):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ["role", "actor__name", "id"]
        constraints = [
            values_constraint("role", PartyRole, "party_role_known"),
            models.UniqueConstraint(fields=["agreement", "actor", "role"], name="party_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}, {self.get_role_display()}"


@versioned("PhaseVersion")
class Phase(Record):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="phases")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True, help_text="What the text says of this phase.")
    agreed_on = models.DateField(null=True, blank=True)
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="phase_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="phase_ordinal_from_one"),
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True)
                | Q(planned_end__isnull=True)
                | Q(planned_end__gte=F("planned_start")),
                name="phase_ends_after_start",
                violation_error_message="The planned end lies before the planned start.",
            ),
        ]

    def __str__(self) -> str:
        return f"Phase {self.ordinal}: {self.title}"


class ObligationQuerySet(RecordQuerySet["Obligation"]):
    def agreed(self, vantage: Vantage) -> "ObligationQuerySet":
        """Those that had been agreed by the day and recorded by the record day.

        One without a day of its own counts from the signature; where neither is recorded it counts always.
        """
        since = Coalesce("agreed_on", "phase__agreed_on", "agreement__signed_on")
        rows = self.known(vantage).annotate(promised_on=since)
        return rows.filter(Q(promised_on__lte=vantage.as_of) | Q(promised_on__isnull=True))


@versioned("ObligationVersion", exclude=["version"])
class Obligation(Record):
    """One duty from the text: who owes what to whom, by when."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="obligations")
    code = models.CharField(
        max_length=60, validators=[validate_slug], help_text="Part of its address; keep it for ever."
    )
    title = models.CharField(max_length=300, help_text="Who does what, in one sentence in the present tense.")
    category = models.CharField(max_length=20, choices=Category)
    nature = models.CharField(max_length=12, choices=Nature)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="obligations")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="obligations")
    agreed_on = models.DateField(null=True, blank=True)
    obligors = models.ManyToManyField(Actor, related_name="owes", verbose_name="who owes it")
    beneficiaries = models.ManyToManyField(Actor, blank=True, related_name="is_owed", verbose_name="who benefits")
    due_on = models.DateField(
        null=True,
        blank=True,
        help_text="For a continuing duty: the day from which it binds. Else the last day in time.",
    )
    due_rule = models.CharField(max_length=1000, blank=True, help_text="The date rule in the text's words.")
    specificity = models.PositiveSmallIntegerField(choices=Specificity, null=True, blank=True)
    weight = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="Counts changes of status; decides who was first when two save at once."
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "phase__ordinal", "code"]
        constraints = [
            slug_constraint("code", "obligation_code_shape"),
            values_constraint("category", Category, "obligation_category_known"),
            values_constraint("nature", Nature, "obligation_nature_known"),
            values_constraint("specificity", Specificity, "obligation_specificity_known"),
            models.UniqueConstraint(fields=["agreement", "code"], name="obligation_code_once"),
            # A weight of nothing would drop the duty from the score without saying so.
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="obligation_weight_positive",
                violation_error_message="The weight has to be above 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("obligation", args=[self.agreement.slug, self.code])


@versioned("DeclarationVersion")
class Declaration(Recorded):
    """Who said on which day that a phase began or ended, or that it did not."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="declarations")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="declarations")
    date = models.DateField()
    says = models.CharField(max_length=10, choices=Saying)
    article = models.ForeignKey("Article", models.PROTECT, related_name="declarations")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["date", "id"]
        constraints = [
            values_constraint("says", Saying, "declaration_says_known"),
            models.UniqueConstraint(fields=["phase", "actor", "date", "says"], name="declaration_once"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.get_says_display()} ({self.date})"


@versioned("ConditionVersion")
class Condition(Recorded):
    """A phase or an obligation waits for an obligation to reach a level."""

    phase = models.ForeignKey(Phase, models.CASCADE, null=True, blank=True, related_name="conditions")
    obligation = models.ForeignKey(Obligation, models.CASCADE, null=True, blank=True, related_name="conditions")
    requires = models.ForeignKey(Obligation, models.PROTECT, related_name="required_by")
    level = models.PositiveSmallIntegerField(choices=Level)
    basis = models.CharField(max_length=5, choices=Basis)
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="insists_on")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="conditions")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            values_constraint("level", Level, "condition_level_known"),
            values_constraint("basis", Basis, "condition_basis_known"),
            models.CheckConstraint(
                condition=Q(phase__isnull=True, obligation__isnull=False)
                | Q(phase__isnull=False, obligation__isnull=True),
                name="condition_of_one_thing",
                violation_error_message="A condition belongs either to a phase or to an obligation.",
            ),
            # A reader has to see who insists; the text insists for itself.
            models.CheckConstraint(
                condition=Q(basis=Basis.TEXT, actor__isnull=True) | Q(basis=Basis.PARTY, actor__isnull=False),
                name="condition_party_named",
                violation_error_message="Name who insists where the basis is a party, and nobody where it is the text.",
            ),
            models.CheckConstraint(
                condition=Q(obligation__isnull=True) | ~Q(obligation=F("requires")),
                name="condition_on_another",
                violation_error_message="An obligation cannot wait for itself.",
            ),
            models.UniqueConstraint(
                fields=["phase", "obligation", "requires", "basis", "actor"],
                nulls_distinct=False,
                name="condition_once",
            ),
        ]

    def __str__(self) -> str:
        return f"waits for {self.requires} at level {self.level}"


@versioned("MeasureVersion")
class Measure(Record):
    """Something countable about an obligation, with what is owed where the text or a party says so."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="measures")
    code = models.CharField(max_length=60, validators=[validate_slug])
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=MeasureKind)
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.AT_LEAST)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    target_basis = models.CharField(max_length=1000, blank=True, help_text="Where the target comes from.")
    target_from = models.DateField(null=True, blank=True, help_text="The day from which the target was known.")
    counted = models.CharField(max_length=1000, blank=True)
    not_counted = models.CharField(max_length=1000, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["obligation", "code"]
        constraints = [
            slug_constraint("code", "measure_code_shape"),
            values_constraint("kind", MeasureKind, "measure_kind_known"),
            values_constraint("direction", Direction, "measure_direction_known"),
            models.UniqueConstraint(fields=["obligation", "code"], name="measure_code_once"),
        ]

    def __str__(self) -> str:
        return self.label
