"""Issuer, instrument, listing: who issued what, as a source says or as derived."""

import pytest

from helio.testing import databases
from ingestion.models import Source
from ingestion.pipeline.definitions import load_definitions
from ingestion.tests.facts import take, write
from portfolios.models import Instrument, Issuer

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

GOOD_LEI, WRONG_LEI = "254900OPPU84GM83MG36", "254900OPPU84GM83MG37"
DEFINITION = """
[source]
name = "issuers"
title = "Listings with issuers"
order = 21
schedule = { every = "1 day", grace = "5 minutes" }

[[file]]
name = "listings"
pattern = "*issuers*.csv"
format = { kind = "delimited", delimiter = ",", encoding = "utf-8" }

[[file.record]]
is = "listing"
[file.record.fields]
line = "line"
figi = "figi"
segment_mic = "mic"
quote_unit = "unit"
name = "name"
security_type = "type"
issuer_name = "issuer"
issuer_lei = "lei"
issuer_country = "country"
"""
HEADER = "line,figi,mic,unit,name,type,issuer,lei,country\n"
FIGIS = ("ZZG000B1B2B6", "ZZG000B1B2C5", "ZZG000B1B2D4", "ZZG000B1B2F2")


@pytest.fixture(scope="module")
def source(alpha, tmp_path_factory):
    path = tmp_path_factory.mktemp("definitions") / "issuers.toml"
    path.write_text(DEFINITION)
    with databases.django_connected_to(role="worker"):
        load_definitions(path, by="test")
        return Source.objects.get(name="issuers")


def deliver(source, tmp_path, name, *lines):
    return take(source, write(tmp_path, name, HEADER + "".join(lines)))


def test_each_security_of_the_case_has_a_derived_issuer_of_its_own():
    securities = Instrument.objects.exclude(security_type="Cash")
    assert securities.filter(issuer=None).count() == 0
    assert securities.values("issuer").distinct().count() == securities.count()
    assert set(securities.values_list("issuer_source", "issuer__derived")) == {("derived", True)}
    one = securities.first()
    assert (one.issuer.name, one.issuer.country) == (one.name, one.domicile)


def test_cash_has_no_issuer():
    assert set(Instrument.objects.filter(security_type="Cash").values_list("issuer")) == {(None,)}


def test_two_share_classes_with_one_lei_have_one_issuer(source, tmp_path):
    deliver(
        source,
        tmp_path,
        "issuers_a.csv",
        f"1,{FIGIS[0]},XNYS,USD,Alder A,Common Stock,Alder Group,{GOOD_LEI},US\n",
        f"2,{FIGIS[1]},XNYS,USD,Alder B,Common Stock,Alder Group,{GOOD_LEI},US\n",
    )

    first, second = Instrument.objects.filter(name__startswith="Alder").order_by("name")
    assert first.pk != second.pk
    assert first.issuer == second.issuer
    assert (first.issuer.lei, first.issuer.country, first.issuer.derived) == (GOOD_LEI, "US", False)
    assert first.issuer_source == "issuers"


def test_a_lei_with_a_wrong_check_digit_is_left_out_and_said(source, tmp_path):
    deliver(
        source,
        tmp_path,
        "issuers_b.csv",
        f"3,{FIGIS[2]},XNYS,USD,Birch,Common Stock,Birch Group,{WRONG_LEI},US\n",
    )

    issuer = Issuer.objects.get(name="Birch Group")
    assert issuer.lei is None
    assert "fails its check digit" in issuer.evidence


def test_what_operations_joined_is_not_moved_by_a_source(source, tmp_path):
    deliver(
        source,
        tmp_path,
        "issuers_c.csv",
        f"4,{FIGIS[3]},XNYS,USD,Cedar,Common Stock,Cedar Group,,US\n",
    )
    joined = Issuer.objects.get(name="Birch Group")
    Instrument.objects.filter(name="Cedar").update(issuer=joined, issuer_source="operations")

    deliver(
        source,
        tmp_path,
        "issuers_d.csv",
        f"4,{FIGIS[3]},XNYS,USD,Cedar,Common Stock,Cedar Group,,US\n\n",
    )

    assert Instrument.objects.get(name="Cedar").issuer == joined
