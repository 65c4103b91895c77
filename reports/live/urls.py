"""Address of the list of versions."""

from django.urls import path

from reports.live.views import versions

app_name = "live"
urlpatterns = [path("versions/", versions, name="versions")]
