from importlib import import_module

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "harapan.training"
    label = "training"

    def ready(self) -> None:
        import_module("harapan.training.starting")
