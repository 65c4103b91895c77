"""Read-only models of the secured views: Django may read them, nothing may write them."""

from typing import Any, NoReturn

from django.db import models

from portfolios.models.reference import Desk, Listing, Portfolio


class FiguresAreReadOnly(TypeError):
    """Somebody tried to write a figure."""

    def __init__(self, figure: str) -> None:
        super().__init__(
            f"{figure} is computed by the refresh and cannot be written: load the fact behind it,"
            " then refresh."
        )


class Figure(models.Model):
    """A row of a secured view; save() and delete() say what to do instead."""

    class Meta:
        abstract = True
        managed = False

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: figures are computed."""
        raise FiguresAreReadOnly(type(self).__name__)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: figures are computed."""
        raise FiguresAreReadOnly(type(self).__name__)


def _amount(**options: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=40, decimal_places=10, **options)


def _portfolio() -> models.ForeignKey:
    return models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")


class PositionDaily(Figure):
    """Value of one holding of one portfolio on one valuation day, multiplied as it is read.

    Price and value are null for a listing that never had a price, and the value is zero for an
    oversold (negative) quantity, which is an error to see and never a value.
    """

    pk = models.CompositePrimaryKey("portfolio_id", "valued_on", "listing_id")
    portfolio = _portfolio()
    valued_on = models.DateField()
    listing = models.ForeignKey(Listing, on_delete=models.DO_NOTHING, related_name="+")
    units = _amount()
    price = models.DecimalField(max_digits=30, decimal_places=14, null=True)
    priced_on = models.DateField(null=True)
    price_currency = models.CharField(max_length=3)
    value_price_currency = _amount(null=True)
    base_rate = models.DecimalField(max_digits=40, decimal_places=20, null=True)
    base_value = _amount(null=True)
    average_cost = _amount(null=True)
    fifo_cost = _amount(null=True)
    average_realised = _amount(null=True)
    fifo_realised = _amount(null=True)

    class Meta(Figure.Meta):
        db_table = "position_daily"


class PortfolioDay(Figure):
    """A portfolio's day: value, flows, profit and returns, in base currency."""

    pk = models.CompositePrimaryKey("portfolio_id", "valued_on")
    portfolio = _portfolio()
    valued_on = models.DateField()
    base_currency = models.CharField(max_length=3)
    opening_value = _amount()
    net_asset_value = _amount()
    securities_value = _amount()
    cash_value = _amount()
    external_inflow = _amount()
    external_outflow = _amount()
    management_fee = _amount()
    safekeeping_fee = _amount()
    dividend_income = _amount()
    day_pnl = _amount()
    average_realised = _amount()
    fifo_realised = _amount()
    average_unrealised = _amount()
    fifo_unrealised = _amount()
    return_net = models.FloatField(null=True)
    return_gross = models.FloatField(null=True)
    return_net_eod = models.FloatField(null=True)
    return_net_sod = models.FloatField(null=True)
    wealth_net = models.FloatField()
    wealth_gross = models.FloatField()
    drawdown = models.FloatField()
    max_drawdown = models.FloatField()
    usd_rate = models.DecimalField(max_digits=40, decimal_places=20)
    unpriced_holdings = models.IntegerField()

    class Meta(Figure.Meta):
        db_table = "portfolio_day"


class ExposureDay(Figure):
    """One bucket of one breakdown of a portfolio's value on a day."""

    pk = models.CompositePrimaryKey("portfolio_id", "valued_on", "breakdown", "bucket")
    portfolio = _portfolio()
    valued_on = models.DateField()
    breakdown = models.TextField()
    bucket = models.TextField()
    value_base = _amount()
    share_of_nav = models.FloatField(null=True)

    class Meta(Figure.Meta):
        db_table = "exposure_day"


class BenchmarkDay(Figure):
    """The benchmark in a portfolio's base currency."""

    pk = models.CompositePrimaryKey("portfolio_id", "valued_on")
    portfolio = _portfolio()
    valued_on = models.DateField()
    benchmark_return = models.FloatField()
    benchmark_wealth = models.FloatField()

    class Meta(Figure.Meta):
        db_table = "benchmark_day"


class Composite(Figure):
    """Value, flows and return of many portfolios together, in the firm's currency."""

    opening_value = _amount()
    net_asset_value = _amount()
    external_inflow = _amount()
    external_outflow = _amount()
    day_pnl = _amount()
    portfolio_count = models.IntegerField()
    return_net = models.FloatField(null=True)
    return_gross = models.FloatField(null=True)
    wealth_net = models.FloatField()
    wealth_gross = models.FloatField()
    benchmark_return = models.FloatField(null=True)
    benchmark_wealth = models.FloatField()

    class Meta(Figure.Meta):
        abstract = True


class FirmDay(Composite):
    """The firm's day: executives and auditors only."""

    valued_on = models.DateField(primary_key=True)

    class Meta(Figure.Meta):
        db_table = "firm_day"


class DeskDay(Composite):
    """A desk's day: executives and auditors only."""

    pk = models.CompositePrimaryKey("desk_id", "valued_on")
    desk = models.ForeignKey(Desk, on_delete=models.DO_NOTHING, related_name="+")
    valued_on = models.DateField()

    class Meta(Figure.Meta):
        db_table = "desk_day"


class FirmMoverDay(Figure):
    """What a listing did to the firm's value on a day: executives and auditors only."""

    pk = models.CompositePrimaryKey("valued_on", "listing_id")
    valued_on = models.DateField()
    listing = models.ForeignKey(Listing, on_delete=models.DO_NOTHING, related_name="+")
    value = _amount()
    change = _amount()

    class Meta(Figure.Meta):
        db_table = "firm_mover_day"
