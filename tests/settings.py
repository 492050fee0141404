"""The product's settings, and an app of tables for tests/tenancy to attack."""

from tests import apart

apart.settle()

from config.settings import *  # noqa: E402, F403  they read the environment
from config.settings import INSTALLED_APPS as _INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*_INSTALLED_APPS, "tests.tenancy.notes"]
