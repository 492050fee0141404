"""Commands about the connection itself. `auth` is not among them: it runs before there is anybody to run it for."""

from django.utils import timezone
from msgspec import Struct

from accounts.actions import sign_out_everywhere
from accounts.permissions import Permission
from conversations.serializers import exact_moment
from events.objects import WireObject
from realtime.catchup import Missed, Resync, events_since
from realtime.commands.registry import Caller, command
from realtime.limits import Bucket


class Nothing(Struct):
    """A command without data."""


class Pong(WireObject, frozen=True):
    """The server's clock, and the newest seq that this socket has been told of."""

    server_time: str
    seq: int


class Since(Struct):
    """`seq` is the newest the client knows."""

    seq: int


class Logout(Struct):
    """`all` signs the person out everywhere: every socket, every browser, every token."""

    all: bool = False


class Rooms(WireObject, frozen=True):
    """The rooms this socket is in, by name."""

    rooms: list[str]


class Done(WireObject, frozen=True):
    """There is nothing to say about it."""


@command("ping", Nothing, None, bucket=Bucket.PINGS)
def ping(caller: Caller, _data: Nothing) -> Pong:
    """Ask whether the connection still leads anywhere."""
    return Pong(server_time=exact_moment(timezone.now()), seq=caller.socket.seq)


@command("rooms:list", Nothing, None)
def rooms_list(caller: Caller, _data: Nothing) -> Rooms:
    """List the rooms that this socket is in."""
    return Rooms(rooms=sorted(caller.socket.rooms))


@command("events:since", Since, Permission.WORK)
def since(caller: Caller, data: Since) -> Missed | Resync:
    """Fetch what was missed; `resync`: too old, load everything again."""
    return events_since(data.seq, caller.socket.rooms)


@command("logout", Logout, Permission.WORK)
def logout(caller: Caller, data: Logout) -> Done:
    """End this socket, or sign the person out everywhere."""
    if data.all:
        sign_out_everywhere(caller.user)
    caller.socket.end()
    return Done()
