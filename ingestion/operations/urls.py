"""Addresses under /operations/."""

from django.urls import path

from ingestion.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("batches/", views.batches, name="batches"),
    path("batches/<int:batch_id>/", views.batch, name="batch"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions.csv", views.exceptions_csv, name="exceptions-csv"),
    path("exceptions/<int:exception_id>/", views.exception, name="exception"),
]
