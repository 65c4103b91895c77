"""Which months are closed, and which of their figures were restated after: what pages say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from portfolios.figures.then.cut import Cut
from portfolios.models import ClosedRestatement, PeriodClose


@dataclass(frozen=True, slots=True)
class PeriodState:
    """A month that is closed, or was reopened last, with what differs from its closing."""

    period: PeriodClose
    restatements: tuple[ClosedRestatement, ...]

    @property
    def is_closed(self) -> bool:
        """True while the month is closed."""
        return self.period.state != PeriodClose.State.REOPENED

    @property
    def words(self) -> str:
        """The state in a word or two."""
        if not self.is_closed:
            return "reopened"
        return "closed, restated after" if self.restatements else "closed"


def period_state(
    as_of: date, portfolio_ids: Sequence[int] | None = None, cut: Cut | None = None
) -> PeriodState | None:
    """The state of the month that ``as_of`` is in; None when nobody ever closed it.

    With a knowledge cut it is what was closed then; restatements are told of now only.
    """
    closes = PeriodClose.objects.filter(month=as_of.replace(day=1)).exclude(
        state=PeriodClose.State.ASKED
    )
    if cut is not None:
        closes = closes.filter(closed_at__lte=cut.known_at)
        closes = closes.filter(Q(reopened_at=None) | Q(reopened_at__gt=cut.known_at))
    found = closes.select_related("asked_by", "reopened_by").order_by("-pk").first()
    if found is None:
        return None
    if cut is not None or found.state != PeriodClose.State.CLOSED:
        return PeriodState(found, ())
    restated = ClosedRestatement.objects.filter(close=found).order_by("code")
    if portfolio_ids is not None:
        restated = restated.filter(portfolio_id__in=portfolio_ids)
    return PeriodState(found, tuple(restated))
