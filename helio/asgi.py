"""The web process: HTTP, and the socket of live pages behind an origin check."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helio.settings")
os.environ.setdefault("HELIO_DATABASE_ROLE", "web")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

# Only after Django is set up: these import models.
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings

from helio import garbage
from helio.database.guard import refuse_unsafe_role
from reports.live.routing import websocket_urlpatterns

refuse_unsafe_role()
application = ProtocolTypeRouter(
    {
        "http": django_application,
        # Full origins: the validator by allowed hosts ignores scheme and port.
        "websocket": OriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns)),
            settings.HELIO_ALLOWED_ORIGINS,
        ),
    }
)
# The routes import the views, and those nearly all the rest: a first request would otherwise.
import_module(settings.ROOT_URLCONF)
garbage.leave_what_is_loaded()
