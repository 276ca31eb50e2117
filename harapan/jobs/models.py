"""Long work as its asker sees it: waiting, running with a bar, done with a result, or failed with words."""

from __future__ import annotations

from django.db import models

from harapan.core.phrases import Phrase
from harapan.database.phrases import PhraseField


class Work(models.Model):
    """One piece of long work. Seen only by whoever asked for it (row-level security by user number).

    Who asked, the post acted in and the file that came of it are plain numbers: jobs know no package above them.
    `attempt` is the fence: an attempt that was given up cannot finish what a later one began.
    """

    class State(models.TextChoices):
        WAITING = "waiting", Phrase("menunggu")
        RUNNING = "running", Phrase("berjalan")
        DONE = "done", Phrase("selesai")
        FAILED = "failed", Phrase("gagal")

    kind = models.CharField("jenis", max_length=60)
    asked_by = models.BigIntegerField()
    post_no = models.BigIntegerField(null=True, blank=True)
    state = models.CharField("keadaan", max_length=8, choices=State, default=State.WAITING)
    done = models.BigIntegerField("selesai", default=0)
    total = models.BigIntegerField("seluruhnya", default=0)
    message = PhraseField("keterangan", blank=True)
    result = models.UUIDField("berkas hasil", null=True, blank=True)
    attempt = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField("diminta", auto_now_add=True)
    started_at = models.DateTimeField("mulai", null=True, blank=True)
    finished_at = models.DateTimeField("berakhir", null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "pekerjaan"
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="work_of_whom")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int | None:
        """0 to 100, rounded down; None while the end is not known."""
        return min(100, self.done * 100 // self.total) if self.total > 0 else None
