"""How long a socket may live: what ends it, on every process, and what it is told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts import tokens
from accounts.models import Membership, Role, Team, User
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.cast import PASSWORD, Company
from tests.conversations.chats import group
from tests.realtime.client import Socket, socket_of, token
from tests.realtime.happenings import conversation_with, happen
from tests.realtime.serving import Program, serve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def other(django_db_setup: None, django_db_blocker: object) -> Iterator[Program]:
    """A second web process, whose Redis is away: what ends a socket does not depend on being told."""
    with serve("redis://127.0.0.1:1/0") as running:
        yield running


@contextmanager
def on_both(server: Program, other: Program, access: str) -> Iterator[list[Socket]]:
    """A socket on each process that rests on this token."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(Socket(f"{each.ws}?access_token={access}")) for each in (server, other)]
        for socket in sockets:
            assert socket.next()["type"] == "connected"
        yield sockets


def new_password(ana: User) -> None:
    ana.set_password("another-password")
    ana.save(update_fields=["password"])


def leave(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)


def close_tenant(ana: User) -> None:
    Tenant.objects.filter(users=ana).update(is_active=False)


def sign_out_everywhere(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(sign_outs=1)


@pytest.mark.parametrize(
    ("change", "reason", "code"),
    [
        (new_password, "signed_out", 4401),
        (sign_out_everywhere, "signed_out", 4401),
        (leave, "deactivated", 4403),
        (close_tenant, "deactivated", 4403),
    ],
)
def test_socket_is_told_and_closed_on_every_process(
    server: Program, other: Program, acme: Company, change: Callable[[User], None], reason: str, code: int
) -> None:
    with on_both(server, other, token(acme.ana)) as sockets:
        changed_at = timezone.now()
        change(acme.ana)
        for socket in sockets:
            assert socket.next("session:expired")["data"] == {"reason": reason}
            assert socket.close_code() == code
        assert timezone.now() - changed_at < timedelta(seconds=5)  # 2 where nobody else uses the machine


def test_colleagues_stay_when_somebody_leaves(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as ana, socket_of(acme.caio, server.ws) as caio:
        leave(acme.ana)
        assert ana.close_code() == 4403
        assert caio.ask("conversation:list")["status"] == "ok"


def test_socket_ends_with_its_token(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}?access_token={short_token(acme.ana)}") as socket:
        assert socket.next()["data"]["expiresAt"].endswith("Z")
        assert socket.next("session:expired")["data"] == {"reason": "expired"}
        assert socket.close_code() == 4401


def test_socket_lives_on_with_the_next_token(server: Program, acme: Company) -> None:
    with Socket(f"{server.ws}?access_token={short_token(acme.ana)}") as socket:
        until = socket.next()["data"]["expiresAt"]
        renewed = socket.ask("auth", token=token(acme.ana))["data"]["expiresAt"]
        assert renewed > until
        with Socket(f"{server.ws}?access_token={short_token(acme.caio)}") as witness:
            assert witness.close_code() == 4401  # so the first token has ended, too
        assert socket.ask("ping")["status"] == "ok"


def short_token(user: User) -> str:
    access: AccessToken = tokens.issue(user).access_token
    access.set_exp(lifetime=timedelta(seconds=2))
    return str(access)


def test_signing_out_over_rest_ends_the_sockets_of_that_sign_in_only(
    server: Program, other: Program, acme: Company, client: Client
) -> None:
    gone = tokens.issue(acme.ana)
    with on_both(server, other, str(gone.access_token)) as ending, socket_of(acme.ana, server.ws) as staying:
        assert client.post("/api/auth/logout", {"refresh": str(gone)}, "application/json").status_code == 204
        for socket in ending:
            assert socket.next("session:expired")["data"] == {"reason": "signed_out"}
            assert socket.close_code() == 4401
        assert staying.ask("ping")["status"] == "ok"
    with Socket(f"{server.ws}?access_token={gone.access_token}") as again:
        assert again.close_code() == 4401


def test_logout_everywhere_ends_every_socket_token_and_browser(
    server: Program, other: Program, acme: Company, client: Client
) -> None:
    client.force_login(acme.ana)
    old = token(acme.ana)
    with on_both(server, other, old) as sockets, socket_of(acme.ana, server.ws) as leaving:
        assert leaving.ask("logout", all=True)["status"] == "ok"
        assert leaving.close_code() in {1000, 4401}
        assert [socket.close_code() for socket in sockets] == [4401, 4401]
    assert client.get("/").status_code == 302
    assert client.get("/api/me", headers={"Authorization": f"Bearer {old}"}).status_code == 401


# Browsers


def signed_in(user: User) -> Client:
    browser = Client()
    assert browser.login(username=user.email, password=PASSWORD)
    return browser


@contextmanager
def page_of(browser: Client, server: Program) -> Iterator[Socket]:
    """The socket of one of its tabs."""
    cookie = f"recado_session={browser.cookies['recado_session'].value}"
    with Socket(server.ws, origin=server.http, additional_headers={"Cookie": cookie}) as socket:
        connected = socket.next()
        assert (connected["type"], connected["data"]["expiresAt"]) == ("connected", None)
        yield socket


def test_signing_out_in_one_tab_ends_the_sockets_of_all_tabs(server: Program, other: Program, acme: Company) -> None:
    here, elsewhere = signed_in(acme.ana), signed_in(acme.ana)
    with page_of(here, server) as one, page_of(here, other) as two, page_of(elsewhere, server) as laptop:
        here.post("/sign-out/")
        for socket in (one, two):
            assert socket.next("session:expired")["data"] == {"reason": "signed_out"}
            assert socket.close_code() == 4401
        assert laptop.ask("ping")["status"] == "ok"


def test_session_that_ran_out_ends_its_sockets(server: Program, acme: Company) -> None:
    with page_of(signed_in(acme.ana), server) as socket:
        Session.objects.update(expire_date=timezone.now())
        assert socket.close_code() == 4401


def test_new_password_ends_the_sockets_of_pages(server: Program, acme: Company) -> None:
    with page_of(signed_in(acme.ana), server) as socket:
        new_password(acme.ana)
        assert socket.close_code() == 4401


# Rooms


def numbers_until(socket: Socket, last: int) -> list[int]:
    found: list[int] = []
    while last not in found:
        found.append(socket.next("conversation:updated")["data"]["updates"]["number"])
    return found


def test_new_role_is_told_and_counts_at_once(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        User.objects.filter(pk=acme.ana.pk).update(role=Role.SUPERVISOR)
        changed = socket.next("session:changed")["data"]
        assert (changed["user"]["role"], changed["roomsLeft"]) == ("SUPERVISOR", [])
        assert socket.ask("ping")["status"] == "ok"


def test_new_name_is_told(server: Program, acme: Company) -> None:
    with socket_of(acme.ana, server.ws) as socket:
        User.objects.filter(pk=acme.ana.pk).update(name="Ana Maria")
        assert socket.next("session:changed")["data"]["user"]["name"] == "Ana Maria"


def test_team_room_is_entered_and_left_with_the_team(server: Program, acme: Company) -> None:
    with tenant_scope(acme.tenant):
        team = Team.objects.create(name="Vendas")
    room = f"team:{team.pk}"
    with socket_of(acme.ana, server.ws) as socket:
        happen(acme.tenant, 1, audience=[room])
        with tenant_scope(acme.tenant):
            membership = Membership.objects.create(team=team, user=acme.ana)
        assert socket.next("session:changed")["data"]["roomsLeft"] == []
        happen(acme.tenant, 2, audience=[room])
        assert numbers_until(socket, 2) == [2]
        with tenant_scope(acme.tenant):
            membership.delete()
        assert socket.next("session:changed")["data"]["roomsLeft"] == [room]
        happen(acme.tenant, 3, audience=[room])
        happen(acme.tenant, 4)
        assert numbers_until(socket, 4) == [4]
        assert [event["seq"] for event in _missed(socket)] == [4]


def _missed(socket: Socket) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = socket.ask("events:since", seq=0)["data"]["events"]
    return found


def test_who_is_put_out_of_a_group_hears_no_more_of_it_on_any_process(
    server: Program, other: Program, acme: Company
) -> None:
    with tenant_scope(acme.tenant):
        chat = group(acme, "caio", "ana")
    with on_both(server, other, token(acme.ana)) as sockets, socket_of(acme.caio, server.ws) as caio:
        for socket in sockets:
            assert socket.ask("conversation:join", conversationId=str(chat.pk))["status"] == "ok"
        removed = caio.ask("group:remove", conversationId=str(chat.pk), userId=str(acme.ana.pk))
        assert removed["status"] == "ok", removed
        for socket in sockets:
            assert socket.next("group:left")["data"]["userIds"] == [str(acme.ana.pk)]
        said = caio.ask("message:send", conversationId=str(chat.pk), clientId="c1", content="Agora sem a Ana")
        assert said["status"] == "ok", said
        assert caio.next("message:new")["data"]["conversationId"] == str(chat.pk)
        happen(acme.tenant, 1)
        for socket in sockets:
            assert numbers_until(socket, 1) == [1]
            assert not any("Agora sem a Ana" in frame for frame in socket.frames)
            assert socket.ask("conversation:join", conversationId=str(chat.pk))["error"]["code"] == "not_found"


def test_viewed_conversation_stays_joined_through_a_review(server: Program, acme: Company) -> None:
    conversation_id: UUID = conversation_with(acme).pk
    with socket_of(acme.ana, server.ws) as socket:
        assert socket.ask("conversation:join", conversationId=str(conversation_id))["status"] == "ok"
        User.objects.filter(pk=acme.ana.pk).update(role=Role.SUPERVISOR)
        assert socket.next("session:changed")["data"]["roomsLeft"] == []
        happen(acme.tenant, 1, audience=[f"conversation:{conversation_id}"])
        assert numbers_until(socket, 1) == [1]


def test_database_away_ends_nobody(acme: Company) -> None:
    """Whoever cannot be judged stays: the rows are asked again a second later."""
    with serve(settings.REDIS_URL) as server, socket_of(acme.ana, server.ws) as socket:
        _cut_database_connections()
        leave(acme.ana)
        assert socket.close_code() == 4403


def test_commands_are_done_again_after_the_database_was_away(acme: Company) -> None:
    """The threads that do them keep their connections, and notice when those have ended."""
    with serve(settings.REDIS_URL) as server, socket_of(acme.ana, server.ws) as socket:
        assert socket.ask("conversation:list")["status"] == "ok"
        _cut_database_connections()
        assert socket.ask("conversation:list")["status"] == "ok"


_TERMINATE_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


def _cut_database_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TERMINATE_OTHERS)
