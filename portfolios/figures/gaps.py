"""Which portfolios have no figures from a day on, and why: unknown, neither zero nor over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portfolios.figures import ground
from portfolios.figures.firm_then import firm_cut
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio


@dataclass(frozen=True, slots=True)
class MissingFigures:
    """A portfolio without figures from a day on."""

    code: str
    desk: str
    from_on: date
    reason: str


def missing_figures(
    as_of: date, portfolio_ids: Sequence[int] | None = None, cut: Cut | None = None
) -> list[MissingFigures]:
    """The visible portfolios whose figures of ``as_of`` are unknown, by code."""
    if cut is None:
        ids = None if portfolio_ids is None else list(portfolio_ids)
        rows = ground.rows("missing_member", None, as_of=as_of, portfolio_ids=ids)
        return [MissingFigures(**row) for row in rows]
    gaps = {pk: gap for pk, gap in cut.gaps(portfolio_ids).items() if gap.from_on <= as_of}
    found = Portfolio.objects.filter(pk__in=gaps).select_related("desk").order_by("code")
    return [
        MissingFigures(one.code, one.desk.name, gaps[one.pk].from_on, gaps[one.pk].reason)
        for one in (found if gaps else ())
    ]


def missing_from_firm(as_of: date, cut: Cut | None = None) -> list[MissingFigures]:
    """The portfolios that the firm's sums of a day leave out, by code."""
    if cut is None:
        return missing_figures(as_of)
    told = firm_cut(cut.known_at)
    kept = [
        MissingFigures(**{**row, "from_on": date.fromisoformat(row["from_on"])})
        for row in (told.missing if told else [])
    ]
    return [one for one in kept if one.from_on <= as_of]
