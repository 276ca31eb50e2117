from django.apps import AppConfig


class P2k2Config(AppConfig):
    name = "harapan.p2k2"
    label = "p2k2"
