"""A custody file that states whole days: a line that a newer file lacks is gone from then on."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.db.models import Q

from ingestion.models import ExceptionItem, Source
from ingestion.pipeline.definitions import load_definitions
from ingestion.tests.facts import take, write
from ingestion.tests.test_definitions import mistakes
from portfolios.models import CustodyHolding

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

TEXT = """
[source]
name = "bank"
title = "Bank"
system = "CUSTODY"
order = 51

[[file]]
name = "positions"
pattern = "bank_*.csv"
format = { kind = "delimited" }
[[file.record]]
is = "holding"
replaces = "day"
[file.record.fields]
portfolio_key = "account"
on_day = "on"
units = "units"
known_from = "made"
[[file.record.listing]]
scheme = "FIGI"
value = "figi"
"""
HEAD = "account,on,figi,units,made\n"
ONE, TWO, THREE = (datetime(2025, 3, 3, hour, tzinfo=UTC) for hour in (18, 19, 20))


@pytest.fixture
def bank(tmp_path):
    load_definitions(write(tmp_path, "bank.toml", TEXT), by="test")
    source = Source.objects.get(name="bank")

    def deliver(name, on, made, *lines):
        text = HEAD + "".join(
            f"{account()},{on},{figi},{units},{made.isoformat()}\n" for figi, units in lines
        )
        return take(source, write(tmp_path, f"bank_{name}.csv", text))

    return deliver


def account():
    return CustodyHolding.objects.order_by("pk").first().account


def figis():
    held = CustodyHolding.objects.exclude(listing__figi=None).order_by("pk")
    return list(dict.fromkeys(held.values_list("listing__figi", flat=True)[:200]))[:2]


def believed(on, at=None):
    then = Q(known_to=None)
    if at is not None:
        then = Q(known_from__lte=at) & (Q(known_to=None) | Q(known_to__gt=at))
    rows = CustodyHolding.objects.filter(then, as_at=on).order_by("listing__figi", "pk")
    return [(row.listing.figi, int(row.units)) for row in rows.select_related("listing")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_line_that_a_newer_file_lacks_is_gone_whatever_the_order(bank, order):
    on = f"2025-03-{10 + list(permutations(range(3))).index(order)}"
    first, second = sorted(figis())
    files = [
        (f"{on}_1", on, ONE, (first, 10), (second, 20)),
        (f"{on}_2", on, TWO, (first, 11)),
        (f"{on}_3", on, THREE, (first, 11), (second, 25)),
    ]
    for place in order:
        bank(*files[place])

    assert believed(on, ONE) == [(first, 10), (second, 20)]
    assert believed(on, TWO) == [(first, 11)]
    assert believed(on, THREE) == believed(on) == [(first, 11), (second, 25)]
    gone = CustodyHolding.objects.get(as_at=on, listing__figi=second, units=20)
    assert gone.known_to == TWO


def test_a_file_with_an_open_exception_ends_nothing_until_it_is_settled(bank):
    on = "2025-04-01"
    first, second = sorted(figis())
    bank("a", on, ONE, (first, 10), (second, 20))
    bank("b", on, TWO, (first, 10), ("BBG000000000", 5))

    assert ExceptionItem.objects.filter(file__name="bank_b.csv").count() == 1
    assert believed(on) == [(first, 10), (second, 20)]


def test_another_account_and_another_day_are_left_alone(bank):
    first, second = sorted(figis())
    bank("c", "2025-05-01", ONE, (first, 10), (second, 20))
    bank("d", "2025-05-02", TWO, (first, 10))

    assert believed("2025-05-01") == [(first, 10), (second, 20)]


def test_only_holdings_replace_a_day():
    text = TEXT.replace('is = "holding"', 'is = "price"').replace("portfolio_key = ", "unit = ")
    text = text.replace("units = ", "price = ")

    assert mistakes(text) == ["x.toml: file 1.record 1.replaces is for the record 'holding' only."]
