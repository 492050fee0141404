"""Where the items of a batch go: to the number that they name, if their body was signed for it."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from whatsapp import numbers
from whatsapp.numbers import Route
from whatsapp.payloads import AccountItem, Problem, Usable


class RouteTable:
    """The numbers that a batch speaks of, read at once."""

    def __init__(self, items: Iterable[Usable]) -> None:
        routes = numbers.routes({(item.source.waba_id, item.source.phone_number_id) for item in items})
        self.by_number = {route.phone_number_id: route for route in routes}
        self.by_waba: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            self.by_waba[route.waba_id].append(route)

    def find(self, item: Usable, signed_with: str) -> list[Route | Problem]:
        """The item's number, or one number of every tenant of its account when it names none; or what is wrong."""
        source = item.source
        found = self._named(item, signed_with)
        if not found:
            return [Problem(source.at, f"unknown number {source.phone_number_id or source.waba_id!r}"[:200])]
        return [_checked(route, item, signed_with) for route in found]

    def owners(self, waba_id: str, phone_number_id: str) -> set[UUID]:
        """Whose number that is, or whose account where no number is named; empty: nobody's that the batch spoke of."""
        if not phone_number_id:
            return {route.tenant_id for route in self.by_waba.get(waba_id, ())}
        route = self.by_number.get(phone_number_id)
        return {route.tenant_id} if route else set()

    def _named(self, item: Usable, signed_with: str) -> list[Route]:
        if not item.source.phone_number_id and isinstance(item, AccountItem):
            routes = sorted(self.by_waba[item.source.waba_id], key=lambda route: route.signed_with == signed_with)
            return list({route.tenant_id: route for route in routes}.values())  # one that may be believed, if any
        route = self.by_number.get(item.source.phone_number_id)
        return [route] if route else []


def _checked(route: Route, item: Usable, signed_with: str) -> Route | Problem:
    """A route only for who may use it: the number's own account, signed with the number's own secret."""
    source = item.source
    if source.phone_number_id and source.waba_id != route.waba_id:
        reason = f"number {source.phone_number_id} does not belong to account {source.waba_id!r}"
        return Problem(source.at, reason[:200])
    if signed_with and signed_with != route.signed_with:
        return Problem(source.at, f"not signed with the app secret of number {route.phone_number_id}")
    return route
