from importlib import import_module

from django.apps import AppConfig


class P2k2Config(AppConfig):
    name = "harapan.p2k2"
    label = "p2k2"

    def ready(self) -> None:
        import_module("harapan.p2k2.starting")
