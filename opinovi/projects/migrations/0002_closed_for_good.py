"""A closed period cannot change: the database itself refuses entries that come, change or go in one."""

from django.db import migrations

CLOSED = "SELECT 1 FROM projects_period WHERE id = {row}.period_id AND closed_at IS NOT NULL"
SQLITE = [
    f"""CREATE TRIGGER projects_entry_no_{verb.lower()}_{row.lower()} BEFORE {verb} ON projects_entry
    WHEN EXISTS ({CLOSED.format(row=row)})
    BEGIN SELECT RAISE(ABORT, 'the period is closed'); END"""
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
]
SQLITE.append(
    """CREATE TRIGGER projects_period_stays_closed BEFORE UPDATE ON projects_period
    WHEN OLD.closed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the period is closed'); END"""
)
POSTGRES = [
    """CREATE FUNCTION projects_entry_open() RETURNS trigger AS $$
    BEGIN
      IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM projects_period WHERE id = OLD.period_id AND closed_at IS NOT NULL)
      THEN RAISE EXCEPTION 'the period is closed'; END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      IF EXISTS (SELECT 1 FROM projects_period WHERE id = NEW.period_id AND closed_at IS NOT NULL)
      THEN RAISE EXCEPTION 'the period is closed'; END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER projects_entry_open BEFORE INSERT OR UPDATE OR DELETE ON projects_entry
    FOR EACH ROW EXECUTE FUNCTION projects_entry_open()""",
    """CREATE FUNCTION projects_period_stays_closed() RETURNS trigger AS $$
    BEGIN
      IF OLD.closed_at IS NOT NULL THEN RAISE EXCEPTION 'the period is closed'; END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER projects_period_stays_closed BEFORE UPDATE ON projects_period
    FOR EACH ROW EXECUTE FUNCTION projects_period_stays_closed()""",
]
AWAY = {
    "sqlite": [
        *(f"DROP TRIGGER projects_entry_no_{one}" for one in ("insert_new", "update_new", "update_old", "delete_old")),
        "DROP TRIGGER projects_period_stays_closed",
    ],
    "postgresql": [
        "DROP TRIGGER projects_entry_open ON projects_entry",
        "DROP FUNCTION projects_entry_open",
        "DROP TRIGGER projects_period_stays_closed ON projects_period",
        "DROP FUNCTION projects_period_stays_closed",
    ],
}


def protect(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    for statement in AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_projects_room")]
    operations = [migrations.RunPython(protect, unprotect)]
