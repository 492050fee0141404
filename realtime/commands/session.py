"""Commands about the connection itself. `auth` is not among them: it runs before there is anybody to run it for."""

from typing import Any

from django.utils import timezone
from msgspec import Struct

from accounts.permissions import Permission
from conversations.serializers import exact_moment
from realtime.catchup import Missed, Resync, events_since
from realtime.commands.registry import Caller, command
from realtime.limits import Bucket


class Nothing(Struct):
    """A command without data."""


class Since(Struct):
    """`seq` is the newest the client knows."""

    seq: int


class Logout(Struct):
    """`all` ends every socket of the user, on every process."""

    all: bool = False


@command("ping", Nothing, None, bucket=Bucket.PINGS)
def ping(caller: Caller, _data: Nothing) -> dict[str, Any]:
    return {"serverTime": exact_moment(timezone.now()), "seq": caller.socket.seq}


@command("events:since", Since, Permission.WORK)
def since(caller: Caller, data: Since) -> Missed | Resync:
    return events_since(data.seq, caller.socket.rooms)


@command("logout", Logout, None)
def logout(caller: Caller, data: Logout) -> dict[str, Any]:
    caller.socket.end(everywhere=data.all)
    return {}
