"""A risk figure by its steps: how many returns, from when to when, and every value between."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from portfolios.explain.parts import (
    Amount,
    Asked,
    Explanation,
    Facts,
    Head,
    Row,
    Section,
    Table,
    Target,
    money,
    percent,
    plain,
)
from portfolios.figures import queries
from portfolios.figures.history import days_and_next, history
from portfolios.performance.figures import FULL_MONTHS, History
from portfolios.performance.risk import (
    MONTHS,
    TRADING_DAYS,
    VAR_DAYS,
    VAR_TAIL,
    full_months,
    maximum_drawdown,
)

FLOWS: Final = 40
Steps = tuple[Amount, list[Section]]


def of_portfolio(asked: Asked) -> Explanation:
    """The figure of one portfolio; the last step is what the page shows."""
    [portfolio] = asked.portfolios
    known = history(portfolio, asked.as_of, asked.cut)
    if not known.days:
        return Explanation(percent(None), "")
    shown, sections = _STEPS[asked.figure](known, asked)
    return Explanation(shown, "", [*sections, _observations(known)])


def names() -> frozenset[str]:
    """The figures told here."""
    return frozenset(_STEPS)


def _table(title: str, steps: Sequence[tuple[str, Amount]], result: tuple[str, Amount]) -> Table:
    rows = tuple(Row(label, (amount,)) for label, amount in steps)
    total = Row(result[0], (result[1],))
    return Table(title, (Head("", number=False), Head("")), rows, total, key="steps")


def _observations(known: History) -> Facts:
    return Facts(
        "The returns behind it",
        (
            ("Number", Amount(len(known.days), "units", 0)),
            ("First day", known.days[0].isoformat()),
            ("Last day", known.days[-1].isoformat()),
        ),
        to=Target("figure", figure="return_net_inception"),
        note="Values, flows and returns",
    )


def _volatility(known: History, asked: Asked) -> Steps:
    return spread("Sample deviation × √252", known.returns, ratio=False)


def _sharpe(known: History, asked: Asked) -> Steps:
    return spread("Mean ÷ deviation × √252", known.returns, ratio=True)


def _differences(known: History) -> list[float]:
    pairs = zip(known.returns, known.benchmark_returns, strict=True)
    return [mine - index for mine, index in pairs if index is not None]


def _tracking_error(known: History, asked: Asked) -> Steps:
    return spread("Deviation of return − benchmark × √252", _differences(known), ratio=False)


def _information_ratio(known: History, asked: Asked) -> Steps:
    return spread("Mean ÷ deviation of return − benchmark × √252", _differences(known), ratio=True)


def spread(
    title: str, values: Sequence[float], *, ratio: bool, periods: int = TRADING_DAYS
) -> Steps:
    count = len(values)
    if count < 2:
        return percent(None), []
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    root = math.sqrt(periods)
    steps = [
        ("Observations, n", Amount(count, "units", 0)),
        ("Mean", percent(mean, 6)),
        ("Sample deviation, n − 1", percent(deviation, 6, signed=False)),
        (f"√{periods}", plain(root)),
    ]
    if not ratio:
        shown = percent(deviation * root, signed=False)
    else:
        shown = plain(mean / deviation * root if deviation else None)
    return shown, [_table(title, steps, ("Result", shown))]


def _monthly_volatility(known: History, asked: Asked) -> Steps:
    months = full_months(known.days, known.wealth_net, days_and_next(known.days, asked.cut))
    count = FULL_MONTHS
    if len(months) < count:
        fact = ("Full months, of 36 needed", Amount(len(months), "units", 0))
        return percent(None), [Facts("Too few months", (fact,))]
    return spread("Sample deviation × √12", months[-count:], ratio=False, periods=MONTHS)


def _drawdown(known: History, asked: Asked) -> Steps:
    found = maximum_drawdown(known.days, known.wealth_net)
    at = dict(zip(known.days, known.wealth_net, strict=True))
    peak = at[found.peak_on] if found.peak_on else 1.0
    trough = at[found.trough_on] if found.trough_on else peak
    from_day = found.peak_on.isoformat() if found.peak_on else "before the first day"
    to_day = found.trough_on.isoformat() if found.trough_on else from_day
    shown = percent(found.depth)
    steps = [
        (f"Growth of 1 at its peak, {from_day}", plain(peak, 8)),
        (f"Growth of 1 at the trough, {to_day}", plain(trough, 8)),
    ]
    return shown, [_table("Trough ÷ peak − 1", steps, ("Maximum drawdown", shown))]


def _value_at_risk(known: History, asked: Asked) -> Steps:
    if len(known.returns) < VAR_DAYS:
        return percent(None), []
    last = sorted(known.returns[-VAR_DAYS:])
    rank = VAR_TAIL * (VAR_DAYS - 1)
    lower = math.floor(rank)
    share = rank - lower
    result = -(last[lower] + share * (last[lower + 1] - last[lower]))
    steps = [
        ("Returns, the last", Amount(VAR_DAYS, "units", 0)),
        (f"Rank of the 5 % quantile, {VAR_TAIL:.0%} × {VAR_DAYS - 1}", plain(rank, 2)),
        (f"Return of rank {lower}, from the worst", percent(last[lower])),
        (f"Return of rank {lower + 1}", percent(last[lower + 1])),
        ("Linear between them", plain(share, 2)),
    ]
    shown = percent(result, signed=False)
    return shown, [_table("Quantile of the last returns", steps, ("Value at risk", shown))]


def _beta(known: History, asked: Asked) -> Steps:
    pairs = [
        (mine, index)
        for mine, index in zip(known.returns, known.benchmark_returns, strict=True)
        if index is not None
    ]
    if len(pairs) < 2:
        return plain(None), []
    mine, index = np.asarray(pairs, dtype=float).T
    covariance = float(np.cov(mine, index, ddof=1)[0, 1])
    variance = float(np.var(index, ddof=1))
    shown = plain(covariance / variance if variance else None)
    steps = [
        ("Days with a benchmark return, n", Amount(len(pairs), "units", 0)),
        ("Covariance, n − 1", plain(covariance, 12)),
        ("Variance of the benchmark, n − 1", plain(variance, 12)),
    ]
    return shown, [_table("Covariance ÷ variance", steps, ("Beta", shown))]


def _money_weighted(known: History, asked: Asked) -> Steps:
    told = queries.performance(asked.portfolios[0], asked.as_of, cut=asked.cut)
    rate = told.risk.money_weighted_return
    shown = percent(rate)
    if rate is None:
        return shown, []
    flows = zip(known.days, known.net_flows, strict=True)
    cash = [(on.isoformat(), on, -flow) for on, flow in flows if flow]
    end = known.days[-1]
    cash.append((f"{end} value", end, known.net_asset_values[-1]))
    worths = [_discounted(amount, on, known.days[0], rate) for _, on, amount in cash]
    rows = [
        Row(label, (money(amount, signed=True), money(worth, signed=True)))
        for (label, _, amount), worth in zip(cash, worths, strict=True)
    ]
    table = Table(
        title="Flows, discounted to the first day",
        heads=(
            Head("Day", number=False),
            Head("Flow, from the client’s side"),
            Head("Discounted"),
        ),
        rows=tuple(rows[-FLOWS:]),
        total=Row("Sum of all, zero at the rate", ("", money(sum(worths), signed=True))),
        note="Days over 365. The rate is the one at which the sum is zero.",
        key="steps",
    )
    return shown, [table]


def _discounted(amount: Decimal, on: date, first: date, rate: float) -> float:
    return float(amount) * (1.0 + rate) ** (-(on - first).days / 365.0)


_STEPS: Final[dict[str, Callable[[History, Asked], Steps]]] = {
    "volatility": _volatility,
    "monthly_volatility": _monthly_volatility,
    "sharpe_ratio": _sharpe,
    "maximum_drawdown": _drawdown,
    "value_at_risk": _value_at_risk,
    "tracking_error": _tracking_error,
    "information_ratio": _information_ratio,
    "beta": _beta,
    "money_weighted_return": _money_weighted,
}
