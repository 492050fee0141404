"""The product's settings, and an app of tables for tests/tenancy to attack."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _INSTALLED_APPS

INSTALLED_APPS = [*_INSTALLED_APPS, "tests.tenancy.notes"]
