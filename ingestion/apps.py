"""Ingestion: from the systems' files to facts."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    name = "ingestion"
    verbose_name = "Ingestion"

    def ready(self) -> None:
        """Registers the task of the checks, and lets them follow each new version."""
        from ingestion.quality import tasks

        tasks.connect()
