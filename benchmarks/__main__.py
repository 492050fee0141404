"""`python -m benchmarks NAME`: measure, print, and rewrite that part of benchmarks/RESULTS.md."""

import os
import resource
import sys
from importlib import import_module

import django

NAMES = ("ingest", "sockets", "catchup", "chat", "transports", "servers", "presence")
PARTS = ("telling", "bare")  # processes that those start
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_LEVEL": "WARNING",
    "WHATSAPP_ACCEPT_UNSIGNED": "0",  # signatures are part of the work
    "SOCKETS_PER_USER": "1000",  # few people with many sockets instead of many people
    "SOCKET_COMMANDS_PER_MINUTE": "1000000",
    "SOCKET_COMMAND_BURST": "100000",
}


def main(name: str = "", *arguments: str) -> int:
    if name not in NAMES + PARTS:
        print(f"Which one? {', '.join(NAMES)}", file=sys.stderr)
        return 2
    os.environ.update(SETTINGS)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the programs we start inherit it
    django.setup()
    import_module(f"benchmarks.{name}").main(*arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
