"""A refresh every four minutes, so that with its own time no figure is older than five."""

from typing import Any

from django.db import migrations

NAME = "Refresh the figures"
# The same, as an earlier release entered it at every start of beat.
ENTERED_TWICE = "refresh the figures"


def _every(minutes_before: int, minutes: int) -> Any:
    def change(apps: Any, schema_editor: Any) -> None:
        interval = apps.get_model("django_celery_beat", "IntervalSchedule")
        task = apps.get_model("django_celery_beat", "PeriodicTask")
        wanted, _ = interval.objects.get_or_create(every=minutes, period="minutes")
        task.objects.filter(name=ENTERED_TWICE).delete()
        task.objects.filter(
            name=NAME, interval__every=minutes_before, interval__period="minutes"
        ).update(interval=wanted)

    return change


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0017_rollup_tables"),
        ("helio", "0002_schedule_in_the_admin"),
    ]
    operations = [migrations.RunPython(_every(5, 4), _every(4, 5))]
