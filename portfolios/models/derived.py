"""Derived tables: what valuation writes and rollups read. Rebuilt from facts at any time."""

from decimal import ROUND_DOWN, Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portfolios.models import fields
from portfolios.models.reference import Listing, Portfolio


# A derived row comes from facts, which are held to portfolios and listings when they are loaded:
# asking row by row again would cost a rebuild more than computing them. Keys begin with them.
def _portfolio() -> models.ForeignKey:
    return models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )


def _listing() -> models.ForeignKey:
    return models.ForeignKey(Listing, on_delete=models.PROTECT, db_constraint=False, db_index=False)


class Affected(models.Model):
    """Work for the next refresh: from which day on what must be valued again, and why.

    Written in the transaction that loads the facts, so that losing the broker loses no work.
    Without a portfolio, listing, currency or index it is everything from that day on.
    """

    id = models.BigAutoField(primary_key=True)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, null=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True)
    currency = fields.currency(blank=True)
    index_levels = models.BooleanField(
        default=False, db_default=False, help_text="Only levels of the index changed."
    )
    from_on = models.DateField()
    batch_id = models.IntegerField(null=True)
    cause = models.TextField()
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "affected"


class ValuationDay(models.Model):
    """A session of the reference exchange on which every portfolio is valued."""

    valued_on = models.DateField(primary_key=True)
    previous_on = models.DateField(help_text="The session before, for the first day too.")

    class Meta:
        db_table = "valuation_day"


class PriceDaily(models.Model):
    """Last close of a listing on or before a valuation day, in its major currency unit."""

    pk = models.CompositePrimaryKey("listing", "valued_on")
    listing = _listing()
    valued_on = models.DateField()
    price = fields.rate()
    currency = fields.currency(help_text="Major currency of the unit on the price's own row.")
    priced_on = models.DateField()
    price_id = models.BigIntegerField(help_text="The price fact this value comes from.")

    class Meta:
        db_table = "price_daily"


class FxDaily(models.Model):
    """US dollars (the pivot) for one unit of a currency: last fixing on or before the day."""

    pk = models.CompositePrimaryKey("currency", "valued_on")
    currency = fields.currency()
    valued_on = models.DateField()
    usd_per_unit = models.DecimalField(max_digits=40, decimal_places=20)
    fixed_on = models.DateField()

    class Meta:
        db_table = "fx_daily"


class BasePriceDaily(models.Model):
    """What one unit of a listing is worth in a base currency on a valuation day.

    Kept for every listing and base currency in which a portfolio holds it, from the first day on
    which one does. ``base_price`` is price × base_rate to the last digit; null without a price or a
    rate. Cash is worth one of its currency.
    """

    pk = models.CompositePrimaryKey("listing", "base_currency", "valued_on")
    listing = _listing()
    base_currency = fields.currency()
    valued_on = models.DateField()
    price = fields.rate(null=True)
    priced_on = models.DateField(null=True)
    price_currency = fields.currency()
    base_rate = models.DecimalField(max_digits=40, decimal_places=20, null=True)
    base_price = models.DecimalField(max_digits=70, decimal_places=34, null=True)

    class Meta:
        db_table = "base_price_daily"


class HoldingState(models.Model):
    """What a portfolio holds of a listing between two events: constant from ``from_on`` on.

    ``to_on`` is the last valuation day the state holds for, null while it lasts. Which states hold
    on a day is asked of the indexes in sql/080_base_price.sql.
    """

    pk = models.CompositePrimaryKey("portfolio", "listing", "from_on")
    portfolio = _portfolio()
    listing = _listing()
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    units = fields.units()
    average_cost = fields.money(null=True)
    fifo_cost = fields.money(null=True)
    average_realised = fields.money(null=True)
    fifo_realised = fields.money(null=True)
    # Cash is what has no cost, and may be owed; a negative quantity of a security is an error to
    # see, never a value.
    valued_units = models.GeneratedField(
        expression=models.Case(
            models.When(units__lt=0, average_cost__isnull=False, then=models.Value(Decimal(0))),
            default=models.F("units"),
        ),
        output_field=fields.units(),
        db_persist=True,
    )

    class Meta:
        db_table = "holding_state"


class ActivityDaily(models.Model):
    """Flows, fees, income and cumulated realised profit of a portfolio on a valuation day.

    Base currency. Only days on which something happened have a row.
    """

    pk = models.CompositePrimaryKey("portfolio", "valued_on")
    portfolio = _portfolio()
    valued_on = models.DateField()
    external_inflow = fields.money(default=0)
    external_outflow = fields.money(default=0)
    management_fee = fields.money(default=0)
    safekeeping_fee = fields.money(default=0)
    dividend_income = fields.money(default=0)
    average_realised = fields.money(default=0)
    fifo_realised = fields.money(default=0)

    class Meta:
        db_table = "activity_daily"


class ListingActivity(models.Model):
    """Trading cash and income of one holding on a valuation day, base currency.

    ``traded_cash`` is negative for purchases and transfers in. Day's contribution of a holding is
    value now − value before + traded cash + dividends.
    """

    pk = models.CompositePrimaryKey("portfolio", "valued_on", "listing")
    portfolio = _portfolio()
    listing = _listing()
    valued_on = models.DateField()
    traded_cash = fields.money(default=0)
    dividend_income = fields.money(default=0)

    class Meta:
        db_table = "listing_activity"
        indexes = [
            models.Index(fields=["listing", "valued_on"], name="listing_activity_by_listing")
        ]


class PortfolioLife(models.Model):
    """First and last valuation day of a portfolio: it has no figures outside.

    ``last_on`` is the day on which it became empty, null while it holds anything.
    """

    portfolio = models.OneToOneField(Portfolio, on_delete=models.PROTECT, primary_key=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True)

    class Meta:
        db_table = "portfolio_life"


class PortfolioGap(models.Model):
    """From when on a portfolio has no figures, and why: they are unknown, not zero and not over."""

    portfolio = models.OneToOneField(
        Portfolio, on_delete=models.PROTECT, primary_key=True, related_name="gap"
    )
    from_on = models.DateField()
    reason = models.TextField()

    class Meta:
        db_table = "portfolio_gap"


class SourceInput(models.Model):
    """The newest input of each source system: how old the data under the figures is."""

    source = models.CharField(max_length=40, primary_key=True)
    newest_input_at = models.DateTimeField()
    business_date = models.DateField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When the next input is expected.")

    class Meta:
        db_table = "source_input"


class MappedShare(models.Model):
    """How much of the value that sources delivered has a meaning; the newest row counts.

    Share = 1 - held / (held + effective). Held: value at stake of all records that wait for a
    mapping, however old. Effective: the same value of what took effect in the last 30 days of
    data. No amounts are kept here: everybody signed in may read it.
    """

    id = models.AutoField(primary_key=True)
    computed_at = models.DateTimeField(auto_now_add=True)
    share = models.DecimalField(max_digits=12, decimal_places=10, null=True)
    held_records = models.IntegerField()
    unvalued_records = models.IntegerField(help_text="Held records that carry no amount.")

    class Meta:
        db_table = "mapped_share"

    @property
    def shown(self) -> Decimal | None:
        """The share in hundredths of a percent, rounded down: 100% only when nothing waits."""
        return self.share and self.share.quantize(Decimal("1e-4"), ROUND_DOWN)


class VersionManager(models.Manager["Version"]):
    """Versions without ``changed_portfolios``, which the web role may not read."""

    def get_queryset(self) -> models.QuerySet["Version"]:
        return super().get_queryset().defer("changed_portfolios")


class Version(models.Model):
    """One consistent state of all figures; pages, pushes and exports all carry its number.

    Which portfolios changed is for the worker alone: it would tell of those outside a perimeter.
    """

    number = models.AutoField(primary_key=True)
    created_at = models.DateTimeField()
    as_of = models.DateField(help_text="Last valuation day of this version.")
    cause = models.TextField()
    batch_ids = ArrayField(models.IntegerField(), default=list)
    source_ages = models.JSONField(default=dict)
    steps = models.JSONField(default=dict, help_text="Milliseconds each step took.")
    changed_portfolios = ArrayField(models.IntegerField(), default=list)
    changed_from = models.DateField(null=True, help_text="First valuation day that changed.")
    duration_ms = models.IntegerField()

    objects = VersionManager()

    class Meta:
        db_table = "version"
        base_manager_name = "objects"


class RefreshRun(models.Model):
    """One look at whether figures need a refresh, and how it ended."""

    class Outcome(models.TextChoices):
        REFRESHED = "refreshed", "New version"
        UNCHANGED = "unchanged", "Nothing new"
        FAILED = "failed", "Failed; the last good version stands"

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    cause = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True)
    sentence = models.TextField(blank=True)

    class Meta:
        db_table = "refresh_run"
