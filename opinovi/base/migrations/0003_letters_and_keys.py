from django.db import migrations, models

import opinovi.base.clock
import opinovi.base.ids
import opinovi.base.secret


def seal_what_waits(apps, schema_editor):
    import json

    for letter in apps.get_model("base", "Letter").objects.exclude(state="sent"):
        told = json.dumps({"to": letter.to, "body": letter.body}, ensure_ascii=False)
        letter.sealed = opinovi.base.secret.seal(told, "letter")
        letter.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [("base", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=opinovi.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wrapped", models.CharField(default=opinovi.base.secret.new_wrapped_key, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Unsent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=opinovi.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("path", models.CharField(max_length=300)),
                ("sealed", models.TextField()),
                ("at", models.DateTimeField(default=opinovi.base.clock.now)),
            ],
        ),
        migrations.RemoveConstraint(model_name="letter", name="sent_letter_keeps_no_address"),
        migrations.AddField(
            model_name="letter",
            name="kind",
            field=models.CharField(choices=[("mail", "Mail"), ("sms", "Sms")], default="mail", max_length=4),
        ),
        migrations.AddField(
            model_name="letter", name="sealed", field=models.TextField(blank=True), preserve_default=True
        ),
        migrations.AddField(
            model_name="letter", name="about", field=models.CharField(blank=True, db_index=True, max_length=40)
        ),
        migrations.AlterField(
            model_name="letter",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("dropped", "Dropped"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.RunPython(seal_what_waits, migrations.RunPython.noop),
        migrations.RemoveField(model_name="letter", name="to"),
        migrations.RemoveField(model_name="letter", name="body"),
        migrations.AddIndex(
            model_name="letter", index=models.Index(fields=["state", "next_try_at"], name="letter_due")
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["sent", "dropped"]), _negated=True) | models.Q(("sealed", "")),
                name="sent_letter_keeps_no_words",
            ),
        ),
    ]
