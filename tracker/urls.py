"""The five doors."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic.base import RedirectView

handler400 = "tracker.errors.bad_request"
handler404 = "tracker.errors.not_found"

urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", admin.site.urls),
    path("accounts/", include("tracker.desk.account_urls")),
    path("desk/", include("tracker.desk.urls")),
    path("", include("tracker.browse.urls")),
]
