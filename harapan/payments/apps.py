from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "harapan.payments"
    label = "payments"
