"""One run: a firm, its people, and readers, changes and failures all at once."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final

import psycopg
import redis
import structlog

from helio.testing import databases
from helio.testing.site import WebProcess, web_processes
from reports.isolation import cast, truth
from reports.isolation.pages import PageReader
from reports.isolation.relations import RelationReader
from reports.isolation.sockets import SocketReader
from reports.isolation.tally import Tally

log = structlog.get_logger(__name__)

NEW_VERSION: Final = """
INSERT INTO version (created_at, as_of, cause, batch_ids, source_ages, steps, changed_portfolios,
                     changed_from, duration_ms)
SELECT clock_timestamp(), as_of, 'proof', '{}', source_ages, steps, '{}', as_of, 0
  FROM version ORDER BY number DESC LIMIT 1
"""
CHANGES: Final = (cast.give, cast.end, cast.end, cast.join, cast.leave)
PAUSE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Size:
    """How much is read, by how many at once, and how often something dies.

    ``pages`` of the reads at least are pages; each session asks for every address ``rounds`` times.
    """

    reads: int
    people: int
    sessions: int
    pages: int = 0
    rounds: int = 1
    readers: int = 2
    browsers: int = 2
    web_processes: int = 2
    seconds_between_failures: float = 20.0


def prove(database: str, size: Size, seed: int) -> Tally:
    """What came of reading this database so often as so many people.

    The database is the run's own, and Django is connected to it: people, grants and versions are
    added to it. Raises whatever went wrong with the run itself.
    """
    rng, tally = Random(seed), Tally()
    with ExitStack() as stack:
        superuser = stack.enter_context(databases.connect("superuser", database, autocommit=True))
        there = truth.read(superuser, rng)
        people = cast.enrol(superuser, size.people, list(there.codes), rng)
        webs = stack.enter_context(web_processes(database, size.web_processes))
        urls = [web.url for web in webs]
        sessions = _sessions(people, urls, there, tally, size.sessions)
        for session in sessions:
            stack.callback(session.close)
        tasks = [
            *(_relations(database, there, people, tally, rng) for _ in range(size.readers)),
            *(_browse(part, rng) for part in _parts(sessions, size.browsers)),
            _watch(urls, sessions, there, people, tally, rng),
            _change(superuser, people, rng),
            _fail(webs, database, size, rng),
        ]
        _together(
            tasks,
            lambda: (
                tally.total >= size.reads
                and tally.reads["page"] >= size.pages
                and all(one.rounds > size.rounds for one in sessions)
            ),
        )
    return tally


Task = Callable[[threading.Event], None]


def _together(tasks: Sequence[Task], is_enough: Callable[[], bool]) -> None:
    """Runs all of them until it is enough, or one of them raises: then that is raised."""
    stop, raised = threading.Event(), list[BaseException]()

    def guarded(task: Task) -> None:
        try:
            task(stop)
        except BaseException as error:
            raised.append(error)
            stop.set()

    threads = [threading.Thread(target=guarded, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    while not stop.wait(PAUSE):
        if is_enough():
            stop.set()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def _sessions(
    people: cast.Cast, urls: Sequence[str], there: truth.Truth, tally: Tally, count: int
) -> list[PageReader]:
    readers = [
        PageReader(urls, member, there, people.access, tally) for member in people.members[:count]
    ]
    for reader in readers:
        reader.sign_in()
    return readers


def _parts(sessions: list[PageReader], count: int) -> Iterator[list[PageReader]]:
    """The sessions dealt out: one thread has a session to itself."""
    yield from (sessions[start::count] for start in range(count))


def _relations(
    database: str, there: truth.Truth, people: cast.Cast, tally: Tally, seeds: Random
) -> Task:
    rng = Random(seeds.random())

    def task(stop: threading.Event) -> None:
        reader = RelationReader(databases.dsn("web", database), there, people.access, tally)
        try:
            while not stop.is_set():
                reader.read(rng.choice(people.members), rng)
        finally:
            reader.close()

    return task


def _browse(sessions: list[PageReader], seeds: Random) -> Task:
    rng = Random(seeds.random())

    def task(stop: threading.Event) -> None:
        for number, session in enumerate(cycle(sessions)):
            if stop.is_set():
                return
            session.export(rng) if number % 10 == 9 else session.read(rng)

    return task


def _watch(
    urls: Sequence[str],
    sessions: Sequence[PageReader],
    there: truth.Truth,
    people: cast.Cast,
    tally: Tally,
    seeds: Random,
) -> Task:
    rng = Random(seeds.random())
    sockets = SocketReader(urls, there, people.access, tally)

    def task(stop: threading.Event) -> None:
        while not stop.is_set():
            session = rng.choice(sessions)
            sockets.read(session.member, session.cookies(), rng)

    return task


def _change(superuser: psycopg.Connection, people: cast.Cast, seeds: Random) -> Task:
    """Grants and teams change, and versions come out, while everybody reads."""
    rng = Random(seeds.random())

    def task(stop: threading.Event) -> None:
        while not stop.wait(rng.uniform(0, 2 * PAUSE)):
            if rng.random() < 0.3:
                cast.give(superuser, people, rng, soon=True)
            else:
                rng.choice(CHANGES)(superuser, people, rng)
            if rng.random() < 0.05:
                superuser.execute(NEW_VERSION)

    return task


def _fail(webs: Sequence[WebProcess], database: str, size: Size, seeds: Random) -> Task:
    """Web processes and database connections are killed, and the Redis-compatible server ends."""
    rng = Random(seeds.random())
    failures: tuple[Callable[[], None], ...] = (
        lambda: _kill(rng.choice(webs)),
        lambda: _end_connections(database),
        _restart_redis,
    )

    def task(stop: threading.Event) -> None:
        for failure in cycle(failures):
            if stop.wait(size.seconds_between_failures):
                return
            failure()

    return task


def _kill(web: WebProcess) -> None:
    log.info("proof.web_killed", url=web.url)
    web.kill()
    web.start()
    web.wait_until_ready()


def _end_connections(database: str) -> None:
    log.info("proof.connections_ended")
    with databases.connect("superuser", database, autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'helio_web'"
        )


def _restart_redis() -> None:
    log.info("proof.redis_ended")
    with redis.Redis.from_url(databases.embedded().redis_url) as server:
        try:
            server.shutdown(nosave=True)
        except redis.ConnectionError:
            return  # it is gone, and its keeper starts another
    time.sleep(PAUSE)
