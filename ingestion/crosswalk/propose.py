"""Verbs of people: propose a mapping, approve or refuse another's, withdraw one's own.

They run in the web process under the person's identity; the database judges them again.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from helio.accounts.models import User
from helio.audit import actions as audit
from ingestion.models import Identifier, MappingProposal, PortfolioKey
from portfolios.models import Instrument, Issuer, Listing

CODE_LONGEST = 40
STATE, KIND, ACTION = MappingProposal.State, MappingProposal.Kind, MappingProposal.Action


class ProposalRefused(ValueError):
    """The proposal or decision cannot be; the message is a sentence for the person."""


@transaction.atomic
def propose_code(
    *,
    scheme: str,
    value: str,
    scope: str,
    listing: Listing,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    evidence: str,
    by: User,
) -> MappingProposal:
    """The proposal that a code means a listing from day to day, waiting for a second person."""
    _in_order(valid_from, valid_to)
    if len(value) > CODE_LONGEST:
        raise ProposalRefused(f"A code has at most {CODE_LONGEST} characters.")
    return _record(
        MappingProposal(
            kind=KIND.IDENTIFIER, action=ACTION.MAP, scheme=scheme, value=value, scope=scope,
            listing=listing, valid_from=valid_from, valid_to=valid_to, evidence=evidence,
        ), reason, by,
    )  # fmt: skip


@transaction.atomic
def propose_key(
    *,
    system: str,
    key: str,
    portfolio_code: str,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    evidence: str,
    by: User,
) -> MappingProposal:
    """The proposal that a book or account means a portfolio from day to day."""
    _in_order(valid_from, valid_to)
    return _record(
        MappingProposal(
            kind=KIND.PORTFOLIO_KEY, action=ACTION.MAP, scheme=system, value=key,
            portfolio_code=portfolio_code, valid_from=valid_from, valid_to=valid_to,
            evidence=evidence,
        ), reason, by,
    )  # fmt: skip


@transaction.atomic
def propose_issuer(
    *, instrument: Instrument, issuer: Issuer, reason: str, evidence: str, by: User
) -> MappingProposal:
    """The proposal that an instrument was issued by an issuer, say of its other share class."""
    if instrument.issuer_id == issuer.pk:
        raise ProposalRefused(f"{instrument} already has the issuer {issuer}.")
    return _record(
        MappingProposal(
            kind=KIND.ISSUER, action=ACTION.MAP, instrument=instrument, issuer=issuer,
            evidence=evidence,
        ), reason, by,
    )  # fmt: skip


@transaction.atomic
def propose_end(
    *, row: Identifier | PortfolioKey, last_day: date | None, reason: str, by: User
) -> MappingProposal:
    """The proposal that a mapping ends on a day, or (without one) never was."""
    if row.known_to is not None:
        raise ProposalRefused("This mapping is not believed any more: there is nothing to end.")
    if last_day and row.valid_to and last_day >= row.valid_to:
        raise ProposalRefused(f"It ends on {row.valid_to} already.")
    if last_day and row.valid_from and last_day < row.valid_from:
        raise ProposalRefused(
            f"It begins on {row.valid_from} only. Leave the day empty to end it altogether."
        )
    if isinstance(row, Identifier):
        code = {"scheme": row.scheme, "value": row.value, "scope": row.scope}
        kind = KIND.IDENTIFIER
    else:
        code = {"scheme": row.system, "value": row.key}
        kind = KIND.PORTFOLIO_KEY
    return _record(
        MappingProposal(
            kind=kind, action=ACTION.END, mapping_id=row.pk, valid_to=last_day, **code
        ), reason, by,
    )  # fmt: skip


@transaction.atomic
def propose_undo(*, proposal: MappingProposal, reason: str, by: User) -> MappingProposal:
    """The proposal that an applied mapping is undone."""
    if proposal.state != STATE.APPLIED or proposal.action == ACTION.UNDO:
        raise ProposalRefused("Only a mapping that is in effect can be undone.")
    open_states = (STATE.PROPOSED, STATE.APPROVED)
    if MappingProposal.objects.filter(undoes=proposal, state__in=open_states).exists():
        raise ProposalRefused("Undoing this mapping is proposed already.")
    return _record(
        MappingProposal(
            kind=proposal.kind, action=ACTION.UNDO, scheme=proposal.scheme, value=proposal.value,
            scope=proposal.scope, instrument_id=proposal.instrument_id, undoes=proposal,
        ), reason, by,
    )  # fmt: skip


@transaction.atomic
def decide(
    *, proposal: MappingProposal, state: MappingProposal.State, reason: str, by: User
) -> None:
    """Approves, refuses or withdraws; the one who proposed can only withdraw."""
    own = proposal.proposed_by_id == by.pk
    if proposal.state != STATE.PROPOSED:
        raise ProposalRefused("This mapping is decided already.")
    if own != (state == STATE.WITHDRAWN):
        raise ProposalRefused(
            "You proposed this mapping: a second person decides. You can withdraw it."
            if own
            else "Only the person who proposed a mapping can withdraw it."
        )
    if not reason:
        raise ProposalRefused("Please give a reason: whoever looks later will want it.")
    changed = MappingProposal.objects.filter(pk=proposal.pk, state=STATE.PROPOSED).update(
        state=state, decided_by_id=by.pk, decided_at=timezone.now(), decision_reason=reason
    )
    if not changed:
        raise ProposalRefused("Somebody else decided this mapping a moment ago.")
    audit.record(
        action=f"mapping {state}", object=str(proposal), by=by, code=proposal.code,
        target=proposal.target, reason=reason,
    )  # fmt: skip


def _in_order(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise ProposalRefused("The last day is before the first.")


def _record(proposal: MappingProposal, reason: str, by: User) -> MappingProposal:
    if not reason:
        raise ProposalRefused("Please give a reason: the second person decides by it.")
    proposal.reason = reason
    proposal.proposed_by_id = by.pk
    proposal.proposed_by = by.get_username()
    proposal.save(force_insert=True)
    audit.record(
        action="mapping proposed", object=str(proposal), by=by, code=proposal.code,
        target=proposal.target, kind=proposal.kind, what=proposal.action, reason=reason,
        valid_from=proposal.valid_from, valid_to=proposal.valid_to,
    )  # fmt: skip
    return proposal
