from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "harapan.training"
    label = "training"
