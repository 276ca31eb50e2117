"""What can be wrong with policy: a file that cannot be trusted, a value nobody entered, a stage nobody planned."""

from __future__ import annotations

from harapan.core.errors import Refused, Unreadable
from harapan.core.phrases import Phrase


class BadPolicy(Unreadable):
    """A policy file or overlay breaks the house rules; nothing of it is used."""

    def __init__(self, place: str, problem: str, way_out: str) -> None:
        super().__init__(Phrase("{place}: {problem}. {way_out}.", place=place, problem=problem, way_out=way_out))
        self.place = place


class MissingValue(Refused):
    """No dated value covers the day asked for; a stage never guesses one."""

    def __init__(self, key: str, on: str) -> None:
        super().__init__(
            Phrase(
                "Kebijakan belum memuat nilai {key} untuk {on}. Tambahkan nilainya beserta sumbernya di "
                "data/policy, atau tetapkan lewat penetapan kebijakan, lalu ulangi.",
                key=key,
                on=on,
            )
        )
        self.key = key


class UnknownStage(Refused):
    """The name fits no calendar."""

    def __init__(self, stage: str, known: str) -> None:
        super().__init__(
            Phrase(
                "Tahap {stage} tidak ada dalam kalender kebijakan. {known} Periksa nama tahapnya, atau "
                "tambahkan kalender tahun itu beserta sumbernya di data/policy/calendars.yaml.",
                stage=stage,
                known=known,
            )
        )
        self.stage = stage


class ContradictingPolicy(Refused):
    """Two dated values that must agree do not."""
