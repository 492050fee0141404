"""The event log: for clients that cannot hold a socket."""

from typing import Annotated

from msgspec import Meta, Struct
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import team_ids
from api.endpoint import Endpoint
from api.requests import query
from api.schema import describe
from realtime.catchup import Missed, Resync, events_since
from realtime.meter import meter
from realtime.rooms import own_rooms
from tenancy.scope import current_tenant_id


class EventQuery(Struct, rename="camel"):
    """`after` is the newest seq that the client knows."""

    after: Annotated[int, Meta(ge=0)]


class EventsView(Endpoint):
    """What happened."""

    @describe("listEvents", query=(EventQuery,), returns=(Missed, Resync))
    def get(self, request: Request) -> Response:
        """Get the events after a seq, as far as you may see them; `resync`: too old, load everything again."""
        with meter().polling(current_tenant_id(), self.me.pk):
            return Response(events_since(query(request, EventQuery).after, own_rooms(self.me, team_ids(self.me))))
