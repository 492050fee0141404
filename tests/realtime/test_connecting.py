"""Proofs of identity, against a real server."""

import json

import pytest
from django.test import Client
from websockets.exceptions import InvalidStatus

from accounts import tokens
from realtime.connection import FRAMES_UNPROVED
from tenancy.models import Tenant
from tests.cast import PASSWORD, Company
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.serving import Program

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in_cookie(company: Company) -> str:
    client = Client()
    assert client.login(username=company.ana.email, password=PASSWORD)
    return f"recado_session={client.cookies['recado_session'].value}"


def test_socket_in_query_is_connected(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}?access_token={token(acme.ana)}") as socket:
        connected = socket.next()

    assert connected["type"] == "connected"
    assert connected["data"]["user"]["email"] == "ana@acme.test"
    assert connected["data"]["tenant"]["slug"] == "acme"
    assert connected["data"]["seq"] == 0
    assert connected["data"]["limits"]["frameBytes"] == 65536
    assert connected["data"]["heartbeat"] == 25


def test_socket_by_header_is_connected(server: Program, acme: Company) -> None:
    with Socket(server.ws, additional_headers={"Authorization": f"Bearer {token(acme.ana)}"}) as socket:
        assert socket.next()["type"] == "connected"


def test_socket_by_subprotocol_is_connected_and_the_token_is_not_echoed(server: Program, acme: Company) -> None:
    with Socket(server.ws, subprotocols=["recado.v1", f"bearer.{token(acme.ana)}"]) as socket:
        assert socket.next()["type"] == "connected"
        assert socket.connection.subprotocol == "recado.v1"


def test_socket_by_first_frame_is_connected_and_answered(server: Program, acme: Company) -> None:
    with Socket(server.ws) as socket:
        assert socket.ask("ping")["error"]["code"] == "unauthenticated"

        reply = socket.ask("auth", token=token(acme.ana))

        assert socket.next()["type"] == "connected"
        assert reply["data"]["user"]["id"] == str(acme.ana.pk)
        assert socket.ask("ping")["status"] == "ok"


def test_socket_proved_again_stays_the_same_person(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        assert socket.ask("auth", token=token(acme.ana))["status"] == "ok"
        assert socket.ask("auth", token=token(acme.bruno))["error"]["code"] == "unauthenticated"
        assert socket.ask("auth")["error"]["fields"] == {"token": "This field is required."}
        assert socket.ask("ping")["status"] == "ok"


def test_socket_by_cookie_of_the_same_origin_is_connected(server: Program, acme: Company) -> None:
    headers = {"Cookie": signed_in_cookie(acme)}
    with Socket(server.ws, origin=server.http, additional_headers=headers) as socket:
        assert socket.next()["type"] == "connected"


def test_socket_by_cookie_of_a_foreign_origin_is_refused_before_accept(server: Program, acme: Company) -> None:
    headers = {"Cookie": signed_in_cookie(acme)}
    for origin in ("https://evil.test", f"http://127.0.0.1:{server.port + 1}", "null"):
        with pytest.raises(InvalidStatus, match="403"), Socket(server.ws, origin=origin, additional_headers=headers):
            pass


def test_token_of_a_foreign_origin_is_accepted(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}?access_token={token(acme.ana)}", origin="https://app.test") as socket:
        assert socket.next()["type"] == "connected"


@pytest.mark.parametrize("bad", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoiMSJ9."])
def test_bad_token_closes_4401(server: Program, acme: Company, bad: str) -> None:
    with Socket(f"{server.ws}?access_token={bad}") as socket:
        assert socket.close_code() == 4401


def test_token_from_before_a_new_password_closes_4401(server: Program, acme: Company) -> None:
    old = token(acme.ana)
    acme.ana.set_password("another-password")
    acme.ana.save(update_fields=["password"])
    with Socket(f"{server.ws}?access_token={old}") as socket:
        assert socket.close_code() == 4401


def test_refresh_token_closes_4401(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}?access_token={tokens.issue(acme.ana)}") as socket:
        assert socket.close_code() == 4401


def test_stale_cookie_closes_4401(server: Program, acme: Company) -> None:
    headers = {"Cookie": "recado_session=0123456789abcdef"}
    with Socket(server.ws, origin=server.http, additional_headers=headers) as socket:
        assert socket.close_code() == 4401


def test_bad_first_frame_is_answered_and_closes_4401(server: Program, acme: Company) -> None:
    with Socket(server.ws) as socket:
        assert socket.ask("auth", token="nonsense")["error"]["code"] == "unauthenticated"
        assert socket.close_code() == 4401


def test_stranger_who_keeps_sending_is_held_back(server: Program, acme: Company) -> None:
    with Socket(server.ws) as socket:
        codes = {socket.ask("ping")["error"]["code"] for _ in range(FRAMES_UNPROVED)}
        assert codes == {"unauthenticated"}
        assert socket.ask("auth", token=token(acme.ana))["error"]["code"] == "rate_limited"


def test_deactivated_user_closes_4403(server: Program, acme: Company) -> None:
    proof = token(acme.ana)
    type(acme.ana).objects.filter(pk=acme.ana.pk).update(is_active=False)
    with Socket(f"{server.ws}?access_token={proof}") as socket:
        assert socket.close_code() == 4403


def test_deactivated_tenant_closes_4403(server: Program, acme: Company) -> None:
    Tenant.objects.filter(pk=acme.tenant.pk).update(is_active=False)
    with Socket(f"{server.ws}?access_token={token(acme.ana)}") as socket:
        assert socket.close_code() == 4403


def test_user_deactivated_meanwhile_is_closed_at_the_next_command(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        type(acme.ana).objects.filter(pk=acme.ana.pk).update(is_active=False)
        socket.connection.send(json.dumps({"type": "conversation:list", "requestId": "c1"}))
        assert socket.close_code() == 4403


def test_status_address_is_the_same_socket(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}status?access_token={token(acme.ana)}") as socket:
        assert socket.next()["type"] == "connected"


def test_unknown_address_is_refused(server: Program, acme: Company) -> None:
    with pytest.raises(InvalidStatus, match="403"), Socket(f"{server.ws}elsewhere"):
        pass


def test_logout_closes_this_socket_and_with_all_every_socket_of_the_user(server: Program, acme: Company) -> None:
    with (
        socket_of(acme.ana, server.ws) as first,
        socket_of(acme.ana, server.ws) as second,
        socket_of(acme.ana, server.ws) as third,
        socket_of(acme.caio, server.ws) as colleague,
    ):
        assert first.ask("logout")["status"] == "ok"
        assert first.close_code() == 1000
        assert second.ask("logout", all=True)["status"] == "ok"
        assert third.close_code() == 4401
        assert colleague.ask("ping")["status"] == "ok"


@pytest.mark.parametrize(
    ("language", "first", "too_many"),
    [("en", "Sign in first.", "Too many commands."), ("pt-br", "Entre primeiro.", "Comandos demais.")],
)
def test_strangers_are_answered_in_the_language_they_asked_for(
    server: Program, language: str, first: str, too_many: str
) -> None:
    with Socket(f"{server.ws}?language={language}") as stranger:
        said = [stranger.ask("ping")["error"]["message"] for _ in range(FRAMES_UNPROVED + 1)]
    assert said == [first] * FRAMES_UNPROVED + [too_many]
