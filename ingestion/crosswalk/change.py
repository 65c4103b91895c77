"""What an approved mapping does to the crosswalk: maps, ends or undoes."""

from dataclasses import dataclass, field
from datetime import datetime

from ingestion.crosswalk.rows import (
    CannotApply,
    Code,
    Row,
    Stretch,
    close,
    closed_by,
    copy,
    cut,
    open_row,
    opened_by,
    overlapping,
)
from ingestion.models import MappingProposal
from portfolios.models import Instrument, Portfolio

ACTION = MappingProposal.Action


@dataclass
class Change:
    """The rows that a mapping closed: what rested on them must be judged again."""

    code: Code | None = None
    closed: list[Row] = field(default_factory=list)


def make(proposal: MappingProposal, at: datetime) -> Change:
    """Writes the rows of the crosswalk as the proposal says; CannotApply with a sentence."""
    if proposal.kind == MappingProposal.Kind.ISSUER:
        _issuer(proposal)
        return Change()
    code = Code.of(proposal)
    if proposal.action == ACTION.MAP:
        return _map(proposal, code, at)
    if proposal.action == ACTION.END:
        return _end(proposal, code, at)
    return _undo(proposal, code, at)


def _map(proposal: MappingProposal, code: Code, at: datetime) -> Change:
    meaning = _meaning(proposal)
    stretch = Stretch(proposal.valid_from, proposal.valid_to)
    replaced = overlapping(code, stretch)
    if any(getattr(row, code.meaning) == meaning for row in replaced):
        raise CannotApply(
            f"{proposal.code} already means {proposal.target} on some of these days. "
            "Propose the other days only, or end what is there first."
        )
    for row in replaced:
        cut(row, stretch, at, proposal)
    evidence = f"mapping {proposal.pk}: {proposal.reason}"
    open_row(code, meaning, stretch, at, proposal, evidence)
    return Change(code, replaced)


def _meaning(proposal: MappingProposal) -> int:
    if proposal.kind == MappingProposal.Kind.IDENTIFIER:
        if proposal.listing_id is None:
            raise CannotApply("The mapping names no listing.")
        return proposal.listing_id
    found = Portfolio.objects.filter(code=proposal.portfolio_code).first()
    if found is None:
        raise CannotApply(f"There is no portfolio {proposal.portfolio_code}.")
    return found.pk


def _end(proposal: MappingProposal, code: Code, at: datetime) -> Change:
    believed = code.model.objects.filter(known_to=None, **code.columns)
    row = believed.filter(pk=proposal.mapping_id or 0).first()
    if row is None:
        raise CannotApply(f"The row of {proposal.code} that was to end has changed meanwhile.")
    close(row, at, proposal)
    last = proposal.valid_to
    if last is not None and (row.valid_from is None or row.valid_from <= last):
        copy(row, Stretch(row.valid_from, last), at, proposal.pk, f"ended by mapping {proposal.pk}")
    return Change(code, [row])


def _undo(proposal: MappingProposal, code: Code, at: datetime) -> Change:
    undone = proposal.undoes
    if undone is None or undone.state != MappingProposal.State.APPLIED:
        raise CannotApply("What was to be undone is not in effect any more.")
    if undone.action == ACTION.UNDO:
        raise CannotApply("An undo is not undone: propose the mapping again.")
    opened = opened_by(code, undone)
    _refuse_what_is_built_upon(opened)
    believed = [row for row in opened if row.known_to is None]
    for row in believed:
        close(row, at, proposal)
    for row in closed_by(code, undone):
        # As if the mapping had never been: the row is again what its own mapping opened.
        stretch = Stretch(row.valid_from, row.valid_to)
        copy(row, stretch, at, row.proposal_id, f"back by mapping {proposal.pk}")
    return Change(code, believed)


def _refuse_what_is_built_upon(opened: list[Row]) -> None:
    closers = {row.closed_by_id for row in opened if row.known_to is not None}
    later = MappingProposal.objects.filter(
        pk__in=filter(None, closers), state=MappingProposal.State.APPLIED
    ).order_by("pk")
    if later:
        numbers = ", ".join(str(one.pk) for one in later)
        raise CannotApply(f"Mapping {numbers} came after it and rests on it: undo that first.")


def _issuer(proposal: MappingProposal) -> None:
    undoing = proposal.undoes if proposal.action == ACTION.UNDO else None
    subject = (undoing or proposal).instrument_id
    instrument = Instrument.objects.select_for_update().filter(pk=subject or 0).first()
    if instrument is None:
        raise CannotApply("The mapping names no instrument.")
    if undoing is not None:
        if undoing.state != MappingProposal.State.APPLIED or not undoing.issuer_before:
            raise CannotApply("What was to be undone is not in effect any more.")
        if instrument.issuer_id != undoing.issuer_id:
            raise CannotApply("The instrument's issuer was changed again since: undo that first.")
        instrument.issuer_id = undoing.issuer_before["issuer"]
        instrument.issuer_source = undoing.issuer_before["source"]
    else:
        proposal.issuer_before = {
            "issuer": instrument.issuer_id,
            "source": instrument.issuer_source,
        }
        instrument.issuer_id = proposal.issuer_id
        instrument.issuer_source = "operations"
    instrument.save(update_fields=["issuer_id", "issuer_source"])
