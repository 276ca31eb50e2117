from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "harapan.accounts"
    label = "accounts"
