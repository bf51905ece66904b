"""Which door an address leads to."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tracker.admin.site import site
from tracker.browse import health

handler400 = "tracker.errors.bad_request"
handler404 = "tracker.errors.not_found"

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("admin/", site.urls),
    path("accounts/", include("tracker.desk.account_urls")),
    path("desk/", include("tracker.desk.urls")),
    # English stands at the root; the others below /ar/ and /he/.
    *i18n_patterns(
        path("", include("tracker.readers.urls")),
        path("", include("tracker.browse.urls")),
        prefix_default_language=False,
    ),
]
