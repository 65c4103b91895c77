"""Where a load may leave out a step, and where it must not; either way the facts are the same."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from ingestion import sqlfile
from ingestion.bench.load import DEFINITION
from ingestion.models import Identifier, Source
from ingestion.pipeline.definitions import load_definitions
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import take
from portfolios.models import Price, Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

COMPARING = ("event/25_wanted", "event/40_repeats", "event/58_renewed", "event/60_windows")
ORDERS = ALPHA / "sources" / "blotter" / "blotter_2024-Q1.csv"


@pytest.fixture
def steps(monkeypatch):
    """Names of the statements that were run, as ``event/30_register``."""
    found = []
    execute = sqlfile._execute

    def noted(cursor, path, names, parameters):
        folder, name = path.removesuffix(".sql").split("/")[-2:]
        found.append(f"{folder}/{name}")
        execute(cursor, path, names, parameters)

    monkeypatch.setattr(sqlfile, "_execute", noted)
    return found


def orders(folder: Path, name: str, changes: Iterable[dict[str, str]]) -> Path:
    """A file of the case's first orders, each with some other words."""
    lines = list(csv.DictReader(ORDERS.read_text("utf-8").splitlines()))
    return written(
        folder / f"{name}_blotter.csv",
        [line | other for line, other in zip(lines, changes, strict=False)],
    )


def closes(folder: Path, name: str, rows: Iterable[tuple[str, str, str, int]]) -> Path:
    """A file of closes: listing, day, close, revision."""
    return written(
        folder / f"bench_closes_{name}.csv",
        [
            {
                "figi": figi, "on": day, "last": last, "unit": "USD", "rev": str(revision),
                "released_at": f"{day}T2{revision}:00:00Z",
            }
            for figi, day, last, revision in rows
        ],
    )  # fmt: skip


def written(path: Path, lines: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return path


def numbered(*numbers: str) -> list[dict[str, str]]:
    return [{"order_no": number} for number in numbers]


def versions(reference: str) -> list[tuple[int, bool]]:
    """Versions of an order in the ledger, and whether each is believed still."""
    entries = Transaction.objects.filter(source_reference=reference).order_by("source_version")
    return [(entry.source_version, entry.known_to is None) for entry in entries]


def blotter() -> Source:
    return Source.objects.get(name="blotter")


def test_orders_beyond_all_that_are_registered_are_compared_with_nothing(steps, tmp_path):
    batch = take(blotter(), orders(tmp_path, "new", numbered("ZA-1", "ZA-2", "ZA-3")))

    assert (batch.loaded, batch.received) == (3, 3)
    assert "event/28_alone" in steps
    assert not {*COMPARING, "event/70_outcome", "sql/10_quarantine"} & {*steps}


def test_an_order_among_those_registered_is_compared_though_it_is_new(steps, tmp_path):
    take(blotter(), orders(tmp_path, "ends", numbered("ZB-1", "ZB-9")))
    steps.clear()

    batch = take(blotter(), orders(tmp_path, "between", numbered("ZB-5", "ZB-95")))

    assert batch.loaded == 2
    assert {"event/25_wanted", "event/58_renewed"} <= {*steps}


def test_an_amendment_closes_what_it_amends(steps, tmp_path):
    take(blotter(), orders(tmp_path, "first", numbered("ZC-1", "ZC-2")))
    amended = {"order_no": "ZC-2", "version_no": "2", "record_status": "AMEND"}

    batch = take(blotter(), orders(tmp_path, "amended", [amended, {"order_no": "ZC-3"}]))

    assert batch.loaded == 2
    assert versions("ZC-2") == [(1, False), (2, True)]
    assert {*COMPARING} - {"event/40_repeats"} <= {*steps}


def test_two_versions_in_one_file_of_new_orders_are_told_apart(tmp_path):
    amended = {"order_no": "ZD-1", "version_no": "2", "record_status": "AMEND"}

    batch = take(
        blotter(), orders(tmp_path, "both", [*numbered("ZD-1"), amended, *numbered("ZD-2")])
    )

    assert (batch.loaded, batch.superseded) == (2, 1)
    assert versions("ZD-1") == [(1, False), (2, True)]


def test_the_same_order_twice_in_one_file_of_new_orders_counts_once(tmp_path):
    path = orders(tmp_path, "twice", numbered("ZE-1", "ZE-2"))
    header, first, second = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text(header + first + second + first, "utf-8")

    batch = take(blotter(), path)

    assert (batch.loaded, batch.duplicate) == (2, 1)
    assert versions("ZE-1") == [(1, True)]


def test_new_orders_of_unknown_books_and_currencies_are_held(steps, tmp_path):
    batch = take(
        blotter(),
        orders(
            tmp_path,
            "held",
            [
                {"order_no": "ZF-1", "book_code": "NOBODY"},
                {"order_no": "ZF-2", "settlement_currency": "XQX"},
                {"order_no": "ZF-3", "symbol": "", "cusip_no": ""},
                {"order_no": "ZF-4"},
            ],
        ),
    )

    items = batch.exceptions.order_by("line_no").values_list("code", flat=True)
    assert [*items] == ["UNKNOWN_BOOK", "UNKNOWN_CURRENCY", "UNKNOWN_INSTRUMENT"]
    assert (batch.loaded, batch.quarantined) == (1, 3)
    assert not {*COMPARING} & {*steps}


def test_a_held_order_that_is_amended_is_released_though_all_of_the_file_is_loaded(tmp_path):
    [held] = take(
        blotter(), orders(tmp_path, "held", [{"order_no": "ZG-1", "book_code": "NOBODY"}])
    ).exceptions.all()
    amended = {"order_no": "ZG-1", "version_no": "2", "record_status": "AMEND"}

    batch = take(blotter(), orders(tmp_path, "amended", [amended]))

    held.refresh_from_db()
    assert (batch.loaded, held.outcome) == (1, "released by a later version")


def figis(number: int) -> list[str]:
    codes = Identifier.objects.filter(scheme="FIGI", known_to=None).order_by("value")
    return [*codes.values_list("value", flat=True)[:number]]


def bench() -> Source:
    load_definitions(DEFINITION, by="test")
    return Source.objects.get(name="bench")


def believed(day: str) -> list[tuple[str, int]]:
    prices = Price.objects.filter(priced_on=day, known_to=None).order_by("listing_id")
    return [(f"{price.price:.2f}", price.revision) for price in prices]


def test_a_later_revision_of_a_stored_close_is_believed_and_its_neighbour_stays(tmp_path):
    source, (one, other) = bench(), figis(2)
    take(source, closes(tmp_path, "first", [(one, "2008-02-01", "10.00", 0)]))

    batch = take(
        source,
        closes(
            tmp_path,
            "revised",
            [
                (one, "2008-02-01", "11.00", 1),
                (other, "2008-02-01", "20.00", 0),  # of a day that is stored, but new
                (one, "2008-02-02", "12.00", 0),  # of a day of which nothing is
            ],
        ),
    )

    assert batch.loaded == 3
    assert sorted(believed("2008-02-01")) == [("11.00", 1), ("20.00", 0)]
    assert believed("2008-02-02") == [("12.00", 0)]


def test_a_stored_close_again_is_a_repetition_and_another_one_a_contradiction(tmp_path):
    source, (one, other) = bench(), figis(2)
    first = [(one, "2009-02-01", "10.00", 0), (other, "2009-02-01", "20.00", 0)]
    take(source, closes(tmp_path, "first", first))
    again = [first[0], (other, "2009-02-01", "21.00", 0), (one, "2009-02-05", "12.00", 0)]

    batch = take(source, closes(tmp_path, "again", again))

    assert (batch.loaded, batch.duplicate, batch.quarantined) == (1, 1, 1)
    assert sorted(believed("2009-02-01")) == [("10.00", 0), ("20.00", 0)]


def test_a_close_twice_on_a_day_of_which_nothing_is_stored_counts_once(tmp_path):
    source, [one] = bench(), figis(1)
    row = (one, "2010-02-01", "10.00", 0)

    batch = take(source, closes(tmp_path, "twice", [row, row, (one, "2010-02-01", "10.50", 1)]))

    assert (batch.loaded, batch.duplicate, batch.superseded) == (1, 1, 1)
    assert believed("2010-02-01") == [("10.50", 1)]


@pytest.mark.parametrize(("missing", "named"), [("listing", "listing"), ("portfolio", "portfolio")])
def test_one_entry_among_many_that_names_nobody_refuses_them_all(missing, named):
    entry = Transaction.objects.filter(listing__isnull=False).order_by("pk").first()
    fields = [field.column for field in Transaction._meta.concrete_fields if field.column != "id"]
    kept = ", ".join(fields)
    taken = ", ".join(
        f"CASE WHEN n = 500 THEN -1 ELSE {name} END" if name == f"{missing}_id"
        else "source_reference || n" if name == "source_reference" else name
        for name in fields
    )  # fmt: skip
    before = Transaction.objects.count()

    with (
        pytest.raises(IntegrityError, match=f"names a {named} that does not exist"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO transaction ({kept}) SELECT {taken}"
            " FROM transaction CROSS JOIN generate_series(1, 999) AS n WHERE id = %s",
            [entry.pk],
        )

    assert Transaction.objects.count() == before
