"""What each role may do: one table, and the door that asks it."""

from collections.abc import Callable
from enum import StrEnum, auto
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from accounts.models import Role, User
from tenancy.models import Tenant

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request that `needs` has let in: somebody of a tenant, in its scope."""

    user: User
    tenant: Tenant


MembersView = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Permission(StrEnum):
    """Something that not everybody may do. A misspelt one fails where it is applied, at import."""

    WORK = auto()  # read, answer, organise conversations
    MANAGE_BOARDS = auto()
    INSPECT = auto()  # deliveries, event log, socket statistics
    DEBUG = auto()  # the page that looks into a socket
    MANAGE_PEOPLE = auto()
    MANAGE_NUMBERS = auto()
    MANAGE_TENANT = auto()  # its name, language, time zone


_AGENT = frozenset({Permission.WORK})
_SUPERVISOR = _AGENT | {Permission.MANAGE_BOARDS, Permission.INSPECT}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Permission),
}


def can(user: User, permission: Permission) -> bool:
    """Whether somebody of a tenant may do something there."""
    return user.tenant_id is not None and permission in ROLE_PERMISSIONS[user.role]


def needs(permission: Permission, *, or_staff: bool = False) -> Callable[[MembersView[P]], View[P]]:
    """Let only signed-in people with `permission` into a page; others are sent where they can go on.

    `or_staff` lets in staff of the installation too, who have neither tenant nor scope.
    """

    def guard(view: MembersView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if request.user.is_installation_staff and not or_staff:
                return HttpResponseRedirect(reverse("admin:index"))
            if not (request.user.is_installation_staff or can(request.user, permission)):
                raise PermissionDenied
            return view(cast("MemberRequest", request), *args, **kwargs)

        return guarded

    return guard


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Pages lead to the sign-in; a script is told, so that it does not take the sign-in page for its answer."""
    if "X-Recado-Fragment" in request.headers or not request.accepts("text/html"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
