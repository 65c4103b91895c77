"""Loading everything again changes nothing."""

import pytest

from ingestion.models import Batch, ExceptionItem, Source
from ingestion.pipeline.run import ingest
from ingestion.tests.facts import alpha_deliveries, digests
from portfolios.models import Affected

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def test_the_same_files_again_change_no_fact_and_invent_no_exception():
    before = digests()
    exceptions = ExceptionItem.objects.count()
    affected = Affected.objects.count()

    batches = [
        ingest(Source.objects.get(name=name), deliveries, by="test")
        for name, deliveries in alpha_deliveries().items()
    ]

    assert digests() == before
    assert ExceptionItem.objects.count() == exceptions
    assert Affected.objects.count() == affected
    for batch in batches:
        assert batch.received == batch.duplicate > 0
        assert batch.files_duplicate == batch.files_received


def test_a_run_without_files_makes_no_batch():
    batches = Batch.objects.count()

    assert ingest(Source.objects.get(name="custody"), [], by="test") is None
    assert Batch.objects.count() == batches
