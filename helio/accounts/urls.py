"""Addresses of signing in and out."""

from django.urls import path

from helio.accounts.sign_in import SignInView, SignOutView

app_name = "accounts"
urlpatterns = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", SignOutView.as_view(), name="logout"),
]
