"""Rows of the crosswalk that a mapping opens and closes; each stays for what was known then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import F
from django.db.models.functions import Greatest

from ingestion.models import Identifier, MappingProposal, PortfolioKey

Row = Identifier | PortfolioKey
SOURCE: Final = "operations"
ONE_DAY: Final = timedelta(days=1)


class CannotApply(Exception):
    """The mapping does not fit the crosswalk as it is now; the message says why."""


@dataclass(frozen=True)
class Code:
    """What is mapped: the table with the columns of the code and of its meaning."""

    model: type[Identifier] | type[PortfolioKey]
    columns: dict[str, str]
    meaning: str

    @classmethod
    def of(cls, proposal: MappingProposal) -> "Code":
        """The code a proposal is about."""
        if proposal.kind == MappingProposal.Kind.IDENTIFIER:
            names = {"scheme": proposal.scheme, "value": proposal.value, "scope": proposal.scope}
            return cls(Identifier, names, "listing_id")
        return cls(PortfolioKey, {"system": proposal.scheme, "key": proposal.value}, "portfolio_id")


@dataclass(frozen=True)
class Stretch:
    """First and last day of use, either open."""

    first: date | None
    last: date | None


def current(code: Code) -> list[Row]:
    """The rows of a code that are believed now, in order of their days."""
    rows = code.model.objects.filter(known_to=None, **code.columns)
    return list(rows.order_by(F("valid_from").asc(nulls_first=True)))


def overlapping(code: Code, stretch: Stretch) -> list[Row]:
    """The believed rows of a code that share a day with the stretch."""
    return [row for row in current(code) if _meet(Stretch(row.valid_from, row.valid_to), stretch)]


def close(row: Row, at: datetime, by: MappingProposal) -> None:
    """Ends what is believed of a row; it stays on record."""
    model = type(row).objects
    model.filter(pk=row.pk, known_to=None).update(
        known_to=Greatest(F("known_from") + timedelta(microseconds=1), at), closed_by_id=by.pk
    )


def open_row(
    code: Code, meaning: int, stretch: Stretch, at: datetime, by: MappingProposal, evidence: str
) -> Row:
    """A new row, known from the moment two people agreed on it."""
    return code.model.objects.create(
        **code.columns,
        **{code.meaning: meaning},
        valid_from=stretch.first,
        valid_to=stretch.last,
        known_from=at,
        source=SOURCE,
        evidence=evidence,
        proposal_id=by.pk,
    )


def copy(row: Row, stretch: Stretch, at: datetime, by_id: int | None, why: str) -> Row:
    """A row's own meaning for another stretch: who said so first is kept."""
    skipped = {"id", "known_from", "known_to", "proposal_id", "closed_by_id", "evidence"}
    kept: dict[str, Any] = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001  Django documents it
        if field.attname not in skipped | {"valid_from", "valid_to"}
    }
    return type(row).objects.create(
        **kept,
        valid_from=stretch.first,
        valid_to=stretch.last,
        known_from=at,
        evidence=f"{row.evidence}; {why}".removeprefix("; "),
        proposal_id=by_id,
    )


def cut(row: Row, gone: Stretch, at: datetime, by: MappingProposal) -> None:
    """Closes a row and opens again what lies before and after the stretch that is gone."""
    close(row, at, by)
    why = f"cut by mapping {by.pk}"
    if gone.first and (row.valid_from is None or row.valid_from < gone.first):
        copy(row, Stretch(row.valid_from, gone.first - ONE_DAY), at, by.pk, why)
    if gone.last and (row.valid_to is None or row.valid_to > gone.last):
        copy(row, Stretch(gone.last + ONE_DAY, row.valid_to), at, by.pk, why)


def opened_by(code: Code, proposal: MappingProposal) -> list[Row]:
    """The rows that a mapping opened."""
    return list(code.model.objects.filter(proposal_id=proposal.pk).order_by("pk"))


def closed_by(code: Code, proposal: MappingProposal) -> list[Row]:
    """The rows that a mapping closed."""
    return list(code.model.objects.filter(closed_by_id=proposal.pk).order_by("pk"))


def _meet(one: Stretch, other: Stretch) -> bool:
    starts = one.first is None or other.last is None or one.first <= other.last
    ends = one.last is None or other.first is None or one.last >= other.first
    return starts and ends
