"""What a holding cost, by average cost (main) and first in, first out, in base currency.

Both split one total differently: realised plus unrealised profit agree. A sale of more units than
are held leaves a negative quantity, which is never valued: its proceeds are realised at once with
the cost of what was held, and the purchase that covers it later realises its own cost.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(slots=True)
class Lot:
    """Units of one purchase that are still held, and what is left of their cost."""

    units: Decimal
    cost: Decimal
    acquired_on: date | None = None


@dataclass(slots=True)
class CostBasis:
    """Units of one listing in one portfolio with cost and cumulated realised profit."""

    units: Decimal = ZERO
    average_cost: Decimal = ZERO
    average_realised: Decimal = ZERO
    fifo_realised: Decimal = ZERO
    lots: deque[Lot] = field(default_factory=deque)

    @property
    def fifo_cost(self) -> Decimal:
        """Cost of the lots still held."""
        return sum((lot.cost for lot in self.lots), ZERO)

    def acquire(self, units: Decimal, cost: Decimal, on: date | None = None) -> None:
        """Add units at their total cost; what covers an oversold quantity is realised."""
        covering = min(units, max(-self.units, ZERO))
        if covering:
            covered_cost = cost * covering / units
            self.average_realised -= covered_cost
            self.fifo_realised -= covered_cost
            cost -= covered_cost
        self.units += units
        if units > covering:
            self.average_cost += cost
            self.lots.append(Lot(units - covering, cost, on))

    def dispose(self, units: Decimal, proceeds: Decimal) -> None:
        """Give up units for their total proceeds and realise the difference to their cost."""
        available = min(units, max(self.units, ZERO))
        average_given_up = self._release_average(available)
        self.average_realised += proceeds - average_given_up
        self.fifo_realised += proceeds - self._release_lots(available)
        self.units -= units

    def split(self, new: Decimal, old: Decimal) -> None:
        """Turn every ``old`` units into ``new``; the total cost stays."""
        self.units = self.units * new / old
        for lot in self.lots:
            lot.units = lot.units * new / old

    def _release_average(self, units: Decimal) -> Decimal:
        if not units:
            return ZERO
        given_up = (
            self.average_cost if units == self.units else self.average_cost * units / self.units
        )
        self.average_cost -= given_up
        return given_up

    def _release_lots(self, units: Decimal) -> Decimal:
        given_up = ZERO
        while units > 0 and self.lots:
            lot = self.lots[0]
            if lot.units <= units:
                units -= lot.units
                given_up += lot.cost
                self.lots.popleft()
            else:
                part = lot.cost * units / lot.units
                lot.cost -= part
                lot.units -= units
                given_up += part
                units = ZERO
        return given_up
