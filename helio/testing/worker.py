"""A real Celery worker on a test database, which can die at work and come back."""

import os
import signal
import subprocess
import sys

from django.conf import settings

from helio.testing import databases
from helio.up.supervised import tied

STOPPED_WITHIN = 10.0
QUEUES = "ingest,refresh"


class WorkerProcess:
    """One Celery worker as helio_worker, with the process that does its work."""

    def __init__(self, database: str) -> None:
        self._environment = databases.serving_environment(database, "worker")
        self._log = settings.HELIO_HOME / f"worker-{database}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; returns at once."""
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._process = subprocess.Popen(
            tied(
                [
                    *(sys.executable, "-m", "celery", "-A", "helio.celery", "--quiet", "worker"),
                    *("--queues", QUEUES, "--concurrency", "1", "--loglevel", "WARNING"),
                    *("--without-mingle", "--without-gossip", "--without-heartbeat"),
                ]
            ),
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdout=log,
            stderr=log,
            # With its pool in a group of its own, so that both die in the same moment.
            start_new_session=True,
        )
        os.close(log)

    def kill(self) -> None:
        """Ends it and what works for it, without giving either a chance to say goodbye."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOPPED_WITHIN)
