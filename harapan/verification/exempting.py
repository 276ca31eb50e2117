"""Places and months without the service an obligation needs: entered by the regency, withdrawn, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.components import Component
from harapan.core.errors import Forbidden, Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.files.models import StoredFile
from harapan.policy.reasons import demand_reason
from harapan.regions.codes import range_of
from harapan.regions.models import Region
from harapan.verification.models import Exemption

Ranges = Sequence[tuple[int, int]]  # half-open ranges of region numbers that the post reaches


def exempt(
    region: Region, *, component: Component | None, month_from: int, month_to: int, why: str,
    evidence: StoredFile | None = None, within: Ranges, by: User, on: date,
) -> Exemption:  # fmt: skip
    """Write down that the service is missing in a region from one month to another (yyyymm, both included).

    component: whose obligation cannot be met; None for every one. Raises Refused, and Forbidden outside `within`.
    """
    _refuse_outside(region, within)
    if month_from > month_to:
        raise Refused(
            "Bulan awal {month_from} sesudah bulan akhir {month_to}. Tukar keduanya.",
            month_from=month_from,
            month_to=month_to,
        )
    demand_reason(why, Phrase("Tulis layanan apa yang tidak ada dan sejak kapan; auditor akan membacanya."), on=on)
    with atomic():
        made = Exemption.objects.create(
            region=region, region_high=range_of(region.pk)[1], component=component, month_from=month_from,
            month_to=month_to, why=why.strip(), evidence=evidence, by=by, on=on,
        )  # fmt: skip
        log.record("exemption.made", kind="region", subject=region.pk, why=why.strip())
    return made


def withdraw(exemption: Exemption, *, within: Ranges, why: str, by: User, on: date) -> Exemption:
    """End an exemption that was wrong. Raises Refused where it is withdrawn already or no reason is given."""
    _refuse_outside(exemption.region, within)
    demand_reason(why, Phrase("Tulis mengapa layanannya ternyata tersedia; auditor akan membacanya."), on=on)
    with atomic():
        exemption = Exemption.objects.select_for_update().get(pk=exemption.pk)
        if not exemption.in_force:
            raise Refused("Pembebasan ini sudah dicabut. Muat ulang halamannya.")
        exemption.withdrawn_on, exemption.withdrawn_by, exemption.withdrawn_because = on, by, why.strip()
        exemption.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
        log.record("exemption.withdrawn", kind="region", subject=exemption.region_id, why=why.strip())
    return exemption


def _refuse_outside(region: Region, within: Ranges) -> None:
    low, high = range_of(region.pk)
    if not any(first <= low and high <= last for first, last in within):
        raise Forbidden(
            "{display_name} di luar wilayah kerja Anda. Minta koordinator wilayah itu yang mencatatnya.",
            display_name=region.display_name,
        )
