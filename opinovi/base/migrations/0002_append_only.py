from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER base_event_no_{verb} BEFORE {verb} ON base_event
    BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    """CREATE FUNCTION base_event_append_only() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER base_event_append_only BEFORE UPDATE OR DELETE ON base_event
    FOR EACH ROW EXECUTE FUNCTION base_event_append_only()""",
]


def protect(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER base_event_no_UPDATE")
        schema_editor.execute("DROP TRIGGER base_event_no_DELETE")
    else:
        schema_editor.execute("DROP TRIGGER base_event_append_only ON base_event")
        schema_editor.execute("DROP FUNCTION base_event_append_only")


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
