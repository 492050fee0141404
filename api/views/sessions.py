"""Signing in for machines, and who one is."""

from http import HTTPStatus

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from msgspec import Struct
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import throttling, tokens
from accounts.actions import sign_out_everywhere
from accounts.models import User
from accounts.serializers import PersonObject, TenantObject, person_object, tenant_object
from api.endpoint import Endpoint
from api.requests import Text, body
from api.schema import describe
from events.objects import WireObject


class SignIn(Struct, rename="camel"):
    """Somebody's e-mail address and password."""

    email: Text
    password: str


class Refresh(Struct, rename="camel"):
    """The refresh token of a sign-in."""

    refresh: str


class SignOut(Refresh):
    """`all` ends every sign-in of the person, those of browsers included."""

    all: bool = False


class TokenPair(WireObject, frozen=True):
    """`access` goes into `Authorization: Bearer`; `refresh` gets the next one."""

    access: str
    refresh: str


class AccessTokenObject(WireObject, frozen=True):
    """The next access token."""

    access: str


class Me(WireObject, frozen=True):
    """Who is asking; staff of the installation have no tenant."""

    user: PersonObject
    tenant: TenantObject | None


class OpenView(APIView):
    """For strangers: what they send proves who they are, so cookies and headers are not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        """Without one DRF would answer 403 where 401 is meant."""
        return 'Bearer realm="recado"'


class TokenView(OpenView):
    """Tokens for a password."""

    @describe("signIn", body=SignIn, returns=TokenPair)
    def post(self, request: Request) -> Response:
        """Sign in. After too many wrong passwords: 429."""
        token = tokens.issue(_signed_in(request, body(request, SignIn)))
        return Response(TokenPair(access=str(token.access_token), refresh=str(token)))


class TokenRefreshView(OpenView):
    """The next access token."""

    @describe("refreshToken", body=Refresh, returns=AccessTokenObject)
    def post(self, request: Request) -> Response:
        """Get the next access token; a new password or signing out ends that."""
        try:
            access = tokens.refresh(body(request, Refresh).refresh)
        except tokens.TokenError as error:
            raise AuthenticationFailed(_("Sign in again.")) from error
        return Response(AccessTokenObject(access=str(access)))


class LogoutView(OpenView):
    """The end of a sign-in."""

    @describe("signOut", body=SignOut, status=HTTPStatus.NO_CONTENT)
    def post(self, request: Request) -> Response:
        """Sign out: the refresh token, its access tokens and their sockets are over."""
        wanted = body(request, SignOut)
        try:
            user = tokens.revoke(wanted.refresh)
        except tokens.TokenError as error:
            raise AuthenticationFailed(_("This token does not let you in (any more).")) from error
        if wanted.all and user:
            sign_out_everywhere(user)
        return Response(status=HTTPStatus.NO_CONTENT)


class MeView(Endpoint):
    """Whoever asks."""

    permission_classes = (IsAuthenticated,)

    @describe("getMe", returns=Me)
    def get(self, request: Request) -> Response:
        """Say who asks, and for whom they work."""
        tenant = self.me.tenant
        return Response(Me(user=person_object(self.me), tenant=tenant_object(tenant) if tenant else None))


def _signed_in(request: Request, wanted: SignIn) -> User:
    address = request.META.get("REMOTE_ADDR", "")
    try:
        with throttling.attempt(address, wanted.email, wrong=AuthenticationFailed):
            return _named_by(wanted)
    except throttling.Blocked as blocked:
        raise Throttled(throttling.WINDOW_SECONDS) from blocked


def _named_by(wanted: SignIn) -> User:
    user = authenticate(username=wanted.email, password=wanted.password)
    if isinstance(user, User) and user.may_enter:
        return user
    raise AuthenticationFailed(_("This e-mail and password do not belong together. Check both and try again."))
