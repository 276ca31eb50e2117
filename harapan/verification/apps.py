from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "harapan.verification"
    label = "verification"
