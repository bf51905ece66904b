"""What every test stands on. Transactional tests empty all tables; what migrations put there comes back after that."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import override_settings

from tracker.models.rights import grant


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the tests are shared out among processes, the longest files come first, so that none is left to the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path.parent.name != "browser")


@receiver(post_migrate)
def refill(sender: AppConfig, **kwargs: Any) -> None:
    """Makes the roles again, and forgets counted attempts: their table is no model's, so nothing else empties it."""
    if sender.name == "tracker":
        grant(apps)
        cache.clear()


@pytest.fixture(scope="session", autouse=True)
def kept_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kept files of tests lie apart from those of the checkout."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("articles")):
        yield
