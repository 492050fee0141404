from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import pulse
from conversations.models import Conversation, Message
from realtime import drain
from realtime.store import synchronous
from tenancy.scope import tenant_scope
from tests.cast import Company
from tests.webhooks import body, text, value
from whatsapp import ingester
from whatsapp.models import Delivery, DeliveryState

QUEUES = ["default", "media", "sending"]


@pytest.fixture
def _workers() -> Iterator[None]:
    """Workers for all queues have just beaten."""
    current_app.amqp.queues.select(QUEUES)
    pulse.beat()
    yield
    current_app.amqp.queues._consume_from = None  # type: ignore[attr-defined]
    synchronous().delete(*(f"recado:pulse:{queue}" for queue in QUEUES))


@pytest.mark.usefixtures("_workers")
def test_ready_when_everything_is_there(db: None, client: Client) -> None:
    with ingester.alone():
        answer = client.get("/readyz", headers={"Host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok",
        "redis": "ok",
        "ingest": "ok",
        "workers": "ok",
        "process": "ok",
        "missing": [],
    }


def test_not_ready_without_workers(db: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["workers"] == "none for default, media, sending"
    assert answer.json()["ingest"] == "none"


def test_reasons_are_for_this_machine(db: None, client: Client) -> None:
    answer = client.get("/readyz", REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": "ok", "redis": "ok", "ingest": "not ok", "workers": "not ok", "process": "ok",
        "missing": ["ingest", "workers"],
    }  # fmt: skip


@pytest.mark.usefixtures("_workers")
def test_a_worker_is_missed_when_its_pulse_stops(db: None, client: Client) -> None:
    assert 0 < synchronous().ttl("recado:pulse:media") <= pulse.TTL_SECONDS
    synchronous().delete("recado:pulse:media")
    assert client.get("/readyz").json()["workers"] == "none for media"


@pytest.mark.usefixtures("_workers")
def test_not_ready_while_leaving(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain._State, "draining", True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["process"]) == (503, "leaving")


def test_not_ready_without_redis(db: None, client: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    synchronous.cache_clear()
    try:
        answer = client.get("/readyz")
    finally:
        synchronous.cache_clear()
    assert answer.status_code == 503
    assert answer.json()["redis"] != "ok"
    assert answer.json()["workers"] == "unknown without redis"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_workers")
def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "refused" in answer.json()["database"]
    assert "\n" not in answer.json()["database"]


def test_a_worker_without_redis_goes_on(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    synchronous.cache_clear()
    try:
        pulse.beat()
    finally:
        synchronous.cache_clear()
    assert "pulse was not written" in caplog.text


def test_metrics_count_what_waits(
    acme: Company, client: Client, deliver: Callable[[bytes], None], post_webhook: Callable[[bytes], int]
) -> None:
    deliver(body(value(text())))
    post_webhook(body(value(text())))
    Delivery.objects.filter(state=DeliveryState.PENDING).update(received_at=timezone.now() - timedelta(seconds=90))
    with tenant_scope(acme.tenant):
        conversation = Conversation.objects.get()
        Message.objects.create(
            conversation=conversation, direction="OUTBOUND", status="SENDING", said_at=conversation.created_at
        )
    lines = client.get("/metrics").content.decode().splitlines()
    assert 'recado_deliveries{state="pending"} 1.0' in lines
    assert 'recado_deliveries{state="failed"} 0.0' in lines
    assert 'recado_messages{status="pending"} 0.0' in lines
    assert 'recado_messages{status="sending"} 1.0' in lines
    assert 'recado_numbers{state="connected"} 1.0' in lines
    assert 'recado_queue_served{queue="sending"} 0.0' in lines
    assert "recado_ingester 0.0" in lines
    assert value_of("recado_events_total", lines) >= 2
    assert 90 <= value_of("recado_oldest_pending_delivery_seconds", lines) < 120
    assert value_of("recado_ingest_lag_seconds", lines) < 90
    assert lines.count("# TYPE recado_messages gauge") == 1


def value_of(name: str, lines: list[str]) -> float:
    (found,) = (line.split()[1] for line in lines if line.startswith(f"{name} "))
    return float(found)


def test_metrics_say_what_is_away(db: None, client: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    synchronous.cache_clear()
    try:
        lines = client.get("/metrics").content.decode().splitlines()
    finally:
        synchronous.cache_clear()
    assert 'recado_up{part="redis"} 0.0' in lines
    assert 'recado_up{part="database"} 1.0' in lines
    assert "recado_ingester 0.0" in lines


@pytest.mark.usefixtures("db")
def test_metrics_count_tasks_that_wait(client: Client) -> None:
    queue = f"{settings_of_the_broker()}media"
    synchronous().delete(queue)  # other tests leave what no worker of theirs has taken
    synchronous().rpush(queue, "one", "two")
    try:
        lines = client.get("/metrics").content.decode().splitlines()
    finally:
        synchronous().delete(queue)
    assert 'recado_queue_tasks{queue="media"} 2.0' in lines


def settings_of_the_broker() -> str:
    prefix: str = current_app.conf.broker_transport_options["global_keyprefix"]
    return prefix


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}])
def test_metrics_are_for_this_machine(db: None, client: Client, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403


def test_metrics_are_for_whoever_knows_the_token(db: None, client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = "sesame"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    answer = client.get("/metrics", headers={"Authorization": "Bearer sesame"}, REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
