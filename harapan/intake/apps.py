from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "harapan.intake"
    label = "intake"
