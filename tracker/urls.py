"""Which door an address leads to."""

from django.urls import include, path

from tracker.admin.site import site

handler400 = "tracker.errors.bad_request"
handler404 = "tracker.errors.not_found"

urlpatterns = [
    path("admin/", site.urls),
    path("accounts/", include("tracker.desk.account_urls")),
    path("desk/", include("tracker.desk.urls")),
    path("", include("tracker.browse.urls")),
]
