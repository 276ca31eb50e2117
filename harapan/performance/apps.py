from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "harapan.performance"
    label = "performance"
