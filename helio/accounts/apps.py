"""Accounts: people and their roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "helio.accounts"
    label = "accounts"
    verbose_name = "People and roles"
