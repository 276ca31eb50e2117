from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "harapan.ui"
    label = "ui"

    def ready(self) -> None:
        from harapan.core.phrases import Phrase
        from harapan.ui import words

        Phrase.catalogue = staticmethod(words.in_readers_language)
