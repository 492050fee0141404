"""The real socket.io-client from Python: a node process that says what happens, line by line."""

import itertools
import json
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SCRIPT = Path(__file__).with_name("client.mjs")
SECONDS = 45
"""A loaded machine starts node, and our server, slowly."""

WEBSOCKET = {"transports": ["websocket"]}
POLLING = {"transports": ["polling"]}
UPGRADE = {"transports": ["polling", "websocket"]}


class Client:
    """What happens comes as lists: `connect`, `upgrade`, `event`, `ack`, `disconnect`, `connect_error`, and values."""

    def __init__(self, url: str, token: str | None, **options: Any) -> None:
        wanted = {"reconnectionDelay": 50, "reconnectionDelayMax": 200, **options}
        if token is not None:
            wanted["auth"] = {"token": token}
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), url, json.dumps(wanted)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._heard: queue.Queue[list[Any] | None] = queue.Queue()
        self._aside: list[list[Any]] = []
        self._ids = itertools.count(1)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._process:
            self._process.kill()
        self._reading.join(SECONDS)

    def next(self, *start: Any) -> list[Any]:
        """What happened next that begins with these words: without them. Keeps the rest for later."""
        for place, found in enumerate(self._aside):
            if found[: len(start)] == [*start]:
                return self._aside.pop(place)[len(start) :]
        while (found := self._next()) and found[: len(start)] != [*start]:
            self._aside.append(found)
        return found[len(start) :]

    def event(self, name: str) -> Any:
        """The data of the next event of a name."""
        return self.next("event", name)[0]

    def ask(self, name: str, *data: Any) -> Any:
        """Emit with an acknowledgement, and wait for it."""
        number = next(self._ids)
        self.emit(name, *data, number=number)
        return self.next("ack", number)[0]

    def emit(self, name: str, *data: Any, number: int | None = None) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, number, *data]) + "\n")
        self._process.stdin.flush()

    def raw(self, name: str, *data: Any) -> Any:
        """As `ask`, also with names that the library refuses to emit."""
        return self.ask(name, *data) if name not in {"connect", "disconnect"} else self.ask(f"raw {name}", *data)

    def leave(self) -> None:
        """`socket.disconnect()`."""
        assert self._process.stdin
        self._process.stdin.close()

    def _next(self) -> list[Any]:
        found = self._heard.get(timeout=SECONDS)
        assert found is not None, f"the client ended; set aside: {self._aside}"
        return found

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._heard.put(json.loads(line))
        self._heard.put(None)
