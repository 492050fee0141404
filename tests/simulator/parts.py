"""A running simulator, and a small server that stands in for the helpdesk."""

import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

import httpx

PATIENCE = 10.0
SECRET = b"demo-app-secret"
NUMBER = "test-phone-id"
MARIA = "5511976543210"


@dataclass(frozen=True)
class Received:
    """One webhook as it came in."""

    raw: bytes
    signature: str | None

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def value(self) -> Any:
        return self.body["entry"][0]["changes"][0]["value"]

    @property
    def is_signed(self) -> bool:
        expected = "sha256=" + hmac.new(SECRET, self.raw, hashlib.sha256).hexdigest()
        return self.signature is not None and hmac.compare_digest(self.signature, expected)


@dataclass
class Helpdesk:
    """Receives webhooks. `answers` are the status codes it gives next; after them it says 200."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def take(self, webhook: Received) -> int:
        with self.changed:
            self.received.append(webhook)
            self.changed.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def wait(self, condition: Callable[[list[Received]], bool]) -> list[Received]:
        """Everything received, as soon as it is enough."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self.received), PATIENCE), self.received
            return list(self.received)

    def wait_for(self, count: int) -> list[Received]:
        return self.wait(lambda received: len(received) >= count)

    def statuses(self, *wanted: str) -> list[Any]:
        """The statuses received, in order, once there are as many as wanted; they have to be these."""
        found = [s for webhook in self.wait_for(len(wanted)) for s in webhook.value.get("statuses", [])]
        assert [status["status"] for status in found] == list(wanted)
        return found

    def clear(self) -> None:
        with self.changed:
            self.received.clear()
            self.answers.clear()


@dataclass
class Simulator:
    """A running simulator, and its three ways in."""

    url: str
    process: "subprocess.Popen[bytes]"
    http: httpx.Client

    def graph(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": "Bearer any-token"}
        url = path if path.startswith("http") else f"{self.url}/graph/v25.0/{path}"
        return self.http.request(method, url, headers=headers, **options)

    def send(
        self, *, to: str | None = f"+{MARIA}", number: str = NUMBER, patience: float = PATIENCE, **body: Any
    ) -> httpx.Response:
        message = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, **body}
        return self.graph("POST", f"{number}/messages", json=message, timeout=patience)

    def send_text(self, text: str = "Oi, Maria!", **more: Any) -> str:
        """Send a text that has to be accepted; its wamid."""
        answer = self.send(type="text", text={"body": text}, **more)
        assert answer.status_code == 200, answer.text
        wamid: str = answer.json()["messages"][0]["id"]
        return wamid

    def behave(self, **behaviour: Any) -> None:
        answer = self.http.post(f"{self.url}/api/behaviour", json={"sent_ms": 5, "delivered_ms": 20, **behaviour})
        assert answer.status_code == 200, answer.text

    def says(self, **speech: Any) -> Any:
        """A customer says something; the answer comes once the helpdesk has it."""
        speech = {"customer": MARIA, "phone_number_id": NUMBER, "wait": PATIENCE, **speech}
        answer = self.http.post(f"{self.url}/api/inbound", json=speech)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def messages(self, **filters: str) -> list[Any]:
        found: list[Any] = self.http.get(f"{self.url}/api/messages", params=filters).json()["messages"]
        return found

    def wait_idle(self) -> None:
        """Until no webhook waits any more."""
        wait_until(lambda: self.http.get(f"{self.url}/api/queue").json()["waiting"] == 0)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.http.close()


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask again until it is true."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def client() -> httpx.Client:
    """An HTTP client for loopback: no TLS, whose certificates take longer to load than most tests."""
    return httpx.Client(timeout=PATIENCE, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def answers(http: httpx.Client, url: str) -> bool:
    try:
        return http.get(url).is_success
    except httpx.TransportError:
        return False
