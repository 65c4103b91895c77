"""Reference data: desks, portfolios, venues, instruments and their listings."""

from django.db import models

from portfolios.models import fields


class Desk(models.Model):
    """A desk of the firm; its local time zone is the one its records are written in."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60)

    class Meta:
        db_table = "desk"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Portfolio(models.Model):
    """A client's portfolio: the unit of access, of valuation and of return."""

    # A 32-bit key: security.perimeter() is an int[] and every secured table compares with it.
    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    client = models.CharField(max_length=60)
    base_currency = fields.currency()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="portfolios")
    team = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "portfolio"
        ordering = ["code"]
        permissions = [("manage_portfolio", "Can manage portfolio (give and end view access)")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Venue(models.Model):
    """A market segment with its ISO 10383 operating MIC and time zone."""

    segment_mic = models.CharField(max_length=4, primary_key=True)
    operating_mic = models.CharField(max_length=4)
    time_zone = models.CharField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "venue"

    def __str__(self) -> str:
        return f"{self.segment_mic} {self.name}"


class Issuer(models.Model):
    """Who issued an instrument: the company or fund that an exposure is in.

    Derived: no source named one, so it stands for a single instrument under that one's name.
    """

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=160)
    # Null, not empty: most sources know none, and an empty text could be taken only once.
    lei = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001
    country = models.CharField(max_length=2, blank=True)
    derived = models.BooleanField(default=False)
    evidence = models.TextField(blank=True)

    class Meta:
        db_table = "issuer"
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name"], name="issuer_by_name")]

    def __str__(self) -> str:
        return self.name


class Instrument(models.Model):
    """A security whatever the venue: what one ISIN identifies."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=160)
    security_type = models.CharField(max_length=40)
    sector = models.CharField(max_length=80)
    domicile = models.CharField(max_length=2, blank=True)
    # Cash has none.
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, null=True, related_name="instruments"
    )
    issuer_source = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        help_text="Who says so: a source, operations, or derived.",
    )

    class Meta:
        db_table = "instrument"

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """An instrument on one venue in one currency: what is held, priced and costed.

    Cash is a listing too, one per currency (``CASH:USD``), so that every holding has one key.
    """

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="listings")
    # Null, not empty: cash has none, and an empty text could be taken only once.
    figi = models.CharField(max_length=12, null=True, unique=True)  # noqa: DJ001
    segment_mic = models.CharField(max_length=4, blank=True)
    operating_mic = models.CharField(max_length=4, blank=True)
    quote_unit = models.CharField(max_length=3)
    price_currency = fields.currency()
    first_trading_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "listing"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
