"""One address of each kind of public page of the Gaza case, for the checks that every page has to pass.

Pages are read off the list of addresses, so a new one is checked without being named here; only where its address has
a part that was not there before does it have to be said what to fill in.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tracker.browse.urls import urlpatterns
from tracker.models import Article, Assessment, Event, Outlet

CASE = "gaza-2025"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def pages(language: str = "en") -> dict[str, str]:
    """The kinds by name. An address that ends without a slash is a file (a feed, a picture) and not among them."""
    return {name: address for name, address in addresses(language).items() if address.endswith("/")}


def addresses(language: str = "en") -> dict[str, str]:
    """Every public address by its name, filled in with something of the case."""
    filled = {
        ("agreements", "slug"): CASE,
        ("agreements", "code"): "disarm",
        ("actors", "slug"): "hamas",
        ("outlets", "slug"): Outlet.objects.order_by("slug")[0].slug,
        ("sources", "pk"): Article.objects.order_by("url")[0].pk,
        ("events", "pk"): Event.objects.filter(effects__effect="breaches").order_by("ref")[0].pk,
        ("assessments", "pk"): Assessment.objects.order_by("effective_on", "pk")[0].pk,
    }
    found = {}
    with translation.override(language):
        for one in urlpatterns:
            if not one.name:
                continue
            folder = str(one.pattern).partition("/")[0]
            parts = {part: filled[folder, part] for part in one.pattern.converters}
            found[one.name] = reverse(one.name, kwargs=parts)
    return found


def states(language: str = "en") -> dict[str, str]:
    """Pages that look another way on another day, with other data, or where there is nothing."""
    with translation.override(language):
        standing, events = reverse("agreement", args=[CASE]), reverse("events")
        scheduled = Event.objects.filter(state="scheduled").order_by("ref")[0]
        return {
            "standing in the past": f"{standing}?as_of=2025-12-18",
            "before the signature": f"{standing}?as_of=2025-10-01",
            "before anything was recorded": f"{standing}?known_on=2025-01-01",
            "events in the past": f"{events}?as_of=2025-12-18",
            "obligation with figures": reverse("obligation", args=[CASE, "aid"]),
            "obligation never assessed": f"{reverse('obligation', args=[CASE, 'rebuild'])}?as_of=2025-12-18",
            "events on a map": f"{events}?view=map",
            "events that were searched": f"{events}?q=hostages",
            "a form to suggest a correction": f"{reverse('suggest')}?about={standing}",
            "scheduled event": reverse("event", args=[scheduled.pk]),
            "not found": reverse("agreement", args=["nothing-here"]),
            "bad address": f"{standing}?as_of=2025-02-30",
        }


STATUS = {"not found": 404, "bad address": 400}
"""What the others answer with is 200."""
