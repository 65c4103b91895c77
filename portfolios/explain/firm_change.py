"""Why a figure of the firm or a desk is another than in an earlier version: asked, and computed.

Leadership opens no portfolio: its session cannot tell what a delivery did to each. It asks, and the
worker sums, desk by desk, what the same question tells of every portfolio that changed since (see
restatement.py). The causes of a desk sum to its change, and those of the desks to the firm's.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from portfolios.explain.parts import Amount, Asked, Head, Row, Table, money
from portfolios.explain.restatement import KINDS, OTHER, restated
from portfolios.figures import queries, questions
from portfolios.figures.then.blend import Markets
from portfolios.models import FirmChange, FirmChangeCause, Portfolio, Version
from portfolios.models.firm_then import Question
from portfolios.valuation.cost import ZERO
from portfolios.valuation.market import PIVOT

FIGURES: Final = frozenset({"net_asset_value", "day_pnl"})
BEGUN: Final = "Portfolios without figures then"
ENDED: Final = "Portfolios without figures now"
# In the order in which a portfolio's are told.
LABELS: Final = (*KINDS, OTHER, BEGUN, ENDED)

Sums = dict[tuple[int, str], tuple[Decimal, int]]


def change_of(asked: Asked, since: int) -> FirmChange | None:
    """The question as asked of the newest version, in whatever state; None when nobody asked."""
    newest = queries.head()
    if newest is None:
        return None
    found = FirmChange.objects.filter(
        figure=asked.figure, as_of=asked.as_of, since=since, until=newest.number
    )
    return found.first()


def ask(*, figure: str, as_of: date, since: int, by: int) -> FirmChange | None:
    """The question, new or as it was; the worker takes it from there."""
    newest = queries.head()
    if newest is None or figure not in FIGURES or not 0 < since < newest.number:
        return None
    return questions.ask(
        FirmChange, figure=figure, as_of=as_of, since=since, until=newest.number, by=by
    )


def compute_asked() -> int:
    """Compute every question that waits, as the worker; returns how many there were."""
    return questions.answer_asked(FirmChange, compute)


def compute(pk: int) -> Question.State | None:
    """Compute a question that waits; returns the state it ends in, None when it does not wait."""
    return questions.answer(FirmChange, pk, _tell, FirmChangeCause.objects, of="change_id")


def _tell(change: FirmChange) -> None:
    _keep(change, _sums(change))


def _sums(change: FirmChange) -> Sums:
    """Effect and number of records by desk and kind."""
    newest = queries.head()
    if newest is None or newest.number != change.until:
        raise queries.NotKnown("A newer version came out before it was computed: ask again.")
    cut = queries.version_cut(Version.objects.get(number=change.since), most_records=None)
    markets = Markets(cut, timezone.now())
    sums: Sums = defaultdict(lambda: (ZERO, 0))
    for portfolio in _changed(change):
        asked = Asked(change.figure, change.as_of, PIVOT, (portfolio,), is_one=True)
        for label, effect, records in _causes(portfolio, asked, cut, markets):
            total, count = sums[portfolio.desk_id, label]
            sums[portfolio.desk_id, label] = (total + effect, count + records)
    return sums


def _changed(change: FirmChange) -> Iterator[Portfolio]:
    """The portfolios of which any version since says that they changed."""
    later = Version.objects.filter(number__gt=change.since, number__lte=change.until)
    changed = later.values_list("changed_portfolios", flat=True)
    ids = {pk for some in changed for pk in some}
    yield from Portfolio.objects.filter(pk__in=ids).select_related("desk").order_by("pk")


def _causes(
    portfolio: Portfolio, asked: Asked, cut: queries.Cut, markets: Markets
) -> Iterator[tuple[str, Decimal, int]]:
    """Kind, effect and number of records; a figure that one side lacks is whole a kind."""
    told = restated(portfolio, asked, cut, markets)
    if told is not None:
        for cause in told.causes:
            yield cause.label, cause.effect, len(cause.records)
        return
    then, now = (
        queries.portfolio_table(asked.as_of, PIVOT, [portfolio.pk], known)
        for known in (cut, queries.Cut(markets.now))
    )
    for rows, label, sign in ((now, BEGUN, 1), (then, ENDED, -1)):
        for row in rows:
            yield label, sign * getattr(row, asked.figure), 0


def _keep(change: FirmChange, sums: Sums) -> None:
    FirmChangeCause.objects.bulk_create(
        FirmChangeCause(
            change=change,
            desk_id=desk,
            place=LABELS.index(label),
            label=label,
            effect=effect,
            records=records,
        )
        for (desk, label), (effect, records) in sums.items()
        if effect or records
    )


def table(change: FirmChange, row: queries.CompositeRow) -> Table:
    """From the figure of then to that of now by what became known, of the firm or a desk."""
    causes = _of(change, row.desk_id)
    now: Decimal = getattr(row, change.figure)
    total = sum((effect for _, effect, _ in causes), ZERO)
    rows = [Row(f"In version {change.since}", (money(now - total),))]
    for label, effect, records in causes:
        count = f" ({records})" if records else ""
        rows.append(Row(label + count, (money(effect, signed=True),)))
    rows.append(Row("Change", (Amount(total, "money", 2, signed=True),)))
    return Table(
        title=f"Since version {change.since}, by what was delivered",
        heads=(Head("Cause", number=False), Head(PIVOT)),
        rows=tuple(rows),
        total=Row(f"In version {change.until}", (money(now),)),
        note="Summed over the portfolios that changed; a record counts once for each of them. Each "
        "kind of record is taken as known now after the ones above it; the steps sum to the change."
        if causes
        else "Nothing that was delivered since touches it.",
        key="since",
    )


def _of(change: FirmChange, desk_id: int | None) -> Sequence[tuple[str, Decimal, int]]:
    """The causes of a desk, or of all desks together, in their order."""
    found = FirmChangeCause.objects.filter(change=change).order_by("place", "desk_id")
    if desk_id is not None:
        found = found.filter(desk_id=desk_id)
    sums: dict[str, tuple[Decimal, int]] = {}
    for one in found:
        effect, records = sums.get(one.label, (ZERO, 0))
        sums[one.label] = (effect + one.effect, records + one.records)
    return [(label, *sums[label]) for label in sums]
