"""A tenant with one of everything, marked with a word that nobody else may ever read."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import Membership, Role, Team, User
from conversations import actions
from conversations.models import (
    Attachment,
    AttachmentState,
    Contact,
    ContactIdentity,
    Conversation,
    IdentityKind,
    Label,
    Labelling,
    Message,
    Reaction,
    Upload,
)
from conversations.statuses import Direction, MessageStatus
from events.models import Event
from tenancy.models import TenantModel
from tenancy.scope import every_tenant, tenant_scope
from tests.cast import PASSWORD, Company, company
from whatsapp.models import APPROVED, Delivery, DeliveryState, EarlyUpdate, Template


@dataclass
class World:
    """A tenant's rows by what they are. `word` is in every text of theirs."""

    company: Company
    word: str
    admin: User
    agent: User
    rows: dict[str, Model]

    def __getitem__(self, name: str) -> Any:
        return self.rows[name].pk

    def id(self, name: str) -> str:
        """As JSON names it."""
        return str(self[name])

    @property
    def secrets(self) -> set[str]:
        """What no answer to anybody else may hold: its word, its name, the ids of its rows."""
        ids = {str(pk) for pk in (row.pk for row in self.rows.values()) if isinstance(pk, UUID)}
        return {self.word, self.company.tenant.slug, str(self.company.tenant.pk), *ids}


def world(slug: str, word: str, number: int) -> World:
    """A tenant where everything has happened once."""
    made = company(slug, (f"phone-{slug}", f"waba-{slug}", f"55119{number:08}"), admin=Role.ADMIN, agent=Role.AGENT)
    User.objects.filter(tenant=made.tenant).update(is_staff=True, name=word)
    delivery = Delivery.objects.create(
        body=f'{{"word": "{word}"}}'.encode(),
        sha256=slug.encode(),
        tenant_ids=[made.tenant.pk],
        state=DeliveryState.DONE,
    )
    with tenant_scope(made.tenant):
        rows = {**_work(made, word), **_talk(made, word), "delivery": delivery, "tenant": made.tenant}
        rows |= _chat(made, word, rows["user"])
    return World(made, word, made.admin, made.agent, rows)


def _work(made: Company, word: str) -> dict[str, Model]:
    column, team = made.columns[0], Team.objects.create(name=word)
    Membership.objects.create(team=team, user=made.agent)
    made.number.name = word
    made.number.save(update_fields=["name"])
    column.board.name = column.name = word
    column.board.save(update_fields=["name"])
    column.save(update_fields=["name"])
    early = EarlyUpdate.objects.create(number=made.number, wamid=word, update={"word": word}, digest="")
    body = f"{word} {{{{1}}}}"
    template = Template.objects.create(
        waba_id=made.number.waba_id,
        name=word,
        language="pt_BR",
        status=APPROVED,
        body=body,
        components=[{"type": "BODY", "text": body}],
    )
    user = User.objects.create_user(f"{word}@{made.tenant.slug}.test", PASSWORD, name=word, tenant=made.tenant)
    return {
        "team": team,
        "column": column,
        "board": column.board,
        "number": made.number,
        "earlyupdate": early,
        "template": template,
        "user": user,
        "label": Label.objects.create(name=word),
    }


def _talk(made: Company, word: str) -> dict[str, Model]:
    now = timezone.now()
    contact = Contact.objects.create(name=word, phone="5511900000000")
    ContactIdentity.objects.create(contact=contact, kind=IdentityKind.WA_ID, value=word)
    conversation = Conversation.objects.create(
        contact=contact,
        number=made.number,
        column=made.columns[0],
        last_message_preview=word,
        last_message_at=now,
        window_expires_at=now + timedelta(hours=1),
    )
    Labelling.objects.create(conversation=conversation, label=Label.objects.get())
    sent = actions.send_message(conversation, by=made.agent, content=word)
    message = Message.objects.create(
        conversation=conversation,
        number=made.number,
        content=word,
        direction=Direction.OUTBOUND,
        status=MessageStatus.FAILED,
        said_at=now,
    )
    Reaction.objects.create(message=message, contact=contact, emoji="👍", reacted_at=now)
    parts = Upload.objects.create(uploaded_by=made.admin, length=9, filename=word, expires_at=now + timedelta(hours=1))
    files = {"parts": parts, "attachment": _attachment(message, word), "upload": _attachment(None, word, made.agent)}
    event = Event.objects.latest("seq")
    return {"contact": contact, "conversation": conversation, "message": message, "sent": sent, "event": event, **files}


def _chat(made: Company, word: str, member: Model) -> dict[str, Model]:
    """A group of the administrator's, and what was said in it and between two."""
    assert isinstance(member, User)
    group = actions.create_group(by=made.admin, title=word, people=[made.agent, member])
    said = actions.write_message(group, by=made.admin, content=word)
    direct = actions.open_direct(by=made.admin, colleague=member)
    actions.write_message(direct, by=made.admin, content=word)
    return {"group": group, "said": said, "member": member, "direct": direct}


def _attachment(message: Message | None, word: str, uploaded_by: User | None = None) -> Attachment:
    row = Attachment(
        message=message, uploaded_by=uploaded_by, state=AttachmentState.READY, mime_type="image/png", filename=word
    )
    row.file.save("file", ContentFile(word.encode()), save=False)
    row.thumbnail.save("small", ContentFile(word.encode()), save=False)
    row.save()
    return row


def snapshot(tenant_id: UUID) -> dict[str, list[Any]]:
    """Everything a tenant has in the database."""
    people = User.objects.filter(tenant_id=tenant_id).order_by("pk")
    deliveries = Delivery.objects.filter(tenant_ids=[tenant_id]).order_by("pk")
    with every_tenant(), connection.cursor() as cursor:
        cursor.execute(_rows_of_a_tenant(), {"tenant": tenant_id})
        rows = dict(cursor.fetchall())
    return {
        **rows,
        "User": list(people.values("pk", "name", "is_staff", "password")),
        "Delivery": list(deliveries.values("pk", "state")),
    }


@cache
def _rows_of_a_tenant() -> str:
    """One statement for all its tables: a name, and the rows as text."""
    tables = [kind._meta.db_table for kind in apps.get_models() if issubclass(kind, TenantModel)]
    return " UNION ALL ".join(
        f"SELECT '{table}', array_agg(it::text ORDER BY it::text) FROM {table} AS it WHERE tenant_id = %(tenant)s"  # noqa: S608
        for table in tables
    )
