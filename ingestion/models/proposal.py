"""Mappings that people propose, decide and apply; and the keys that wait for one."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ingestion.models.source import Batch
from portfolios.models import Instrument, Issuer, Listing
from portfolios.models.fields import money


class MappingProposal(models.Model):
    """A change of the crosswalk: proposed by one person, decided by another, applied by the worker.

    The database itself refuses a decision by the one who proposed, whoever asks.
    """

    class Kind(models.TextChoices):
        IDENTIFIER = "identifier", "Code of a listing"
        PORTFOLIO_KEY = "portfolio_key", "Book or account"
        ISSUER = "issuer", "Issuer of an instrument"

    class Action(models.TextChoices):
        MAP = "map", "Map"
        END = "end", "End"
        UNDO = "undo", "Undo"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        APPROVED = "approved", "Approved, about to take effect"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        APPLIED = "applied", "In effect"
        UNDONE = "undone", "Undone"

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    action = models.CharField(max_length=4, choices=Action.choices)
    scheme = models.CharField(max_length=40, blank=True, help_text="Scheme, or system of a key.")
    value = models.CharField(max_length=60, blank=True)
    scope = models.CharField(max_length=10, blank=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="+")
    # A code, not a key: operations may name a portfolio that row security hides from them.
    portfolio_code = models.CharField(max_length=40, blank=True)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, null=True, related_name="+"
    )
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, null=True, related_name="+")
    mapping_id = models.IntegerField(null=True, help_text="The crosswalk row that is to end.")
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="Last day of use.")
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    proposed_by_id = models.IntegerField()
    proposed_by = models.CharField(max_length=150, blank=True)
    proposed_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by_id = models.IntegerField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    # Written by the worker alone.
    applied_at = models.DateTimeField(null=True)
    applied_in = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="+")
    problem = models.TextField(blank=True, db_default="", help_text="Why it could not be applied.")
    issuer_before = models.JSONField(null=True)
    previewed_at = models.DateTimeField(null=True)
    preview_sentence = models.TextField(blank=True, db_default="")

    class Meta:
        db_table = "mapping_proposal"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True)
                | Q(state="withdrawn")
                | ~Q(decided_by_id=F("proposed_by_id")),
                name="mapping_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by_id__isnull=False),
                name="mapping_is_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=["proposed", "approved", "applied"]),
                name="one_undo_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="mapping_proposal_by_state"),
            models.Index(fields=["scheme", "value"], name="mapping_proposal_by_code"),
        ]

    def __str__(self) -> str:
        return f"mapping {self.pk}"

    @property
    def code(self) -> str:
        """What is mapped, as people write it."""
        if self.kind == self.Kind.ISSUER:
            return f"issuer of {self.instrument}"
        return " ".join(filter(None, (self.scheme, self.value, self.scope)))

    @property
    def target(self) -> str:
        """What it is to mean."""
        if self.action == self.Action.UNDO:
            return f"as before mapping {self.undoes_id}"
        if self.action == self.Action.END:
            return f"ends on {self.valid_to}" if self.valid_to else "ends altogether"
        meant = self.listing or self.issuer
        return str(meant) if meant else self.portfolio_code


class MappingEffect(models.Model):
    """What a proposal would change in one portfolio, as far as operations may know."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(MappingProposal, on_delete=models.CASCADE, related_name="effects")
    portfolio_code = models.CharField(max_length=40, help_text="Empty: prices, for all holders.")
    subject = models.CharField(max_length=60, help_text="Portfolio or listing.")
    from_on = models.DateField()
    records = models.IntegerField(help_text="Held records that would take effect.")
    withdrawn = models.IntegerField(help_text="Facts that would lose effect.")
    units = models.TextField(blank=True, help_text="Units by listing.")
    cash = models.TextField(blank=True, help_text="Cash by currency.")

    class Meta:
        db_table = "mapping_effect"
        ordering = ["subject"]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.subject}"


class MappingEffectValue(models.Model):
    """The change of a portfolio's net asset value: for whoever may see the portfolio."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(MappingProposal, on_delete=models.CASCADE, related_name="values")
    portfolio_id = models.IntegerField()
    valued_on = models.DateField()
    currency = models.CharField(max_length=3)
    value_before = money(null=True)
    value_after = money(null=True)

    class Meta:
        db_table = "mapping_effect_value"
        indexes = [models.Index(fields=["portfolio_id"], name="effect_value_by_portfolio")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.portfolio_id}"

    @property
    def change(self) -> object:
        """After less before; None where one of them is missing."""
        if self.value_before is None or self.value_after is None:
            return None
        return self.value_after - self.value_before


class UnmappedKey(models.Model):
    """One code or key that held records wait for, by value at stake; counted after each load."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=14, choices=MappingProposal.Kind.choices)
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=40, help_text="Why the records are held.")
    sentence = models.TextField()
    records = models.IntegerField()
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    waiting_since = models.DateTimeField()
    value_at_stake = money(null=True)
    value_reason = models.TextField(blank=True, help_text="Why there is no value.")
    currency = models.CharField(max_length=3)
    items = models.JSONField(default=list, help_text="Exception items, the newest hundred.")
    candidates = models.JSONField(default=list)
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "unmapped_key"
        ordering = [F("value_at_stake").desc(nulls_last=True), "scheme", "value", "scope"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "scheme", "value", "scope"], name="one_row_an_unmapped_key"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.scheme, self.value, self.scope)))
