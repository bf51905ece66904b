from django.apps import AppConfig

from tracker.catalogues import compile_stale


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Ceasefire Tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        compile_stale()
