"""Applies approved mappings: crosswalk, facts, quarantine and the note for the refresh, at once."""

from dataclasses import dataclass

import structlog
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from helio.audit import actions as audit
from ingestion.crosswalk import change, unmapped
from ingestion.crosswalk.rows import CannotApply
from ingestion.crosswalk.withdraw import withdraw
from ingestion.load.load import finish_masters
from ingestion.models import Batch, ExceptionItem, MappingProposal, Source
from ingestion.pipeline.affected import mark_touched
from ingestion.pipeline.replay import release_held
from ingestion.pipeline.wave import lock_load
from ingestion.staging import stage

log = structlog.get_logger(__name__)
STATE = MappingProposal.State


@dataclass(frozen=True)
class Applied:
    """What came of a mapping: the batch it ran in, and how many facts it gave and took."""

    batch: Batch
    released: int
    withdrawn: int


def waiting() -> list[int]:
    """Numbers of the approved mappings that are not in effect yet, in order of their approval."""
    approved = MappingProposal.objects.filter(state=STATE.APPROVED).order_by("decided_at", "pk")
    return list(approved.values_list("pk", flat=True))


def apply(proposal_id: int) -> Applied | None:
    """What came of it; None when the mapping is not (or no longer) waiting, or cannot be applied.

    All or nothing, in one transaction. A mapping that cannot be applied stays approved, with the
    sentence why, and is tried again with the next.
    """
    try:
        with transaction.atomic():
            lock_load()
            proposal = (
                MappingProposal.objects.select_for_update(of=("self",))
                .filter(pk=proposal_id, state=STATE.APPROVED)
                .first()
            )
            return carry_out(proposal) if proposal else None
    except CannotApply as problem:
        sentence = str(problem)
    except (DataError, IntegrityError) as error:
        sentence = f"The database refused it: {str(error).splitlines()[0]}."
    MappingProposal.objects.filter(pk=proposal_id, state=STATE.APPROVED).update(problem=sentence)
    log.warning("mapping.not_applied", mapping=proposal_id, problem=sentence)
    return None


def carry_out(proposal: MappingProposal) -> Applied:
    """The work itself, inside the caller's transaction, under the load lock."""
    at = proposal.decided_at or timezone.now()
    batch = Batch.objects.create(
        source=_source(proposal),
        started_by=f"mapping {proposal.pk}"[:60],
        sentence=f"Mapping {proposal.pk}: {proposal.code}, {proposal.target}.",
    )
    changed = change.make(proposal, at)
    withdrawn = withdraw(changed, batch, at)
    finish_masters(["identifier"] if proposal.kind == MappingProposal.Kind.IDENTIFIER else [])
    kinds = release_held(batch)
    cause = f"Mapping {proposal.pk}: {proposal.code}"
    mark_touched(batch, cause)
    stage.empty(batch.pk, kinds)
    _settle(proposal, batch)
    unmapped.count()
    audit.record(
        action="mapping applied",
        object=str(proposal),
        by=None,
        code=proposal.code,
        target=proposal.target,
        released=batch.released,
        withdrawn=withdrawn,
        batch=batch.pk,
    )
    return Applied(batch, batch.released, withdrawn)


def _settle(proposal: MappingProposal, batch: Batch) -> None:
    proposal.state = STATE.APPLIED
    proposal.applied_at = timezone.now()
    proposal.applied_in = batch
    proposal.problem = ""
    proposal.save(update_fields=["state", "applied_at", "applied_in", "problem", "issuer_before"])
    if proposal.undoes_id:
        MappingProposal.objects.filter(pk=proposal.undoes_id).update(state=STATE.UNDONE)
    batch.state = Batch.State.DONE
    batch.ended_at = timezone.now()
    batch.save(update_fields=["state", "ended_at"])


def _source(proposal: MappingProposal) -> Source:
    """The source in whose name the run stands: whose records waited, else whose keys they are."""
    held = ExceptionItem.objects.filter(
        state=ExceptionItem.State.HELD, staged__identifier=proposal.value
    ) | ExceptionItem.objects.filter(
        state=ExceptionItem.State.HELD, staged__portfolio_key=proposal.value
    )
    item = held.select_related("source").order_by("pk").first()
    if item is not None:
        return item.source
    named = Source.objects.filter(system=proposal.scheme).order_by("load_order").first()
    found = named or Source.objects.order_by("load_order").first()
    if found is None:
        raise CannotApply("No source is defined: there is nothing to map.")
    return found
