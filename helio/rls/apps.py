"""Row-level security: the one room that knows how an identity reaches the database."""

from django.apps import AppConfig


class RlsConfig(AppConfig):
    name = "helio.rls"
    label = "rls"
    verbose_name = "Row-level security"

    def ready(self) -> None:
        from helio.rls import checks  # noqa: F401  registers the system checks
