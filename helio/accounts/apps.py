"""Accounts: people, their roles and how they sign in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "helio.accounts"
    label = "accounts"
    verbose_name = "People and roles"

    def ready(self) -> None:
        from helio.accounts import sign_in

        sign_in.connect()
