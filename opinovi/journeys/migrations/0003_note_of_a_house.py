"""A note is always of a house. Apart from 0002: PostgreSQL changes no table whose rows the same transaction changed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_places_and_houses")]

    operations = [
        migrations.AlterField(
            model_name="note",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.organisation"
            ),
        ),
    ]
