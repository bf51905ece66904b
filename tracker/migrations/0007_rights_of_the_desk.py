"""What the roles may do with the tables of the researchers' desk."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from tracker.models.rights import grant


def widen(apps, schema_editor):
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    grant(apps, so_far=True)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0006_the_researchers_desk")]

    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
