"""Meta's webhook bodies: decoded once, walked without trusting any shape, turned into typed items.

Nothing here knows a row. An item that cannot be understood becomes a Problem and never sinks its neighbours.
Source: Meta's webhook reference for the WhatsApp Business Platform, and what other integrations met in practice.
"""

from whatsapp.payloads.decoding import NotJsonError, decode, glance
from whatsapp.payloads.kinds import AccountItem, Item, MessageItem, Problem, Source, StatusItem, Usable
from whatsapp.payloads.parts import (
    ButtonPart,
    ComponentPart,
    ContactPart,
    Context,
    Edit,
    ErrorPart,
    InboundMessage,
    Location,
    MediaPart,
    Profile,
    ReactionPart,
    Revoke,
    StatusPart,
    System,
    TemplateButton,
    TemplateExample,
    TemplateNews,
    TemplatePart,
    Text,
    UserIdUpdate,
    as_part,
    moment,
    parts_of,
)
from whatsapp.payloads.walking import accounts_named, items

__all__ = [
    "AccountItem",
    "ButtonPart",
    "ComponentPart",
    "ContactPart",
    "Context",
    "Edit",
    "ErrorPart",
    "InboundMessage",
    "Item",
    "Location",
    "MediaPart",
    "MessageItem",
    "NotJsonError",
    "Problem",
    "Profile",
    "ReactionPart",
    "Revoke",
    "Source",
    "StatusItem",
    "StatusPart",
    "System",
    "TemplateButton",
    "TemplateExample",
    "TemplateNews",
    "TemplatePart",
    "Text",
    "Usable",
    "UserIdUpdate",
    "accounts_named",
    "as_part",
    "decode",
    "glance",
    "items",
    "moment",
    "parts_of",
]
