"""Wiring. What differs between installations comes from the environment; README lists every variable."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from tracker.database.embedded import data_folder
from tracker.database.url import connection_settings
from tracker.environment import flag, text, whole, words

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = flag("TRACKER_DEBUG", default=False)
SECRET_KEY = text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY (or SECRET_KEY_FILE) to a long random text, or TRACKER_DEBUG=1.")
    SECRET_KEY = "for-development-only-" + "0" * 40

ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# HTTPS is the rule outside development; a first try on a machine of one's own may switch it off.
HTTPS = flag("TRACKER_HTTPS", default=not DEBUG)

INSTALLED_APPS = [
    "tracker",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks_db",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    # A page is a sixth of its size compressed. What is secret on one (the tokens of forms) is masked anew every time.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.never_cached_when_signed_in",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.language_of_the_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": connection_settings(text("DATABASE_URL"))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if not DEBUG:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("pool", {"min_size": 1, "max_size": 8})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes, so that rate limits hold across them. The table is made by a migration.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tracker_cache",
        # Enough that nobody makes it forget their attempts by making many under other names.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "en"
# English stands at the root, the others below their codes. The desk and the admin are in English.
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("he", "עברית")]
LOCALE_PATHS = [BASE_DIR / "locale"]
ENGLISH_ONLY = ("/desk/", "/admin/", "/accounts/")
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["tracker.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".data" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Kept copies of articles: for researchers, never under a public address.
MEDIA_ROOT = Path(text("TRACKER_ARTICLES") or data_folder() / "articles")

# Accounts: one door for the desk and the admin.
AUTH_USER_MODEL = "tracker.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tracker.desk.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# No letters to addresses that strangers type in.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "tracker.desk.accounts.SignInForm",
    "change_password": "tracker.desk.accounts.ChangeForm",
    "reset_password": "tracker.desk.accounts.ForgottenForm",
    "reset_password_from_key": "tracker.desk.accounts.AnewForm",
    "reauthenticate": "tracker.desk.accounts.AgainForm",
}
# Beside allauth's own limits: how many forms of people who are signed out are kept for one address, so that whoever has
# no account does not fill the table of sessions.
# Nor does a researcher make this server a tool that reads the web by the thousand.
# What readers propose is read by people.
ACCOUNT_RATE_LIMITS = {"keep_form": "30/h/ip", "fetch_page": "120/h/user", "suggest": "5/10m/ip,30/d/ip"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Ceasefire Tracker] "
# How many proxies stand before the server and may be believed about a visitor's address.
ALLAUTH_TRUSTED_PROXY_COUNT = whole("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "tracker.desk.accounts.CodeForm",
    "reauthenticate": "tracker.desk.accounts.CodeAgainForm",
    "activate_totp": "tracker.desk.accounts.SetUpForm",
}
# Addresses are entered by administrators, who know the people.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "tracker.desk.accounts.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Ceasefire Tracker"

MAIL_HOST = text("EMAIL_HOST")
# Without a mail server, letters go to the server's log, so that a password can still be reset by its operator.
MAILERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
if MAIL_HOST:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": whole("EMAIL_PORT", 587),
            "username": text("EMAIL_HOST_USER"),
            "password": text("EMAIL_HOST_PASSWORD"),
            "use_tls": flag("EMAIL_USE_TLS", default=True),
            # A mail server that does not answer must not hold a visitor for ever.
            "timeout": 10,
        },
    }
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "tracker@localhost")

# Who runs this installation, an address for mistakes and questions, and where its source can be had: shown on the page
# about the site, which says so plainly where nobody has filled them in.
OPERATOR = text("TRACKER_OPERATOR")
CONTACT = text("TRACKER_CONTACT")
SOURCE = text("TRACKER_SOURCE")

# Nothing runs or is styled inline, in the admin neither.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# An agreement is set up on one page of the admin, with all its obligations.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Room for the longest text that can be pasted, whatever its script.
DATA_UPLOAD_MAX_MEMORY_SIZE = 9_000_000
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = True
# Until the browser closes: readers get it with a form, and nothing is to stay with them.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "tracker.errors.csrf_failure"
if HTTPS:
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if flag("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django has a handler of its own; without this everything would be said twice.
    "loggers": {"django": {"handlers": ["console"], "level": "INFO" if DEBUG else "WARNING", "propagate": False}},
}
