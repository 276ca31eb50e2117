from importlib import import_module

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "harapan.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        import_module("harapan.fieldwork.leaving")
