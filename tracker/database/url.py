"""DATABASE_URL, read into what Django wants to know about a database."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# A socket folder that cannot exist: what Django connects to while DATABASE_URL is not set. Settings can then be
# imported for work that needs no database (collecting static files, checking types), and psycopg's complaint about
# this path says what is missing to anyone who does need one.
NOWHERE = "/DATABASE_URL is not set"


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be understood; the message says why, without repeating a password."""


def connection_settings(url: str | None) -> dict[str, Any]:
    """Return the entry of DATABASES for a URL such as `postgresql://user:password@host:5432/name?sslmode=require`.

    A server behind a Unix socket is written `postgresql://user@/name?host=/folder`. Other query parameters go to the
    driver as they are. None or an empty string gives an entry that cannot connect and says so.
    """
    if not url:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "tracker", "HOST": NOWHERE}
    try:
        parts = urlsplit(url)
        port = parts.port
        query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise DatabaseUrlError("DATABASE_URL is not a URL: its port or its query string cannot be read") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise DatabaseUrlError(f"DATABASE_URL must begin with postgresql://, not with {parts.scheme or 'nothing'}://")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise DatabaseUrlError("DATABASE_URL must end in the name of one database: postgresql://host/name")
    if repeated := [key for key, values in query.items() if len(values) > 1]:
        raise DatabaseUrlError(f"DATABASE_URL gives {repeated[0]} more than once")
    options = {key: values[0] for key, values in query.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
    }
