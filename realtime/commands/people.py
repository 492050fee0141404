"""Commands that find colleagues."""

from accounts.permissions import Permission
from accounts.queries import search_people
from accounts.serializers import PeopleObject, people_object
from conversations import queries
from conversations.requests import PeopleQuery
from realtime.commands.registry import Caller, command
from realtime.commands.session import Nothing


@command("user:search", PeopleQuery, Permission.WORK)
def user_search(_caller: Caller, data: PeopleQuery) -> PeopleObject:
    """Search colleagues by name or e-mail address."""
    return people_object(search_people(data.q))


@command("user:contacts", Nothing, Permission.WORK)
def user_contacts(caller: Caller, _data: Nothing) -> PeopleObject:
    """List the colleagues you talked to directly, the latest first."""
    return people_object(queries.recent_colleagues(caller.user))
