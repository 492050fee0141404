from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: who they are, what they may do, how they sign in."""

    name = "accounts"
