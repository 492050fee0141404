"""Who may use an endpoint. DRF loads this before its views, which hence cannot be imported here."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from accounts.permissions import Permission, can


class IsMember(BasePermission):
    """Somebody of a tenant whose role has the endpoint's `permission`. Staff of the installation are not."""

    message = _("Your role does not allow this.")

    def has_permission(self, request: Request, view: object) -> bool:
        wanted: Permission = getattr(view, "permission", Permission.WORK)
        return isinstance(request.user, User) and can(request.user, wanted)


class IsMemberOrStaff(IsMember):
    """Staff of the installation too."""

    def has_permission(self, request: Request, view: object) -> bool:
        user = request.user
        return (isinstance(user, User) and user.is_installation_staff) or super().has_permission(request, view)
