"""What every test stands on. Transactional tests empty all tables; what migrations put there comes back after that."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from tracker.models.rights import grant


@receiver(post_migrate)
def refill(sender: AppConfig, **kwargs: Any) -> None:
    """Makes the roles again, and forgets counted attempts: their table is no model's, so nothing else empties it."""
    if sender.name == "tracker":
        grant(apps)
        cache.clear()
