"""Meta as tests meet it: the simulator in a process of its own, told over HTTP what to do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from launch import programs
from launch.ports import free_port
from launch.processes import Process, start
from tests.waiting import eventually


class Meta:
    """The simulator. `url` is its address; the Graph API is below it."""

    def __init__(self, folder: Path, *, recado_url: str = "http://127.0.0.1:9") -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "simulator.log"
        program = programs.simulator(port, folder / "simulator.sqlite3", recado_url)
        quick = {"RECADO_MODE": "demo", "SIMULATOR_HOLD_SECONDS": "5", "SIMULATOR_RETRY_SECONDS": "0.2"}
        told = {**program.environment, **quick, "DJANGO_SETTINGS_MODULE": "simulator.settings"}
        self.program = replace(program, environment=told)
        self.process: Process | None = None
        self.http = httpx.Client(base_url=f"{self.url}/simulator/api/", timeout=20)

    @property
    def graph_url(self) -> str:
        """What GRAPH_URL has to be."""
        return f"{self.url}/simulator/graph"

    def start(self) -> "Meta":
        """Start it and wait for it."""
        self.process = start(self.program, self.log)
        eventually(lambda: self.http.get("queue").status_code == httpx.codes.OK)
        return self

    def stop(self) -> None:
        """Stop it."""
        self.http.close()
        if self.process:
            self.process.kill()

    def behave(self, customer: str = "", **behaviour: Any) -> None:
        """What happens next on one phone, or on all."""
        self._post("behaviour", {"customer": customer, **behaviour})

    def normal(self) -> None:
        """Back to normal."""
        self._post("reset", {})

    def say(self, customer: str | dict[str, str], text: str = "", **more: Any) -> str:
        """A customer writes; returns the wamid."""
        answer = self._post("inbound", {"customer": customer, "body": text, **more})
        return str(answer.get("id", ""))

    def messages(self, customer: str) -> list[dict[str, Any]]:
        """What a phone shows, oldest first."""
        answer = self.http.get("messages", params={"customer": customer})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def received(self, customer: str) -> list[str]:
        """The texts that reached a customer, in order."""
        return [
            each["text"]["body"]
            for each in self.messages(customer)
            if each["direction"] == "outbound" and each["type"] == "text"
        ]

    def file(self, media_id: str) -> bytes:
        """What a phone gets that opens a file."""
        answer = self.http.get(f"{self.url}/simulator/media/{media_id}")
        answer.raise_for_status()
        return answer.content

    def waiting_webhooks(self) -> int:
        """How many webhooks the simulator has yet to deliver."""
        waiting: int = self.http.get("queue").json()["waiting"]
        return waiting

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
