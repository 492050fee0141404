"""People: customers and colleagues."""

from uuid import UUID

from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import search_people
from accounts.serializers import PeopleObject, people_object
from api.endpoint import Endpoint
from api.requests import query
from api.schema import describe
from conversations import queries
from conversations.requests import Limit, PeopleQuery, Words
from conversations.serializers import ContactPageObject, contact_page_object


class ContactQuery(Struct, rename="camel"):
    """`q` is a part of the name or the beginning of the phone; `cursor` comes from the page before."""

    q: Words = ""
    cursor: UUID | None = None
    limit: Limit = queries.PAGE


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

    @describe("searchUsers", query=(PeopleQuery,), returns=PeopleObject)
    def get(self, request: Request) -> Response:
        """Search colleagues."""
        return Response(people_object(search_people(query(request, PeopleQuery).q)))


class UserContactsView(Endpoint):
    """The people that one talks to."""

    @describe("listUserContacts", returns=PeopleObject)
    def get(self, request: Request) -> Response:
        """List the colleagues you talked to directly, the latest first."""
        return Response(people_object(queries.recent_colleagues(self.me)))
