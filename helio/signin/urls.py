"""Addresses of signing in and out, and of what a person signs in with."""

from django.urls import path

from helio.signin import own
from helio.signin.views import SignInView, SignOutView

app_name = "accounts"
urlpatterns = [
    path("", own.security, name="security"),
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", SignOutView.as_view(), name="logout"),
    path("password/", own.PasswordView.as_view(), name="password"),
    path("sessions/end/", own.end_sessions, name="end-sessions"),
]
