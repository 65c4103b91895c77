"""Asking for the firm as known then, and the worker's answer."""

from datetime import datetime

from portfolios.figures import questions
from portfolios.figures.days import head
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.firm import FirmThen, firm_then
from portfolios.models import FirmCut, FirmCutDay, FirmCutMover, Portfolio
from portfolios.models.firm_then import Question


def firm_cut(known_at: datetime) -> FirmCut | None:
    """The firm's cut at the moment, in whatever state; None when nobody asked, or may not see."""
    return FirmCut.objects.filter(known_at=known_at).first()


def ask(*, known_at: datetime, by: int) -> FirmCut | None:
    """The request for the firm as known then, new or as it was; the worker takes it from there."""
    return questions.ask(FirmCut, known_at=known_at, by=by)


def compute_asked() -> int:
    """Compute every cut that waits, as the worker; returns how many there were."""
    return questions.answer_asked(FirmCut, compute)


def compute(pk: int) -> Question.State | None:
    """Compute a cut that waits; returns the state it ends in, None when it does not wait."""
    return questions.answer(
        FirmCut, pk, _tell, FirmCutDay.objects, FirmCutMover.objects, of="cut_id"
    )


def _tell(cut: FirmCut) -> None:
    ids = list(Portfolio.objects.order_by("pk").values_list("pk", flat=True))
    newest = head()
    cut.version_number = newest.number if newest else None
    known = Cut(cut.known_at, most_records=None)
    _keep(cut, firm_then(known, ids))
    cut.missing = _missing(known)


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
