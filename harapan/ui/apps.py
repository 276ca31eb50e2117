from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "harapan.ui"
    label = "ui"
