"""The audit app: one table, one verb, one page, one command."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "helio.audit"
    label = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        from helio.audit import sign_in

        sign_in.connect()
