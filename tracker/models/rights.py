"""What each role may do: the least that its daily work needs. Granted by a migration.

What has an address of its own on the site is entered and changed, but deleted by no role: addresses are for ever. What
we conclude is written by the models' mutators alone, so no role adds, changes or deletes it as a row.
"""

from typing import Any

from .people import ADMINISTRATORS, RESEARCHERS, REVIEWERS

PROMISED = ["agreement", "obligation"]
PROMISED_PARTS = [
    "agreementrelation",
    "clause",
    "condition",
    "datedstate",
    "instrument",
    "measure",
    "party",
    "phase",
]
REPORTED = ["actor", "article", "event", "outlet"]
# Said of phases, or names that case files use.
REPORTED_BESIDE = ["declaration", "source"]
REPORTED_PARTS = ["eventactor", "effect", "report", "observation"]
WATCHED = ["feed", "bulletin"]
CONCLUDED = ["assessment", "evidence", "attribution", "retraction", "check"]


def _each(actions: str, models: list[str]) -> set[str]:
    return {f"{action}_{model}" for action in actions.split() for model in models}


RESEARCH = (
    _each("view", PROMISED + PROMISED_PARTS + REPORTED + REPORTED_BESIDE + REPORTED_PARTS + CONCLUDED)
    | _each("add change", REPORTED + REPORTED_BESIDE + REPORTED_PARTS)
    | _each("delete", REPORTED_PARTS)
    | _each("view add change", WATCHED)
    | {"assess"}
)
RIGHTS: dict[str, set[str]] = {
    RESEARCHERS: RESEARCH,
    REVIEWERS: RESEARCH | {"publish", "retract", "regroup"},
    ADMINISTRATORS: RESEARCH
    | {"publish", "retract", "regroup", "lead_rounds", "forget_senders"}
    | _each("add change", PROMISED + PROMISED_PARTS)
    | _each("delete", PROMISED_PARTS + REPORTED_BESIDE)
    | _each("add change delete view", ["person"]),
}


def grant(apps: Any, *, so_far: bool = False) -> None:
    """Makes the three groups with exactly these rights. ``apps`` is a registry, of a migration or the current one.

    ``so_far`` passes over rights to tables that a later migration makes.
    """
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")  # noqa: N806  # classes
    for name, codenames in RIGHTS.items():
        found = Permission.objects.filter(content_type__app_label="tracker", codename__in=codenames)
        missing = codenames - set(found.values_list("codename", flat=True))
        if missing and not so_far:
            raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
        Group.objects.get_or_create(name=name)[0].permissions.set(found)
