"""Whatever the order in which files arrive, the facts are the same."""

import random

import pytest

from ingestion.models import ExceptionItem, Source
from ingestion.pipeline.run import ingest
from ingestion.tests.expected import expected
from ingestion.tests.facts import alpha_deliveries, digests
from portfolios.models import Transaction

# What the facts are when the files come in order; filled by the test that has them so.
IN_ORDER: dict[str, tuple[int, str]] = {}


@pytest.mark.usefixtures("alpha", "as_worker")
def test_in_order():
    IN_ORDER.update(digests())

    assert IN_ORDER["transaction"][0] > 2600


class TestReversed:
    """Trades and statements before the crosswalk that explains them, newest files first."""

    @pytest.fixture(scope="class", autouse=True)
    def loaded(self, fresh_database):
        from helio.testing import databases

        with databases.django_connected_to(role="worker"):
            found = alpha_deliveries()
            for name in reversed(list(found)):
                source = Source.objects.get(name=name)
                for delivery in found[name]:
                    if random.Random(delivery.name).random() < 0.02:
                        ingest(source, [delivery], by="test")  # some on their own
                ingest(source, list(reversed(found[name])), by="test")
            yield

    def test_the_facts_are_the_same(self):
        ours = digests()

        assert {table for table in ours if ours[table] != IN_ORDER[table]} == set()

    def test_the_ledger_is_the_answer(self):
        now = Transaction.objects.filter(known_to=None)

        references = {row["source_reference"] for row in expected("ledger.csv.gz")}
        assert set(now.values_list("source_reference", flat=True)) == references

    def test_what_is_still_held_is_what_the_answer_holds(self):
        held = ExceptionItem.objects.filter(state="held").values_list("reference", flat=True)

        answers = expected("quarantine.csv")
        assert set(held) == {r["held_item"] for r in answers if r["outcome"] == "still held"}
