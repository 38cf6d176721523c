"""Whose door a need was brought to. What was counted before is the installation's first network's."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def give_to_the_first(apps, schema_editor):
    network = apps.get_model("network", "Network").objects.filter(slug=settings.DEFAULT_NETWORK).first()
    if network is not None:
        apps.get_model("doors", "NeedCount").objects.filter(network=None).update(network=network)


class Migration(migrations.Migration):
    dependencies = [("doors", "0001_initial"), ("network", "0003_contact_room")]
    operations = [
        migrations.AddField(
            model_name="needcount",
            name="network",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="network.network",
            ),
        ),
        migrations.RunPython(give_to_the_first, migrations.RunPython.noop, elidable=True),
    ]
