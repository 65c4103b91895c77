"""Addresses under /glossary/."""

from django.urls import path

from reports.glossary import views

urlpatterns = [
    path("", views.book, name="glossary"),
    path("<slug:name>/", views.term, name="glossary-term"),
]
