"""`python -m launch COMMAND`, as the Makefile calls it."""

import sys
from collections.abc import Callable, Sequence

from launch import jobs
from launch.install import enter_virtual_environment, install
from launch.place import own
from launch.processes import die_with_make
from launch.screen import complain
from launch.stopping import Stop, listen
from launch.story import Demo, Production
from launch.trouble import Trouble, explain_system_error

INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended


def main(arguments: Sequence[str]) -> int:
    listen()
    die_with_make()
    command = COMMANDS.get(arguments[0] if arguments else "")
    if command is None:
        complain(f"Say what to do: python -m launch {'|'.join(COMMANDS)}")
        return 2
    try:
        enter_virtual_environment()
        return command(arguments[1:])
    except Stop:
        return INTERRUPTED
    except Trouble as trouble:
        complain(str(trouble))
    except OSError as error:
        complain(str(explain_system_error(error)))
    return 1


def _install(arguments: Sequence[str]) -> int:
    install(for_development="--dev" in arguments)
    return 0


def _reset(_: Sequence[str]) -> int:
    place = own()
    with place.held():
        place.remove()
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": lambda _: Demo().tell(),
    "serve": lambda _: Production().tell(),
    "test": jobs.test,
    "bench": jobs.bench,
    "manage": jobs.manage,
    "install": _install,
    "reset": _reset,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
