"""How concentrated a portfolio is, and how unlike its benchmark. All are statistics: floats."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concentration:
    """Shares of net asset value of the largest positions, and how many equal ones it would take.

    ``herfindahl`` is Σ w² over positions, cash left out, with w a share of net asset value;
    ``effective_number`` is 1/Σ v² with v the shares of the securities alone, so that cash on the
    side does not look like diversification. None where nothing is held.
    """

    holdings: int
    top_5: float | None
    top_10: float | None
    largest: float | None
    herfindahl: float | None
    effective_number: float | None


def concentration(shares: Sequence[float]) -> Concentration:
    """The concentration of positions with these shares of net asset value, in any order."""
    ordered = sorted(shares, reverse=True)
    if not ordered:
        return Concentration(0, None, None, None, None, None)
    squares, invested = sum(share**2 for share in ordered), sum(ordered)
    return Concentration(
        holdings=len(ordered),
        top_5=sum(ordered[:5]),
        top_10=sum(ordered[:10]),
        largest=ordered[0],
        herfindahl=squares,
        effective_number=invested**2 / squares if squares else None,
    )


def active_share(mine: Mapping[Hashable, float], index: Mapping[Hashable, float]) -> float | None:
    """Half the sum of the absolute differences of weights; None without weights of the index.

    Cash is a position that the index does not have (M. Cremers and A. Petajisto, "How Active Is
    Your Fund Manager?", 2009).
    """
    if not index:
        return None
    keys = mine.keys() | index.keys()
    return sum(abs(mine.get(key, 0.0) - index.get(key, 0.0)) for key in keys) / 2.0
