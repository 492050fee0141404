"""Signed webhook → worker → socket, and agent → Graph API → statuses → socket: real processes all the way."""

import time
import uuid

import httpx
import pytest

from tests.files import picture
from tests.stack import Stack
from tests.waiting import eventually
from tests.webhooks import body, signature, text, value

pytestmark = [pytest.mark.flow, pytest.mark.timeout(180)]


def test_customers_message_reaches_every_agent_of_the_tenant_and_no_other(stack: Stack, phone: str) -> None:
    with (
        stack.socket("ana@acme.test") as ana,
        stack.socket("caio@acme.test") as caio,
        stack.socket("gil@globex.test") as gil,
    ):
        stack.meta.say(phone, "Bom dia!")
        for agent in (ana, caio):
            new = agent.wait_for("message:new")
            assert new["data"]["message"]["content"] == "Bom dia!"
            assert new["data"]["message"]["contact"]["phoneNumber"] == phone
        stack.meta.say("5521911112222", "para a globex", phone_number_id="test-phone-id-2")
        gil.wait_for("message:new")
        assert "Bom dia!" not in str(gil.heard)
        assert "para a globex" not in str(ana.ask("ping")) + str(ana.heard)


def test_events_are_numbered_without_gaps_and_chained(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana:
        for turn in range(5):
            stack.meta.say(phone, str(turn))
        while sum(event["type"] == "message:new" for event in ana.heard) < 5:
            ana.next()
        numbered = [event for event in ana.heard if "seq" in event and event["type"] != "connected"]
        seqs = [ana.connected["data"]["seq"], *(event["seq"] for event in numbered)]
        assert [event["prev"] for event in numbered] == seqs[:-1]
        assert ana.ask("events:since", seq=seqs[0])["data"]["events"][-1]["seq"] >= seqs[-1]


def test_agents_answer_goes_out_and_its_ticks_come_back(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana, stack.socket("caio@acme.test") as caio:
        stack.meta.say(phone, "Oi, tudo bem?")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        stack.meta.behave(phone, outcome="read", sent_ms=20, delivered_ms=40, read_ms=80)
        client_id = str(uuid.uuid4())
        reply = ana.ask(
            "message:send", conversationId=conversation_id, clientId=client_id, type="TEXT", content="Tudo ótimo!"
        )
        assert (reply["status"], reply["data"]["status"]) == ("ok", "PENDING")
        again = ana.ask(
            "message:send", conversationId=conversation_id, clientId=client_id, type="TEXT", content="Tudo ótimo!"
        )
        assert again["data"]["id"] == reply["data"]["id"]
        caio.wait_for("message:status-update", messageId=reply["data"]["id"], status="READ")
        seen = [event["data"]["status"] for event in caio.heard if event["type"] == "message:status-update"]
        order = ["PENDING", "SENDING", "SENT", "DELIVERED", "READ"]
        assert seen == sorted(seen, key=order.index)
        assert stack.meta.received(phone) == ["Tudo ótimo!"]


def test_reaction_reaches_the_customers_phone_and_a_late_refusal_takes_it_back(stack: Stack, phone: str) -> None:
    def on_the_phone() -> str | None:
        (said,) = [each for each in stack.meta.messages(phone) if each["direction"] == "inbound"]
        emoji: str | None = said["reactions"]["business"]
        return emoji

    with stack.socket("ana@acme.test") as ana:
        stack.meta.say(phone, "Obrigada!")
        message_id = ana.wait_for("message:new")["data"]["message"]["id"]
        waiting = ana.ask("message:react", messageId=message_id, emoji="👍")["data"]["reactions"]
        assert [each["status"] for each in waiting] == ["PENDING"]
        eventually(lambda: ana.wait_for("message:reaction")["data"]["reactions"][0]["status"] == "SENT")
        assert on_the_phone() == "👍"
        stack.meta.behave(phone, outcome="failed", error_code=131047)
        ana.ask("message:react", messageId=message_id, emoji="❤️")
        assert ana.wait_for("notification:new", messageId=message_id)["data"]["kind"] == "REACTION_REFUSED"
        assert ana.ask("message:list", conversationId=ana.heard[-1]["data"]["conversationId"])["data"]["items"][0][
            "reactions"
        ] == [{"emoji": "👍", "sender": waiting[0]["sender"], "status": "SENT"}]
        assert on_the_phone() == "👍"


def test_rest_and_socket_speak_of_the_same_message(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana, stack.api("caio@acme.test") as api:
        stack.meta.say(phone, "Pelo REST")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        sent = api.post(
            f"conversations/{conversation_id}/messages",
            json={"type": "TEXT", "content": "Oi"},
            headers={"Idempotency-Key": "k1"},
        )
        assert sent.status_code == 201
        heard = ana.wait_for("message:new", conversationId=conversation_id)
        assert heard["data"]["message"]["id"] == sent.json()["id"]
        page = ana.ask("message:list", conversationId=conversation_id)
        listed = api.get(f"conversations/{conversation_id}/messages").json()
        ids = [message["id"] for message in page["data"]["items"]]
        assert ids == [message["id"] for message in listed["items"]]
        assert page["data"]["items"][-1] == listed["items"][-1]


def test_picture_is_fetched_and_shown(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana, stack.api("ana@acme.test") as api:
        stack.meta.say(phone, sample="picture")
        message = ana.wait_for("message:updated")["data"]["message"]
        (attachment,) = message["attachments"]
        assert (attachment["state"], attachment["mimeType"]) == ("READY", "image/png")
        assert attachment["thumbnailUrl"]
        assert attachment["width"]
        assert api.get(f"{stack.url}{attachment['url']}").status_code in {200, 302}


def test_picture_that_an_agent_uploads_reaches_the_customer(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana, stack.api("ana@acme.test") as api:
        stack.meta.say(phone, "Tem foto?")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        uploaded = api.post("attachments", files={"file": ("vitrine.jpg", picture("JPEG"))})
        assert uploaded.status_code == 201
        sent = ana.ask(
            "message:send",
            conversationId=conversation_id,
            clientId=str(uuid.uuid4()),
            content="Aqui está",
            attachmentIds=[uploaded.json()["id"]],
        )["data"]
        assert sent["type"] == "IMAGE"
        ana.wait_for("message:status-update", messageId=sent["id"], status="SENT")
        (heard,) = [each for each in stack.meta.messages(phone) if each["direction"] == "outbound"]
        assert heard["image"]["caption"] == "Aqui está"
        assert stack.meta.file(heard["image"]["id"]) == picture("JPEG")

        def has_thumbnail() -> bool:
            return bool(api.get(f"attachments/{uploaded.json()['id']}").json()["thumbnailUrl"])

        eventually(has_thumbnail)


def test_duplicate_and_unordered_webhooks_change_nothing(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana:
        stack.meta.say(phone, "primeira")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        for mishap in ("duplicate", "reversed"):
            stack.meta.behave(phone, outcome="read", webhook=mishap, sent_ms=10, delivered_ms=20, read_ms=30)
            sent = ana.ask("message:send", conversationId=conversation_id, clientId=mishap, content=mishap)["data"]
            ana.wait_for("message:status-update", messageId=sent["id"], status="READ")
        eventually(lambda: stack.meta.waiting_webhooks() == 0)
        states = stack.sql(
            "SELECT content, status FROM conversations_message WHERE conversation_id = %s AND direction = 'OUTBOUND'",
            conversation_id,
        )
        assert sorted(states) == [("duplicate", "READ"), ("reversed", "READ")]


def test_failure_is_told_with_advice_and_retry_sends_again(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana, stack.api("ana@acme.test") as api:
        stack.meta.say(phone, "oi")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        stack.meta.behave(phone, outcome="failed", error_code=131026, remaining=1)
        sent = ana.ask("message:send", conversationId=conversation_id, clientId="f1", content="chega?")["data"]
        failed = ana.wait_for("message:status-update", messageId=sent["id"], status="FAILED")
        assert failed["data"]["error"]["code"] == "131026"
        assert failed["data"]["error"]["advice"]
        stack.meta.behave(phone, outcome="delivered", sent_ms=10, delivered_ms=20)
        assert api.post(f"messages/{sent['id']}/retry").status_code == 200
        ana.wait_for("message:status-update", messageId=sent["id"], status="DELIVERED")


def test_lost_answer_is_settled_by_the_status(stack: Stack, phone: str) -> None:
    with stack.socket("ana@acme.test") as ana:
        stack.meta.say(phone, "oi")
        conversation_id = ana.wait_for("message:new")["data"]["conversationId"]
        stack.meta.behave(phone, answer="timeout", outcome="delivered", remaining=1)
        sent = ana.ask("message:send", conversationId=conversation_id, clientId="l1", content="uma vez só")["data"]
        ana.wait_for("message:status-update", messageId=sent["id"], status="DELIVERED")
        assert stack.meta.received(phone) == ["uma vez só"]


def test_stats_count_sockets_and_forget_them(stack: Stack) -> None:
    with stack.api("bruno@acme.test") as api:

        def total() -> int:
            stats = api.get("socket/stats").json()
            assert {"totalConnections", "connectionsByTenant"} <= stats.keys()
            assert sum(stats["connectionsByTenant"].values()) == stats["totalConnections"]
            return int(stats["totalConnections"])

        before = total()
        with stack.socket("ana@acme.test"), stack.socket("caio@acme.test"), stack.socket("gil@globex.test"):
            eventually(lambda: total() == before + 2)  # the neighbour's are not ours to count
        eventually(lambda: total() == before)


def test_forged_webhook_is_refused(stack: Stack, phone: str) -> None:
    raw = body(value(text("falso", sender=phone)))
    for headers in ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, {"X-Hub-Signature-256": signature(raw, "wrong")}):
        assert httpx.post(f"{stack.url}/webhooks/whatsapp", content=raw, headers=headers).status_code == 401
    assert stack.sql("SELECT count(*) FROM whatsapp_delivery WHERE body = %s", raw) == [(0,)]


def test_message_is_on_the_socket_within_milliseconds(stack: Stack, phone: str) -> None:
    """A bound against stalls, not a benchmark: a lost doorbell would cost two seconds."""
    with stack.socket("ana@acme.test") as ana:
        took = []
        for turn in range(10):
            raw = body(value(text(f"{phone}.{turn}", sender=phone)))
            begun = time.perf_counter()
            httpx.post(
                f"{stack.url}/webhooks/whatsapp", content=raw, headers={"X-Hub-Signature-256": signature(raw)}
            ).raise_for_status()
            while not any(
                event["type"] == "message:new" and event["data"]["message"]["content"] == f"{phone}.{turn}"
                for event in ana.heard
            ):
                ana.next()
            took.append(time.perf_counter() - begun)
        assert sorted(took)[5] < 0.5
