"""What can go wrong, as far as a caller can do something about it."""

from typing import Any


class CommandError(Exception):
    """The server answered a command with an error: `code` is one of docs/protocol.md, `retry_after` in seconds."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.fields: dict[str, str] = error.get("fields", {})
        self.current: Any = error.get("current")
        self.retry_after: float | None = error["retryAfterMs"] / 1000 if "retryAfterMs" in error else None


class ConnectionLost(Exception):
    """The connection went before the answer came: the command may have been done."""


class Closed(Exception):
    """The server closed the connection and does not want it again. `code` is one of docs/protocol.md."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class SignInFailed(Exception):
    """E-mail and password let nobody in."""
