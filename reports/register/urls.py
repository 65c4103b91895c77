"""Addresses under /reports/."""

from django.urls import path

from reports.register import views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("export/", views.export, name="export"),
    path("compliance-pack/", views.compliance_pack, name="compliance-pack"),
    path("<int:number>/manifest.json", views.manifest, name="manifest"),
    path("<int:number>/file/", views.again, name="again"),
]
