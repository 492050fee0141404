"""What the endpoints of members have in common."""

from typing import cast

from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import Permission


class Endpoint(APIView):
    """An address for members of a tenant with `permission`; the middleware has entered the tenant's scope."""

    permission = Permission.WORK

    @property
    def me(self) -> User:
        """Whoever asks; IsMember has let them in."""
        return cast("User", self.request.user)
