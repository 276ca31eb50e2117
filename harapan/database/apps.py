from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "harapan.database"
    label = "database"
