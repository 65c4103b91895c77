"""Pages of operations: who may enter, what adds up, and the way from a line to its facts."""

import csv
import hashlib
import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from ingestion.operations.volume import Delivery, compared, volumes
from ingestion.tests.expected import ALPHA

pytestmark = pytest.mark.usefixtures("alpha")

PAGES = ["operations:overview", "operations:batches", "operations:exceptions"]


@pytest.fixture
def sign_in():
    def client(name: str) -> Client:
        client = Client()
        person = get_user_model().objects.get(username=name)
        client.force_login(person, "helio.signin.backend.PasswordBackend")
        return client

    return client


@pytest.fixture
def ids(connect_as):
    """Numbers of rows by a statement, asked as the worker: the web role sees nothing unsigned."""

    def ask(statement: str, *parameters: object) -> list:
        return connect_as("worker").execute(statement, parameters).fetchall()

    return ask


@pytest.fixture
def blotter_file(ids) -> int:
    return ids("SELECT id FROM source_file WHERE name = 'blotter_2025-Q2.csv'")[0][0]


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _detail_pages(ids) -> list[str]:
    [(file_id, batch_id, line_no, item)] = ids(
        "SELECT file_id, batch_id, line_no, id FROM exception_item WHERE code = 'UNKNOWN_BOOK'"
    )
    return [
        reverse("operations:source", args=["blotter"]),
        reverse("operations:batch", args=[batch_id]),
        reverse("operations:batch-progress", args=[batch_id]),
        reverse("operations:file", args=[file_id]),
        reverse("operations:line", args=[file_id, line_no]),
        reverse("operations:exception", args=[item]),
    ]


@pytest.mark.parametrize("name", ["operations1", "auditor1"])
def test_operations_and_auditors_enter_every_page(sign_in, ids, name: str):
    client = sign_in(name)
    for address in [*map(reverse, [*PAGES, "operations:exceptions-csv"]), *_detail_pages(ids)]:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1", "admin"])
def test_others_are_turned_away_from_every_page(sign_in, ids, name: str):
    client = sign_in(name)
    for address in [*map(reverse, [*PAGES, "operations:exceptions-csv"]), *_detail_pages(ids)]:
        assert client.get(address).status_code == 403, address


def test_every_page_of_operations_carries_the_version(sign_in):
    page = sign_in("operations1").get(reverse("operations:overview")).content.decode()
    assert 'data-page="operations-overview"' in page
    assert 'data-version="1"' in page


def test_the_overview_tells_of_each_source_its_last_run_and_its_volume(sign_in):
    page = sign_in("operations1").get(reverse("operations:overview")).content.decode()
    for name in ("crosswalk", "reference", "vendor", "blotter", "custody"):
        assert f'id="source-row-{name}"' in page
        assert f'id="volume-records-{name}"' in page
    assert "the first of its kind" in page  # the dump of reference data came once


def test_a_source_shows_its_definition_and_the_volume_of_its_days(sign_in):
    page = sign_in("operations1").get(reverse("operations:source", args=["custody"]))
    text = page.content.decode()
    assert "*HLD*.csv" in text
    assert "Records and files by day" in text
    assert text.count("<rect ") == 60


def test_volume_is_compared_with_the_same_kind_on_the_same_weekday():
    monday = [f"2025-11-{day:02d}" for day in (3, 10, 17, 24)]
    delivered = [Delivery("holdings", _day(day), 1, 100) for day in monday]
    delivered.insert(3, Delivery("holdings", _day("2025-11-21"), 1, 9_000))
    [found] = volumes([*delivered, Delivery("holdings", _day("2025-12-01"), 1, 48)])
    assert (found.usual_records, found.word) == (100, "half of usual")
    assert compared(0, 100) == "nothing"
    assert compared(101, 100) == "as usual"


def _day(text: str):
    from datetime import date

    return date.fromisoformat(text)


def test_every_batch_and_file_adds_up_and_the_page_says_so(sign_in, ids):
    rows = ids(
        "SELECT id, received, loaded + superseded + duplicate + quarantined + rejected FROM batch"
    )
    assert all(received == total for _, received, total in rows)
    client = sign_in("operations1")
    for batch_id, *_ in rows:
        page = client.get(reverse("operations:batch", args=[batch_id])).content.decode()
        assert "the others add up to it" in page


def test_batches_are_chosen_by_state_and_day_and_an_empty_choice_says_so(sign_in):
    client = sign_in("operations1")
    page = client.get(reverse("operations:batches"), {"to": "2001-01-01"}).content.decode()
    assert "No batch is like this." in page
    page = client.get(reverse("operations:batches"), {"state": "done"}).content.decode()
    assert "Order and portfolio management" in page


def test_a_file_shows_the_sentence_beside_a_line_without_effect(sign_in, ids, blotter_file):
    [(line_no,)] = ids(
        "SELECT line_no FROM exception_item WHERE file_id = %s AND code = 'UNKNOWN_BOOK'",
        blotter_file,
    )
    client = sign_in("operations1")
    address = reverse("operations:file", args=[blotter_file])
    answer = client.get(address, {"line": line_no}, follow=True)
    [(target, _)] = answer.redirect_chain
    assert target.endswith(f"#line-{line_no}")
    row = re.search(rf'<tr id="line-{line_no}".*?</tr>', answer.content.decode(), re.DOTALL)[0]
    assert "Book or account NYC/TEST/99 is not in the crosswalk." in row
    assert "NYC/TEST/99," in row


def test_a_line_leads_to_its_fact_and_the_version_that_took_its_place(sign_in, ids):
    [(file_id, line_no, later_file, later_line)] = ids(
        "SELECT t.file_id, t.line_no, l.file_id, l.line_no FROM transaction t JOIN transaction l"
        "  ON l.source_reference = t.source_reference AND l.known_from = t.known_to"
        " WHERE t.source = 'blotter' AND abs(t.units) = 280 AND t.known_to IS NOT NULL"
    )
    page = sign_in("operations1").get(reverse("operations:line", args=[file_id, line_no]))
    text = page.content.decode()
    assert "Ledger entry" in text
    assert reverse("operations:line", args=[later_file, later_line]) in text
    assert 'class="word"><b>now</b>' not in text  # it is believed no more
    assert "(its amounts are for those with a grant on HA-08)" in text


def test_a_cancelled_line_leads_to_its_cancel(sign_in, ids):
    [(file_id, line_no, later)] = ids(
        "SELECT t.file_id, t.line_no, c.line_no FROM transaction t JOIN event_version c"
        "  ON c.reference = t.source_reference AND c.status = 'CANCEL'"
        " WHERE t.effective_on = '2024-11-20' AND t.known_to = c.known_from"
    )
    page = sign_in("auditor1").get(reverse("operations:line", args=[file_id, line_no]))
    text = page.content.decode()
    assert "Cancellation" in text
    assert f"/lines/{later}/" in text


def test_only_who_may_open_the_portfolio_gets_the_link_to_it(sign_in, ids):
    [(file_id, line_no, transaction)] = ids(
        "SELECT file_id, line_no, id FROM transaction WHERE source = 'blotter' ORDER BY id LIMIT 1"
    )
    address = reverse("operations:line", args=[file_id, line_no])
    link = f"/transactions/{transaction}/"
    assert link not in sign_in("operations1").get(address).content.decode()
    assert link in sign_in("auditor1").get(address).content.decode()


def test_a_price_line_leads_to_its_price(sign_in, ids):
    [(file_id, line_no)] = ids("SELECT file_id, line_no FROM price ORDER BY id DESC LIMIT 1")
    page = sign_in("operations1").get(reverse("operations:line", args=[file_id, line_no]))
    assert '<th scope="row" class="word">Price</th>' in page.content.decode()


def test_the_bytes_as_received_leave_with_an_event(sign_in, blotter_file, ids):
    original = (ALPHA / "sources" / "blotter" / "blotter_2025-Q2.csv").read_bytes()
    answer = sign_in("operations1").post(reverse("operations:file-download", args=[blotter_file]))
    body = b"".join(answer.streaming_content)
    assert hashlib.sha256(body).digest() == hashlib.sha256(original).digest()
    [(actor, detail)] = ids(
        "SELECT actor, detail FROM audit_event WHERE action = 'source file download'"
    )
    assert (actor, detail["file"]) == ("operations1", blotter_file)


def test_a_file_is_not_downloaded_by_others_nor_by_a_link(sign_in, blotter_file):
    address = reverse("operations:file-download", args=[blotter_file])
    assert sign_in("analyst1").post(address).status_code == 403
    assert sign_in("operations1").get(address).status_code == 405


def test_exceptions_leave_as_csv_with_their_sentence_and_line(sign_in):
    client = sign_in("operations1")
    held = {"state": "held"}
    rows = _rows(client.get(reverse("operations:exceptions-csv"), held).content)
    assert [row["code"] for row in rows] == ["CHECK_DIGIT", "UNKNOWN_BOOK"]
    assert all(row["line_as_received"] for row in rows)
    everything = _rows(client.get(reverse("operations:exceptions-csv"), {"state": "any"}).content)
    assert {"EXPIRED_IDENTIFIER", "UNKNOWN_INSTRUMENT"} <= {row["code"] for row in everything}


def test_an_exception_shows_the_lines_around_it(sign_in):
    client = sign_in("operations1")
    rows = _rows(client.get(reverse("operations:exceptions-csv"), {"state": "held"}).content)
    page = client.get(reverse("operations:exception", args=[rows[0]["exception"]]))
    text = page.content.decode()
    assert f"<strong>{rows[0]['line']}</strong>" in text
    assert rows[0]["sentence"] in text


@pytest.mark.parametrize(
    ("view", "query"),
    [
        ("operations:exceptions", {"state": "lost"}),
        ("operations:exceptions", {"owner": "root"}),
        ("operations:batches", {"source": "nobody"}),
        ("operations:batches", {"from": "yesterday"}),
        ("operations:overview", {"sort": "x"}),
    ],
)
def test_an_unknown_filter_is_a_400_with_a_sentence(sign_in, view: str, query: dict[str, str]):
    answer = sign_in("auditor1").get(reverse(view), query)
    assert answer.status_code == 400
    assert "Not understood" in answer.content.decode()


def test_a_line_that_a_file_does_not_have_is_a_sentence(sign_in, blotter_file):
    client = sign_in("operations1")
    answer = client.get(reverse("operations:file", args=[blotter_file]), {"line": "999999"})
    assert answer.status_code == 400
    assert "It has lines 1 to" in answer.content.decode()
    gone = client.get(reverse("operations:line", args=[blotter_file, 999_999]))
    assert gone.status_code == 404
