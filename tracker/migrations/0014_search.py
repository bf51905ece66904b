"""What full-text search stands on: a configuration, functions that take text apart, and indexes over them.

Everything the functions name is bound when they are made, so that dumps and schemas with other search paths keep them.
"""

import django.contrib.postgres.indexes
from django.db import migrations

import tracker.models.vectors
from tracker.reading.asking import APART_PATTERN, LEFT_OUT_PATTERN, LETTERS_LIKE

LETTERS, LIKE = "".join(LETTERS_LIKE), "".join(LETTERS_LIKE.values())

# The Arabic article with what is written together with it. The stemmer takes it off some words and not off others.
ARTICLE = (
    r"(^|[^\u0621-\u064a])"
    r"\u0648?(?:\u0627\u0644|\u0628\u0627\u0644|\u0643\u0627\u0644|\u0641\u0627\u0644|\u0644\u0644)"
    r"(?=[\u0621-\u064a]{3})"
)

MAKE = rf"""
    CREATE TEXT SEARCH CONFIGURATION tracker (COPY = pg_catalog.english);
    ALTER TEXT SEARCH CONFIGURATION tracker
        ALTER MAPPING FOR word, hword, hword_part WITH pg_catalog.arabic_stem;
    CREATE FUNCTION tracker_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE
            -- Most texts have no other signs than these, and need less work.
            WHEN octet_length($1) = char_length($1) THEN regexp_replace($1, '{APART_PATTERN}', ' ', 'g')
            ELSE translate(
                regexp_replace(
                    regexp_replace(normalize($1, NFD), '{LEFT_OUT_PATTERN}', '', 'g'), '{APART_PATTERN}', ' ', 'g'
                ),
                '{LETTERS}', '{LIKE}'
            )
        END;
    CREATE FUNCTION tracker_bare(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN regexp_replace(tracker_plain($1), '{ARTICLE}', '\1', 'g');
    CREATE FUNCTION tracker_stems(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN to_tsvector('tracker'::regconfig, tracker_bare($1));
    CREATE FUNCTION tracker_forms(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN to_tsvector('pg_catalog.simple'::regconfig, tracker_plain($1));
"""

UNMAKE = """
    DROP FUNCTION tracker_forms(text);
    DROP FUNCTION tracker_stems(text);
    DROP FUNCTION IF EXISTS tracker_bare(text);
    DROP FUNCTION tracker_plain(text);
    DROP TEXT SEARCH CONFIGURATION tracker;
"""


def words(name: str, *columns: str) -> django.contrib.postgres.indexes.GinIndex:
    return django.contrib.postgres.indexes.GinIndex(
        tracker.models.vectors.Stems(*columns), tracker.models.vectors.Forms(*columns), name=name
    )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0013_waiting_statuses_form_sets")]

    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        migrations.AddIndex("event", words("event_words", "title", "summary", "place")),
        migrations.AddIndex("report", words("report_words", "quote", "originator_text")),
        migrations.AddIndex("article", words("article_words", "title", "authors")),
    ]
