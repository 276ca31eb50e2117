from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "harapan.jobs"
    label = "jobs"
