"""The three roles, and the table in which rate limits are counted."""

from django.contrib.auth.management import create_permissions
from django.core.management import call_command
from django.db import migrations

from tracker.models.rights import RIGHTS, grant


def make_roles(apps, schema_editor):
    # Permissions are normally made after all migrations; the roles need them now.
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    grant(apps, so_far=True)


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS).delete()


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [
        migrations.RunPython(make_roles, drop_roles),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
