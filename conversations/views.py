"""Addresses of one conversation: its thread, what is written into it, who takes care of it, its files."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import MemberRequest, Permission, needs
from accounts.queries import colleagues
from conversations import actions, links, panel, queries
from conversations.answers import answers_errors, json, wants_json
from conversations.errors import BadRequest, DomainError, NotFound
from conversations.files import small, whole
from conversations.forms import AssigneeForm, MessageForm
from conversations.models import Attachment, Conversation
from conversations.serializers import conversation_object, message_object
from tenancy.scope import current, tenant_scope

can_work = needs(Permission.WORK)


@can_work
@answers_errors
def messages(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """GET: the page of the thread before `?before=`. POST: write a message."""
    conversation = queries.conversation_for(request.user, conversation_id)
    return _write(request, conversation) if request.method == "POST" else _older(request, conversation)


def _older(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    thread, older = panel.page(conversation, before=_uuid(request.GET.get("before")))
    return render(request, "conversations/_page.html", {"conversation": conversation, "thread": thread, "older": older})


def _write(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    try:
        message = actions.write_message(conversation, by=request.user, undoable=True, **form.parts())
    except DomainError as error:
        if wants_json(request):
            raise
        return _with_text_kept(request, conversation, error)
    return json(message_object(message), HTTPStatus.CREATED) if wants_json(request) else _back_to(conversation)


def _with_text_kept(request: MemberRequest, conversation: Conversation, error: DomainError) -> HttpResponse:
    found = panel.panel(request.user, conversation.pk, now=timezone.now())
    words = next(iter(error.fields.values()), error.message)
    context = {"panel": found, "draft": request.POST.get("content", ""), "draft_error": words}
    return render(request, "conversations/conversation.html", context, status=HTTPStatus.BAD_REQUEST)


def _back_to(conversation: Conversation) -> HttpResponse:
    return HttpResponseRedirect(reverse("conversation", args=[conversation.pk]))


@require_POST
@can_work
@answers_errors
def read(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """The agents have read it."""
    conversation = actions.read_conversation(queries.conversation_for(request.user, conversation_id), by=request.user)
    return json(conversation_object(conversation)) if wants_json(request) else _back_to(conversation)


@require_POST
@can_work
@answers_errors
def assignee(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Give it to somebody, or to nobody."""
    conversation = queries.customer_conversation_for(request.user, conversation_id)
    changed = actions.update_conversation(conversation, by=request.user, assignee=_colleague(request))
    return json(conversation_object(changed)) if wants_json(request) else _back_to(conversation)


def _colleague(request: MemberRequest) -> User | None:
    form = AssigneeForm(request.POST)
    if not form.is_valid():
        raise BadRequest(fields={"assignee": _("Choose a colleague.")})
    wanted = form.cleaned_data["assignee"]
    if wanted is None:
        return None
    found = colleagues().filter(pk=wanted).first()
    if found is None:
        raise NotFound(fields={"assignee": _("There is no such colleague.")})
    return found


@require_POST
@can_work
@answers_errors
def retry(request: MemberRequest, message_id: UUID) -> HttpResponse:
    """Send a failed message again."""
    found = queries.message_for(request.user, message_id)
    message = actions.retry_message(found, by=request.user)
    return json(message_object(message)) if wants_json(request) else _back_to(found.conversation)


@require_GET
@can_work
@answers_errors
def attachment(request: MemberRequest, attachment_id: UUID) -> HttpResponseBase:
    """A file, as it was sent."""
    return whole(request, queries.attachment_for(request.user, attachment_id))


@require_GET
@can_work
@answers_errors
def thumbnail(request: MemberRequest, attachment_id: UUID) -> HttpResponseBase:
    """The small picture of a file."""
    return small(request, queries.attachment_for(request.user, attachment_id))


@require_GET
def linked(request: HttpRequest, link: str) -> HttpResponseBase:
    """A file for whoever holds a link that has not expired, signed in or not."""
    wanted = links.read(link)
    if wanted is None or current().tenant_id not in {None, wanted.tenant_id}:
        raise Http404
    with tenant_scope(wanted.tenant_id):
        found = Attachment.objects.filter(pk=wanted.attachment_id, message__deleted_at=None).first()
        if found is None:
            raise Http404
        return small(request, found) if wanted.is_thumbnail else whole(request, found)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadRequest(fields={"before": _("This is not an id.")}) from error
