"""A large file is loaded part by part, and nobody can tell from what it left behind."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DataError, connection, transaction

from ingestion.bench.load import DEFINITION
from ingestion.models import ExceptionItem, Identifier, RepeatedRecord, Source, SourceFile
from ingestion.pipeline import staged
from ingestion.pipeline.definitions import load_definitions
from ingestion.sources import rows
from ingestion.staging import part
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import digests, take, write
from portfolios.models import Affected

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


@pytest.fixture
def parted(monkeypatch):
    """Says which files were loaded part by part, from now on those of any size."""
    taken = []
    load = staged.load_parts
    monkeypatch.setattr(rows, "CHUNK_ROWS", 7)
    monkeypatch.setattr(part, "ROWS_MAX", 20)

    def load_parts(file, *others):
        taken.append(file.name)
        return load(file, *others)

    def begin():
        monkeypatch.setattr(staged, "LARGE_BYTES", 1)
        monkeypatch.setattr("ingestion.pipeline.wave.load_parts", load_parts)
        return taken

    return begin


def orders(folder: Path) -> Path:
    """All orders of the case under other numbers, some twice, some told otherwise, some spoilt."""
    order = random.Random(3)
    lines: list[dict[str, str]] = []
    for path in sorted((ALPHA / "sources" / "blotter").glob("*.csv")):
        lines += csv.DictReader(path.read_text("utf-8").splitlines())
    for line in lines:
        line["order_no"] = f"Z{line['order_no']}"
    lines = lines[:600]
    again = [dict(line) for line in order.sample(lines, 120)]
    otherwise = [line | {"remark": "told otherwise"} for line in order.sample(lines, 9)]
    spoilt = [line | {"order_no": f"Y{at}", "units": "many"} for at, line in enumerate(lines[:9])]
    order.shuffle(found := [*lines, *again, *otherwise, *spoilt])
    return _written(folder / "parted_blotter.csv", found)


def closes(folder: Path) -> Path:
    """Closes of some listings with revisions, repetitions and an unknown listing."""
    order = random.Random(4)
    codes = Identifier.objects.filter(scheme="FIGI", known_to=None).order_by("value")
    figis = [*codes.values_list("value", flat=True)[:9], "BBG000000000"]
    found = [
        {
            "figi": figi, "on": f"2019-03-{day:02d}", "last": f"{price}", "unit": "USD",
            "rev": f"{revision}", "released_at": f"2019-03-{day:02d}T2{revision}:00:00Z",
        }
        for day in range(1, 20) for figi in figis for revision in range(1 + day % 3)
        for price in (100 + day + revision,) * (1 + (day + revision) % 2)
    ]  # fmt: skip
    order.shuffle(found)
    return _written(folder / "bench_closes_parted.csv", found)


def _written(path: Path, found: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    return path


def left_by(source: Source, path: Path) -> dict[str, object]:
    """What a file left behind, without the numbers that any load takes anew."""
    batch = take(source, path)
    [file] = SourceFile.objects.filter(batch=batch)
    items = ExceptionItem.objects.filter(file=file).order_by("line_no", "code")
    repeats = RepeatedRecord.objects.filter(file=file)
    touched = Affected.objects.filter(batch_id=batch.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, reference, version, content, known_from, held, line_no"
            " FROM event_version WHERE file_id = %s ORDER BY line_no",
            [file.pk],
        )
        register = cursor.fetchall()
    return {
        "facts": digests(),
        "register": register,
        "batch": {name: getattr(batch, name) for name in COUNTS},
        "file": {name: getattr(file, name) for name in (*COUNTS, "status", "kind")},
        "exceptions": [*items.values_list("line_no", "code", "sentence", "raw_text", "state")],
        "repeats": (repeats.count(), *set(repeats.values_list("record", "of_file"))),
        "touched": sorted(map(str, touched.values_list("portfolio_id", "listing_id", "from_on"))),
        "newest": Source.objects.get(pk=source.pk).business_date,
    }


COUNTS = ("received", "loaded", "superseded", "duplicate", "quarantined", "rejected")


@pytest.mark.parametrize(("name", "made"), [("blotter", orders), ("bench", closes)])
def test_parts_leave_behind_what_the_whole_file_does(
    name: str, made: Callable[[Path], Path], parted, tmp_path
):
    load_definitions(DEFINITION, by="test")
    source, path = Source.objects.get(name=name), made(tmp_path)
    with transaction.atomic():
        whole = left_by(source, path)
        transaction.set_rollback(True)
    taken = parted()

    in_parts = left_by(source, path)

    assert taken == [path.name]
    assert {key: value for key, value in in_parts.items() if value != whole[key]} == {}
    counts = whole["file"]
    assert min(counts[each] for each in ("loaded", "superseded", "duplicate", "quarantined")) > 0


def lines(prefix: str) -> str:
    path = ALPHA / "sources" / "blotter" / "blotter_2024-Q1.csv"
    return path.read_text("utf-8").replace("\n", f"\n{prefix}").removesuffix(prefix)


def test_a_file_that_is_refused_in_its_last_part_leaves_no_fact(parted, tmp_path, monkeypatch):
    path = write(tmp_path, "cut_blotter.csv", lines("W"))
    monkeypatch.setattr(staged, "read_parts", refused_after_parts(staged.read_parts, path.name))
    before, taken = digests(), parted()

    batch = take(Source.objects.get(name="blotter"), path)

    assert taken == [path.name]
    assert (batch.files_loaded, batch.files_rejected, batch.loaded) == (0, 1, 0)
    assert digests() == before
    [item] = ExceptionItem.objects.filter(batch=batch)
    assert item.sentence == "The trailer is missing."


def refused_after_parts(read, name):
    def read_parts(files, *others):
        *before, last = read(files, *others)
        assert len(before) > 2
        last.refuse(files[0].pk, rows.FileRefused("TRAILER_MISMATCH", "the trailer is missing"))
        yield from [*before, last]

    return read_parts


def test_what_fails_in_a_later_part_leaves_no_trace_of_the_earlier_ones(
    parted, tmp_path, monkeypatch
):
    path = write(tmp_path, "poison_blotter.csv", lines("V"))
    source = Source.objects.get(name="blotter")
    with transaction.atomic():
        whole = left_by(source, path)
        transaction.set_rollback(True)
    load, calls = staged.load_record, []

    def fail_once(record, batch_id, **options):
        calls.append(record)
        if len(calls) == 3:
            raise DataError("value out of range")
        load(record, batch_id, **options)

    monkeypatch.setattr(staged, "load_record", fail_once)
    parted()

    in_parts = left_by(source, path)  # it is tried once more, by itself

    assert len(calls) > 6
    assert (in_parts["facts"], in_parts["file"]) == (whole["facts"], whole["file"])


def test_while_staging_is_read_by_others_a_large_file_is_loaded_whole(parted, tmp_path, connect_as):
    path = write(tmp_path, "backup_blotter.csv", lines("U"))
    taken = parted()
    backup = connect_as("superuser")
    backup.execute("SELECT count(*) FROM staging.event")

    batch = take(Source.objects.get(name="blotter"), path)

    backup.rollback()
    assert taken == []
    assert batch.files_loaded == 1
    assert batch.loaded > 100
