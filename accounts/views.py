"""Signing in and out, and the choices people make about themselves."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from accounts.forms import SignInForm
from accounts.models import User

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
