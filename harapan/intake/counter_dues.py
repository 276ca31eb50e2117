"""BPNT of the ministry's list, taken over for the counter where PKH is paid beside it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.intake.models import OtherProgrammeRow
from harapan.payments.models import Programme
from harapan.payments.payout_days import enter_programme_due
from harapan.registry.models import Family

NAMES = ("BPNT", "SEMBAKO")  # as lists have called it
SOURCE = "Daftar pusat, baris bukan PKH"


def take_listed_bpnt(stage: Stage, *, by: User) -> int:
    """What the list of the stage says of BPNT, for every known family in scope; taken again it changes nothing.

    Waves of one family add up. Returns how many families are new or changed. Raises Refused where the list has none.
    """
    named = Q()
    for name in NAMES:
        named |= Q(programme__startswith=name)
    with atomic():
        rows = OtherProgrammeRow.objects.filter(named, stage=stage.name, family__isnull=False, amount_idr__gt=0)
        amounts: dict[int, int] = defaultdict(int)
        for family, idr in rows.values_list("family", "amount_idr"):
            amounts[family] += idr or 0
        if not amounts:
            raise Refused(
                "Daftar pusat tahap {stage} tidak memuat BPNT untuk keluarga di wilayah Anda. Catat jumlahnya dari "
                "daftar kantor pos pada halaman kelompok.",
                stage=stage.name,
            )
        families = {family: amounts[family.pk] for family in Family.objects.filter(pk__in=amounts)}
        return enter_programme_due(stage, Programme.BPNT, families, source=SOURCE, by=by)
