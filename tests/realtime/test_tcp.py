"""Newline-delimited JSON over TCP and TLS, against a real gateway process."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from config import metrics
from realtime import connection, figures, stats
from realtime.tcp import Gateway
from tests.cast import Company
from tests.realtime.client import socket_of, token
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.lines import Lines
from tests.realtime.serving import Program, gateway, until

pytestmark = pytest.mark.django_db(transaction=True)

fuzzed = bounded(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tcp") / "gateway.log"


@pytest.fixture(scope="module")
def tcp(django_db_setup: None, django_db_blocker: object, log: Path) -> Iterator[Program]:
    """A gateway whose log is read."""
    with log.open("wb") as out, gateway(settings.REDIS_URL, log=out, SOCKET_COMMANDS_PER_MINUTE="60000") as running:
        yield running


@pytest.fixture(autouse=True)
def _quiet(log: Path) -> Iterator[None]:
    """Nothing that clients send is our mistake."""
    yield
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    assert "Traceback" not in said, said[-3000:]


def test_commands_and_events_are_those_of_the_socket(tcp: Program, server: Program, acme: Company) -> None:
    conversation_id = str(conversation_with(acme).pk)
    with Lines(tcp.port) as lines, socket_of(acme.caio, server.ws) as colleague:
        assert lines.ask("ping")["error"]["code"] == "unauthenticated"
        assert lines.sign_in(token(acme.ana))["user"]["email"] == "ana@acme.test"
        sent = lines.ask("message:send", conversationId=conversation_id, clientId="abc", content="Olá!")
        assert lines.next("message:new")["data"]["message"] == sent["data"]
        assert colleague.next("message:new")["data"]["message"] == sent["data"]


def test_events_are_heard_once_and_in_order(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as lines:
        lines.sign_in(token(acme.ana))
        for start in range(0, 300, 10):
            happen(acme.tenant, *range(start, start + 10))
        heard = [lines.next("conversation:updated") for _ in range(300)]
    assert [event["data"]["updates"]["number"] for event in heard] == list(range(300))
    assert [event["prev"] for event in heard[1:]] == [event["seq"] for event in heard[:-1]]


def test_gateway_is_counted_as_no_web_process(tcp: Program, server: Program) -> None:
    def is_web(program: Program) -> bool | None:
        return next((found.about.is_web for found in figures.read() if found.about.pid == program.process.pid), None)

    until(lambda: (is_web(tcp), is_web(server)) == (False, True))
    until(
        lambda: (
            f"\nrecado_web_processes {sum(found.about.is_web for found in figures.read())}.0\n"
            in metrics.text().decode()
        )
    )


def test_bad_token_is_answered_and_closed(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as lines:
        assert lines.ask("auth", token="nonsense")["error"]["code"] == "unauthenticated"
        assert lines.close_code() == 4401


async def test_stranger_who_does_not_sign_in_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "AUTH_SECONDS", 0.1)
    listening = await Gateway().listen("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    async with asyncio.timeout(20):
        closed = json.loads(await reader.readline())
        assert (closed["type"], closed["data"]) == ("closed", {"code": 4401, "reason": "no proof"})
        assert await reader.read() == b""
    writer.close()
    listening.close()


def test_logout_closes_with_its_code(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as first, Lines(tcp.port) as second:
        first.sign_in(token(acme.ana))
        second.sign_in(token(acme.ana))
        assert first.ask("logout", all=True)["status"] == "ok"
        assert first.close_code() == 1000
        assert second.close_code() == 4401


def test_line_that_is_too_long_is_answered_and_the_next_one_too(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as lines:
        lines.sign_in(token(acme.ana))
        for length in (65_537, 65_536 * 2 + 1, 300_000):
            lines.send(b"x" * length + b"\n")
            assert lines.reply()["error"]["code"] == "too_large"
        longest = b'{"type":"ping","data":{"x":"' + b"x" * (65_536 - 31) + b'"}}'
        assert len(longest) == 65_536
        lines.send(longest + b"\n")
        assert lines.reply()["status"] == "ok"
        assert lines.ask("ping")["status"] == "ok"


def test_line_that_does_not_end_ends_the_connection(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as lines:
        lines.sign_in(token(acme.ana))
        with suppress(OSError):  # it may be reset before all is sent
            lines.send(b"x" * 2_000_000)
        assert lines.close_code() is None


def test_reader_that_does_not_read_is_let_go(tcp: Program, acme: Company) -> None:
    with Lines(tcp.port) as stuck, Lines(tcp.port) as other:
        stuck.sign_in(token(acme.ana))
        other.sign_in(token(acme.caio))
        for number in range(150):
            happen(acme.tenant, number, padding=50_000)
            other.next("conversation:updated")
        until(lambda: stats.read(acme.tenant.pk)["totalConnections"] == 1)
        assert stuck.close_code() in {4408, None}  # it may have been cut off before it read that


@pytest.mark.timeout(120)
def test_gateway_that_stops_tells_everybody(acme: Company) -> None:
    with gateway(settings.REDIS_URL) as leaving, Lines(leaving.port) as lines, Lines(leaving.port) as stranger:
        lines.sign_in(token(acme.ana))
        leaving.terminate()
        assert lines.next("server:shutdown")["data"] == {"reason": "restart"}
        assert lines.close_code() == 1012
        assert leaving.process.wait(30) == 0
        assert stranger.close_code() == 1012


@pytest.mark.timeout(120)
def test_tls_is_spoken_with_a_certificate(acme: Company, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    log = tmp_path / "tls.log"
    arguments = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with log.open("wb") as out, gateway(settings.REDIS_URL, *arguments, log=out) as secure:
        with Lines(secure.port) as plain:
            plain.send(b'{"type":"ping"}\n')
            assert plain.connection.recv(100)[:1] != b"{"  # an alert of TLS, or nothing
        with Lines(secure.port, trusting) as lines:
            assert lines.sign_in(token(acme.ana))["user"]["name"] == "Ana"
    assert "Traceback" not in log.read_text("utf-8")


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = folder / "certificate.pem", folder / "key.pem"
    for file, content in zip(files, (certificate.public_bytes(pem), private), strict=True):
        file.write_bytes(content)
    return files


def test_command_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="both"):
        call_command("tcpgateway", tls_cert="certificate.pem")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("tcpgateway", tls_cert=str(tmp_path / "no.pem"), tls_key=str(tmp_path / "no.pem"))


def test_bytes_that_are_nonsense_are_answered_line_by_line(tcp: Program, acme: Company, globex: Company) -> None:
    with Lines(tcp.port) as innocent, Lines(tcp.port) as hostile:
        innocent.sign_in(token(globex.gil))
        hostile.sign_in(token(acme.ana))

        @fuzzed
        @given(st.lists(st.binary(max_size=300).filter(lambda line: b"\n" not in line), min_size=1, max_size=10))
        def noise(some: list[bytes]) -> None:
            hostile.send(b"".join(line + b"\n" for line in some))
            for _ in some:
                assert hostile.reply()["error"]["code"] in {"bad_json", "bad_request", "unknown_command"}

        noise()
        assert innocent.ask("ping")["status"] == "ok"
        assert not innocent.events


def test_strangers_who_send_noise_are_cut_off_at_any_place(tcp: Program) -> None:
    @fuzzed
    @given(st.binary(max_size=2_000))
    def noise(data: bytes) -> None:
        with Lines(tcp.port) as stranger:
            stranger.send(data)

    noise()
    with Lines(tcp.port) as stranger:
        stranger.send(json.dumps({"type": "auth", "requestId": 1}).encode() + b"\r\n")
        assert stranger.reply(1)["error"]["fields"] == {"token": "This field is required."}
