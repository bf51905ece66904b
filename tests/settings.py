"""The real settings, with what would slow tests down or reach out of the machine taken out."""

from tracker.settings import *  # noqa: F403
from tracker.settings import STORAGES

# Tests read static files where they lie; hashed names need a build step.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The browser tests and the test client speak plain HTTP.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
# Nothing is collected in advance here: files are looked up where they lie, when they are asked for.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
