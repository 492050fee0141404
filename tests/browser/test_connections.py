"""The admin's live page of connections."""

from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import Open
from tests.browser.test_board import is_live
from tests.browser.test_looks import PHONE, complaints
from tests.cast import Company


def test_figures_refresh_themselves(enter: Open, acme: Company) -> None:
    User.objects.filter(pk=acme.bruno.pk).update(is_staff=True)
    page = enter("bruno", "/admin/connections/", **PHONE, bypass_csp=True)
    sockets = page.locator(".figures-tiles dd").first
    expect(sockets).to_have_text("0")
    assert complaints(page) == []
    is_live(enter("ana"))
    expect(sockets).to_have_text("1", timeout=20_000)
    expect(page.locator(".figures-stale")).to_be_hidden()
    page.route("**/connections/", lambda route: route.abort())
    expect(page.locator(".figures-stale")).to_be_visible(timeout=20_000)
