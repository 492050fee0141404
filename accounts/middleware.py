"""The door of the pages: who asks, for which tenant, in which language."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.models import User
from tenancy.models import Tenant
from tenancy.scope import Scope, every_tenant, tenant_scope


class TenantRequest(HttpRequest):
    """A request that has come through the door."""

    tenant: Tenant | None


Respond = Callable[[TenantRequest], HttpResponse]

STAFF_DOOR = "/admin/"


class TenantMiddleware:
    """Confines a request to the tenant of whoever is signed in; `request.tenant` is None for strangers and staff.

    Staff of the installation see every tenant, under the admin only.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: TenantRequest) -> HttpResponse:
        request.tenant = None
        user = request.user
        if not user.is_authenticated:
            return self.respond(request)
        request.tenant = _tenant(user)
        if request.tenant and not request.tenant.is_active:
            logout(request)  # a deactivated person is signed out by Django itself
            request.tenant = None
            return self.respond(request)
        with _scope(request, user):
            return self.respond(request)


def _tenant(user: User) -> Tenant | None:
    return Tenant.objects.get(pk=user.tenant_id) if user.tenant_id else None


def _scope(request: HttpRequest, user: User) -> AbstractContextManager[Scope | None]:
    if user.tenant_id:
        return tenant_scope(user.tenant_id)
    if user.is_installation_staff and request.path.startswith(STAFF_DOOR):
        return every_tenant()
    return nullcontext()


class LanguageMiddleware:
    """Speaks the language the person chose, else the one this browser chose or prefers, else the tenant's."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: TenantRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.respond(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def language_of(request: TenantRequest) -> str:
    """The language to answer in; always one of settings.LANGUAGES."""
    tenant = request.tenant
    wishes = (
        request.user.language if request.user.is_authenticated else "",
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        *(code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))),
        tenant.language if tenant else "",
    )
    return next((found for wish in wishes if (found := _supported(wish))), settings.LANGUAGE_CODE)


def _supported(code: str) -> str | None:
    try:
        return translation.get_supported_language_variant(code) if code else None
    except LookupError:
        return None
