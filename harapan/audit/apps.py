from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "harapan.audit"
    label = "audit"
