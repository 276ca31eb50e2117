from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "harapan.payments"
    label = "payments"

    def ready(self) -> None:
        import_module("harapan.payments.leaving")
