"""Several sources state one fact: the best ranked decides, the others fill in and are compared."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone

from ingestion.crosswalk.tests.deciding import mapped, symbol, undone
from ingestion.definition.load import load_text
from ingestion.definition.section import BadDefinition
from ingestion.models import Batch, ExceptionItem, Finding
from ingestion.quality.run import run_checks
from ingestion.tests import vendors
from portfolios.models import FxFixing, IndexLevel, Listing, Price

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

SIX, SEVEN, EIGHT = (datetime(2025, 3, 3, hour, tzinfo=UTC) for hour in (18, 19, 20))


@pytest.fixture
def pair(tmp_path):
    vendors.define(tmp_path, "va", 10)
    vendors.define(tmp_path, "vb", 20)

    def deliver(name, kind, *lines):
        deliver.number += 1
        return vendors.deliver(tmp_path, name, kind, deliver.number, lines)

    deliver.number = 0
    return deliver


@pytest.fixture
def listing():
    return Listing.objects.get(key="ZORB@XNYS")


def close(listing, on, price, at, revision=0, code=None):
    figi, ticker = (listing.figi, "") if code is None else ("", code)
    return f"{figi},{ticker},{on},{price},USD,{revision},{at.isoformat()}"


def believed(model, at=None, **fact):
    """What was believed then (now), of one fact."""
    then = Q(known_to=None)
    if at is not None:
        then = Q(known_from__lte=at) & (Q(known_to=None) | Q(known_to__gt=at))
    return list(model.objects.filter(then, **fact))


def price(listing, on, at=None):
    found = [row.price for row in believed(Price, at, listing=listing, priced_on=on)]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_lower_source_fills_in_and_gives_way_when_the_better_one_speaks(pair, listing):
    on = date(1991, 1, 1)
    first = pair("vb", "closes", close(listing, on, 20, SIX))
    assert price(listing, on) == 20
    pair("va", "closes", close(listing, on, 10, SEVEN))

    assert (price(listing, on), price(listing, on, SIX), price(listing, on, SEVEN)) == (10, 20, 10)
    row = Price.objects.get(listing=listing, priced_on=on, price=20)
    assert (row.known_to, row.ended_at, row.batch_id) == (SEVEN, None, first.pk)


def test_the_lower_source_is_kept_and_never_held(pair, listing):
    on = date(1991, 1, 2)
    pair("va", "closes", close(listing, on, 10, SIX))
    batch = pair("vb", "closes", close(listing, on, 20, SEVEN, revision=5))

    assert (batch.received, batch.superseded, batch.quarantined) == (1, 1, 0)
    assert price(listing, on) == 10
    kept = Price.objects.get(listing=listing, priced_on=on, price=20)
    assert kept.known_to == kept.known_from == SEVEN


def test_revisions_are_ordered_within_one_source_only(pair, listing):
    on = date(1991, 1, 3)
    pair("vb", "closes", close(listing, on, 20, SIX, revision=7))
    pair("va", "closes", close(listing, on, 10, SIX), close(listing, on, 11, SEVEN, revision=1))

    assert (price(listing, on), price(listing, on, SIX)) == (11, 10)


def test_another_content_within_one_source_is_still_held(pair, listing):
    on = date(1991, 1, 4)
    pair("vb", "closes", close(listing, on, 20, SIX))
    batch = pair("vb", "closes", close(listing, on, 21, SIX))
    again = pair("vb", "closes", close(listing, on, 20, SEVEN))

    assert (batch.quarantined, again.duplicate) == (1, 1)
    assert ExceptionItem.objects.get(batch=batch).code == "CONFLICTING_RECORD"


def test_sources_of_one_rank_stand_as_one(pair, listing, tmp_path):
    vendors.define(tmp_path, "vc", 20)
    on = date(1991, 1, 5)
    pair("vb", "closes", close(listing, on, 20, SIX))
    other = pair("vc", "closes", close(listing, on, 21, SIX))
    same = pair("vc", "closes", close(listing, on, 20, SIX))

    assert (other.quarantined, same.duplicate) == (1, 1)


def test_when_the_better_source_ends_the_other_takes_over_and_gives_way_again(pair, listing):
    on = date(1991, 1, 6)
    mapping, _ = mapped(**symbol("ZQP", "ZORB@XNYS"))
    pair("vb", "closes", close(listing, on, 20, SIX))
    pair("va", "closes", close(listing, on, 10, SEVEN, code="ZQP"))
    # known when the mapping was: the other one was believed until then
    assert (price(listing, on), price(listing, on, EIGHT)) == (10, 20)
    while_mapped = timezone.now()
    undone(mapping)

    assert (price(listing, on), price(listing, on, while_mapped)) == (20, 10)
    copy = believed(Price, listing=listing, priced_on=on)[0]
    assert copy.copy_of == Price.objects.get(listing=listing, priced_on=on, known_from=SIX).pk
    mapped(**symbol("ZQP", "ZORB@XNYS"))
    assert price(listing, on) == 10


def test_a_rank_that_changes_counts_from_now_on(pair, listing, tmp_path):
    on = date(1991, 1, 7)
    pair("va", "closes", close(listing, on, 10, SIX))
    pair("vb", "closes", close(listing, on, 20, SIX))
    before = timezone.now()
    [sentence] = vendors.define(tmp_path, "va", "{ all = 10, price = 30 }")

    assert sentence == "va: changed, precedence of price 10 → 30, settings changed"
    assert (price(listing, on), price(listing, on, before)) == (20, 10)
    batch = Batch.objects.filter(source__name="va").latest("pk")
    assert (batch.state, batch.sentence) == ("done", "Precedence of price 10 → 30.")
    # what was known before is judged by the rank of then, however late it comes
    pair("va", "closes", close(listing, on, 11, SEVEN, revision=1))
    assert (price(listing, on), price(listing, on, before)) == (20, 11)


def test_fixings_and_levels_go_the_same_way(pair):
    fixed = {"base_currency": "EUR", "quote_currency": "USD", "fixed_on": date(1991, 1, 8)}
    pair("vb", "fixings", f"1991-01-08,EUR,USD,1.2,{SIX.isoformat()}")
    pair("va", "fixings", f"1991-01-08,EUR,USD,1.1,{SEVEN.isoformat()}")
    assert [row.rate for row in believed(FxFixing, **fixed)] == [Decimal("1.1")]
    assert [row.rate for row in believed(FxFixing, SIX, **fixed)] == [Decimal("1.2")]

    level = {"level_on": date(1991, 1, 8), "benchmark__code": "HGX18"}
    pair("va", "levels", f"HGX18,USD,1991-01-08,100,{SIX.isoformat()}")
    pair("vb", "levels", f"HGX18,USD,1991-01-08,200,{SEVEN.isoformat()}")
    assert [row.level for row in believed(IndexLevel, **level)] == [Decimal(100)]


def test_what_another_source_says_beyond_the_tolerance_is_a_finding(pair, listing):
    day, near = date(1991, 1, 9), date(1991, 1, 10)
    lines = close(listing, day, "10.00", SIX), close(listing, near, "10.000", SIX)
    pair("va", "closes", *lines)
    pair("vb", "closes", close(listing, day, "10.02", SIX), close(listing, near, "10.005", SIX))
    run_checks(cause="test", everything=True)

    found = Finding.objects.filter(code="PRICE_DIFFERS", finding_day__in=[day, near])
    assert [(one.source, one.finding_day) for one in found] == [("vb", day)]
    assert found[0].sentence == (
        "vb says 10.02 USD for ZORB@XNYS of 1991-01-09; va decides and says 10 USD."
    )
    assert not Finding.objects.filter(code="PRICE_RESTATED", finding_day=day).exists()
    pair("vb", "closes", close(listing, day, "10.00", SEVEN, revision=1))
    run_checks(cause="test")
    assert not Finding.objects.get(pk=found[0].pk).still_true


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("0", "x.toml: source.precedence is 0; allowed: 1 (decides first) to 99."),
        ("true", "x.toml: source.precedence must be a whole number, not True."),
        (
            "{ trade = 1 }",
            (
                "x.toml: source.precedence.trade has no rank; allowed: all, price, fx_fixing,"
                " index_level, index_weight, corporate_action, holding."
            ),
        ),
        (
            "{ holding = 1 }",
            (
                "x.toml: source.precedence.holding is ranked, but no [[file.record]] of this source"
                " is one."
            ),
        ),
    ],
)
def test_a_wrong_rank_is_told_in_a_sentence(said, sentence):
    with pytest.raises(BadDefinition) as raised:
        load_text(vendors.TEXT.format(name="x", precedence=f"precedence = {said}"), "x.toml")

    assert raised.value.sentences == [sentence]


def test_a_table_ranks_kinds_apart():
    text = vendors.TEXT.format(name="x", precedence="precedence = { all = 30, price = 10 }")
    ranks = load_text(text, "x.toml").precedence

    assert ranks == {"price": 10, "fx_fixing": 30, "index_level": 30}
