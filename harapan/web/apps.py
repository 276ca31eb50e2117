from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "harapan.web"
    label = "web"
