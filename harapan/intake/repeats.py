"""The same file twice changes nothing: lines taken before are left alone, only refused ones are tried again."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.intake.models import ImportRow, ImportRun, Verdict
from harapan.payments.models import SettlementFile


def skip_lines_taken_before(errand: Errand) -> None:
    """Mark as unchanged what a committed run of the same file, layout and stage took in, and say so.

    A list brought in again after a newer one would otherwise undo the newer one.
    """
    run = errand.run
    before = (
        ImportRun.objects.filter(
            file__digest=run.file.digest, layout=run.layout, stage=run.stage, facilitator=run.facilitator,
            region_no=run.region_no, state=ImportRun.State.COMMITTED,
        )
        .exclude(pk=run.pk)
        .exclude(Exists(_withdrawn_answers()))
        .order_by("-answered_at")
        .first()
    )  # fmt: skip
    if before is None:
        return
    taken = ImportRow.objects.filter(run=before).exclude(verdict=Verdict.REFUSED)
    for line, family_id, region_no in taken.values_list("line", "family_id", "region_no"):
        if errand.answers.open(line):
            errand.answers.settle(line, Verdict.UNCHANGED, family_id=family_id, region_no=region_no)
    when = format_date(localdate(before.answered_at))
    if before.refused:
        errand.notices.append(
            Phrase(
                "Berkas yang sama sudah dibawa masuk pada {when}; hanya {refused} baris yang dulu ditolak "
                "yang dicoba lagi.",
                when=when,
                refused=before.refused,
            )
        )
    else:
        errand.notices.append(
            Phrase("Berkas yang sama sudah dibawa masuk pada {when}; tidak ada yang diubah.", when=when)
        )


def _withdrawn_answers() -> QuerySet[SettlementFile]:
    """What a run booked of a bank's answers and was taken back since: brought in again, it is new."""
    return SettlementFile.objects.filter(
        file=OuterRef("file"), stage__name=OuterRef("stage"), withdrawn_on__isnull=False
    )
