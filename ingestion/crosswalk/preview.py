"""What a proposal would change: done for real in a transaction that is then rolled back.

The rehearsal runs the very code that applies a mapping and the very statements of the refresh, so
what it says is what will happen. It holds the load lock for its length, which is that of replaying
the portfolios concerned.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import structlog
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from ingestion.crosswalk.apply import carry_out
from ingestion.crosswalk.rows import CannotApply
from ingestion.models import MappingEffect, MappingEffectValue, MappingProposal
from ingestion.pipeline.wave import lock_load
from ingestion.sqlfile import fetch
from portfolios.refresh import is_due, refresh
from portfolios.refresh.rehearsal import net_asset_values, rehearse

log = structlog.get_logger(__name__)


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal: everything in it is taken back."""


@dataclass
class Preview:
    """What a rehearsal saw."""

    sentence: str = ""
    effects: list[MappingEffect] = field(default_factory=list)
    values: list[MappingEffectValue] = field(default_factory=list)


def waiting() -> list[int]:
    """Numbers of the proposals that nobody has rehearsed yet."""
    fresh = MappingProposal.objects.filter(state="proposed", previewed_at=None)
    return list(fresh.order_by("pk").values_list("pk", flat=True))


def preview(proposal_id: int) -> Preview | None:
    """What the proposal would change now, kept for its page; None when it is decided already."""
    proposal = MappingProposal.objects.filter(pk=proposal_id, state="proposed").first()
    if proposal is None:
        return None
    if is_due():  # what waits for a refresh would look like the mapping's doing
        refresh(cause="before a rehearsal")
    seen = Preview()
    try:
        with transaction.atomic():
            _rehearse(proposal, seen)
            raise _Rehearsed
    except _Rehearsed:
        pass
    except CannotApply as problem:
        seen = Preview(f"It could not be applied: {problem}")
    except (DataError, IntegrityError) as error:
        seen = Preview(f"The database would refuse it: {str(error).splitlines()[0]}.")
    _keep(proposal_id, seen)
    log.info("mapping.rehearsed", mapping=proposal_id, sentence=seen.sentence)
    return seen


def _rehearse(proposal: MappingProposal, seen: Preview) -> None:
    lock_load()
    before = net_asset_values()
    at = proposal.decided_at = timezone.now()
    proposal.decided_by_id = -1  # nobody: the row is never seen outside
    proposal.decided_by = "rehearsal"
    proposal.state = MappingProposal.State.APPROVED
    proposal.save(update_fields=["decided_at", "decided_by_id", "decided_by", "state"])
    done = carry_out(proposal)
    touched = _touched(done.batch.pk)
    rehearse()
    after = net_asset_values()
    seen.effects = _effects(proposal.pk, done.batch.pk, at, touched)
    codes = {code for code, _ in touched}
    seen.values = [
        MappingEffectValue(
            proposal_id=proposal.pk,
            portfolio_id=portfolio_id,
            valued_on=(after.get(portfolio_id) or before[portfolio_id])["valued_on"],
            currency=(after.get(portfolio_id) or before[portfolio_id])["currency"],
            value_before=before.get(portfolio_id, {}).get("value"),
            value_after=after.get(portfolio_id, {}).get("value"),
        )
        for portfolio_id in sorted(before.keys() | after.keys())
        if before.get(portfolio_id) != after.get(portfolio_id)
        or (after.get(portfolio_id) or before[portfolio_id])["code"] in codes
    ]
    seen.sentence = _sentence(proposal, done.released, done.withdrawn, seen)


def _touched(batch_id: int) -> dict[tuple[str, str], date]:
    """First day by portfolio code (empty for a listing) and subject."""
    rows = fetch("crosswalk/sql/500_touched.sql", batch=batch_id)
    return {(code, subject): day for code, subject, day in rows}


def _effects(
    proposal_id: int, batch_id: int, at: datetime, touched: dict[tuple[str, str], date]
) -> list[MappingEffect]:
    records: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    units: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    cash: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for code, listing, currency, is_new, count, moved, paid in fetch(
        "crosswalk/sql/510_entries.sql", batch=batch_id, at=at
    ):
        sign = 1 if is_new else -1
        (records if is_new else ended)[code] += count
        units[code][listing or ""] += sign * (moved or Decimal(0))
        cash[code][currency] += sign * (paid or Decimal(0))
    return [
        MappingEffect(
            proposal_id=proposal_id,
            portfolio_code=code,
            subject=subject,
            from_on=day,
            records=records[code] if code else 0,
            withdrawn=ended[code] if code else 0,
            units=_listed(units[code]) if code else "",
            cash=_listed(cash[code]) if code else "",
        )
        for (code, subject), day in sorted(touched.items())
    ]


def _listed(amounts: dict[str, Decimal]) -> str:
    return ", ".join(
        f"{amount.normalize():+,f} {name}".replace("-", "\N{MINUS SIGN}")
        for name, amount in sorted(amounts.items())
        if name and amount
    )


def _sentence(proposal: MappingProposal, released: int, withdrawn: int, seen: Preview) -> str:
    if proposal.kind == MappingProposal.Kind.ISSUER:
        return "No amount changes: only under which issuer the instrument is counted."
    if not released and not withdrawn:
        return "No record waits for it, and no figure changes; records to come will follow it."
    said = []
    if released:
        said.append(f"{released} held record{'s' * (released != 1)} would take effect")
    if withdrawn:
        said.append(f"{withdrawn} fact{'s' * (withdrawn != 1)} would lose effect or move")
    if not seen.effects:
        return f"{' and '.join(said)}; no portfolio's figures change."
    return f"{' and '.join(said)}, with figures from {min(e.from_on for e in seen.effects)} on."


@transaction.atomic
def _keep(proposal_id: int, seen: Preview) -> None:
    MappingEffect.objects.filter(proposal_id=proposal_id).delete()
    MappingEffectValue.objects.filter(proposal_id=proposal_id).delete()
    MappingEffect.objects.bulk_create(seen.effects)
    MappingEffectValue.objects.bulk_create(seen.values)
    changes: dict[str, Any] = {"previewed_at": timezone.now(), "preview_sentence": seen.sentence}
    MappingProposal.objects.filter(pk=proposal_id).update(**changes)
