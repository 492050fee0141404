"""Signing in and out, and the choices people make about themselves."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import sign_out_everywhere
from accounts.forms import PasswordForm, SignInForm
from accounts.models import User
from accounts.permissions import MemberRequest, Permission, needs

DEMO_PASSWORD = "recado-demo"  # noqa: S105 - known to everybody, and only in demo mode


class SignIn(LoginView):
    """The sign-in page. In demo mode it offers the demo's people."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = {"people": _demo_people(), "demo_password": DEMO_PASSWORD} if settings.MODE == "demo" else {}
        return {**super().get_context_data(**kwargs), **demo}


def _demo_people() -> QuerySet[User]:
    working = Q(tenant__is_active=True) | Q(tenant=None, is_staff=True)
    people = User.objects.filter(working, email__endswith=".test", is_active=True)
    return people.select_related("tenant").order_by("tenant__slug", "created_at", "id")[:8]


@method_decorator(needs(Permission.WORK), name="dispatch")
class Account(PasswordChangeView):
    """What people keep of themselves: the password, and where they are signed in."""

    template_name = "accounts/account.html"
    form_class = PasswordForm
    success_url = reverse_lazy("account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "address": self.request.META.get("REMOTE_ADDR", "")}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. You are signed out everywhere else."))
        return super().form_valid(form)


@require_POST
@needs(Permission.WORK)
def sign_out_elsewhere(request: MemberRequest) -> HttpResponse:
    """End every other session and every token of this person."""
    sign_out_everywhere(request.user)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language: with the person, and with this browser for the pages before the sign-in."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(_way_back(request))
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=code)
    return response


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
