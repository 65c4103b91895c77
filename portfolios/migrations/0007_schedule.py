"""The index by day, index levels as work of their own, and the schedule of the refresh."""

from typing import Any

from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

MINUTES = "minutes"
# Name, task, every so many minutes, what the task is told, seconds after which it is pointless.
SCHEDULE = (
    ("Refresh the figures", "portfolios.refresh_figures", 5, '{"cause": "schedule"}', 240),
    ("Sweep up noted changes", "portfolios.sweep", 1, "{}", 50),
)


def enter(apps: Any, schema_editor: Any) -> None:
    """Enter the schedule that the admin may edit from then on."""
    every = apps.get_model("django_celery_beat", "IntervalSchedule")
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, path, minutes, told, expires in SCHEDULE:
        interval, _ = every.objects.get_or_create(every=minutes, period=MINUTES)
        task.objects.get_or_create(
            name=name,
            defaults={
                "task": path,
                "interval": interval,
                "kwargs": told,
                "expire_seconds": expires,
            },
        )


def remove(apps: Any, schema_editor: Any) -> None:
    """Take the entries out again."""
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    task.objects.filter(name__in=[entry[0] for entry in SCHEDULE]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0006_figures"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.AddField(
            model_name="affected",
            name="index_levels",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Only levels of the index changed."
            ),
        ),
        run_sql_file(
            "portfolios/sql/055_index_day.sql",
            role="helio_rollup",
            reverse="DROP MATERIALIZED VIEW rollup.index_day",
        ),
        run_sql_file(
            "portfolios/sql/064_figures_index_day.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.index_day",
        ),
        migrations.RunPython(enter, remove),
    ]
