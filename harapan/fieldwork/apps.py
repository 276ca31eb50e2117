from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "harapan.fieldwork"
    label = "fieldwork"
