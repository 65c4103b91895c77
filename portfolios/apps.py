"""Portfolios: facts, valuation, performance, access and the figures people may see."""

from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"
    verbose_name = "Portfolios"
