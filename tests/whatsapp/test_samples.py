"""Meta's own sample payloads: each posted signed, twice, and shuffled."""

import json
import random
from collections.abc import Callable
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from conversations.models import Attachment, Contact, Conversation, Message, Reaction
from tenancy.scope import tenant_scope
from tests.cast import Company
from whatsapp import inbox, ingest
from whatsapp.models import Delivery, EarlyUpdate, Number
from whatsapp.payloads import MessageItem, StatusItem, accounts_named, decode, items

FOLDER = Path(__file__).resolve().parents[3] / "shared/reference/webhooks"
SAMPLES = sorted(FOLDER.glob("meta-docs*/*.json"))

pytestmark = pytest.mark.skipif(
    not SAMPLES, reason="Meta's samples are not part of the project; ours are in test_ingest.py"
)


def connect_numbers(company: Company, samples: list[Path]) -> None:
    """The numbers that the samples speak of, as ours."""
    accounts = {pair for sample in samples for pair in accounts_named(decode(sample.read_bytes())) if pair[1]}
    with tenant_scope(company.tenant):
        for place, (waba_id, phone_number_id) in enumerate(sorted(accounts)):
            Number.objects.get_or_create(
                phone_number_id=phone_number_id,
                defaults={"waba_id": waba_id, "display_number": str(place), "access_token": "t"},
            )


def state(company: Company) -> dict[str, Any]:
    """What is stored, without ids and times of ours."""
    with tenant_scope(company.tenant):
        said = {
            row.wamid: row.said_at for row in Message.objects.exclude(said_at=F("received_at"))
        }  # others: our own clock
        messages = Message.objects.order_by("wamid").values_list(
            "wamid",
            "type",
            "direction",
            "content",
            "status",
            "reply_to__wamid",
            "deleted_at",
            "conversation__contact__phone",
        )
        return {
            "said": said,
            "messages": list(messages),
            "contacts": sorted(Contact.objects.values_list("phone", "name")),
            "conversations": sorted(
                Conversation.objects.values_list("contact__phone", "number__phone_number_id", "unread_count", "status")
            ),
            "reactions": sorted(Reaction.objects.values_list("message__wamid", "emoji")),
            "attachments": sorted(Attachment.objects.values_list("message__wamid", "media_id", "state")),
            "early": sorted(
                EarlyUpdate.objects.values_list("wamid", "update__status__status", "update__message__type"), key=str
            ),
        }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_sample_has_its_effect_once(sample: Path, acme: Company, deliver: Callable[[bytes], None]) -> None:
    connect_numbers(acme, [sample])
    raw = sample.read_bytes()
    deliver(raw)
    found = [item for item in items(decode(raw)) if isinstance(item, MessageItem | StatusItem)]
    with tenant_scope(acme.tenant):
        known = {number.phone_number_id for number in Number.objects.all()}
        stored = {
            *Message.objects.values_list("wamid", flat=True),
            *EarlyUpdate.objects.values_list("wamid", flat=True),
        }
    for item in found:
        assert item.source.phone_number_id in known
        if isinstance(item, MessageItem):
            expected = {"reaction", "edit", "revoke", "system"}
            assert item.message.id in stored or item.message.type in expected
        elif item.status.status in {"sent", "delivered", "read", "failed"}:
            assert item.status.id in stored
    before = state(acme)
    deliver(raw)
    deliver(raw + b"\n")
    assert state(acme) == before
    assert not Delivery.objects.filter(state__in=["PENDING", "FAILED"]).exists()


def distinct(sample: Path) -> bytes:
    """The samples share a few wamids; give each file's own messages ids of their own, as Meta would."""
    raw = json.loads(sample.read_bytes())
    return json.dumps(_renamed(raw, sample.stem)).encode()


def _renamed(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        renamed = {key: _renamed(each, name) for key, each in value.items()}
        for part in ("messages", "message_echoes"):
            messages = renamed.get(part)
            for message in messages if isinstance(messages, list) else ():
                if isinstance(message, dict) and isinstance(message.get("id"), str):
                    message["id"] = f"{message['id'][:200]}.{name}"
        return renamed
    return [_renamed(each, name) for each in value] if isinstance(value, list) else value


def test_samples_shuffled_end_in_the_same_state(acme: Company, globex: Company) -> None:
    samples = [sample for sample in SAMPLES if isinstance(decode(sample.read_bytes()), dict)]
    bodies = [distinct(sample) for sample in samples]
    states = []
    for seed, company in ((None, acme), (7, globex)):
        order = list(bodies)
        if seed is not None:
            _hand_over(acme, company)
            random.Random(seed).shuffle(order)
        else:
            connect_numbers(company, samples)
        Delivery.objects.all().delete()
        for size in range(0, len(order), 7):
            inbox.store([inbox.incoming(raw, "") for raw in order[size : size + 7]])
            Context().run(ingest.drain)
        states.append(state(company))
    assert states[0]["messages"]
    assert states[0] == states[1]


def _hand_over(old: Company, new: Company) -> None:
    """Free the samples' numbers for the second tenant."""
    with tenant_scope(old.tenant):
        rows = [
            (row.phone_number_id, row.waba_id, row.display_number) for row in Number.objects.exclude(pk=old.number.pk)
        ]
        for row in Number.objects.exclude(pk=old.number.pk):
            Number.objects.filter(pk=row.pk).update(phone_number_id=f"old-{row.phone_number_id}", waba_id="old")
    with tenant_scope(new.tenant):
        for phone_number_id, waba_id, display_number in rows:
            Number.objects.create(
                phone_number_id=phone_number_id, waba_id=waba_id, display_number=display_number, access_token="t"
            )
