"""The sockets, counted."""

from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from api.endpoint import Endpoint
from api.errors import Unavailable
from api.permissions import IsMemberOrStaff
from api.schema import describe
from realtime.report import SocketStats, socket_stats


class SocketStatsView(Endpoint):
    """How many sockets are open, and how they fare."""

    permission = Permission.INSPECT
    permission_classes = (IsMemberOrStaff,)

    @describe("getSocketStats", returns=SocketStats)
    def get(self, request: Request) -> Response:
        """Count the open sockets and what goes over them: of your tenant; staff of the installation see all."""
        try:
            return Response(socket_stats(self.me.tenant_id))
        except RedisError as error:
            raise Unavailable(_("Nobody knows at the moment: Redis does not answer.")) from error
