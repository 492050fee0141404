"""The cast: `acme` with bruno (admin), sofia (supervisor), ana and caio (agents); `globex` with gil, the neighbour."""

from dataclasses import dataclass, field

from accounts.models import Role, User
from kanban.models import Board, Column
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from whatsapp.models import Number

PASSWORD = "recado-demo"
_COLUMNS = (
    ("Novas", "OPEN"),
    ("Em atendimento", "OPEN"),
    ("Aguardando cliente", "PENDING"),
    ("Concluídas", "RESOLVED"),
)


@dataclass
class Company:
    """A tenant with its people, its number and the columns of its board."""

    tenant: Tenant
    number: Number
    people: dict[str, User] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)

    def __getattr__(self, name: str) -> User:
        """`acme.ana`."""
        people: dict[str, User] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]


def company(slug: str, number: tuple[str, str, str], **people: Role) -> Company:
    """A tenant with everything it needs to work."""
    tenant = Tenant.objects.create(slug=slug, name=slug.capitalize())
    with tenant_scope(tenant):
        phone_number_id, waba_id, display = number
        made = Company(
            tenant,
            Number.objects.create(
                phone_number_id=phone_number_id, waba_id=waba_id, display_number=display, access_token="demo-token"
            ),
        )
        board = Board.objects.create(name="Atendimento")
        made.columns = [
            Column.objects.create(board=board, name=name, sets_status=status, position=place)
            for place, (name, status) in enumerate(_COLUMNS)
        ]
    for name, role in people.items():
        made.people[name] = User.objects.create_user(
            f"{name}@{slug}.test", PASSWORD, name=name.capitalize(), tenant=tenant, role=role
        )
    return made


def acme() -> Company:
    """Ours."""
    number = ("test-phone-id", "test-entry", "5511999999999")
    return company("acme", number, bruno=Role.ADMIN, sofia=Role.SUPERVISOR, ana=Role.AGENT, caio=Role.AGENT)


def globex() -> Company:
    """The neighbour."""
    return company("globex", ("test-phone-id-2", "test-entry-2", "5521988887777"), gil=Role.AGENT)
