"""The people, numbers and templates that are there from the start."""

from typing import Any

from django.conf import settings
from django.db import transaction

from simulator import ids
from simulator.models import Customer, Number, Template

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


def _template(
    name: str, category: str, body: str, *, language: str = "pt_BR", replies: tuple[str, ...] = ()
) -> dict[str, Any]:
    components: list[dict[str, Any]] = [{"type": "BODY", "text": body}]
    if replies:
        components.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": text} for text in replies]})
    return {"name": name, "language": language, "defaults": {"category": category, "components": components}}


TEMPLATES = [
    _template(
        "hello_world", "UTILITY", "Welcome and congratulations!! This message demonstrates templates.", language="en_US"
    ),
    _template(
        "retomar_atendimento",
        "UTILITY",
        "Olá, {{1}}! Podemos continuar o seu atendimento?",
        replies=("Sim", "Agora não"),
    ),
    _template("pedido_enviado", "UTILITY", "Oi, {{1}}. O seu pedido {{2}} saiu para entrega e chega até {{3}}."),
    _template(
        "lembrete_consulta",
        "UTILITY",
        "{{1}}, lembrete da sua consulta em {{2}}. Confirma?",
        replies=("Confirmo", "Remarcar"),
    ),
    _template(
        "novidades_do_mes",
        "MARKETING",
        "Oi, {{1}}! Chegaram novidades na loja. Quer ver?",
        replies=("Quero ver", "Parar"),
    ),
]


@transaction.atomic
def seed() -> None:
    """Have everybody there; changes nothing that a person did since."""
    for number in settings.NUMBERS:
        facts = {name: text for name, text in number.items() if name != "phone_number_id"}
        Number.objects.update_or_create(phone_number_id=number["phone_number_id"], defaults=facts)
    for template in TEMPLATES:
        Template.objects.get_or_create(waba_id="", **template)
    for wa_id, name in PEOPLE:
        Customer.objects.get_or_create(wa_id=wa_id, defaults=_ready(wa_id, name))
    wa_id, name, username = HIDDEN
    hidden = _ready(wa_id, name) | {"username": username, "hides_phone": True}
    Customer.objects.get_or_create(wa_id=wa_id, defaults=hidden)


def _ready(wa_id: str, name: str) -> dict[str, Any]:
    return {"name": name, "user_id": ids.user_id(wa_id), "origin": Customer.Origin.READY}
