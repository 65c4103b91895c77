"""Addresses under /access/."""

from django.urls import path

from reports.access import views

urlpatterns = [
    path("", views.effective_access, name="access"),
    path("reviews/", views.access_reviews, name="access-reviews"),
    path("proof/", views.proof, name="access-proof"),
]
