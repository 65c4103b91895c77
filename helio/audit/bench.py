"""What the audit trail costs: an event against the bare insert of the same row, and a page's read
while others write events as fast as they can against the same read while nobody does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import in_turns, milliseconds, percentile

ROUNDS: Final = 300
WRITERS: Final = 4
EVENT: Final = "SELECT security.record('bench', 'x', NULL, NULL, '{\"a\": 1}', NULL, '')"
ROW: Final = "INSERT INTO bench_event (action, object, detail) VALUES ('bench', 'x', '{\"a\": 1}')"
TABLE: Final = (
    "CREATE TABLE bench_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " at timestamptz DEFAULT now(), action text, object text, detail jsonb)"
)
READ: Final = "SELECT count(*) FROM auth_permission"


def measure(place: Place) -> Iterator[Line]:
    """p50 of one event and p95 of a read among writers, each with its floor."""
    with place.connect("superuser") as owner, place.connect("worker") as worker:
        owner.execute(TABLE)
        event, row = in_turns([lambda: worker.execute(EVENT), lambda: owner.execute(ROW)], ROUNDS)
        yield _line("audit.event.p50", percentile(event, 0.5), percentile(row, 0.5), "one event")
        alone = percentile([milliseconds(lambda: owner.execute(READ)) for _ in range(ROUNDS)], 0.95)
        with _writing(place):
            among = [milliseconds(lambda: owner.execute(READ)) for _ in range(ROUNDS)]
        work = f"a read while {WRITERS} connections write events"
        yield _line("audit.read_among_writers.p95", percentile(among, 0.95), alone, work)
        owner.execute("DROP TABLE bench_event")


@contextmanager
def _writing(place: Place) -> Iterator[None]:
    stop = threading.Event()

    def write(db: psycopg.Connection) -> None:
        with db:
            while not stop.is_set():
                db.execute(EVENT)

    writers = [
        threading.Thread(target=write, args=(place.connect("worker"),)) for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def _line(name: str, value: float, floor: float, work: str) -> Line:
    return Line(name=name, value=value, unit="ms", floor=floor, work=work)
