"""Whom proofs name, many at once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tokens
from accounts.models import Membership, Team, User
from events import log
from realtime.members import Member, identify
from realtime.proofs import FORBIDDEN, UNAUTHENTICATED, Cookie, Proof, Refused, Token
from realtime.rooms import own_rooms
from tenancy.scope import every_tenant, tenant_scope
from tests.cast import PASSWORD, Company
from tests.conversations.chats import group
from tests.realtime.happenings import happen_unheard

pytestmark = pytest.mark.django_db(transaction=True)


def token(user: User) -> Token:
    return Token(str(tokens.issue(user).access_token))


def cookie(user: User) -> Cookie:
    browser = Client()
    assert browser.login(username=user.email, password=PASSWORD)
    return Cookie(browser.cookies["recado_session"].value)


def identified(*proofs: Proof) -> list[Any]:
    with every_tenant():
        return [found.code if isinstance(found, Refused) else found for found in identify(proofs)]


def test_crowd_is_told_apart_whoever_else_is_in_it(acme: Company, globex: Company) -> None:
    withdrawn = tokens.issue(acme.ana)
    tokens.revoke(str(withdrawn))
    gone = token(acme.caio)
    User.objects.filter(pk=acme.caio.pk).update(is_active=False)
    ana, gil = token(acme.ana), token(globex.gil)

    found = identified(
        ana, Token("nonsense"), gil, Token(str(withdrawn.access_token)), gone, cookie(acme.bruno), Cookie("0" * 32),
        Cookie("a\0b"), ana,
    )  # fmt: skip

    bad = UNAUTHENTICATED
    assert [each if isinstance(each, int) else each.user.name for each in found] == [
        "Ana", bad, "Gil", bad, FORBIDDEN, "Bruno", bad, bad, "Ana",
    ]  # fmt: skip
    assert [each.tenant.slug for each in found if isinstance(each, Member)] == ["acme", "globex", "acme", "acme"]
    assert identified() == []


def test_rooms_are_those_of_a_page_and_the_seq_is_the_newest(acme: Company, globex: Company) -> None:
    happen_unheard(acme.tenant, 1, 2)
    with tenant_scope(acme.tenant):
        Membership.objects.create(team=Team.objects.create(name="Vendas"), user=acme.ana)
        group(acme, "caio", "ana")
        rooms, seq = own_rooms(acme.ana, acme.ana.teams.values_list("pk", flat=True)), log.newest_seq()
    ana, gil = identified(token(acme.ana), token(globex.gil))
    assert (ana.rooms, ana.seq) == (rooms, seq)
    assert len(ana.rooms) == 4
    assert (len(gil.rooms), gil.seq) == (2, 0)


def test_cookie_of_before_a_new_password_lets_nobody_in(acme: Company) -> None:
    old = cookie(acme.ana)
    acme.ana.set_password("another-password")
    acme.ana.save(update_fields=["password"])
    assert identified(old) == [UNAUTHENTICATED]


def test_crowd_costs_as_many_statements_as_one(acme: Company, globex: Company) -> None:
    def statements(*proofs: Proof) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            identified(*proofs)
        return len(captured)

    one = statements(token(acme.ana))
    assert one == 1
    assert statements(token(acme.ana), token(acme.caio), token(globex.gil)) == one
    assert statements(cookie(acme.ana), cookie(acme.caio), token(globex.gil)) == one + 1
