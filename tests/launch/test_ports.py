import errno
import socket

import pytest

from launch import ports
from launch.ports import free_port, listen
from launch.trouble import Trouble


def test_free_port_is_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", free_port()))


def test_listen_says_that_the_port_is_in_use() -> None:
    port = str(free_port())
    with listen("127.0.0.1", port), pytest.raises(Trouble, match=rf"Port {port} on 127\.0\.0\.1 is in use: .*PORT="):
        listen("127.0.0.1", port)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80"])
def test_listen_refuses_a_port_that_is_none(port: str) -> None:
    with pytest.raises(Trouble, match="it must be a number from 1 to 65535"):
        listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.1", "no-such-host.invalid"])
def test_listen_refuses_an_address_of_another_machine(host: str) -> None:
    with pytest.raises(Trouble, match="no address of this machine"):
        listen(host, str(free_port()))


def test_listen_says_that_low_ports_need_root() -> None:
    assert "needs root" in ports._reason("127.0.0.1", "80", PermissionError(errno.EACCES, "Permission denied"))


def test_connections_are_not_delayed_to_fill_packets() -> None:
    """The web server takes the inherited socket for a Unix one and would not ask for it."""
    port = free_port()
    with (
        listen("127.0.0.1", str(port)) as listener,
        socket.create_connection(("127.0.0.1", port)),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
