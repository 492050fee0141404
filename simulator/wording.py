"""The templates that are approved from the start."""

from typing import Any

from simulator.models import Template

Component = dict[str, Any]
EXAMPLE_FILE = "https://example.com/sample"


def body(text: str, *examples: str) -> Component:
    """The text; an example for each of its placeholders, in their order."""
    return {"type": "BODY", "text": text, **_example("body_text", text, examples)}


def heading(text: str, *examples: str) -> Component:
    """A line over the text."""
    return {"type": "HEADER", "format": "TEXT", "text": text, **_example("header_text", text, examples)}


def file_on_top(kind: str) -> Component:
    """A picture, a film or a document over the text."""
    return {"type": "HEADER", "format": kind, "example": {"header_handle": [EXAMPLE_FILE]}}


def footing(text: str) -> Component:
    """A small line under the text."""
    return {"type": "FOOTER", "text": text}


def buttons(*made: Component | str) -> Component:
    """Buttons; one of which only the words are given is a quick reply."""
    return {
        "type": "BUTTONS",
        "buttons": [{"type": "QUICK_REPLY", "text": each} if isinstance(each, str) else each for each in made],
    }


def _example(part: str, text: str, examples: tuple[str, ...]) -> Component:
    names = Template.placeholders(text)
    if not examples:
        return {}
    if all(map(str.isdecimal, names)):
        return {"example": {part: [list(examples)] if part == "body_text" else list(examples)}}
    named = [{"param_name": name, "example": example} for name, example in zip(names, examples, strict=True)]
    return {"example": {f"{part}_named_params": named}}


def _template(name: str, category: str, *components: Component, language: str = "pt_BR") -> dict[str, Any]:
    return {"name": name, "language": language, "category": category, "components": list(components)}


TEMPLATES = [
    _template(
        "hello_world",
        "UTILITY",
        heading("Hello World"),
        body("Welcome and congratulations!! This message demonstrates templates."),
        footing("WhatsApp Business Platform sample message"),
        language="en_US",
    ),
    _template(
        "retomar_atendimento",
        "UTILITY",
        body("Olá, {{1}}! Podemos continuar o seu atendimento?", "Maria"),
        buttons("Sim", "Agora não"),
    ),
    _template(
        "pedido_enviado",
        "UTILITY",
        body("Oi, {{1}}. O seu pedido {{2}} saiu para entrega e chega até {{3}}.", "Maria", "4711", "sexta-feira"),
    ),
    _template(
        "lembrete_consulta",
        "UTILITY",
        body("{{1}}, lembrete da sua consulta em {{2}}. Confirma?", "Maria", "12/12 às 14h"),
        buttons("Confirmo", "Remarcar"),
    ),
    _template(
        "novidades_do_mes",
        "MARKETING",
        body("Oi, {{1}}! Chegaram novidades na loja. Quer ver?", "Maria"),
        buttons("Quero ver", "Parar"),
    ),
    _template(
        "acompanhar_pedido",
        "UTILITY",
        heading("Pedido {{numero}}", "4711"),
        body("Olá, {{nome}}! O seu pedido já está com a {{transportadora}}.", "Maria", "Rápido Sul"),
        footing("Casa Acme"),
        buttons(
            {
                "type": "URL",
                "text": "Acompanhar",
                "url": "https://example.com/pedidos/{{1}}",
                "example": ["https://example.com/pedidos/4711"],
            },
            {"type": "PHONE_NUMBER", "text": "Ligar para a loja", "phone_number": "+551140028922"},
        ),
    ),
    _template(
        "segunda_via_boleto",
        "UTILITY",
        file_on_top("DOCUMENT"),
        body("Olá, {{1}}! Segue o boleto com vencimento em {{2}}.", "Maria", "10/12"),
    ),
    _template(
        "vitrine_da_semana",
        "MARKETING",
        file_on_top("IMAGE"),
        body("Oi, {{1}}! Separamos estas peças para você.", "Maria"),
        footing("Responda PARAR para não receber mais"),
        buttons({"type": "COPY_CODE", "example": ["VOLTA10"]}, "Parar"),
    ),
    _template(
        "order_update",
        "UTILITY",
        body("Hi {{customer_name}}, your order {{order}} is {{state}}.", "Maria", "4711", "on its way"),
        buttons("Thanks", "I have a question"),
        language="en",
    ),
]
