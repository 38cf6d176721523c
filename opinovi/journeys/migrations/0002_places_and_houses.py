"""A place in a group that a referral took; every note gets a house."""

import django.db.models.deletion
from django.db import migrations, models


def of_its_writers_house(apps, schema_editor):  # type: ignore[no-untyped-def]
    """A note of no house is of its writer's, else of the house where guidance began."""
    notes = apps.get_model("journeys", "Note").objects.filter(organisation=None)
    for one in notes.select_related("member", "journey"):
        one.organisation_id = one.member.organisation_id if one.member else one.journey.organisation_id
        one.save(update_fields=["organisation"])
    notes.filter(organisation=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0001_continuum"),
        ("contact", "0004_registrations_without_placed_at"),
        ("network", "0003_contact_room"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="registration",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="contact.registration",
            ),
        ),
        migrations.RunPython(of_its_writers_house, migrations.RunPython.noop, elidable=True),
    ]
