"""Forms for double coding: open a round, code one item, close early, settle a disagreement, write a memo."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q

from tracker.codebook import Category, CodingKind, EffectKind, Level, Verification
from tracker.models import Agreement, Effect, Event, Obligation, Person, Round, today
from tracker.models.coding import hides_names
from tracker.models.rounds import Coded, Pair

from .base import DayField, DeskForm, described, plain
from .judgement import how_it_fits, which_way

LONGEST = 4000
MOST_PAIRS = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be coded. ``value`` is what the form sends for it."""

    value: str
    label: str
    hint: str
    chosen: bool


class RoundForm(DeskForm):
    """A round over obligations or events of one agreement; ``kind`` and agreement were chosen before.

    ``words`` narrow the events down; ``more`` says that there are others than those listed.
    """

    title = forms.CharField(
        label="Title",
        help_text="For instance: Phase one in December. The coders see it.",
        max_length=200,
        error_messages={"required": "Give the round a title."},
    )
    as_of = DayField(label="Judged as of", help_text="Everything is judged as it stood on this day.", initial=today)
    coders = forms.MultipleChoiceField(
        label="Who codes",
        help_text="Two or more. They do not see each other's answers until the round is closed.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose two people or more."},
    )
    masked = forms.BooleanField(
        label="Hide the parties' names",
        help_text="Coders read Party A, Party B. Places stay, and what a text tells in other words can still give "
        "a side away.",
        required=False,
    )
    items = forms.MultipleChoiceField(error_messages={"required": "Choose at least one thing to code."})

    def __init__(self, agreement: Agreement, kind: str, *args: Any, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement, self.kind, self.words = agreement, kind, words
        self.more = False
        people = Person.objects.with_perm("tracker.assess", backend="django.contrib.auth.backends.ModelBackend")
        self.people = {str(person.pk): person for person in people.order_by("byline", "username")}
        self.pairs: dict[str, Pair] = {}
        self.groups: list[tuple[str, list[Choice]]] = []
        chosen = set(self["items"].value() or [])
        found = self._duties() if kind == CodingKind.STATUS else self._happenings()
        groups: dict[str, list[Choice]] = defaultdict(list)
        for group, value, pair, label, hint in found:
            self.pairs[value] = pair
            groups[group].append(Choice(value, label, hint, value in chosen))
        self.groups = list(groups.items())
        choices: Any = self.fields["items"]
        choices.choices = [(value, value) for value in self.pairs]
        choices = self.fields["coders"]
        choices.choices = [(pk, f"{person.public_name} ({person.username})") for pk, person in self.people.items()]

    def _duties(self) -> Iterator[tuple[str, str, Pair, str, str]]:
        rows = Obligation.objects.filter(agreement=self.agreement).select_related("phase", "agreement")
        for duty in rows.order_by("phase__ordinal", "code"):
            yield str(duty.phase), str(duty.pk), (duty, None), duty.title, str(Category(duty.category).label)

    def _happenings(self) -> Iterator[tuple[str, str, Pair, str, str]]:
        """What is on record as bearing on an obligation, the newest first."""
        rows = Effect.objects.filter(event__in=Event.objects.filter(agreement=self.agreement, state="occurred"))
        rows = rows.filter(stage="published", event__stage="published", event__merged_into__isnull=True)
        rows = rows.select_related("event", "obligation__phase", "obligation__agreement")
        for word in self.words.split()[:8]:
            rows = rows.filter(Q(event__title__icontains=word) | Q(obligation__title__icontains=word))
        found = list(rows.order_by("-event__date", "event", "obligation__code")[: MOST_PAIRS + 1])
        self.more = len(found) > MOST_PAIRS
        for effect in found[:MOST_PAIRS]:
            event, duty = effect.event, effect.obligation
            value = f"{event.pk}.{duty.pk}"
            yield f"{event.date:%B %Y}", value, (duty, event), f"{event.date:%-d %b}: {event.title}", duty.title

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if len(cleaned.get("coders") or []) == 1:
            self.add_error("coders", "Choose two people or more.")
        if cleaned.get("masked") and not hides_names(self.agreement, cleaned.get("title", "")):
            self.add_error("title", "The title names a party, and the coders would read it.")
        return cleaned

    @property
    def chosen_pairs(self) -> list[Pair]:
        return [self.pairs[value] for value in self.cleaned_data["items"]]

    @property
    def chosen_people(self) -> list[Person]:
        return [self.people[value] for value in self.cleaned_data["coders"]]


class AnswerForm(DeskForm):
    """How one item is coded; a round's kind decides which questions are asked."""

    level = forms.TypedChoiceField(
        label="Level",
        choices=described(Level, numbered=True),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    direction = which_way()
    conformity = how_it_fits()
    effect = forms.ChoiceField(
        label="What it means for the obligation",
        choices=described(EffectKind),
        widget=forms.RadioSelect,
        required=False,
    )
    verification = forms.ChoiceField(
        label="How far it is borne out",
        choices=described(Verification, "Not given (where nothing is breached)"),
        widget=forms.RadioSelect,
        required=False,
    )
    cannot_say = forms.BooleanField(
        label="I cannot say",
        help_text="The evidence does not decide it. The answers above then do not count.",
        required=False,
    )
    reason = forms.CharField(
        label="Why",
        help_text="One or two sentences: what decides it, and by which rule. Read once the round is closed.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = ("effect", "verification") if kind == CodingKind.STATUS else ("level", "direction", "conformity")
        for name in others:
            del self.fields[name]

    @property
    def questions(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in ("cannot_say", "reason")]

    def coded(self) -> Coded:
        """What a checked form says; whether it is a whole answer is the round's to tell."""
        return Coded(**self.cleaned_data)


class CloseForm(DeskForm):
    reason = forms.CharField(
        label="Why it is closed early",
        help_text="Kept with the round. Answers that are missing then count as missing.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the round is closed before everybody has answered."},
    )


class SettleForm(DeskForm):
    text = forms.CharField(
        label="How it is settled",
        help_text="Which coding is right, and by which rule. This changes no status by itself.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how it was settled, and by which rule."},
    )
    memo_title = forms.CharField(
        label="Keep it as a memo under this title",
        help_text="Optional. The status form then offers it for this obligation and for others of its kind.",
        max_length=200,
        required=False,
    )


class MemoForm(DeskForm):
    title = forms.CharField(
        label="Title",
        help_text="By which the case is found again, for instance: Remains returned by a third party.",
        max_length=200,
        error_messages={"required": "Give the memo a title by which the case is found again."},
    )
    text = forms.CharField(
        label="How it was coded, and why",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say how the case was coded, and why."},
    )
    obligation = forms.ChoiceField(
        label="About an obligation", help_text="It is offered for others of the same kind too.", required=False
    )
    category = forms.ChoiceField(
        label="Or about all obligations of a kind",
        choices=plain(Category, "No kind chosen"),
        required=False,
    )
    agreement = forms.ChoiceField(label="Or about a whole agreement", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        duties = list(Obligation.objects.select_related("agreement", "phase").order_by("agreement__title", "code"))
        agreements = list(Agreement.objects.order_by("title"))
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for duty in duties:
            groups[duty.agreement.title].append((str(duty.pk), duty.title))
        self.duties = {str(duty.pk): duty for duty in duties}
        self.agreements = {str(one.pk): one for one in agreements}
        self._choose("obligation", [("", "No obligation chosen"), *groups.items()])
        self._choose(
            "agreement", [("", "No agreement chosen"), *((pk, one.title) for pk, one in self.agreements.items())]
        )

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def about(self) -> dict[str, Any]:
        """What ``Memo.write`` needs to know of a checked form."""
        cleaned = self.cleaned_data
        return {
            "title": cleaned["title"],
            "text": cleaned["text"],
            "obligation": self.duties.get(cleaned["obligation"]),
            "category": cleaned["category"],
            "agreement": self.agreements.get(cleaned["agreement"]),
        }


def unique_of(round_: Round, *parts: object) -> str:
    """Sets the ids of a form apart from those of other items and rounds."""
    return uuid.uuid5(round_.pk, " ".join(map(str, parts))).hex
