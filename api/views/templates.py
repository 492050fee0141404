"""Templates: what can be sent outside the 24-hour window."""

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.requests import query
from api.schema import describe
from whatsapp import queries
from whatsapp.requests import PageOfTemplates
from whatsapp.serializers import TemplatePageObject, template_page_object


class TemplatesView(Endpoint):
    """The approved templates of a number's account."""

    @describe("listTemplates", query=(PageOfTemplates,), returns=TemplatePageObject)
    def get(self, request: Request) -> Response:
        """List the approved templates that a number can send, by name, with what is to be filled in."""
        asked = query(request, PageOfTemplates)
        page = queries.template_page(asked.number_id, search=asked.search, cursor=asked.cursor, limit=asked.limit)
        return Response(template_page_object(page))
