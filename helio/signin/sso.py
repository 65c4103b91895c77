"""Single sign-on by OpenID Connect: the firm's provider says who it is, Helio what they may do.

A claim of the provider names a person that exists here; nobody is added, and no role comes from
outside. allauth does the protocol (code flow with PKCE and state); what is done here is what Helio
wants otherwise: the ID token's signature is always verified, only from keys of the provider and by
asymmetric algorithms, and nothing that the provider says is stored.
"""

from __future__ import annotations

from typing import Any, Final

import jwt
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from helio.accounts.models import User
from helio.audit.sign_in import note_failure
from helio.signin.names import FACTOR, NEXT
from helio.signin.pending import signing_in

PROVIDER: Final = "sso"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS: Final = 60
SECONDS_TO_ANSWER: Final = 10
FAILED: Final = "The single sign-on did not work. Try again, or tell your administrator."


class SocialAdapter(DefaultSocialAccountAdapter):
    """The one provider of the settings; none in the database, and errors on our own page."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        if provider not in (None, PROVIDER, "openid_connect") or not settings.HELIO_OIDC_ISSUER:
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name=settings.HELIO_OIDC_NAME,
                client_id=settings.HELIO_OIDC_CLIENT_ID,
                secret=settings.HELIO_OIDC_CLIENT_SECRET,
                settings={
                    "server_url": settings.HELIO_OIDC_ISSUER,
                    "oauth_pkce_enabled": True,
                },
            )
        ]

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.trust_env = False
        return session

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *_: Any, exception: Any = None, **__: Any
    ) -> None:
        note_failure(None, {"username": "(single sign-on)"}, request)
        raise ImmediateHttpResponse(_refused(request, FAILED))


class Adapter(OpenIDConnectOAuth2Adapter):
    """Ends the protocol with signing in whom the ID token names."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Raises the response that signs the person in, or says why not; never returns."""
        claims = self._claims(app, kwargs["response"].get("id_token", ""))
        name = claims.get(settings.HELIO_OIDC_CLAIM)
        person = User.objects.filter(username=name).first() if isinstance(name, str) else None
        if person is None or not person.is_active:
            note_failure(None, {"username": str(name)}, request)
            raise ImmediateHttpResponse(
                _refused(request, f"Nobody signs in to Helio as “{str(name)[:60]}”.")
            )
        raise ImmediateHttpResponse(_sign_in(request, person))

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What a good token of the provider says (OpenID Connect Core, section 3.1.3.7)."""
        try:
            header = jwt.get_unverified_header(id_token)
            found: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(header.get("kid")),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=settings.HELIO_OIDC_ISSUER.rstrip("/"),
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The ID token is not good.") from error
        return found

    def _key(self, kid: str | None) -> jwt.PyJWK:
        from allauth.socialaccount.adapter import get_adapter

        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"], timeout=SECONDS_TO_ANSWER)
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        for key in keys:
            if key.key_id == kid and key.public_key_use in (None, "sig"):
                return key
        raise jwt.InvalidKeyError("The provider has no such key.")


def start(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider; 404 where there is none."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        request.session[NEXT] = wanted
    answer: HttpResponse = _configured(OAuth2LoginView)(request)
    return answer


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends the browser back to."""
    if provider_id != PROVIDER or request.user.is_authenticated:
        raise Http404("No such sign-in.")
    answer: HttpResponse = _configured(OAuth2CallbackView)(request)
    return answer


def is_offered() -> bool:
    """True where a provider is set."""
    return bool(settings.HELIO_OIDC_ISSUER)


def _configured(view: Any) -> Any:
    if not is_offered():
        raise Http404("No single sign-on is set up here.")

    def run(request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = view.adapter_view(Adapter(request, PROVIDER))(request)
        return answer

    return run


def _sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """The person signed in, or asked for their second factor where the provider has not."""
    login = Login(user=person, redirect_url=request.session.pop(NEXT, None))
    login.email_verification = "none"
    if settings.HELIO_OIDC_PROVES_FACTOR:
        login.state["stages"] = {"mfa_authenticate": {"handled": True}}
        request.session[FACTOR] = True
    record_authentication(request, person, method="socialaccount", provider=PROVIDER)
    with signing_in(person.pk):
        answer: HttpResponse = perform_login(request, login)
    return answer


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "accounts/sso_refused.html", {"sentence": sentence}, status=403)
