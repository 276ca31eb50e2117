"""Saying what was found out about a task that no record resolves by itself."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.models import TaskAnswer
from harapan.fieldwork.sources import SOURCES, Subject
from harapan.fieldwork.task_kinds import kind_named
from harapan.registry.actions import NotYours
from harapan.registry.models import Family

TEXT_MIN = 10  # characters; "sudah" tells nobody anything


def answer_task(family_id: int, kind: str, mark: str, text: str, *, by: User, on: date) -> TaskAnswer:
    """Resolve one occurrence of a task with a sentence; the same again corrects it.

    Raises NotYours outside the scope, and Refused for kinds that only a record resolves or a text that says nothing.
    """
    found = kind_named(kind)
    if found is None or not found.answerable or SOURCES[found.query].subject is not Subject.FAMILY:
        raise Refused("Tugas ini selesai lewat catatannya, bukan dengan jawaban. {way}", way=_way(kind))
    said = " ".join(text.split())
    if len(said) < TEXT_MIN:
        raise Refused(
            "“{text}” terlalu pendek. Tulis dalam satu kalimat apa yang Anda temukan, paling sedikit {least} huruf.",
            text=said, least=TEXT_MIN,
        )  # fmt: skip
    with atomic():
        family = Family.objects.filter(pk=family_id).first()
        if family is None:
            raise NotYours(Phrase("Keluarga"))
        answer, _new = TaskAnswer.objects.update_or_create(
            family=family, kind=kind, mark=mark, defaults={"text": said, "on": on, "by": by},
            create_defaults={
                "text": said, "on": on, "by": by, "region_no": family.region_id, "group_no": family.group_id or 0,
            },
        )  # fmt: skip
        log.record("task.answered", kind="family", subject=family.pk, body={"kind": kind, "mark": mark})
    return answer


def _way(kind: str) -> Phrase:
    found = kind_named(kind)
    return found.resolution if found else Phrase("Buka daftar tugas dan pilih dari sana.")
