"""Building the demo: through the core's own action for arrivals, so that every counter and event is real."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Role, User
from conversations.actions import receive
from conversations.actions.arrivals import Arrival, Identity, Media, Person
from conversations.models import Attachment, AttachmentState, Conversation, IdentityKind, Label, Labelling, Message
from conversations.statuses import Direction, MessageStatus, MessageType
from demo import pictures
from demo.chats import talk
from demo.dialogues import DIALOGUES, NEIGHBOURS
from demo.lines import CUSTOMER, Dialogue, Line
from kanban.actions import create_default_board
from kanban.models import Column
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from whatsapp.models import Number

PASSWORD = "recado-demo"  # noqa: S105  printed by `make run`; a system check refuses demo mode in production
TOKEN = "demo-access-token"  # noqa: S105  the simulator takes any
STAFF = "root@recado.test"
PEOPLE = {
    "acme": {"bruno": Role.ADMIN, "sofia": Role.SUPERVISOR, "ana": Role.AGENT, "caio": Role.AGENT},
    "globex": {"gil": Role.AGENT},
}
FULL_NAMES = {
    "bruno": "Bruno Carvalho",
    "sofia": "Sofia Reis",
    "ana": "Ana Beatriz",
    "caio": "Caio Mendes",
    "gil": "Gil Santana",
}
NUMBERS = {
    "acme": ("test-phone-id", "test-entry", "5511999999999", "Casa Acme"),
    "globex": ("test-phone-id-2", "test-entry-2", "5521988887777", "Globex"),
}
HUES = (175, 25, 280, 220, 330, 95, 50, 250, 140, 0)


def seed() -> bool:
    """Create the demo tenants and somebody who runs the installation; False if they are there already."""
    if Tenant.objects.filter(slug="acme").exists():
        return False
    User.objects.create_superuser(STAFF, PASSWORD, name="Rita Operadora")
    for slug, dialogues in (("acme", DIALOGUES), ("globex", NEIGHBOURS)):
        tenant = Tenant.objects.create(slug=slug, name=NUMBERS[slug][3])
        people = {name: _person(tenant, name, role) for name, role in PEOPLE[slug].items()}
        with tenant_scope(tenant):
            _Seeding(people, _number(slug)).run(dialogues)
            if slug == "acme":
                talk(people)
    return True


def _person(tenant: Tenant, name: str, role: Role) -> User:
    email = f"{name}@{tenant.slug}.test"
    return User.objects.create_user(
        email, PASSWORD, tenant=tenant, name=FULL_NAMES[name], role=role, is_staff=role == Role.ADMIN
    )


def _number(slug: str) -> Number:
    phone_number_id, waba_id, display_number, name = NUMBERS[slug]
    return Number.objects.create(
        phone_number_id=phone_number_id, waba_id=waba_id, display_number=display_number, name=name, access_token=TOKEN
    )


class _Seeding:
    """One tenant's demo data."""

    def __init__(self, people: dict[str, User], number: Number) -> None:
        self.people, self.number, self.now = people, number, timezone.now()
        self.columns: list[Column] = list(create_default_board().columns.order_by("position"))
        self.labels: dict[str, Label] = {}

    def run(self, dialogues: Iterable[Dialogue]) -> None:
        """The oldest conversation first, so that the newest card ends on top."""
        for dialogue in sorted(dialogues, key=lambda each: -each.lines[0].ago):
            self._tell(dialogue)

    def _tell(self, dialogue: Dialogue) -> None:
        arrivals = [self._arrival(dialogue, line, place) for place, line in enumerate(dialogue.lines)]
        messages = {message.wamid: message for message in receive(arrivals)}
        for arrival, line in zip(arrivals, dialogue.lines, strict=True):
            self._complete(messages[arrival.wamid], line)
        self._organise(messages[arrivals[0].wamid].conversation_id, dialogue)

    def _arrival(self, dialogue: Dialogue, line: Line, place: int) -> Arrival:
        said_at = self.now - timedelta(minutes=line.ago)
        who = Identity(IdentityKind.WA_ID, dialogue.phone)
        kind, metadata, media = _content(line)
        return Arrival(
            number_id=self.number.pk,
            wamid=f"wamid.demo.{dialogue.phone}.{place}",
            person=Person((who,), who, dialogue.name),
            type=kind,
            content=line.text,
            metadata=metadata,
            media=media,
            said_at=said_at,
            received_at=said_at + timedelta(seconds=1),
            direction=Direction.INBOUND if line.who == CUSTOMER else Direction.OUTBOUND,
        )

    def _complete(self, message: Message, line: Line) -> None:
        """What arrivals cannot say: which colleague wrote it and how far it came, and the file itself."""
        if line.who != CUSTOMER:
            Message.objects.filter(pk=message.pk).update(
                sender=self.people[line.who],
                status=line.status,
                sent_at=message.said_at,
                **_stamps(line.status, message.said_at),
            )
            Conversation.objects.filter(last_message_id=message.pk).update(last_message_status=line.status)
        for attachment in Attachment.objects.filter(message=message):
            _fill(attachment, line)

    def _organise(self, conversation_id: UUID, dialogue: Dialogue) -> None:
        column = self.columns[dialogue.column]
        row = Conversation.objects.get(pk=conversation_id)
        row.column, row.priority = column, dialogue.priority
        row.status = column.sets_status or row.status
        row.assignee = self.people.get(dialogue.assignee)
        row.unread_count = row.unread_count if dialogue.unread else 0
        row.waiting_since = row.waiting_since if dialogue.unread else None
        row.save(update_fields=["column", "priority", "status", "assignee", "unread_count", "waiting_since"])
        for name in dialogue.labels:
            Labelling.objects.create(conversation=row, label=self._label(name))

    def _label(self, name: str) -> Label:
        if name not in self.labels:
            self.labels[name] = Label.objects.create(name=name, hue=HUES[len(self.labels) % len(HUES)])
        return self.labels[name]


def _content(line: Line) -> tuple[MessageType, dict[str, object], Media | None]:
    if line.picture:
        return MessageType.IMAGE, {}, Media("demo", "image/jpeg")
    if line.voice:
        return MessageType.VOICE, {}, Media("demo", "audio/wav")
    if line.document:
        return MessageType.DOCUMENT, {}, Media("demo", "application/pdf", line.document)
    if line.place:
        latitude, longitude, address = line.place
        return (
            MessageType.LOCATION,
            {"latitude": latitude, "longitude": longitude, "name": "", "address": address},
            None,
        )
    return MessageType.TEXT, {}, None


def _stamps(status: str, at: datetime) -> dict[str, datetime]:
    reached = {MessageStatus.DELIVERED: ["delivered_at"], MessageStatus.READ: ["delivered_at", "read_at"]}
    return {name: at + timedelta(seconds=5) for name in reached.get(MessageStatus(status), [])}


def _fill(attachment: Attachment, line: Line) -> None:
    if line.picture:
        content, mime_type, size = pictures.picture(line.picture), "image/jpeg", (960, 720)
    elif line.voice:
        content, mime_type, size = pictures.voice(line.voice), "audio/wav", None
    else:
        content, mime_type, size = pictures.document(line.document), "application/pdf", None
    attachment.file.save("file", ContentFile(content), save=False)
    if size:
        attachment.thumbnail.save("thumbnail", ContentFile(content), save=False)
        attachment.width, attachment.height = size
    attachment.mime_type, attachment.size = mime_type, len(content)
    attachment.sha256 = hashlib.sha256(content).hexdigest()
    attachment.state, attachment.next_attempt_at = AttachmentState.READY, None
    attachment.save()
