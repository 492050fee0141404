"""What the customer does on the phone. Answers are empty: the bubbles come by the stream."""

import random

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from simulator import speech
from simulator.cast import PLACES
from simulator.models import Chat, Customer, Message, Template
from simulator.phone.addresses import chat_at
from simulator.phone.choices import choices
from simulator.phone.forms import SpeechForm
from simulator.samples import SAMPLES

DONE = 204


@require_POST
def speak(request: HttpRequest, wa_id: str, number_id: str) -> HttpResponse:
    """Send a text, or a file with the text as its caption."""
    form = SpeechForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(
            "\n".join(str(error) for errors in form.errors.values() for error in errors),
            status=400,
            content_type="text/plain",
        )
    chat, said = chat_at(wa_id, number_id), form.cleaned_data
    if said["file"]:
        _send_file(chat, said["file"], said["text"], said["reply_to"], voice=said["is_voice"])
    else:
        speech.say(chat, "text", {"body": said["text"]}, reply_to=said["reply_to"])
    return HttpResponse(status=DONE)


def _send_file(chat: Chat, file: "UploadedFile[bytes]", caption: str, reply_to: str, *, voice: bool) -> None:
    mime_type = file.content_type or "application/octet-stream"
    speech.send_file(
        chat, file.read(), mime_type, filename=file.name or "", caption=caption, reply_to=reply_to, voice=voice
    )


@require_POST
def sample(_request: HttpRequest, wa_id: str, number_id: str, name: str) -> HttpResponse:
    """Send something that lies ready: a file made by code, a place, somebody's card."""
    chat = chat_at(wa_id, number_id)
    if name in SAMPLES:
        made = SAMPLES[name]()
        speech.send_file(chat, made.data, made.mime_type, filename=made.filename, voice=made.is_voice)
    elif name == "place":
        speech.say(chat, "location", random.choice(PLACES))  # noqa: S311  (any place will do)
    elif name == "card":
        speech.say(chat, "contacts", [_card(chat)])
    else:
        raise Http404
    return HttpResponse(status=DONE)


def _card(chat: Chat) -> dict[str, object]:
    """The contact card of somebody else."""
    others = Customer.objects.exclude(pk=chat.customer_id).exclude(origin=Customer.Origin.CROWD)
    friend = others.order_by("?").first() or chat.customer
    name = {"formatted_name": friend.name, "first_name": friend.name.split()[0]}
    return {"name": name, "phones": [{"phone": f"+{friend.wa_id}", "wa_id": friend.wa_id, "type": "CELL"}]}


@require_POST
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an emoji on a message; the one that is there already is taken back."""
    message = get_object_or_404(Message, pk=pk)
    emoji = request.POST.get("emoji", "")[:32]
    speech.react(message, "" if emoji == message.customer_reaction else emoji)
    return HttpResponse(status=DONE)


@require_POST
def choose(_request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Press a button under a message of the business."""
    message = get_object_or_404(Message, pk=pk, is_from_customer=False)
    offered = choices(message, _template(message))
    if place >= len(offered):
        raise Http404
    choice = offered[place]
    speech.say(message.chat, choice.kind, choice.content, reply_to=message.wamid)
    return HttpResponse(status=DONE)


def _template(message: Message) -> Template | None:
    if message.type != "template":
        return None
    known = Template.of(message.chat.number.waba_id).filter(name=message.content["name"])
    return known.filter(language=message.content["language"]["code"]).first()


def _own(pk: int) -> Message:
    return get_object_or_404(Message, pk=pk, is_from_customer=True, is_revoked=False)


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own text."""
    message, text = _own(pk), request.POST.get("text", "").strip()[:4096]
    if message.type != "text" or not text:
        return HttpResponse(status=400)
    speech.edit(message, text)
    return HttpResponse(status=DONE)


@require_POST
def revoke(_request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an own message for everybody."""
    speech.revoke(_own(pk))
    return HttpResponse(status=DONE)
