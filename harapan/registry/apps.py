from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "harapan.registry"
    label = "registry"
