"""The schedule is a table: what beat does when stands in it, and administrators edit it there."""

from collections.abc import Mapping
from typing import Any

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler


class TableScheduler(DatabaseScheduler):
    """Enters what the settings name and the table lacks; what it has stays as it was edited.

    The stock scheduler writes the settings over the table at every start.
    """

    def update_from_dict(self, mapping: Mapping[str, Any]) -> None:
        """Enter the entries that the table does not have yet."""
        known = set(PeriodicTask.objects.values_list("name", flat=True))
        super().update_from_dict({name: mapping[name] for name in mapping if name not in known})
