"""Asking for the firm as known then, and the worker's answer."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from helio.rls.middleware import one_state
from portfolios.figures.days import head
from portfolios.figures.then.cut import Cut, NotKnown
from portfolios.figures.then.firm import FirmThen, firm_then
from portfolios.models import FirmCut, FirmCutDay, FirmCutMover, Portfolio

# Older ones are computed again when somebody asks.
KEPT: Final = 30


def firm_cut(known_at: datetime) -> FirmCut | None:
    """The firm's cut at the moment, in whatever state; None when nobody asked, or may not see."""
    return FirmCut.objects.filter(known_at=known_at).first()


def ask(*, known_at: datetime, by: int) -> FirmCut | None:
    """The request for the firm as known then, new or as it was; the worker takes it from there."""
    try:
        with transaction.atomic():
            return FirmCut.objects.create(known_at=known_at, asked_by_id=by)
    except IntegrityError:
        return firm_cut(known_at)


def compute_asked() -> int:
    """Compute every cut that waits, as the worker; returns how many there were."""
    waiting = list(FirmCut.objects.filter(state=FirmCut.State.ASKED).order_by("asked_at"))
    for cut in waiting:
        compute(cut.pk)
    return len(waiting)


def compute(pk: int) -> FirmCut.State | None:
    """Compute a cut that waits; returns the state it ends in, None when it does not wait.

    One transaction sees one state of the facts. Delivered twice, the second finds nothing to do.
    """
    with one_state():
        cut = FirmCut.objects.filter(pk=pk, state=FirmCut.State.ASKED).first()
        if cut is None:
            return None
        ids = list(Portfolio.objects.order_by("pk").values_list("pk", flat=True))
        newest = head()
        known = Cut(cut.known_at, most_records=None)
        try:
            told = firm_then(known, ids)
        except NotKnown as missing:
            cut.state, cut.sentence = FirmCut.State.FAILED, str(missing)
        else:
            _keep(cut, told)
            cut.missing = _missing(known)
            cut.state = FirmCut.State.READY
        cut.version_number = newest.number if newest else None
        cut.save()
        _forget_oldest()
    return FirmCut.State(cut.state)


def _keep(cut: FirmCut, told: FirmThen) -> None:
    FirmCutDay.objects.bulk_create(
        [FirmCutDay(cut=cut, **vars(day)) for day in told.days()], batch_size=2_000
    )
    FirmCutMover.objects.bulk_create(
        [FirmCutMover(cut=cut, **vars(mover)) for mover in told.movers()], batch_size=2_000
    )


def _missing(known: Cut) -> list[dict[str, str]]:
    """The portfolios without figures from a day on, by code, as JSON keeps them."""
    gaps = known.told_gaps
    found = Portfolio.objects.filter(pk__in=gaps).select_related("desk").order_by("code")
    return [
        {
            "code": one.code,
            "desk": one.desk.name,
            "from_on": gaps[one.pk].from_on.isoformat(),
            "reason": gaps[one.pk].reason,
        }
        for one in found
    ]


def _forget_oldest() -> None:
    settled = FirmCut.objects.exclude(state=FirmCut.State.ASKED).order_by("-asked_at")
    oldest = list(settled.values_list("pk", flat=True)[KEPT:])
    FirmCutDay.objects.filter(cut_id__in=oldest).delete()
    FirmCutMover.objects.filter(cut_id__in=oldest).delete()
    FirmCut.objects.filter(pk__in=oldest).delete()
