"""`make run` and `make serve`: from nothing to a page that answers."""

import os
import socket
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path

from launch import programs
from launch.install import VENV, install
from launch.keys import production_keys
from launch.place import PRODUCTION, PROJECT, Place, own
from launch.ports import free_port, listen
from launch.processes import Program, run
from launch.readiness import Readiness
from launch.screen import complain, paint, say, step
from launch.services import start_services
from launch.stopping import Stop
from launch.supervisor import Supervisor
from launch.trouble import Trouble


class Story(ABC):
    """The same start for both; they differ in what they are told and in what stands beside the web server."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = os.environ.get("PORT") or "8000"
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  the person asked for it
        self.url = f"http://[{local}]:{self.port}" if ":" in local else f"http://{local}:{self.port}"

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What the processes are told, beside the addresses of PostgreSQL and Redis."""

    @abstractmethod
    def prepare(self, environment: dict[str, str]) -> None:
        """What the migrated database and the disk need before the first request."""

    @abstractmethod
    def companions(self) -> list[Program]:
        """Programs beside web, workers and beat."""

    @abstractmethod
    def welcome(self) -> str:
        """Printed when it is ready."""

    def tell(self) -> int:
        """From the first line to the last. Being stopped is how it ends well: 0; 1 when a program died."""
        with self.place.held(), closing(listen(self.host, self.port)) as listener:
            install()
            supervisor = Supervisor(self.place)
            try:
                self._bring_up(supervisor, listener)
                supervisor.watch()
            except Stop:
                return 0
            except Trouble as trouble:
                complain(str(trouble))
                return 1
            finally:
                say("\nStopping …")
                listener.close()
                supervisor.stop()

    def _bring_up(self, supervisor: Supervisor, listener: socket.socket) -> None:
        addresses = start_services(supervisor)
        environment = {"HOST": self.host, "PORT": self.port, **addresses, **self.environment()}
        self._prepare(environment)
        self.place.remember(environment)
        supervisor.environment = environment
        with step("Starting the web server and the workers"):
            self._start_programs(supervisor, listener)
        say(self.welcome())

    def _prepare(self, environment: dict[str, str]) -> None:
        run("Compiling the translations", Program("messages", programs.messages("compile")))
        with step("Migrating the database"):
            run("Migrating the database", programs.migrate(environment))
        self.prepare(environment)

    def _start_programs(self, supervisor: Supervisor, listener: socket.socket) -> None:
        schedule = self.place.root / "celerybeat-schedule"
        supervisor.start(*self.companions(), programs.beat(schedule), programs.ingest(), programs.worker())
        supervisor.start(*(programs.web(name, listener.fileno()) for name in _web_names()))
        ready = Readiness(self.url)
        supervisor.wait_until(ready, patience=120, otherwise=ready.complaint)


class Demo(Story):
    def __init__(self) -> None:
        super().__init__(own())
        self.simulator_port = free_port()

    def environment(self) -> dict[str, str]:
        simulator = f"http://127.0.0.1:{self.simulator_port}"
        return _unless_told(
            SITE_URL=self.url,
            MEDIA_ROOT=str(self.place.folder("media")),
            SIMULATOR_URL=simulator,
            GRAPH_URL=f"{simulator}/simulator/graph",
        ) | {"RECADO_MODE": "demo"}

    def prepare(self, environment: dict[str, str]) -> None:
        with step("Looking after the demo data"):
            run("Seeding the demo data", Program("seed", programs.manage("seed_demo"), environment))

    def companions(self) -> list[Program]:
        return [programs.simulator(self.simulator_port, self.place.root / "simulator.sqlite3", self.url)]

    def welcome(self) -> str:
        return f"""
{paint(f"Recado is ready: {self.url}", "green")}

  Agents      ana@acme.test, caio@acme.test
  Supervisor  sofia@acme.test
  Admin       bruno@acme.test
  Neighbour   gil@globex.test, another company
  Staff       root@recado.test, who runs the installation: /admin/ over all companies
  Password    recado-demo, for all of them
  Customer    {self.url}/simulator/ is the phone of a customer

  Logs are in {self.place.root / "log"}. Ctrl-C stops everything.
"""


class Production(Story):
    """In a folder of its own: a production database never meets demo data."""

    def __init__(self) -> None:
        super().__init__(own(PRODUCTION))

    def environment(self) -> dict[str, str]:
        hosts = sorted({"127.0.0.1", "localhost", "[::1]", self.host})
        return (
            _unless_told(
                SITE_URL=self.url,
                ALLOWED_HOSTS=",".join(hosts),
                MEDIA_ROOT=str(self.place.folder("media")),
                STATIC_ROOT=str(self.place.folder("static")),
            )
            | production_keys(self.place)
            | {"RECADO_MODE": "production"}
        )

    def prepare(self, environment: dict[str, str]) -> None:
        static = Path(environment.get("STATIC_ROOT") or os.environ["STATIC_ROOT"])
        if is_collected(static / "staticfiles.json"):
            return
        with step("Collecting the static files"):
            collect = programs.manage("collectstatic", "--no-input")
            run("Collecting the static files", Program("collectstatic", collect, environment))

    def companions(self) -> list[Program]:
        return []

    def welcome(self) -> str:
        return f"""
{paint(f"Recado is ready: {self.url}", "green")}

  Production settings, no demo data. The first person: make manage ARGS="createsuperuser" RECADO_DATA={self.place.root}
  Logs are in {self.place.root / "log"}. Ctrl-C stops everything.
"""


def is_collected(manifest: Path) -> bool:
    """Whether nothing has changed since the manifest was written: neither our files nor the installed packages."""
    if not manifest.exists():
        return False
    sources = [*VENV.glob("recado-*"), *PROJECT.glob("static/**/*"), *PROJECT.glob("*/static/**/*")]
    return max(path.stat().st_mtime for path in sources) < manifest.stat().st_mtime


def _unless_told(**defaults: str) -> dict[str, str]:
    """Those that the environment does not name already."""
    return {name: value for name, value in defaults.items() if name not in os.environ}


def _web_names() -> list[str]:
    count = os.environ.get("WEB_PROCESSES") or "1"
    if not count.isdecimal() or int(count) < 1:
        raise Trouble(f"WEB_PROCESSES is {count!r}: it must be a number of at least 1.")
    return ["web"] if int(count) == 1 else [f"web-{number}" for number in range(1, int(count) + 1)]
