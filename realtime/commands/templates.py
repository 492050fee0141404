"""Commands on templates."""

from accounts.permissions import Permission
from realtime.commands.registry import Caller, command
from whatsapp import queries
from whatsapp.requests import PageOfTemplates
from whatsapp.serializers import TemplatePageObject, template_page_object


@command("template:list", PageOfTemplates, Permission.WORK)
def template_list(_caller: Caller, data: PageOfTemplates) -> TemplatePageObject:
    """List the approved templates that a number can send, by name, with what is to be filled in."""
    return template_page_object(
        queries.template_page(data.number_id, search=data.search, cursor=data.cursor, limit=data.limit)
    )
