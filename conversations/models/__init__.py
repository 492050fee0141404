"""Contacts, conversations and messages: fields, constraints and answers. What changes them is in actions/."""

from conversations.models.attachments import Attachment, AttachmentState, Upload
from conversations.models.contacts import Contact, ContactIdentity, IdentityKind
from conversations.models.conversations import Conversation, Label, Labelling
from conversations.models.messages import Message, Reaction
from conversations.models.participants import Mention, Participant, Receipt

__all__ = [
    "Attachment",
    "AttachmentState",
    "Contact",
    "ContactIdentity",
    "Conversation",
    "IdentityKind",
    "Label",
    "Labelling",
    "Mention",
    "Message",
    "Participant",
    "Reaction",
    "Receipt",
    "Upload",
]
