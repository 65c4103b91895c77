"""The schedule in the admin: what runs when, and whether. Administrators only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat import models as beat

from helio.accounts import roles
from helio.accounts.requests import person

for model in (
    *(beat.PeriodicTask, beat.IntervalSchedule, beat.CrontabSchedule),
    *(beat.ClockedSchedule, beat.SolarSchedule),
):
    admin.site.unregister(model)


class ForAdministrators(admin.ModelAdmin):
    """Read by administrators; helio/sql/0002_schedule_in_the_admin.sql judges the same way."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return person(request).has_role(roles.ADMINISTRATOR)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a task that must not run is switched off."""
        return False


@admin.register(beat.PeriodicTask)
class ScheduleAdmin(ForAdministrators):
    """When each task runs, by an interval or by a time of day, and whether it does."""

    list_display = ("name", "task", "when", "enabled", "last_run_at")
    list_filter = ("enabled",)
    ordering = ("name",)
    fields = (
        "name",
        "task",
        "kwargs",
        "interval",
        "crontab",
        "enabled",
        "description",
        "last_run_at",
    )
    readonly_fields = ("name", "task", "kwargs", "last_run_at")
    editable = ("interval", "crontab", "enabled", "description")

    @admin.display(description="when")
    def when(self, task: beat.PeriodicTask) -> str:
        """Every so often, or at a time of day."""
        return str(task.interval or task.crontab)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a task comes with the code that it calls."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write what may be edited, and no other column; beat sees the mark that it sets."""
        obj.save(update_fields=[*self.editable, "date_changed"])


class WhenAdmin(ForAdministrators):
    """An interval or time of day to choose; those that tasks share are not changed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a task is given another instead."""
        return False


admin.site.register(beat.IntervalSchedule, WhenAdmin)
admin.site.register(beat.CrontabSchedule, WhenAdmin)
