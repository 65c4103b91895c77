"""The sign-in app; it stands on accounts, and everything else stands on it."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "helio.signin"
    label = "signin"
    verbose_name = "Sign-in"

    def ready(self) -> None:
        from helio.signin import adapters, views

        views.connect()
        adapters.connect()
