"""Numbers in trouble."""

from django.db import connection

from tenancy.scope import every_tenant
from tests.cast import Company


def spoil_secret(company: Company) -> None:
    """Its number's app secret, as it stands in the row after a key was lost."""
    with every_tenant(), connection.cursor() as cursor:
        cursor.execute("UPDATE whatsapp_number SET app_secret = 'gAAAAA' WHERE id = %s", [company.number.pk])
