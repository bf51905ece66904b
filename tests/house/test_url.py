from typing import Any

import psycopg
import pytest

from tracker.database.url import DatabaseUrlError, connection_settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://db/name", {"HOST": "db", "NAME": "name", "USER": "", "PASSWORD": "", "PORT": "", "OPTIONS": {}}),
        (
            "postgres://me:s%40cret%2F@db:6432/na%20me",
            {"USER": "me", "PASSWORD": "s@cret/", "PORT": "6432", "NAME": "na me"},
        ),
        ("postgresql://me@/name?host=%2Frun%2Fpg&port=5433", {"HOST": "/run/pg", "PORT": "5433", "OPTIONS": {}}),
        ("postgresql://[::1]:5432/name?sslmode=require", {"HOST": "::1", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_it_reads_a_url(url: str, expected: dict[str, Any]) -> None:
    assert connection_settings(url).items() >= expected.items()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///file.db", "must begin with postgresql://"),
        ("name", "must begin with postgresql://"),
        ("postgresql://me:hush@db", "must end in the name"),
        ("postgresql://me:hush@db:port/name", "not a URL"),
        ("postgresql://me:hush@db/name?sslmode", "not a URL"),
        ("postgresql://me:hush@db/name?sslmode=a&sslmode=b", "sslmode more than once"),
    ],
)
def test_it_refuses_what_it_cannot_read_and_keeps_the_password_to_itself(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlError, match=says) as caught:
        connection_settings(url)
    assert "hush" not in str(caught.value)


def test_without_a_url_the_attempt_to_connect_says_what_is_missing() -> None:
    settings = connection_settings(None)
    with pytest.raises(psycopg.OperationalError, match="DATABASE_URL is not set"):
        psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user="x")
