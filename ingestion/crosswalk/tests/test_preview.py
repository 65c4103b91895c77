"""A rehearsal says what an approval will do, and leaves nothing behind."""

from datetime import date

import pytest
from django.utils import timezone

from helio.testing import databases
from ingestion.crosswalk.apply import apply
from ingestion.crosswalk.preview import preview
from ingestion.crosswalk.tests.deciding import COLUMNS, believed, figures, symbol, trade
from ingestion.models import Batch, ExceptionItem, Identifier, MappingProposal
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import Affected, Portfolio
from portfolios.refresh.rehearsal import net_asset_values

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


@pytest.fixture
def proposal(tmp_path):
    source = define_sources()["blotter"]
    lines = trade("P1", symbol="ZQP", units="100") + trade("P2", symbol="ZQP", book="NYC/GRW/02")
    path = write(tmp_path, "blotter_preview.csv", COLUMNS + lines)
    if not ExceptionItem.objects.filter(reference="P1").exists():
        take(source, path)
    return MappingProposal.objects.create(
        action="map", reason="Test", proposed_by_id=1, **symbol("ZQP", "ZORB@XNYS")
    )


def test_a_rehearsal_commits_nothing(proposal):
    before = figures(), believed(), Identifier.objects.count(), Batch.objects.count()
    preview(proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_at) == ("proposed", None)
    assert proposal.previewed_at is not None
    assert not Affected.objects.exists()
    assert (figures(), believed(), Identifier.objects.count(), Batch.objects.count()) == before
    assert ExceptionItem.objects.get(reference="P1").state == "held"


def test_a_rehearsal_says_what_then_happens(proposal):
    figures()
    seen = preview(proposal.pk)
    assert seen.sentence == ("2 held records would take effect, with figures from 2025-12-22 on.")
    effects = {effect.subject: effect for effect in proposal.effects.all()}
    assert set(effects) == {"HA-01", "HA-02"}
    assert (effects["HA-01"].records, effects["HA-01"].from_on) == (1, date(2025, 12, 22))
    assert effects["HA-01"].units == "+100 ZORB@XNYS"
    assert effects["HA-01"].cash == "\N{MINUS SIGN}101 USD"

    MappingProposal.objects.filter(pk=proposal.pk).update(
        state="approved", decided_by_id=2, decided_at=timezone.now()
    )
    assert apply(proposal.pk)
    figures()
    now = net_asset_values()
    for value in proposal.values.all():
        assert now[value.portfolio_id]["value"] == value.value_after
        assert value.value_before != value.value_after
    assert {value.portfolio_id for value in proposal.values.all()} == set(
        Portfolio.objects.filter(code__in=effects).values_list("pk", flat=True)
    )


def test_what_cannot_be_applied_is_said_before_anybody_approves():
    wrong = MappingProposal.objects.create(
        action="map", reason="Test", proposed_by_id=1, **symbol("ZORB", "ZORB@XNYS")
    )
    seen = preview(wrong.pk)
    assert seen.sentence.startswith("It could not be applied: SYMBOL ZORB XNYS already means")


def test_the_web_role_sees_values_of_its_own_portfolios_only(proposal, alpha):
    preview(proposal.pk)
    with databases.connect("web", alpha) as web:
        assert web.execute("SELECT count(*) FROM mapping_effect_value").fetchone() == (0,)
        assert web.execute("SELECT count(*) FROM mapping_effect").fetchone() == (0,)
    with databases.connect("superuser", alpha) as owner:
        assert owner.execute("SELECT count(*) > 0 FROM mapping_effect_value").fetchone() == (True,)
