"""What stands behind `make run`, `serve`, `test` and `bench`: an installation in one command.

Makes the virtual environment, installs the pinned packages, starts a PostgreSQL and a Redis of its own where none is
named, then the processes of Recado, watches them and stops them in order. It needs nothing but Python's own library:
it runs before anything is installed.
"""
