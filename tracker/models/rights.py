"""What each role may do: the least that its daily work needs. Granted by a migration."""

from typing import Any

from .people import ADMINISTRATORS, RESEARCHERS, REVIEWERS

PROMISED = [
    "agreement",
    "datedstate",
    "agreementrelation",
    "instrument",
    "clause",
    "party",
    "phase",
    "obligation",
    "condition",
    "measure",
]
REPORTED = ["outlet", "article", "source", "event", "actor", "declaration"]
REPORTED_PARTS = ["eventactor", "effect", "report", "observation"]
CONCLUDED = ["assessment", "evidence", "attribution", "retraction", "check"]


def _each(actions: str, models: list[str]) -> set[str]:
    return {f"{action}_{model}" for action in actions.split() for model in models}


RESEARCH = (
    _each("view", PROMISED + REPORTED + REPORTED_PARTS + CONCLUDED)
    | _each("add change", REPORTED + REPORTED_PARTS)
    | _each("delete", REPORTED_PARTS)
    | {"assess"}
)
RIGHTS: dict[str, set[str]] = {
    RESEARCHERS: RESEARCH,
    REVIEWERS: RESEARCH | {"publish", "retract"},
    ADMINISTRATORS: RESEARCH
    | {"publish", "retract"}
    | _each("add change delete", PROMISED + REPORTED)
    | _each("add change delete view", ["person"]),
}


def grant(apps: Any) -> None:
    """Makes the three groups with exactly these rights. ``apps`` is a registry, of a migration or the current one."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")  # noqa: N806
    for name, codenames in RIGHTS.items():
        found = Permission.objects.filter(content_type__app_label="tracker", codename__in=codenames)
        missing = codenames - set(found.values_list("codename", flat=True))
        if missing:
            raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
        Group.objects.get_or_create(name=name)[0].permissions.set(found)
