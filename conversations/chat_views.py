"""Addresses of the team's chats: their page, one of them, what is unread, and what can be found. Changes go through the
socket or its REST twins.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import MemberRequest, Permission, needs
from accounts.queries import search_people
from conversations import chats, queries
from conversations.answers import answers_errors, json
from conversations.rights import RIGHTS
from conversations.statuses import ConversationKind
from events.log import newest_seq

WORDS = 254  # characters of a search
FOUND = 20  # messages

can_work = needs(Permission.WORK)


@require_GET
@can_work
@answers_errors
def team(request: MemberRequest) -> HttpResponse:
    """The chats of whoever asks: as a page, or for a script that opens them beside the board, or further ones."""
    seq = newest_seq()  # before anything is read: what happens meanwhile is fetched by the page, not missed
    wanted = {"team": "team/_team.html", "chats": "team/_chats.html"}.get(_fragment(request), "team/team.html")
    return render(request, wanted, {**_listed(request), "seq": seq})


@require_GET
@can_work
@answers_errors
def chat(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """One chat: as a page, alone for a script."""
    seq, found = newest_seq(), chats.open_chat(request.user, conversation_id)
    if _fragment(request) == "panel":
        return render(request, "team/_panel.html", {"panel": found})
    return render(request, "team/team.html", {**_listed(request), "panel": found, "seq": seq})


def _fragment(request: MemberRequest) -> str:
    return request.headers.get("X-Recado-Fragment", "")


def _listed(request: MemberRequest) -> dict[str, Any]:
    page = queries.conversation_page(request.user, view="chats", cursor=request.GET.get("cursor"))
    return {"chats": chats.chats(page.items, request.user), "cursor": page.cursor, "place": "team"}


@require_GET
@can_work
@answers_errors
def unread(request: MemberRequest) -> HttpResponse:
    """What the badges say, as JSON."""
    return json(chats.unread(request.user))


@require_GET
@can_work
@answers_errors
def search(request: MemberRequest) -> HttpResponse:
    """People, chats and messages with the words `?q=`; without, those talked to lately and the groups to join."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:WORDS]
    return render(
        request, "team/_found.html", {"words": words, **(_found(request, words) if words else _near(request))}
    )


def _near(request: MemberRequest) -> dict[str, Any]:
    recent = queries.recent_colleagues(request.user)
    known = {person.pk for person in recent}
    others = [person for person in search_people("") if person.pk not in known and person != request.user]
    return {"people": [*recent, *others], "groups": _joinable(request, "")}


def _found(request: MemberRequest, words: str) -> dict[str, Any]:
    return {
        "people": [person for person in search_people(words) if person != request.user],
        "chats": chats.chats(queries.chats_named(request.user, words), request.user),
        "groups": _joinable(request, words),
        "messages": queries.found_messages(request.user, words, limit=FOUND).items,
    }


def _joinable(request: MemberRequest, words: str) -> list[Any]:
    found = [entry.group for entry in queries.groups(request.user) if not entry.is_member]
    return [group for group in found if words.casefold() in group.title.casefold()]


@require_GET
@can_work
@answers_errors
def details(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Who is in a chat, and what whoever asks may do there."""
    row = queries.chat_for(request.user, conversation_id)
    own = row.own[0]  # type: ignore[attr-defined]  # queries.complete
    page = queries.member_page(row, cursor=None, limit=queries.MAX_PAGE)
    context = {
        "chat": chats.chat(row, request.user.pk),
        "own": own,
        "members": chats.members(own, page.items),
        "more": row.member_count - len(page.items),
        "rights": RIGHTS[own.role] if row.kind == ConversationKind.GROUP else frozenset(),
        "roles": chats.ROLES,
    }
    return render(request, "team/_details.html", context)


@require_GET
@can_work
@answers_errors
def receipts(request: MemberRequest, message_id: UUID) -> HttpResponse:
    """Who has got and read a message, and when."""
    message = queries.message_for(request.user, message_id)
    return render(request, "team/_receipts.html", {"message": message, "receipts": queries.receipts(message)})
