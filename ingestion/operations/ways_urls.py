"""Addresses of uploads and fetches, included in those of operations."""

from django.urls import path

from ingestion.operations import fetches, runs, upload

urlpatterns = [
    path("upload/", upload.upload, name="upload"),
    path("upload/<int:upload_id>/", upload.followed, name="upload-followed"),
    path("sources/<slug:name>/fetches/", fetches.fetches, name="fetches"),
    path("sources/<slug:name>/fetch/", runs.fetch_now, name="fetch-now"),
]
