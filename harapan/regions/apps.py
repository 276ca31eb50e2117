from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "harapan.regions"
    label = "regions"
