"""What can be wrong with a request: one code of the wire (docs/protocol.md) for socket, REST and pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.objects import WireObject


class DomainError(Exception):
    """A request that cannot be done. `fields` names what was wrong with its parts; `current` is what stands instead."""

    code = "bad_request"
    default: str | Promise = _("This request cannot be understood.")

    def __init__(
        self, message: str | Promise = "", *, fields: Mapping[str, str] | None = None, current: WireObject | None = None
    ) -> None:
        super().__init__(message or self.default)
        self.fields = dict(fields or {})
        self.current = current

    @property
    def message(self) -> str:
        """One sentence for people."""
        return str(self.args[0])


class BadRequest(DomainError):
    """A part of the request is wrong; `fields` says which."""


class NotFound(DomainError):
    """No such thing for whoever asks; also what belongs to somebody else."""

    code = "not_found"
    default = _("There is no such thing here.")


class Forbidden(DomainError):
    """Whoever asks can see it but may not do this."""

    code = "forbidden"
    default = _("You may not do this.")


class Conflict(DomainError):
    """It changed meanwhile; `current` is how it stands now."""

    code = "conflict"
    default = _("This changed meanwhile.")


class WindowClosed(DomainError):
    """The customer has not written for 24 hours: WhatsApp takes only templates."""

    code = "window_closed"
    default = _("Outside the 24-hour window. Choose a template to write.")


class TooLarge(DomainError):
    """More than WhatsApp takes."""

    code = "too_large"
    default = _("This is too long.")


class UnsupportedByChannel(DomainError):
    """WhatsApp has no way to do this."""

    code = "unsupported_by_channel"
    default = _("WhatsApp cannot do this.")
