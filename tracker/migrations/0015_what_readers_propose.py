"""Corrections that readers propose, and who may answer them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from tracker.models.rights import grant


def widen(apps, schema_editor):
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    grant(apps, so_far=True)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0014_search'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='person',
            options={'permissions': [('assess', 'Can propose a status, or record one where no review is needed'), ('publish', 'Can publish a status that another person proposed'), ('retract', 'Can withdraw a published status with a reason'), ('regroup', 'Can merge and split records'), ('lead_rounds', 'Can open coding rounds and close them early'), ('forget_senders', 'Can erase who proposed a correction')], 'verbose_name_plural': 'people'},
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When this was entered into the tracker (UTC).')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('about', models.CharField(help_text='The address of the page, with both dates.', max_length=2000)),
                ('title', models.CharField(help_text='What the page was called.', max_length=500)),
                ('wrong', models.TextField(max_length=4000)),
                ('proposed', models.TextField(blank=True, max_length=4000)),
                ('source', models.CharField(blank=True, max_length=1000)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('named', models.BooleanField(default=False, help_text='The sender wants the name to be shown.')),
            ],
            options={
                'ordering': ['-recorded_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('wrong', ''), _negated=True), name='suggestion_says_what'), models.CheckConstraint(condition=models.Q(('about__startswith', '/')), name='suggestion_about_own_page')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When this was entered into the tracker (UTC).')),
                ('outcome', models.CharField(choices=[('accepted', 'Accepted'), ('declined', 'Declined')], max_length=20)),
                ('text', models.TextField(max_length=4000, verbose_name='reason')),
                ('correction', models.CharField(blank=True, help_text='The address of the correction on this site.', max_length=2000)),
                ('withheld', models.BooleanField(default=False, help_text="The reader's words stay hidden, for instance for what they say of a private person.")),
                ('byline', models.CharField(blank=True, max_length=80)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replies', to=settings.AUTH_USER_MODEL)),
                ('suggestion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='tracker.suggestion')),
            ],
            options={
                'ordering': ['-recorded_at', '-id'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF TG_OP = 'UPDATE' AND NEW.name = '' AND NEW.email = '' AND NOT NEW.named\n                        AND to_jsonb(OLD) - '{name,email,named}'::text[]\n                          = to_jsonb(NEW) - '{name,email,named}'::text[] THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'What a reader proposed is never changed or deleted.' USING ERRCODE = 'integrity_constraint_violation';\n                ", hash='96af2a9e4719082fdbe406c577a12ce69ae6fca1', operation='UPDATE OR DELETE', pgid='pgtrigger_suggestion_immutable_f2203', table='tracker_suggestion', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reply_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['accepted', 'declined', '']), ('outcome__isnull', True), _connector='OR'), name='reply_outcome', violation_error_message="This is not one of the codebook's values."),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reply',
            trigger=pgtrigger.compiler.Trigger(name='reply_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF TG_OP = 'UPDATE' AND NEW.author_id IS NULL\n                        AND to_jsonb(OLD) - 'author_id' = to_jsonb(NEW) - 'author_id' THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'An answer to a reader is never changed or deleted.' USING ERRCODE = 'integrity_constraint_violation';\n                ", hash='386f0f927a3d0f4ba024ab3b4c23cf49401c6e4d', operation='UPDATE OR DELETE', pgid='pgtrigger_reply_immutable_3556b', table='tracker_reply', when='BEFORE')),
        ),
        migrations.RunPython(widen, migrations.RunPython.noop),
    ]
