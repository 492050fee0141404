"""Pages' pieces about templates."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import MemberRequest, Permission, needs
from conversations.answers import answers_errors
from conversations.queries import customer_conversation_for
from whatsapp import choosing, queries

SHOWN = 50


@require_GET
@needs(Permission.WORK)
@answers_errors
def templates(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """What can be sent into a conversation, each as a form to fill in; `?search=` by words of its name or text."""
    conversation = customer_conversation_for(request.user, conversation_id)
    search = request.GET.get("search", "").replace("\0", "")[:254]
    page = queries.page_for(conversation, search=search, limit=SHOWN)
    context = {
        "conversation": conversation,
        "choices": [choosing.choice(template, conversation) for template in page.items],
        "more": page.cursor is not None,
        "search": search,
    }
    return render(request, "whatsapp/_templates.html", context)
