"""People: customers and colleagues."""

from uuid import UUID

from django.db.models import Q
from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import colleagues
from accounts.serializers import PersonObject, person_object
from api.endpoint import Endpoint
from api.requests import Text, query
from api.schema import describe
from conversations import queries
from conversations.requests import Limit
from conversations.serializers import ContactPageObject, contact_page_object
from events.objects import WireObject

MOST_PEOPLE = 50


class ContactQuery(Struct, rename="camel"):
    """`q` is a part of the name or the beginning of the phone; `cursor` comes from the page before."""

    q: Text = ""
    cursor: UUID | None = None
    limit: Limit = queries.PAGE


class PeopleQuery(Struct, rename="camel"):
    """`q` is a part of the name or the e-mail address."""

    q: Text = ""


class People(WireObject, frozen=True):
    """Colleagues by name, the first ones only."""

    items: list[PersonObject]


class ContactsView(Endpoint):
    """The tenant's customers."""

    @describe("listContacts", query=(ContactQuery,), returns=ContactPageObject)
    def get(self, request: Request) -> Response:
        """List or search customers, newest first."""
        asked = query(request, ContactQuery)
        page = queries.contact_page(search=asked.q, cursor=asked.cursor, limit=asked.limit)
        return Response(contact_page_object(page))


class UserSearchView(Endpoint):
    """The tenant's people."""

    @describe("searchUsers", query=(PeopleQuery,), returns=People)
    def get(self, request: Request) -> Response:
        """Search colleagues."""
        wanted = query(request, PeopleQuery).q
        found = colleagues().filter(Q(name__icontains=wanted) | Q(email__icontains=wanted))[:MOST_PEOPLE]
        return Response(People(items=[person_object(user) for user in found]))
