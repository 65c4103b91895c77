"""Pure valuation of ledgers: calendar, rates, closes, cost bases and the replay of a book."""
