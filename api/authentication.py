"""Who asks, by bearer token. Browsers are known by DRF's own SessionAuthentication, which insists on CSRF tokens."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from api.middleware import bearer_token


class BearerAuthentication(BaseAuthentication):
    """Repeats what BearerMiddleware has found out."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        asked = request._request  # noqa: SLF001 - Django's, which the middleware has seen
        if bearer_token(asked) is None:
            return None
        user = asked.user
        if not isinstance(user, User):
            raise AuthenticationFailed(_("This token does not let you in (any more)."))
        return user, "bearer"

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="recado"'
