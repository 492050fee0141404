"""What clients ask of templates, over the socket and REST alike."""

from uuid import UUID

from msgspec import Struct

from conversations import queries
from conversations.requests import Limit, Words


class PageOfTemplates(Struct, rename="camel", kw_only=True):
    """What can be sent over a number. `search` is words of the name or the text; `cursor` is of the page before."""

    number_id: UUID
    search: Words = ""
    cursor: UUID | None = None
    limit: Limit = queries.PAGE
