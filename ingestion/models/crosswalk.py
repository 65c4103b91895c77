"""The crosswalk: which code of which system meant which listing or portfolio, and when."""

from django.db import models

from portfolios.models import Listing, Portfolio


class Validity(models.Model):
    """Valid time (first and last day of use) and known time of a mapping.

    Empty known_from: known all along (what came with a source's own reference data).
    """

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="Last day of use.")
    known_from = models.DateTimeField(null=True)
    known_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=40)
    evidence = models.TextField(blank=True)
    batch_id = models.IntegerField(null=True)
    file_id = models.IntegerField(null=True)
    line_no = models.IntegerField(null=True)
    proposal_id = models.IntegerField(null=True, help_text="The mapping that wrote this row.")
    closed_by_id = models.IntegerField(null=True, help_text="The mapping that ended it.")

    class Meta:
        abstract = True


class Identifier(Validity):
    """A code that means one listing. An exclusion constraint forbids two at one instant.

    Scope: operating MIC for symbols, currency for ISINs, empty where the code alone decides.
    """

    id = models.AutoField(primary_key=True)
    scheme = models.CharField(max_length=10)
    value = models.CharField(max_length=40)
    scope = models.CharField(max_length=10, blank=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="identifiers")

    class Meta:
        db_table = "identifier"
        indexes = [
            models.Index(fields=["scheme", "value"], name="identifier_by_value"),
            models.Index(fields=["listing"], name="identifier_by_listing"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.scheme, self.value, self.scope)))


class PortfolioKey(Validity):
    """A book or account that means one portfolio."""

    id = models.AutoField(primary_key=True)
    system = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        db_table = "portfolio_key"
        indexes = [models.Index(fields=["system", "key"], name="portfolio_key_by_value")]

    def __str__(self) -> str:
        return f"{self.system} {self.key}"
