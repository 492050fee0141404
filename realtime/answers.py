"""Running a command and wording its one reply."""

from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.errors import DomainError
from realtime.commands import Caller, Command
from realtime.requests import Problem, Request, RequestId, done, failed, problem_of


class Answer(NamedTuple):
    """The reply as it is sent; `code` is empty when the request was done, else the error's."""

    text: bytes
    code: str = ""


def answer(command: Command[Any], caller: Caller, request: Request, language: str) -> Answer:
    """Run the command in the tenant's scope and in the caller's language. Raises MembershipLost."""
    with translation.override(language):
        try:
            return Answer(done(request.request_id, command.run(caller, request.data)))
        except DomainError as error:
            return refused(request.request_id, problem_of(error))


def refused(request_id: RequestId, problem: Problem) -> Answer:
    """The request was not done."""
    return Answer(failed(request_id, problem), problem.code)


def unauthenticated(request: Request, language: str) -> Answer:
    """To strangers."""
    with translation.override(language):
        return refused(request.request_id, Problem("unauthenticated", _("Sign in first.")))


def unknown_command(request: Request) -> Answer:
    return refused(request.request_id, Problem("unknown_command", f"There is no command {request.type[:64]}."))


def rate_limited(request: Request, wait: int, language: str) -> Answer:
    """`wait` in milliseconds."""
    with translation.override(language):
        return refused(request.request_id, Problem("rate_limited", _("Too many commands."), retry_after_ms=wait))


def internal(request: Request, language: str) -> Answer:
    """Our fault; the log says what it was."""
    with translation.override(language):
        words = _("Something went wrong here. It has been written down.")
    return refused(request.request_id, Problem("internal", words))
