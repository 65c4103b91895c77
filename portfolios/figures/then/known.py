"""Which records are believed: those of a moment, less what was delivered only afterwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Self

from portfolios.models import Version


class Known(NamedTuple):
    """What was captured or released by a moment, without the records of some batches.

    A record counts from when its source says that it was captured. What a *version* of the figures
    knew is less: a record captured before it, but delivered after, was in none of its figures.
    """

    at: datetime
    without: tuple[int, ...] = ()

    @classmethod
    def by(cls, version: Version) -> Self:
        """What the version was made of."""
        later = Version.objects.filter(number__gt=version.number)
        return cls(version.created_at, _together(later.values_list("batch_ids", flat=True)))

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters of the statements of figures/then."""
        return {"known_at": self.at, "without": list(self.without)}


def _together(batches: Iterable[Iterable[int]]) -> tuple[int, ...]:
    return tuple(sorted({batch for some in batches for batch in some}))
