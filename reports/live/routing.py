"""Address of the socket of live pages."""

from django.urls import path

from reports.live.consumer import LiveConsumer

websocket_urlpatterns = [path("ws/live/", LiveConsumer.as_asgi())]
