"""What dies while everybody reads: web processes, connections, the cache server, and the worker."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final

import psycopg
import redis
import structlog

from helio.celery import app
from helio.testing import databases
from helio.testing.site import WebProcess
from helio.testing.worker import WorkerProcess
from portfolios.refresh.run import LOCK
from reports.isolation.tally import Tally

log = structlog.get_logger(__name__)

PAUSE: Final = 0.1
# A worker that was just started reads a lot of code first.
AT_WORK_WITHIN: Final = 60.0
AT_WORK_FOR: Final = 3.0
# Everything is valued again from the first event on: the figures stay what they are, and are
# written all the same.
NOTE_EVERYTHING: Final = """
INSERT INTO affected (from_on, currency, cause, noted_at)
SELECT min(effective_on), '', 'proof', clock_timestamp() FROM transaction
"""
AT_WORK: Final = """
SELECT count(*) FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) | objid::bigint = %s
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
END_CONNECTIONS: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = 'helio_web'
"""


@dataclass(frozen=True, slots=True)
class Failures:
    """One failure of each kind after another, on this database and what serves it."""

    webs: Sequence[WebProcess]
    worker: WorkerProcess
    database: str
    tally: Tally
    rng: Random

    def run(self, stop: threading.Event, seconds_between: float) -> None:
        """Lets something die every so many seconds, until told to stop."""
        kinds: tuple[Callable[[threading.Event], None], ...] = (
            self._kill_web,
            self._end_connections,
            self._kill_worker,
            self._end_redis,
        )
        for failure in cycle(kinds):
            if stop.wait(seconds_between):
                return
            failure(stop)

    def _kill_web(self, stop: threading.Event) -> None:
        web = self.rng.choice(self.webs)
        log.info("proof.web_killed", url=web.url)
        web.kill()
        self.tally.died("web process")
        web.start()
        web.wait_until_ready()

    def _end_connections(self, stop: threading.Event) -> None:
        log.info("proof.connections_ended")
        with databases.connect("superuser", self.database, autocommit=True) as superuser:
            superuser.execute(END_CONNECTIONS)
        self.tally.died("all connections")

    def _kill_worker(self, stop: threading.Event) -> None:
        """In the middle of a refresh of everything, whose transaction dies with it."""
        with databases.connect("superuser", self.database, autocommit=True) as superuser:
            superuser.execute(NOTE_EVERYTHING)
            app.send_task("portfolios.refresh_figures", kwargs={"cause": "proof"})
            at_work = _comes_to_work(superuser, stop)
        if at_work:
            stop.wait(self.rng.uniform(0, AT_WORK_FOR))
        log.info("proof.worker_killed", at_work=at_work)
        self.worker.kill()
        self.tally.died("worker at work" if at_work else "idle worker")
        self.worker.start()

    def _end_redis(self, stop: threading.Event) -> None:
        log.info("proof.redis_ended")
        self.tally.died("cache server")
        with redis.Redis.from_url(databases.embedded().redis_url) as server:
            try:
                server.shutdown(nosave=True)
            except redis.ConnectionError:
                return  # it is gone, and its keeper starts another
        time.sleep(PAUSE)


def _comes_to_work(superuser: psycopg.Connection, stop: threading.Event) -> bool:
    """True once a refresh is under way, False when none was in time."""
    deadline = time.monotonic() + AT_WORK_WITHIN
    while time.monotonic() < deadline and not stop.is_set():
        row = superuser.execute(AT_WORK, [LOCK]).fetchone()
        if row is not None and row[0]:
            return True
        stop.wait(PAUSE)
    return False
