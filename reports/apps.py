from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Pages, pushes and files made from figures."""

    name = "reports"
    verbose_name = "Reports"
