from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.backoffice import CappedPaginator
from accounts.models import Team, User
from conversations.models import Contact, Conversation, Label, Message
from events.models import Event
from kanban.models import Board
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import webhooks
from tests.admin.addresses import list_of, page_of
from tests.cast import Company
from whatsapp.models import Delivery, EarlyUpdate, Number, Template

KINDS = sorted(admin.site._registry, key=lambda kind: kind.__name__)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def test_strangers_are_led_to_the_products_own_sign_in(db: None, client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=/admin/"


@pytest.mark.parametrize("name", ["ana", "sofia", "bruno"])
def test_members_without_the_right_stay_outside(acme: Company, client: Client, name: str) -> None:
    User.objects.filter(pk=acme.ana.pk).update(is_staff=True)  # too little without the role
    client.force_login(acme.people[name])
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_administrator_comes_in(bruno: Client) -> None:
    page = bruno.get("/admin/")
    assert page.status_code == 200
    assert "Recado" in page.content.decode()
    assert bruno.get("/admin/login/").url == "/admin/"  # type: ignore[attr-defined]


def test_a_supervisor_who_may_open_the_admin_does_there_what_the_role_allows(acme: Company, client: Client) -> None:
    User.objects.filter(pk=acme.sofia.pk).update(is_staff=True)
    client.force_login(acme.sofia)
    may = {kind for kind in KINDS if client.get(list_of(kind)).status_code == 200}
    assert may == {Board, Label, Contact, Conversation, Message, Delivery, EarlyUpdate, Event}
    assert client.post(page_of(acme.ana), {"role": "ADMIN"}).status_code == 403
    with tenant_scope(acme.tenant):
        board = Board.objects.get()
    assert client.get(page_of(board)).status_code == 200
    assert client.get(page_of(acme.number)).status_code == 403
    assert client.get(page_of(acme.tenant)).status_code == 403


def test_only_our_own_models_have_pages() -> None:
    assert [kind.__name__ for kind in KINDS] == [
        *("Board", "Contact", "Conversation", "Delivery", "EarlyUpdate", "Event"),
        *("Label", "Message", "Number", "Team", "Template", "Tenant", "User"),
    ]


@pytest.fixture
def _one_of_each(acme: Company, conversation: Conversation) -> None:
    _more(acme, 0)


def _more(acme: Company, number: int) -> None:
    with tenant_scope(acme.tenant):
        Label.objects.create(name=f"Urgente {number}")
        Team.objects.create(name=f"Equipe {number}")
        Board.objects.create(name=f"Vendas {number}")
        EarlyUpdate.objects.create(number=acme.number, wamid=f"early-{number}", update={}, digest="")
        Number.objects.create(phone_number_id=f"id-{number}", waba_id="w", display_number=f"55{number}")
        Template.objects.create(waba_id="w", name=f"aviso_{number}", language="pt_BR")


@pytest.mark.usefixtures("_one_of_each")
@each_kind
def test_query_count_of_a_list_does_not_grow(
    acme: Company, staff: Client, bruno: Client, deliver: Callable[[bytes], None], kind: type[Model]
) -> None:
    def queries(client: Client) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(list_of(kind)).status_code == 200
        return len(captured)

    before = queries(staff), queries(bruno)
    for number in (1, 2):
        _more(acme, number)
        User.objects.create_user(f"p{number}@acme.test", tenant=acme.tenant, name="P")
        Tenant.objects.create(slug=f"t{number}", name="T")
        said = webhooks.text("Oi", sender=f"551188888888{number}")
        deliver(webhooks.body(webhooks.value(said, name=f"M{number}")))
    assert (queries(staff), queries(bruno)) == before
    assert max(before) <= 8


@pytest.mark.usefixtures("_one_of_each")
@each_kind
def test_everything_is_listed_and_searched(staff: Client, bruno: Client, kind: type[Model]) -> None:
    for client in (staff, bruno):
        assert "result_list" in client.get(list_of(kind)).content.decode()
        assert client.get(list_of(kind), {"q": "a"}).status_code == 200


def test_nothing_is_found_is_said_with_404(bruno: Client) -> None:
    assert bruno.get("/admin/conversations/message/00000000-0000-0000-0000-000000000000/change/").status_code == 404
    assert bruno.get("/admin/conversations/message/nonsense/change/").status_code == 404


def test_millions_are_not_counted(in_acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CappedPaginator, "CAP", 3)
    Contact.objects.bulk_create(Contact(tenant=in_acme.tenant, name=str(number)) for number in range(5))
    with CaptureQueriesContext(connection) as captured:
        assert CappedPaginator(Contact.objects.order_by("-pk"), 2).count == 3
    assert "LIMIT 3" in captured[0]["sql"]
