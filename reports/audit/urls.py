"""Addresses under /audit/."""

from django.urls import path

from reports.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("trail.csv", views.trail_csv, name="csv"),
    path("verify/", views.verify, name="verify"),
]
