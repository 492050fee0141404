"""Fields are named in code, in English; the admin shows their names and explanations in the reader's language.

The translations are those with the context `field` in the catalogue. Migrations know nothing of it.
"""

from collections.abc import Iterable

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


def translate(models: Iterable[type[Model]]) -> None:
    """Have the fields' labels translated when they are shown; those that say `_()` themselves stay."""
    for model in models:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            _translate(field)


def _translate(field: "Field[object, object]") -> None:
    if not isinstance(field.verbose_name, Promise):
        field.verbose_name = pgettext_lazy("field", field.verbose_name)
    if field.help_text and not isinstance(field.help_text, Promise):
        field.help_text = pgettext_lazy("field", field.help_text)
