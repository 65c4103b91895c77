"""One run: a firm, its people, and readers, changes and failures all at once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Final

import psycopg

from helio.testing import databases
from helio.testing.site import web_processes
from helio.testing.worker import WorkerProcess
from reports.isolation import cast, truth
from reports.isolation.failures import Failures
from reports.isolation.pages import PageReader
from reports.isolation.relations import RelationReader
from reports.isolation.sockets import SocketReader
from reports.isolation.tally import Tally

NEW_VERSION: Final = """
INSERT INTO version (created_at, as_of, cause, batch_ids, source_ages, steps, changed_portfolios,
                     changed_from, duration_ms)
SELECT clock_timestamp(), as_of, 'proof', '{}', source_ages, steps, '{}', as_of, 0
  FROM version ORDER BY number DESC LIMIT 1
"""
CHANGES: Final = (cast.give, cast.end, cast.end, cast.join, cast.leave)
PAUSE: Final = 0.1
# Once enough pages were read: one now and then, so that the sessions stay awake.
AT_LEISURE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much is read, by how many at once, and how often something dies.

    ``pages`` of the reads at least are pages; each session asks for every address ``rounds`` times;
    at least ``deaths`` different things die.
    """

    reads: int
    people: int
    sessions: int
    pages: int = 0
    rounds: int = 1
    deaths: int = 0
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
        worker = WorkerProcess(database)
        worker.start()
        stack.callback(worker.kill)
        urls = [web.url for web in webs]
        sessions = _sessions(people, urls, there, tally, size.sessions)
        for session in sessions:
            stack.callback(session.close)
        tasks = [
            *(_relations(database, there, people, tally, rng) for _ in range(size.readers)),
            *(_browse(part, size, tally, rng) for part in _parts(sessions, size.browsers)),
            _watch(urls, sessions, there, people, tally, rng),
            _change(superuser, people, rng),
            _fail(Failures(webs, worker, database, tally, Random(rng.random())), size),
        ]
        _together(
            tasks,
            lambda: (
                tally.total >= size.reads
                and _has_browsed(sessions, size, tally)
                and len(tally.deaths) >= size.deaths
            ),
        )
        worker.kill()
        _settle(database, superuser, there, tally)
    return tally


def _settle(database: str, superuser: psycopg.Connection, there: truth.Truth, tally: Tally) -> None:
    """What killed workers left undone is done, and every row is still what it was."""
    databases.manage("refresh", role="worker", database=database)
    for words, rows in truth.altered(superuser, there):
        tally.missing(rows, f"{words}: altered while workers died")


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


def _has_browsed(sessions: Sequence[PageReader], size: Size, tally: Tally) -> bool:
    """True once every session has seen every address, and all of them enough pages."""
    seen = all(one.rounds > size.rounds for one in sessions)
    return seen and tally.reads["page"] >= size.pages


def _browse(sessions: list[PageReader], size: Size, tally: Tally, seeds: Random) -> Task:
    rng = Random(seeds.random())

    def task(stop: threading.Event) -> None:
        for number, session in enumerate(cycle(sessions)):
            if stop.wait(AT_LEISURE if _has_browsed(sessions, size, tally) else 0):
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


def _fail(failures: Failures, size: Size) -> Task:
    def task(stop: threading.Event) -> None:
        failures.run(stop, size.seconds_between_failures)

    return task
