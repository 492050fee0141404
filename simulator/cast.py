"""The people, numbers and templates that are there from the start."""

from typing import Any

from django.conf import settings
from django.db import transaction

from simulator import ids
from simulator.models import Customer, Number, Template
from simulator.wording import TEMPLATES

# Old WhatsApp accounts have no ninth digit (12 digits): Seu Antônio is one of them.
PEOPLE = [
    ("5511976543210", "Maria Aparecida Souza"),
    ("5511981234567", "João Pedro Almeida"),
    ("5521987651234", "Beatriz Carvalho"),
    ("5531991112222", "Rafael Nogueira"),
    ("5541996667788", "Camila Ferreira"),
    ("555184443322", "Seu Antônio"),
    ("5561993334455", "Larissa Barbosa"),
    ("5571988112233", "Thiago Santana"),
    ("5581997778899", "Juliana Cavalcanti"),
    ("5585986665544", "Francisco das Chagas"),
    ("5592991234321", "Iracema Yawanawá"),
    ("5548999887766", "Gustavo Schneider 🏄"),
]
# Known by username only: webhooks about her carry no phone number.
HIDDEN = ("5511930001122", "Luiza M.", "luiza.m")

PLACES = [
    {"latitude": -23.561414, "longitude": -46.655881, "name": "MASP", "address": "Av. Paulista, 1578, São Paulo"},
    {
        "latitude": -22.951916,
        "longitude": -43.210487,
        "name": "Cristo Redentor",
        "address": "Alto da Boa Vista, Rio de Janeiro",
    },
    {
        "latitude": -12.974722,
        "longitude": -38.512778,
        "name": "Elevador Lacerda",
        "address": "Praça Municipal, Salvador",
    },
]


def _templates() -> list[Template]:
    return [Template(**facts) for facts in TEMPLATES]


@transaction.atomic
def seed() -> None:
    """Have everybody there; changes nothing that a person did since."""
    numbers = [Number(**facts) for facts in settings.NUMBERS]
    facts = ["waba_id", "display_phone_number", "name"]
    Number.objects.bulk_create(numbers, update_conflicts=True, unique_fields=["phone_number_id"], update_fields=facts)
    Template.objects.bulk_create(_templates(), ignore_conflicts=True)
    wa_id, name, username = HIDDEN
    hidden = _ready(wa_id, name, username=username, hides_phone=True)
    people = [hidden, *(_ready(wa_id, name) for wa_id, name in PEOPLE)]
    Customer.objects.bulk_create(people, ignore_conflicts=True)


def _ready(wa_id: str, name: str, **more: Any) -> Customer:
    return Customer(wa_id=wa_id, name=name, user_id=ids.user_id(wa_id), origin=Customer.Origin.READY, **more)
