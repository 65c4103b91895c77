"""Portfolio access in the admin: grants, holiday cover, reviews, tasks on its first page."""

from portfolios.admin import grants, tasks

__all__ = ["grants", "tasks"]
