"""The firm as known then, and why it changed: told by the worker to those who open no portfolio."""

from django.db import models

from portfolios.models import fields
from portfolios.models.reference import Listing


class Question(models.Model):
    """What leadership asks of all portfolios, and the worker answers."""

    class State(models.TextChoices):
        ASKED = "asked", "Waits for the worker"
        READY = "ready", "Computed"
        FAILED = "failed", "Could not be computed"

    id = models.AutoField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    sentence = models.TextField(blank=True, db_default="")
    asked_by_id = models.IntegerField()
    asked_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager()

    class Meta:
        abstract = True


class FirmCut(Question):
    """A moment as of whose knowledge somebody asked for the firm's figures."""

    known_at = models.DateTimeField(unique=True)
    version_number = models.IntegerField(null=True, help_text="Newest version when computed.")
    missing = models.JSONField(
        default=list, db_default=[], help_text="Portfolios without figures from a day on."
    )

    class Meta:
        db_table = "firm_cut"

    def __str__(self) -> str:
        return f"firm as known at {self.known_at:%Y-%m-%d %H:%M:%S}"


class FirmCutDay(models.Model):
    """A day of the firm (``desk_id`` 0) or a desk as known then, in the firm's currency."""

    pk = models.CompositePrimaryKey("cut", "desk_id", "valued_on")
    cut = models.ForeignKey(FirmCut, on_delete=models.CASCADE)
    desk_id = models.IntegerField()
    valued_on = models.DateField()
    opening_value = fields.money()
    net_asset_value = fields.money()
    external_inflow = fields.money()
    external_outflow = fields.money()
    portfolio_count = models.IntegerField()
    return_net = models.FloatField(null=True)
    wealth_net = models.FloatField()
    wealth_gross = models.FloatField(
        null=True, help_text="Before the management fee; null in what was computed without it."
    )
    benchmark_wealth = models.FloatField()

    class Meta:
        db_table = "firm_cut_day"


class FirmCutMover(models.Model):
    """What a listing did to the firm's value on a day as known then: the largest of each day."""

    pk = models.CompositePrimaryKey("cut", "valued_on", "listing")
    cut = models.ForeignKey(FirmCut, on_delete=models.CASCADE)
    valued_on = models.DateField()
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT)
    value = fields.money()
    change = fields.money()

    class Meta:
        db_table = "firm_cut_mover"


class FirmChange(Question):
    """Why a figure of the firm is another than in an earlier version, by desk.

    Asked for by leadership and computed by the worker, who reads the portfolios; ``until`` is the
    version that is compared with the earlier one.
    """

    figure = models.CharField(max_length=40)
    as_of = models.DateField()
    since = models.IntegerField(help_text="Number of the earlier version.")
    until = models.IntegerField(help_text="Number of the newest version when it was asked for.")

    class Meta:
        db_table = "firm_change"
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "as_of", "since", "until"], name="firm_change_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.figure} of {self.as_of} since version {self.since}"


class FirmChangeCause(models.Model):
    """What one kind of record did to a desk's figure, in the firm's currency, in telling order."""

    pk = models.CompositePrimaryKey("change", "desk_id", "place")
    change = models.ForeignKey(FirmChange, on_delete=models.CASCADE)
    desk_id = models.IntegerField()
    place = models.SmallIntegerField()
    label = models.TextField()
    effect = fields.money()
    records = models.IntegerField()

    class Meta:
        db_table = "firm_change_cause"
