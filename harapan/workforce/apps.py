from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "harapan.workforce"
    label = "workforce"
