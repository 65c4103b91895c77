"""The whole way of a reject: refused, downloaded, mended, sent again, loaded; counts add up."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from helio.rls.identity import acting_as
from helio.testing import databases
from ingestion.models import Batch, ExceptionItem, SourceFile
from ingestion.operations import actions
from ingestion.operations.resending import NotMendable, build, kind_of
from ingestion.pipeline.resend import name_for
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import Price, Transaction
from portfolios.models.custody import CustodyPosting

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

HEAD = (ALPHA / "sources" / "blotter" / "blotter_2025-Q2.csv").read_text().splitlines()[0]
TRADE = (
    "{no},1,NEW,EQT,NYC/GRW/02,B,ZQQX,XNYS,,{units},12.00,USD,1200.00,4.00,,1204.00,USD,,,,"
    "2025-06-17 10:40:00,2025-06-17 10:40:00,America/New_York,,2025-06-18,"
)
GOOD = TRADE.replace("ZQQX", "ZKLV")


@pytest.fixture
def operator():
    return get_user_model().objects.get(username="operations1")


@pytest.fixture
def downloaded(operator):
    """The rejects of a file as operations download them: name and text."""

    def download(file: SourceFile) -> tuple[str, str]:
        with databases.django_connected_to(role="web"), transaction.atomic(), acting_as(operator):
            file = SourceFile.objects.select_related("source").get(pk=file.pk)
            handed = build(file)
            resend = actions.hand_out(file, handed.exception_ids, by=operator)
            name = name_for(resend.pk, file.name, kind_of(file).pattern)
        return name, handed.body.decode("utf-8-sig")

    return download


def adds_up(batch: Batch) -> bool:
    batch.refresh_from_db()
    return batch.adds_up and all(file.adds_up for file in batch.files.all())


def test_mended_lines_of_a_blotter_load_and_settle_what_was_wrong(tmp_path, downloaded):
    source = define_sources()["blotter"]
    lines = [
        HEAD,
        GOOD.format(no="MEND-1", units=100),
        GOOD.format(no="MEND-2", units="many"),  # unreadable
        TRADE.format(no="MEND-3", units=100),  # unknown symbol: held
        "MEND-4,cut off",
    ]
    batch = take(source, write(tmp_path, "late_blotter.csv", "\n".join(lines) + "\n"))
    [file] = batch.files.all()
    assert (batch.received, batch.loaded, batch.quarantined, batch.rejected) == (4, 1, 1, 2)

    name, text = downloaded(file)
    assert name.startswith("late_blotter_resend-")
    assert text.splitlines() == [HEAD, lines[2], lines[3], lines[4]]

    mended = text.replace("many", "200").replace("ZQQX", "ZKLV")
    mended = mended.replace("MEND-4,cut off", GOOD.format(no="MEND-4", units=400))
    again = take(source, write(tmp_path, name, mended))
    assert (again.received, again.loaded) == (3, 3)
    assert adds_up(again)
    assert adds_up(batch)
    found = Transaction.objects.filter(source_reference__startswith="MEND-").order_by("id")
    assert sorted(int(one.units) for one in found) == [100, 100, 200, 400]
    items = ExceptionItem.objects.filter(file=file)
    assert {item.state for item in items} == {ExceptionItem.State.MENDED}
    assert all(item.note.startswith(f"Mended by {name}, line ") for item in items)
    assert {item.settled_in_id for item in items} == {again.pk}


def test_what_was_mended_was_not_known_before(tmp_path, downloaded):
    source = define_sources()["blotter"]
    text = f"{HEAD}\n{TRADE.format(no='KNOWN-1', units=100)}\n"
    batch = take(source, write(tmp_path, "known_blotter.csv", text))
    name, text = downloaded(batch.files.get())
    take(source, write(tmp_path, name, text.replace("ZQQX", "ZKLV")))
    entry = Transaction.objects.get(source_reference="KNOWN-1")
    assert entry.known_from >= batch.started_at
    assert str(entry.effective_on) == "2025-06-17"


def test_a_line_that_is_still_wrong_is_held_anew_and_named(tmp_path, downloaded):
    source = define_sources()["blotter"]
    text = (
        f"{HEAD}\n{TRADE.format(no='STILL-1', units=100)}\n{TRADE.format(no='STILL-2', units=7)}\n"
    )
    batch = take(source, write(tmp_path, "still_blotter.csv", text))
    name, text = downloaded(batch.files.get())
    # One line is mended badly, the other left out by the person.
    first = "\n".join(text.splitlines()[:2]) + "\n"
    again = take(source, write(tmp_path, name, first.replace("ZQQX", "ZQQY")))
    assert (again.received, again.quarantined) == (1, 1)
    assert adds_up(again)
    states = dict(ExceptionItem.objects.filter(batch=batch).values_list("reference", "state"))
    assert states == {"STILL-1": "resent", "STILL-2": "held"}
    [new] = ExceptionItem.objects.filter(batch=again)
    assert (new.reference, new.state) == ("STILL-1", "held")
    # And mended at the second try.
    name, text = downloaded(again.files.get())
    last = take(source, write(tmp_path, name, text.replace("ZQQY", "ZKLV")))
    assert (last.received, last.loaded) == (1, 1)
    assert Transaction.objects.filter(source_reference="STILL-1").count() == 1


def test_all_rejects_of_a_batch_leave_as_one_archive_and_come_back(tmp_path, operator):
    source = define_sources()["blotter"]
    batch = take(
        source,
        *(
            write(tmp_path, f"zip{number}_blotter.csv", f"{HEAD}\n{line}\n")
            for number, line in enumerate(
                (TRADE.format(no="ZIP-1", units=1), TRADE.format(no="ZIP-2", units=2))
            )
        ),
    )
    with databases.django_connected_to(role="web"):
        client = Client()
        client.force_login(operator, "helio.signin.backend.PasswordBackend")
        answer = client.post(reverse("operations:batch-rejects", args=[batch.pk]))
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as archive:
        mended = [
            write(tmp_path, name, archive.read(name).replace(b"ZQQX", b"ZKLV"))
            for name in archive.namelist()
        ]
    assert len(mended) == 2
    again = take(source, *mended)

    assert (again.received, again.loaded) == (2, 2)
    assert set(ExceptionItem.objects.filter(batch=batch).values_list("state", flat=True)) == {
        "mended"
    }


def test_of_two_contents_the_second_is_taken_by_raising_its_version(tmp_path, downloaded, operator):
    source = define_sources()["blotter"]
    first = f"{HEAD}\n{GOOD.format(no='BOTH-1', units=100)}\n"
    second = f"{HEAD}\n{GOOD.format(no='BOTH-1', units=300)}\n"
    take(source, write(tmp_path, "first_blotter.csv", first))
    batch = take(source, write(tmp_path, "second_blotter.csv", second))
    [item] = ExceptionItem.objects.filter(batch=batch)
    assert item.code == "CONFLICTING_RECORD"
    with databases.django_connected_to(role="web"):
        client = Client()
        client.force_login(operator, "helio.signin.backend.PasswordBackend")
        page = client.get(reverse("operations:exception", args=[item.pk])).content.decode()
    assert "Both contents" in page
    assert GOOD.format(no="BOTH-1", units=100) in page
    assert GOOD.format(no="BOTH-1", units=300) in page

    name, text = downloaded(batch.files.get())
    mended = text.replace("BOTH-1,1,NEW", "BOTH-1,2,AMEND")
    again = take(source, write(tmp_path, name, mended))
    assert (again.received, again.loaded) == (1, 1)
    old, new = Transaction.objects.filter(source_reference="BOTH-1").order_by("source_version")
    assert (old.units, new.units) == (100, 300)
    assert old.known_to == new.known_from >= again.started_at
    item.refresh_from_db()
    assert item.state == ExceptionItem.State.MENDED


STATEMENT = (
    "H|MERIDIAN SAFEKEEPING|STATEMENT|{sequence}|2026-01-05|2026-01-11|2026-01-12T04:30:00Z\n"
    "account_no|posting_no|booked_on|dealt_on|value_on|code|isin_code|description|holding_in|"
    "holding_out|unit_price|currency|debit|credit|narrative\n"
)


def test_a_statement_comes_back_without_its_trailer(tmp_path, downloaded):
    """Whoever mends an amount cannot be asked to sum up the column by hand."""
    source = define_sources()["custody"]
    account = CustodyPosting.objects.order_by("id").first().account
    line = f"{account}|{{no}}|2026-01-06||{{day}}|CRD||CASH||||USD||{{amount}}|x\n"
    text = STATEMENT.format(sequence="0111")
    text += line.format(no="RS-1", day="2026-01-06", amount="10.00")
    text += line.format(no="RS-2", day="2026-02-31", amount="20.00")
    text += "T|2|30.00\n"
    batch = take(source, write(tmp_path, "MSK-STM-0111-20260111.csv", text))
    assert (batch.loaded, batch.rejected) == (1, 1)

    name, text = downloaded(batch.files.get())
    assert text.startswith("H|MERIDIAN SAFEKEEPING|STATEMENT|0111")
    assert "|RS-2|" in text
    assert "|RS-1|" not in text
    assert "\nT|" not in text
    mended = text.replace("2026-02-31", "2026-01-07").replace("20.00", "25.00")
    again = take(source, write(tmp_path, name, mended))
    assert (again.received, again.loaded) == (1, 1)
    assert CustodyPosting.objects.get(posting_no="RS-2").amount == 25
    assert not ExceptionItem.objects.filter(batch=batch, state="rejected").exists()


def test_a_file_that_only_looks_mended_still_needs_its_trailer(tmp_path):
    source = define_sources()["custody"]
    text = STATEMENT.format(sequence="0112")
    batch = take(source, write(tmp_path, "MSK-STM-0112_resend-999999.csv", text))
    [file] = batch.files.all()
    assert file.status == SourceFile.Status.REJECTED
    assert "trailer is missing" in file.sentence


def test_a_page_of_json_comes_back_with_only_its_rejects(tmp_path, downloaded):
    source = define_sources()["vendor"]
    known = Price.objects.select_related("listing").order_by("-id").first()
    figi = known.listing.identifiers.get(scheme="FIGI").value
    result = (
        f'{{"figi": "{figi}", "on": "%s", "last": "1.10", "unit": "USD", "rev": 0,'
        ' "released_at": "2026-01-06T21:00:00Z"}'
    )
    results = [result % "2026-01-05", result % "2026-02-30"]
    page = (
        '{"resource": "quotes", "retrieved_at": "2026-01-06T22:00:00Z", "page_no": 1,\n'
        ' "results": [\n' + ",\n".join(results) + "\n ]}\n"
    )
    batch = take(source, write(tmp_path, "page-late.json", page))
    assert (batch.loaded, batch.rejected) == (1, 1)
    name, text = downloaded(batch.files.get())
    assert results[1] in text
    assert results[0] not in text
    again = take(source, write(tmp_path, name, text.replace("2026-02-30", "2026-01-06")))
    assert (again.received, again.loaded) == (1, 1)
    assert Price.objects.filter(listing=known.listing, priced_on="2026-01-06").exists()


def test_a_file_without_open_lines_hands_out_nothing(downloaded):
    with pytest.raises(NotMendable, match="No line of it waits"):
        downloaded(SourceFile.objects.filter(name="blotter_2024-Q1.csv").get())


def test_names_of_hand_outs_are_taken_as_the_same_kind():
    assert name_for(7, "blotter_2025-Q2.csv", "*blotter*.csv") == "blotter_2025-Q2_resend-7.csv"
    assert name_for(7, "page-1.json", "page-?*.json") == "page-1_resend-7.json"
    assert name_for(7, "1_daily.csv", "*_daily.csv") == "resend-7_1_daily.csv"
    assert name_for(8, "blotter_resend-7.csv", "*blotter*.csv") == "blotter_resend-8.csv"
    assert name_for(7, "daily.csv", "daily.csv") is None
