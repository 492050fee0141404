"""Running a command and wording its one reply."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.errors import DomainError
from realtime.commands import Caller, Command
from realtime.requests import Problem, Request, done, failed, problem_of


def answer(command: Command[Any], caller: Caller, request: Request, language: str) -> bytes:
    """Run the command in the tenant's scope and in the caller's language. Raises MembershipLost."""
    with translation.override(language):
        try:
            return done(request.request_id, command.run(caller, request.data))
        except DomainError as error:
            return failed(request.request_id, problem_of(error))


def unauthenticated(request: Request) -> bytes:
    """To strangers."""
    return failed(request.request_id, Problem("unauthenticated", _("Sign in first.")))


def unknown_command(request: Request) -> bytes:
    return failed(request.request_id, Problem("unknown_command", f"There is no command {request.type[:64]}."))


def rate_limited(request: Request, wait: int) -> bytes:
    """`wait` in milliseconds."""
    return failed(request.request_id, Problem("rate_limited", _("Too many commands."), retry_after_ms=wait))


def internal(request: Request) -> bytes:
    """Our fault; the log says what it was."""
    return failed(request.request_id, Problem("internal", _("Something went wrong here. It has been written down.")))
