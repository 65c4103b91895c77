"""Pure return and risk figures (finance.md, sections 5 and 6)."""
