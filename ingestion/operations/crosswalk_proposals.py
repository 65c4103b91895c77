"""Pages and forms of mappings that people propose, decide and undo."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio.accounts import roles
from helio.accounts.requests import person
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from ingestion.crosswalk import propose, tasks
from ingestion.models import Identifier, MappingProposal, PortfolioKey, UnmappedKey
from ingestion.operations.crosswalk import known_kind, mappable, readers
from portfolios.models import Instrument, Listing, Portfolio

writers = permits.role(roles.OPERATIONS, roles.ADMINISTRATOR)
STATES = ("open", *MappingProposal.State.values, "any")


@live_page
@readers
def proposals(request: HttpRequest) -> HttpResponse:
    """Mappings proposed, newest first."""
    parameters.accept(request, "state", "page")
    state = parameters.choice(request, "state", STATES, "any")
    chosen = MappingProposal.objects.select_related("listing", "issuer", "instrument", "undoes")
    if state == "open":
        chosen = chosen.filter(state__in=("proposed", "approved"))
    elif state != "any":
        chosen = chosen.filter(state=state)
    paging = parameters.paged(request, chosen.count())
    context = {
        "proposals": chosen[paging.window], "paging": paging, "state": state, "states": STATES,
    }  # fmt: skip
    return rendering.page(request, "operations/crosswalk_proposals.html", context)


@readers
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One mapping: who wants what and why, what it would change, and the decision."""
    parameters.accept(request)
    found = get_object_or_404(
        MappingProposal.objects.select_related(
            "listing", "issuer", "instrument", "undoes", "applied_in"
        ),
        pk=proposal_id,
    )
    who = person(request)
    may_write = who.has_role(roles.OPERATIONS, roles.ADMINISTRATOR)
    own = found.proposed_by_id == who.pk
    waits = found.state == MappingProposal.State.PROPOSED
    context = {
        "proposal": found,
        "effects": found.effects.all(),
        "values": _values(found),
        "may_decide": may_write and waits and not own,
        "may_withdraw": may_write and waits and own,
        "may_undo": may_write
        and found.state == MappingProposal.State.APPLIED
        and found.action != MappingProposal.Action.UNDO,
        "undoings": found.undone_by.all(),
    }
    return rendering.page(request, "operations/crosswalk_proposal.html", context)


def _values(found: MappingProposal) -> list[dict[str, Any]]:
    """Changes of net asset value in portfolios that this person may see: the database decides."""
    rows = list(found.values.order_by("portfolio_id"))
    codes = dict(
        Portfolio.objects.filter(pk__in=[row.portfolio_id for row in rows]).values_list(
            "pk", "code"
        )
    )
    return [{"row": row, "code": codes[row.portfolio_id]} for row in rows]


@require_POST
@writers
def propose_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Proposes what an unmapped key means."""
    key = get_object_or_404(UnmappedKey, pk=key_id)
    back = reverse("operations:unmapped-key", args=[key_id])
    target = request.POST.get("target", "").strip()
    shared: dict[str, Any] = {
        "valid_from": _day(request, "valid_from"),
        "valid_to": _day(request, "valid_to"),
        "reason": request.POST.get("reason", "").strip(),
        "evidence": request.POST.get("evidence", "").strip(),
        "by": person(request),
    }
    if key.kind == MappingProposal.Kind.PORTFOLIO_KEY:
        code = _portfolio(target)
        return _said(
            request, back,
            lambda: propose.propose_key(
                system=key.scheme, key=key.value, portfolio_code=code, **shared
            ),
        )  # fmt: skip
    listing = _listing(target)
    return _said(
        request, back,
        lambda: propose.propose_code(
            scheme=key.scheme, value=key.value, scope=key.scope, listing=listing, **shared
        ),
    )  # fmt: skip


@require_POST
@writers
def propose_end(request: HttpRequest, kind: str, row_id: int) -> HttpResponse:
    """Proposes that a mapping ends."""
    known_kind(kind)
    row: Identifier | PortfolioKey
    if kind == "identifier":
        row = get_object_or_404(Identifier, pk=row_id)
    else:
        row = get_object_or_404(PortfolioKey, pk=row_id)
    return _said(
        request, reverse("operations:crosswalk-code", args=[kind, row_id]),
        lambda: propose.propose_end(
            row=row, last_day=_day(request, "last_day"),
            reason=request.POST.get("reason", "").strip(), by=person(request),
        ),
    )  # fmt: skip


@require_POST
@writers
def propose_change(request: HttpRequest, kind: str, row_id: int) -> HttpResponse:
    """Proposes that a code means something else on some days."""
    known_kind(kind)
    shared: dict[str, Any] = {
        "valid_from": _day(request, "valid_from"),
        "valid_to": _day(request, "valid_to"),
        "reason": request.POST.get("reason", "").strip(),
        "evidence": request.POST.get("evidence", "").strip(),
        "by": person(request),
    }
    target = request.POST.get("target", "").strip()
    back = reverse("operations:crosswalk-code", args=[kind, row_id])
    if kind == "identifier":
        row = get_object_or_404(Identifier, pk=row_id)
        listing = _listing(target)
        return _said(
            request, back,
            lambda: propose.propose_code(
                scheme=row.scheme, value=row.value, scope=row.scope, listing=listing, **shared
            ),
        )  # fmt: skip
    key = get_object_or_404(PortfolioKey, pk=row_id)
    code = _portfolio(target)
    return _said(
        request, back,
        lambda: propose.propose_key(
            system=key.system, key=key.key, portfolio_code=code, **shared
        ),
    )  # fmt: skip


@require_POST
@writers
def propose_issuer(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """Proposes that an instrument has the issuer of another listing."""
    instrument = get_object_or_404(Instrument, pk=instrument_id)
    other = _listing(request.POST.get("target", "").strip())
    first = instrument.listings.order_by("pk").first()
    back = reverse("operations:crosswalk-listing", args=[first.pk if first else 0])
    issuer = other.instrument.issuer
    if issuer is None:
        messages.error(request, f"{other} has no issuer to join.")
        return _see(back)
    return _said(
        request, back,
        lambda: propose.propose_issuer(
            instrument=instrument, issuer=issuer, evidence="",
            reason=request.POST.get("reason", "").strip(), by=person(request),
        ),
    )  # fmt: skip


@require_POST
@writers
def propose_undo(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Proposes that a mapping in effect is undone."""
    found = get_object_or_404(MappingProposal, pk=proposal_id)
    return _said(
        request, reverse("operations:proposal", args=[proposal_id]),
        lambda: propose.propose_undo(
            proposal=found, reason=request.POST.get("reason", "").strip(), by=person(request)
        ),
    )  # fmt: skip


@require_POST
@writers
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Approves, refuses or withdraws."""
    found = get_object_or_404(MappingProposal, pk=proposal_id)
    back = reverse("operations:proposal", args=[proposal_id])
    decisions = ("approved", "refused", "withdrawn")
    if request.POST.get("decision") not in decisions:
        raise parameters.BadRequest(f"A decision is one of {', '.join(decisions)}.")
    state = MappingProposal.State(request.POST["decision"])
    try:
        with transaction.atomic():
            propose.decide(
                proposal=found, state=state, reason=request.POST.get("reason", "").strip(),
                by=person(request),
            )  # fmt: skip
    except propose.ProposalRefused as refused:
        messages.error(request, str(refused))
        return _see(back)
    if state == MappingProposal.State.APPROVED:
        transaction.on_commit(tasks.ask_to_settle)
        messages.success(request, "Approved. It takes effect in a moment, and figures follow.")
    else:
        messages.success(request, f"Mapping {proposal_id} is {state}.")
    return _see(back)


@require_POST
@writers
def rehearse(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Asks the worker what the proposal would change now."""
    found = get_object_or_404(MappingProposal, pk=proposal_id, state="proposed")
    transaction.on_commit(lambda: tasks.ask_to_rehearse(found.pk))
    messages.success(request, "The preview is being computed again. Reload in a moment.")
    return _see(reverse("operations:proposal", args=[proposal_id]))


def _said(
    request: HttpRequest, back: str, verb: Callable[[], MappingProposal]
) -> HttpResponseRedirect:
    """To the new proposal, or back with the sentence that refuses."""
    try:
        with transaction.atomic():
            made = verb()
    except propose.ProposalRefused as refused:
        messages.error(request, str(refused))
        return _see(back)
    transaction.on_commit(tasks.ask_to_settle)
    messages.success(request, "Proposed. A second person decides; the preview is being computed.")
    return _see(reverse("operations:proposal", args=[made.pk]))


def _see(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(address, status=303)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise parameters.BadRequest(f"“{text[:40]}” is no date. Write it as 2025-10-31.") from None


def _listing(key: str) -> Listing:
    found = Listing.objects.select_related("instrument__issuer").filter(key=key).first()
    if found is None:
        raise parameters.BadRequest(
            f"“{key[:40]}” is no listing here. Write it as ZORB@XNYS: symbol, @, operating MIC."
        )
    return found


def _portfolio(code: str) -> str:
    if code not in {known for known, _ in mappable()}:
        raise parameters.BadRequest(f"“{code[:40]}” is no portfolio here.")
    return code
