"""Helio itself as an application: commands, and the task queue every process knows."""

from django.apps import AppConfig

from helio.glossary import glossary


class HelioConfig(AppConfig):
    name = "helio"
    verbose_name = "Helio"

    def ready(self) -> None:
        # Tasks bind to the current Celery app: without it, a page that queues one would look for
        # a broker on AMQP's default port.
        from helio import celery

        celery.app.set_current()
        # A glossary that is not sound stops the start, not the first page that needs it.
        glossary()
