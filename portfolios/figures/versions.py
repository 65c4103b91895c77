"""The last versions, and what they changed within the perimeter of the identity in force."""

from dataclasses import dataclass

from portfolios import statements
from portfolios.models import Version


@dataclass(frozen=True, slots=True)
class Shown:
    """A version and how many portfolios of the perimeter it changed."""

    version: Version
    portfolios: int


def last_versions(count: int) -> list[Shown]:
    """The last ``count`` versions, newest first."""
    newest = list(Version.objects.order_by("-number")[:count])
    rows = statements.rows(
        "figures/changed_portfolios", numbers=[version.number for version in newest]
    )
    changed = {row["number"]: row["portfolios"] for row in rows}
    return [Shown(version, changed.get(version.number, 0)) for version in newest]
