#!/usr/bin/env python
"""Django's command line for Recado."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run one management command; commands that change tables log in as their owner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in {"migrate", "flush", "sqlflush"}:
        os.environ.setdefault("RECADO_LOGIN", "owner")
    sys.path.append(str(Path(__file__).parent / "clients" / "python"))  # `listen` is a client like any other
    from django.core.management import execute_from_command_line  # noqa: PLC0415  needs the variables above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
