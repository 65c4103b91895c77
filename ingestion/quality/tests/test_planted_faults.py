"""What alpha does not hold is found where it is planted, told once, and closed when it is gone."""

import json
from datetime import date, timedelta
from types import ModuleType

import psycopg
import pytest
from django.db import connection

from helio.testing import databases
from ingestion.models import Finding, PublishedFigure, QualityRun
from ingestion.quality import custody, files, results
from ingestion.quality import run as quality
from ingestion.quality.check import Check, Looks
from ingestion.quality.frames import WrongFrame, findings
from ingestion.quality.run import run_checks
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import Listing, Portfolio

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

BLOTTER = ALPHA / "sources" / "blotter" / "blotter_2024-Q4.csv"


@pytest.fixture(scope="module")
def root(alpha):
    """The superuser: what is planted in results cannot be planted by anybody who serves."""
    with psycopg.connect(databases.dsn("superuser", alpha), autocommit=True) as db:
        yield db


def looked() -> QualityRun:
    """An ordinary run: only at what came since the last one."""
    run = run_checks(cause="test")
    assert run is not None
    assert run.problems == {}
    return run


@pytest.fixture
def look_at_everything(monkeypatch):
    """A full run of one family of checks."""

    def look(family: ModuleType) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(quality, "CHECKS", family.CHECKS)
            run = run_checks(cause="test", everything=True)
        assert run is not None
        assert run.problems == {}

    return look


def told(code: str, subject: str) -> list[tuple[str, str, bool]]:
    found = Finding.objects.filter(code=code, subject=subject).order_by("finding_day")
    return [(str(one.finding_day), one.state, one.still_true) for one in found]


def quote(key: str, day: str, price: str, unit: str = "USD", revision: int = 0) -> str:
    released = date.fromisoformat(day) + timedelta(days=1 + revision)
    figi = Listing.objects.get(key=key).figi
    return json.dumps(
        {"figi": figi, "on": day, "last": price, "unit": unit, "rev": revision,
         "released_at": f"{released}T03:30:00Z"}
    )  # fmt: skip


def quotes(folder, name: str, *rows: str):
    """A page of the vendor's as a file."""
    head = (
        '{"resource": "quotes", "retrieved_at": "2026-01-12T04:10:00Z", "page_no": 1,'
        ' "page_count": 1, "next": null, "results": [\n'
    )
    return write(folder, name, head + ",\n".join(rows) + "\n]}\n")


def test_a_jump_that_stays_is_told_once(tmp_path):
    last = Listing.objects.get(key="ZMRW@XNYS").price_set.order_by("-priced_on").first().price
    rows = [
        quote("ZMRW@XNYS", day, f"{last / 2 * factor:.2f}")
        for day, factor in (("2026-01-02", 1), ("2026-01-05", 1), ("2026-01-06", 1))
    ]
    take(define_sources()["vendor"], quotes(tmp_path, "page-jump.json", *rows))

    run = looked()

    assert not run.everything
    assert told("PRICE_JUMP", "ZMRW@XNYS") == [("2026-01-02", "open", True)]


def test_a_suspect_unit_is_told_each_day_and_settled_by_its_restatement(tmp_path):
    vendor = define_sources()["vendor"]
    last = Listing.objects.get(key="ZOAK@XNYS").price_set.order_by("-priced_on").first().price
    wrong = [quote("ZOAK@XNYS", day, f"{last * 100:.2f}") for day in ("2026-01-02", "2026-01-05")]
    take(vendor, quotes(tmp_path, "page-hundred.json", *wrong))
    looked()
    assert told("PRICE_UNIT_SUSPECT", "ZOAK@XNYS") == [
        ("2026-01-02", "open", True),
        ("2026-01-05", "open", True),
    ]

    right = quote("ZOAK@XNYS", "2026-01-02", f"{last:.2f}", revision=1)
    take(vendor, quotes(tmp_path, "page-mended.json", right))
    looked()

    assert told("PRICE_UNIT_SUSPECT", "ZOAK@XNYS")[0] == ("2026-01-02", "resolved", True)
    assert told("PRICE_RESTATED", "ZOAK@XNYS") == [("2026-01-02", "open", True)]


def test_prices_that_stop_are_stale_for_who_holds_the_listing(tmp_path):
    days = [date(2026, 1, day).isoformat() for day in (7, 8, 9, 12, 13)]
    with connection.cursor() as cursor:
        for day in days:
            cursor.execute(
                "INSERT INTO market_session (operating_mic, open_on) VALUES ('XLON', %s)"
                " ON CONFLICT DO NOTHING",
                [day],
            )
    rows = [quote("ZDUN@XLON", day, "1971.3", "GBX") for day in days]
    take(define_sources()["vendor"], quotes(tmp_path, "page-stops.json", *rows))

    looked()

    held = Finding.objects.filter(code="PRICE_STALE", finding_day__gte="2026-01-01", state="open")
    assert held.exists()
    assert "ZDUN@XLON" not in {one.subject for one in held}


def test_columns_that_come_and_go_are_told(tmp_path):
    source = define_sources()["blotter"]
    head, *lines = BLOTTER.read_text().splitlines()
    wider = "\n".join([f"{head},desk_comment", *(f"{line},x" for line in lines[:2])]) + "\n"
    take(source, write(tmp_path, "blotter_wider.csv", wider))

    looked()

    [one] = Finding.objects.filter(code="SCHEMA_DRIFT")
    assert one.subject == "blotter_wider.csv"
    assert one.evidence["numbers"]["new columns"] == ["desk_comment"]


def test_a_file_sent_again_with_other_bytes_is_one_finding(tmp_path):
    again = write(tmp_path, "blotter_again.csv", BLOTTER.read_text() + "\n")
    batch = take(define_sources()["blotter"], again)

    looked()

    assert batch.duplicate > 100
    repeated = Finding.objects.filter(code="DUPLICATE_RECORD", last_batch=batch.pk)
    assert [one.subject for one in repeated] == ["blotter_again.csv"]


def test_a_flood_of_unknown_books_is_a_hundred_findings_and_one(tmp_path):
    lines = BLOTTER.read_text().splitlines()
    trades = [line for line in lines if ",EQT," in line][:120]
    unknown = [
        ",".join([f"FLOOD{number}", "1", "NEW", "EQT", "NO/SUCH/1", *line.split(",")[5:]])
        for number, line in enumerate(trades)
    ]
    text = "\n".join([lines[0], *unknown]) + "\n"
    take(define_sources()["blotter"], write(tmp_path, "blotter_flood.csv", text))

    looked()

    flood = Finding.objects.filter(code="UNKNOWN_BOOK", sentence__contains="NO/SUCH/1")
    rest = Finding.objects.get(code="UNKNOWN_BOOK", subject="blotter_flood.csv")
    assert flood.count() == 100
    assert rest.sentence.startswith(f"{len(trades) - 100} more records")


def test_a_hole_in_the_sequence_closes_when_the_file_comes(root, look_at_everything):
    root.execute(
        "UPDATE source_file SET sequence = '0085' WHERE id = ("
        "SELECT max(id) FROM source_file WHERE kind = 'holdings' AND sequence = '0086')"
    )
    look_at_everything(files)
    assert told("SEQUENCE_GAP", "holdings 0085") == [("None", "resolved", False)]
    assert told("SEQUENCE_GAP", "holdings 0086") == [("None", "open", True)]

    root.execute(
        "UPDATE source_file SET sequence = '0086' WHERE kind = 'holdings' AND sequence = '0085'"
    )
    look_at_everything(files)

    assert told("SEQUENCE_GAP", "holdings 0085") == [("None", "open", True)]
    history = Finding.objects.get(subject="holdings 0085").events.values_list("action", flat=True)
    assert list(history) == ["raised", "closed", "reopened"]


# A listing that HA-03 alone holds on the day, among portfolios of its currency.
HELD_ALONE = """
    SELECT min(held.listing_id)
      FROM (SELECT position.listing_id
              FROM rollup.position_daily AS position JOIN portfolio ON portfolio.id = portfolio_id
             WHERE valued_on = '2025-12-10' AND average_cost IS NOT NULL
               AND base_currency = (SELECT base_currency FROM portfolio WHERE code = 'HA-03')
             GROUP BY position.listing_id HAVING array_agg(code::text) = '{HA-03}') AS held
"""
RIGHT_AGAIN = "UPDATE base_price_daily SET base_price = price * base_rate WHERE valued_on = %s"


def test_a_bridge_that_does_not_close_is_told_and_closes_itself(root, look_at_everything):
    # The unit is worth more than when the portfolio's days were computed.
    root.execute(
        "UPDATE base_price_daily SET base_price = base_price * 1.1 WHERE valued_on = '2025-12-10'"
        " AND base_currency = (SELECT base_currency FROM portfolio WHERE code = 'HA-03')"
        f" AND listing_id = ({HELD_ALONE})"
    )
    look_at_everything(results)
    assert told("BRIDGE_OPEN", "HA-03") == [("2025-12-10", "open", True)]
    assert told("CONTRIBUTION_GAP", "HA-03") == [
        ("2025-12-10", "open", True),
        ("2025-12-11", "open", True),
    ]
    gaps = Finding.objects.filter(code="EXPOSURE_GAP", still_true=True)
    assert {one.subject for one in gaps} == {
        f"HA-03 {name}" for name in ("currency", "sector", "security_type", "domicile")
    }

    root.execute(RIGHT_AGAIN, ["2025-12-10"])
    look_at_everything(results)
    assert told("BRIDGE_OPEN", "HA-03") == [("2025-12-10", "resolved", False)]
    assert not Finding.objects.filter(code="EXPOSURE_GAP", still_true=True).exists()


def test_a_return_outside_those_of_the_holdings_is_told(root, look_at_everything):
    root.execute(
        "UPDATE base_price_daily AS now SET base_price = before.base_price"
        " FROM base_price_daily AS before WHERE before.base_currency = now.base_currency"
        " AND before.listing_id = now.listing_id AND now.valued_on = '2025-12-30'"
        " AND before.valued_on = '2025-12-29'"
    )
    look_at_everything(results)

    told_of = Finding.objects.filter(code="RETURN_OUT_OF_RANGE", finding_day="2025-12-30")
    assert told_of.exists()
    root.execute(RIGHT_AGAIN, ["2025-12-30"])
    look_at_everything(results)
    assert not told_of.filter(still_true=True).exists()


def test_a_quantity_below_nothing_is_told(root, look_at_everything):
    portfolio = Portfolio.objects.get(code="HA-04")
    listing = Listing.objects.get(key="ZELM@XLON")
    root.execute(
        "INSERT INTO holding_state (portfolio_id, listing_id, from_on, to_on, units, average_cost,"
        " fifo_cost) VALUES (%s, %s, '2030-01-02', NULL, -5, 0, 0)",
        [portfolio.pk, listing.pk],
    )
    look_at_everything(results)

    assert told("NEGATIVE_QUANTITY", "HA-04 ZELM@XLON") == [("2030-01-02", "open", True)]


def test_a_split_that_a_holder_did_not_book_is_told(root, look_at_everything):
    root.execute(
        "INSERT INTO corporate_action (listing_id, kind, effective_on, terms, known_from,"
        " batch_id, file_id, line_no) SELECT id, 'split', '2025-12-15',"
        """ '{"new": "2", "old": "1"}', '2025-12-15', 1, 1, 1 FROM listing"""
        " WHERE key = 'ZVAN@XNAS'"
    )
    look_at_everything(custody)

    told_of = Finding.objects.filter(code="ACTION_NOT_BOOKED", finding_day="2025-12-15")
    assert "HA-02 ZVAN@XNAS" in {one.subject for one in told_of}


def test_a_published_month_end_that_changes_is_told(look_at_everything):
    shown = PublishedFigure.objects.filter(portfolio__code="HA-01").order_by("valued_on").last()
    shown.net_asset_value += 5
    shown.save()
    look_at_everything(results)

    assert told("FIGURE_RESTATED", "HA-01") == [(str(shown.valued_on), "open", True)]


def test_a_check_that_fails_is_told_loudly_and_stops_no_other(monkeypatch):
    def fail(_):
        raise WrongFrame("findings: evidence fails numbers and rows.")

    broken = Check("broken", (), Looks.EVERYWHERE, fail)
    monkeypatch.setattr(quality, "CHECKS", (broken, *quality.CHECKS))
    run = run_checks(cause="test", everything=True)
    assert list(run.problems) == ["broken"]
    assert told("CHECK_FAILED", "broken") == [("None", "open", True)]
    assert len(run.steps) == len(quality.CHECKS)

    monkeypatch.undo()
    run = run_checks(cause="test")

    assert run.everything, "what the failed check missed is looked at again"
    assert told("CHECK_FAILED", "broken") == [("None", "resolved", False)]


def test_a_frame_of_another_shape_is_refused():
    row = {
        "code": "not a code", "source": "x", "subject": "", "finding_day": None, "sentence": "S.",
        "evidence": {}, "portfolio_id": None, "listing_id": None, "known_from": None,
        "closed_because": "",
    }  # fmt: skip
    with pytest.raises(WrongFrame) as refused:
        findings([row])

    assert "subject fails" in str(refused.value)
    assert "evidence fails numbers and rows" in str(refused.value)
