"""Run by the tests as a process of its own: starts PostgreSQL and Redis in a folder, says so, waits to be ended."""

import sys
from pathlib import Path

from launch.place import Place
from launch.screen import say
from launch.services import start_services
from launch.stopping import Stop, listen
from launch.supervisor import Supervisor

listen()
place = Place(Path(sys.argv[1]))
supervisor = Supervisor(place)
try:
    with place.held():
        start_services(supervisor)
        say("READY")
        supervisor.watch()
except Stop:
    supervisor.stop()
    say("STOPPED")
