"""`manage.py tcpgateway`: the socket's commands and events as lines of JSON over TCP, for clients without WebSocket."""

import ssl
from typing import Any

import uvloop
from django.core.management.base import CommandError, CommandParser

from realtime import tcp
from tenancy.commands import ServingCommand

PORT = 8010


class Command(ServingCommand):
    """Serve until SIGTERM."""

    help = "Serve newline-delimited JSON over TCP (or TLS) on a port of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=PORT, help="port to listen on (default: %(default)s)")
        parser.add_argument("--tls-cert", default="", metavar="FILE", help="certificate chain, PEM")
        parser.add_argument("--tls-key", default="", metavar="FILE", help="its private key, PEM")

    def handle(self, *_args: Any, host: str, port: int, tls_cert: str, tls_key: str, **_options: Any) -> None:
        tls = _tls(tls_cert, tls_key)
        self.stdout.write(f"Listening on {'tls' if tls else 'tcp'}://{host}:{port}")
        if tls is None:
            self.stderr.write(self.style.WARNING("Without TLS: tokens and messages can be read on the way."))
        try:
            uvloop.run(tcp.serve(host, port, tls))
        except OSError as error:
            raise CommandError(f"{host}:{port} cannot be listened on: {error}") from error


def _tls(certificate: str, key: str) -> ssl.SSLContext | None:
    if bool(certificate) != bool(key):
        raise CommandError("TLS needs both --tls-cert and --tls-key.")
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        raise CommandError(f"The certificate cannot be used: {error}") from error
    return context
