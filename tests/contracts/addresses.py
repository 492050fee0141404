"""Every address there is, and how a neighbour tries it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from tests.contracts.world import World


class Shows(Enum):
    """What an address may tell."""

    A_ROW = auto()  # a neighbour's is not found, one's own is
    EVERYTHING = auto()  # one's own things, and nobody else's
    NOTHING = auto()  # no tenant's things at all


Data = Callable[[World], Any]
_ONE_APP = "^(?P<app_label>accounts|conversations|whatsapp|kanban|tenancy|events)/$"


def no_body(_own: World) -> None:
    """Nothing is sent."""


def word(whose: World) -> str:
    """What stands on most pages that show something of somebody's."""
    return whose.word


@dataclass(frozen=True)
class Row:
    """A pattern of the resolver and how to try it.

    `ids` says whose ids stand in it; `data` is what its own people would send; `mark` is seen where somebody's things
    are shown; `address` is something that a regular expression matches.
    """

    route: str
    shows: Shows
    ids: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    query: str = ""
    data: Data = no_body
    mark: Callable[[World], str] = word
    address: str = ""

    def __str__(self) -> str:
        return f"{self.method} /{self.route}{self.query}"


def a_row(route: str, method: str = "GET", data: Data = no_body, query: str = "", **ids: str) -> Row:
    return Row(route, Shows.A_ROW, ids, method, query, data)


def everything(route: str, query: str = "", mark: Callable[[World], str] = word) -> Row:
    return Row(route, Shows.EVERYTHING, query=query, mark=mark)


def nothing(route: str, method: str = "GET", address: str = "", **ids: str) -> Row:
    return Row(route, Shows.NOTHING, ids, method, address=address)


def of_conversation(route: str, method: str = "GET", data: Data = no_body) -> Row:
    return a_row(route, method, data, conversation_id="conversation")


def of_group(route: str, method: str = "GET", data: Data = no_body) -> Row:
    return a_row(route, method, data, conversation_id="group")


def of_member(method: str, data: Data = no_body) -> Row:
    route = "api/groups/<uuid:conversation_id>/members/<uuid:user_id>"
    return a_row(route, method, data, conversation_id="group", user_id="member")


_TOP = "?after=-1_00000000-0000-0000-0000-000000000000"

PAGES = [
    everything(""),
    a_row("boards/<uuid:board_id>/", board_id="board"),
    a_row("boards/<uuid:board_id>/counts/", board_id="board"),
    a_row("columns/<uuid:column_id>/cards/", query=_TOP, column_id="column"),
    of_conversation("cards/<uuid:conversation_id>/move/", "POST", lambda own: {"column": own["column"]}),
    of_conversation("conversations/<uuid:conversation_id>/"),
    of_conversation("conversations/<uuid:conversation_id>/messages/"),
    of_conversation("conversations/<uuid:conversation_id>/messages/", "POST", lambda own: {"content": own.word}),
    of_conversation("conversations/<uuid:conversation_id>/templates/"),
    of_conversation("conversations/<uuid:conversation_id>/read/", "POST"),
    of_conversation("conversations/<uuid:conversation_id>/assignee/", "POST", lambda own: {"assignee": own.agent.pk}),
    a_row("messages/<uuid:message_id>/retry/", "POST", message_id="message"),
    a_row("messages/<uuid:message_id>/receipts/", message_id="said"),
    everything("team/"),
    everything("team/search/", "?q=a"),
    everything("team/unread/", mark=lambda whose: whose.id("group")),
    of_group("team/<uuid:conversation_id>/"),
    of_group("team/<uuid:conversation_id>/details/"),
    a_row("attachments/<uuid:attachment_id>/", attachment_id="attachment"),
    a_row("attachments/<uuid:attachment_id>/thumbnail/", attachment_id="attachment"),
    nothing("files/<str:link>/", address="files/forged/"),
    nothing("fragments/"),  # its ids are in the query: tried below
    nothing("sign-in/"),
    nothing("sign-out/", "POST"),
    nothing("language/", "POST"),
    nothing("account/"),
    nothing("account/sign-outs/", "POST"),
    nothing("debug/socket/"),
    nothing("^docs/socket/?$", address="docs/socket"),
    nothing("docs/socket.json"),
    nothing("^webhooks/whatsapp/?$", address="webhooks/whatsapp"),
]

ENDPOINTS = [
    nothing("api/auth/token", "POST"),
    nothing("api/auth/token/refresh", "POST"),
    nothing("api/auth/logout", "POST"),
    everything("api/me"),
    everything("api/conversations"),
    of_conversation("api/conversations/<uuid:conversation_id>"),
    of_conversation("api/conversations/<uuid:conversation_id>", "PATCH", lambda _own: {"priority": 2}),
    of_conversation("api/conversations/<uuid:conversation_id>/messages"),
    of_conversation("api/conversations/<uuid:conversation_id>/messages", "POST", lambda own: {"content": own.word}),
    of_conversation("api/conversations/<uuid:conversation_id>/read", "POST"),
    of_conversation(
        "api/conversations/<uuid:conversation_id>/move", "POST", lambda own: {"columnId": str(own["column"])}
    ),
    nothing("api/attachments", "POST"),
    a_row("api/attachments/<uuid:attachment_id>", attachment_id="attachment"),
    a_row("api/attachments/<uuid:attachment_id>/link", "POST", attachment_id="attachment"),
    nothing("api/uploads", "POST"),
    a_row("api/uploads/<uuid:upload_id>", "DELETE", upload_id="parts"),
    a_row("api/messages/<uuid:message_id>/retry", "POST", message_id="message"),
    a_row("api/messages/<uuid:message_id>", "PATCH", lambda own: {"content": own.word}, message_id="said"),
    a_row("api/messages/<uuid:message_id>", "DELETE", message_id="said"),
    a_row("api/messages/<uuid:message_id>/recall", "POST", message_id="said"),
    a_row("api/messages/<uuid:message_id>/reaction", "PUT", lambda _own: {"emoji": "👍"}, message_id="said"),
    a_row("api/messages/<uuid:message_id>/receipts", message_id="said"),
    everything("api/messages/search", "?q=a"),
    nothing("api/messages/delivered", "POST"),  # its ids are in the body: tried below
    nothing("api/directs", "POST"),
    everything("api/groups"),
    of_group("api/groups/<uuid:conversation_id>", "PATCH", lambda own: {"title": own.word, "isOpen": True}),
    of_group("api/groups/<uuid:conversation_id>/join", "POST"),
    of_group("api/groups/<uuid:conversation_id>/leave", "POST"),
    of_group("api/groups/<uuid:conversation_id>/members"),
    of_group("api/groups/<uuid:conversation_id>/members", "POST", lambda own: {"userIds": [own.id("user")]}),
    of_member("PATCH", lambda _own: {"role": "MODERATOR"}),
    of_member("DELETE"),
    a_row("api/templates", query="?numberId={number}"),
    everything("api/contacts"),
    everything("api/users/search"),
    everything("api/users/contacts"),
    everything("api/boards"),
    a_row("api/boards/<uuid:board_id>/columns", board_id="board"),
    everything("api/events", "?after=0"),
    nothing("api/socket/stats"),
    nothing("api/schema"),
    nothing("api/docs"),
]

_PEOPLE = "?app_label=accounts&model_name=membership&field_name=user&term="

BACKOFFICE = [
    nothing("admin/connections/"),
    *(nothing(f"admin/{page}") for page in ("", "login/", "password_change/", "password_change/done/", "jsi18n/")),
    nothing("admin/logout/", "POST"),
    everything("admin/autocomplete/", _PEOPLE),
    nothing("admin/r/<path:content_type_id>/<path:object_id>/", content_type_id="delivery", object_id="message"),
    nothing(f"admin/{_ONE_APP}", address="admin/conversations/"),
    nothing("admin/(?P<url>.*)$", address="admin/nowhere"),
    a_row("admin/accounts/user/<id>/password/", id="user"),
    a_row("admin/whatsapp/delivery/<int:delivery_id>/replay/", "POST", delivery_id="delivery"),
]


def _link(name: str, whose: World) -> str:
    return f"/{whose[name]}/change/"


def _admin_rows() -> Iterator[Row]:
    """The pages that every model has in the admin."""
    for kind in admin.site._registry:
        place, name = f"admin/{kind._meta.app_label}/{kind._meta.model_name}/", str(kind._meta.model_name)
        yield everything(place, mark=partial(_link, name))
        yield nothing(f"{place}add/")
        yield nothing(f"{place}<path:object_id>/", object_id=name)  # leads to change/, whatever the id
        for page in ("change", "delete", "history"):
            yield a_row(f"{place}<path:object_id>/{page}/", object_id=name)


ROWS = [
    *PAGES,
    *ENDPOINTS,
    nothing("api/"),
    *BACKOFFICE,
    *_admin_rows(),
]


def routes() -> Iterator[str]:
    """Every pattern of the resolver."""
    yield from _routes(get_resolver().url_patterns, "")


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
