"""Addresses of the board: its page, more of its cards, moves, a conversation beside it, and fragments by id."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import MemberRequest, Permission, needs
from accounts.queries import colleagues
from conversations import panel
from conversations.answers import answers_errors, json, wants_json
from conversations.chat_fragments import chats_for
from conversations.errors import BadRequest
from conversations.fragments import Fragment, headers, messages
from conversations.queries import customer_conversation_for, visible_conversations, visible_messages
from conversations.serializers import conversation_object
from events.log import newest_seq
from kanban import queries
from kanban.actions import move_card
from kanban.forms import MoveForm
from kanban.fragments import cards

MOST_FRAGMENTS = 100

can_work = needs(Permission.WORK)


@require_GET
@can_work
@answers_errors
def board(request: MemberRequest, board_id: UUID | None = None) -> HttpResponse:
    """The board: that one, or the first."""
    seq = newest_seq()  # before anything is read: what happens meanwhile is fetched by the page, not missed
    return render(request, "kanban/board.html", {**_board(request, board_id), "seq": seq})


@require_GET
@can_work
@answers_errors
def conversation(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """A conversation: beside the board as a page, alone for a script that opens it there."""
    seq = newest_seq()
    found = panel.panel(request.user, conversation_id, now=timezone.now())
    if request.headers.get("X-Recado-Fragment") == "panel":
        return render(request, "conversations/_panel.html", {"panel": found})
    board_id = found.conversation.column.board_id if found.conversation.column else None
    return render(request, "kanban/board.html", {**_board(request, board_id), "panel": found, "seq": seq})


def _board(request: MemberRequest, board_id: UUID | None) -> dict[str, Any]:
    view, board = request.GET.get("view", "all"), queries.board(board_id)
    return {
        "place": "board",
        "board": board,
        "boards": queries.boards(),
        "view": view,
        "lanes": queries.lanes(board, user=request.user, view=view) if board else [],
        "colleagues": colleagues(),
    }


@require_GET
@can_work
@answers_errors
def column_cards(request: MemberRequest, column_id: UUID) -> HttpResponse:
    """The next page of a column, after `?after=`."""
    view = request.GET.get("view", "all")
    found, cursor = queries.more_cards(column_id, user=request.user, view=view, after=request.GET.get("after", ""))
    return render(
        request, "kanban/_cards.html", {"cards": found, "cursor": cursor, "view": view, "column_id": column_id}
    )


@require_GET
@can_work
@answers_errors
def counts(request: MemberRequest, board_id: UUID) -> HttpResponse:
    """How many cards each column shows and holds."""
    found = queries.board(board_id)
    view = request.GET.get("view", "all")
    return json(queries.counts(found, user=request.user, view=view) if found else {})


@require_POST
@can_work
@answers_errors
def move(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Put a card somewhere else; the socket's `conversation:move` for those without one."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadRequest(fields={name: str(errors[0]) for name, errors in form.errors.items()})
    found = form.cleaned_data
    moved = move_card(
        customer_conversation_for(request.user, conversation_id),
        by=request.user,
        column_id=found["column"],
        after_id=found["after"],
        before_id=found["before"],
        version=found["version"],
    )
    return json(conversation_object(moved)) if wants_json(request) else HttpResponseRedirect(reverse("board"))


@require_GET
@can_work
@answers_errors
def fragments(request: MemberRequest) -> HttpResponse:
    """What a page fetches after it was away: the cards, chats, heads and bubbles with these ids, as they are now."""
    opened = visible_conversations(request.user).filter(pk__in=_ids(request, "headers"))
    read = visible_messages(request.user).filter(pk__in=_ids(request, "messages"))
    found: list[Fragment] = [
        *cards(_ids(request, "cards")),
        *headers(opened.values_list("pk", flat=True)),
        *chats_for(request.user, _ids(request, "chats")),
        *messages(read.values_list("pk", flat=True)),
    ]
    return json({"fragments": found})


def _ids(request: MemberRequest, name: str) -> list[UUID]:
    try:
        return [UUID(text) for text in request.GET.get(name, "").split(",") if text][:MOST_FRAGMENTS]
    except ValueError as error:
        raise BadRequest(fields={name: str(error)}) from error
