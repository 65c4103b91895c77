"""From the opening to the closing value of a period: flows, and the profit by its parts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ValueBridge:
    """Opening value + flows + profit = closing value, with the profit split in two ways.

    By booking (finance.md § 7), at average cost and beside it first in, first out: realised +
    unrealised + income − fees + rest. By cause: price + currency + income − fees + rest, where
    ``currency_effect`` is of securities and ``cash_currency_effect`` of foreign cash held
    overnight. What neither names is the spread between dealing and fixing rates and, over
    portfolios of several base currencies, nothing else: all amounts are in one currency, each day
    at its own fixings. ``translation`` is what the book's own currency did to it when it is told
    in another one; it is inside the currency effects of the second split.
    """

    opening_value: Decimal
    inflow: Decimal
    outflow: Decimal
    closing_value: Decimal
    average_realised: Decimal
    average_unrealised: Decimal
    fifo_realised: Decimal
    fifo_unrealised: Decimal
    dividend_income: Decimal
    management_fee: Decimal
    safekeeping_fee: Decimal
    translation: Decimal
    price_effect: Decimal
    currency_effect: Decimal
    cash_currency_effect: Decimal

    @property
    def profit(self) -> Decimal:
        """Closing less opening value, without what came in and with what went out."""
        return self.closing_value - self.opening_value - self.inflow + self.outflow

    @property
    def fees(self) -> Decimal:
        """Management and safekeeping fees, as a positive amount."""
        return self.management_fee + self.safekeeping_fee

    @property
    def average_rest(self) -> Decimal:
        """What average cost, income and fees leave of the profit."""
        return self._rest(self.average_realised + self.average_unrealised + self.translation)

    @property
    def fifo_rest(self) -> Decimal:
        """What first in, first out cost, income and fees leave of the profit."""
        return self._rest(self.fifo_realised + self.fifo_unrealised + self.translation)

    @property
    def dealing_effect(self) -> Decimal:
        """What price, currencies, income and fees leave: dealing rates other than the fixing's."""
        return self._rest(self.price_effect + self.currency_effect + self.cash_currency_effect)

    @property
    def all_currency_effect(self) -> Decimal:
        """What exchange rates did to securities and to cash."""
        return self.currency_effect + self.cash_currency_effect

    def _rest(self, named: Decimal) -> Decimal:
        return self.profit - named - self.dividend_income + self.fees
