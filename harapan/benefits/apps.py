from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "harapan.benefits"
    label = "benefits"
