from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "harapan.files"
    label = "files"
