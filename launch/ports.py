"""Ports: free ones for our own servers, and the one that browsers come to."""

import errno
import random
import socket

from launch.trouble import Trouble

# Below the range from which the kernel takes ports for outgoing connections, so that none is lost to one of those
# between the moment we look and the moment the server binds.
LAST = 65_535
QUIET = range(20_000, 32_000)


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    for port in random.sample(QUIET, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble("No free port was found on 127.0.0.1: close some programs, then run this again.")


def listen(host: str, port: str) -> socket.socket:
    """The socket that all web processes share; bound first of all, so that a port in use is told at once."""
    if not port.isdecimal() or not 0 < int(port) <= LAST:
        raise Trouble(f"PORT is {port!r}: it must be a number from 1 to {LAST}.")
    try:
        family, *_, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        return _bound(family, address)
    except OSError as error:
        raise Trouble(_reason(host, port, error)) from None


def _bound(family: int, address: object) -> socket.socket:
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. uvicorn takes a socket that it is handed for a Unix one and would leave Nagle on.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)  # type: ignore[arg-type]  # getaddrinfo's own
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _reason(host: str, port: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop the program that uses it, or choose another: PORT=8001 make run"
    if error.errno == errno.EACCES:
        return f"Port {port} needs root: choose one above 1023: PORT=8000 make run"
    return f"{host}:{port} is no address of this machine ({error.strerror}): try HOST=127.0.0.1 make run"
