"""Who reported is known to one named keeper, who opens it in person and leaves an entry each time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connections

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database import sealing
from harapan.database.day import today
from harapan.database.scope import active_alias, atomic
from harapan.policy.reasons import demand_reason
from harapan.workforce.ethics import law
from harapan.workforce.ethics.errors import NotYourCase
from harapan.workforce.models import EthicsReport, EthicsReporter

_LOOK = "SELECT id, name, contact FROM harapan.ethics_reporter(%s, %s)"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported, in clear. Shown once to the keeper, never kept."""

    name: str
    contact: str


def keepers(on: date) -> list[int]:
    """Users who may keep identities on a day."""
    posts = Post.objects.held_on(on).filter(role_code__in=law.keeper_roles(on), user__is_active=True)
    return sorted(set(posts.values_list("user", flat=True)))


def choose(case: int, *, on: date, without: Collection[int | None] = ()) -> int | None:
    """Cases are dealt round; None where nobody may keep."""
    people = [pk for pk in keepers(on) if pk not in without]
    return people[case % len(people)] if people else None


def look_at_reporter(report_id: int, *, why: str, by: User) -> Reporter:
    """Open who reported. The database writes the look with the answer. Raises Refused for everybody but the keeper."""
    way_out = Phrase("Tulis mengapa identitas pelapor perlu dibuka; alasannya masuk jejak.")
    demand_reason(why, way_out, on=today())
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_LOOK, [report_id, why.strip()[:300]])
        row = cursor.fetchone()
    if row is None:
        raise Refused("Identitas pelapor hanya dapat dibuka penyimpannya sendiri. Hubungi Komisi Etik bila perlu.")
    table = EthicsReporter._meta.db_table
    name, contact = (sealing.unseal(blob, kind="text", table=table, row_id=row[0]) for blob in row[1:])
    return Reporter(name, contact)


def name_keeper(report_id: int, *, to: User, by: User, on: date) -> EthicsReport:
    """Give the keeping to another: by the keeper, or by the commission where the keeper serves there no more."""
    with atomic():
        rows = EthicsReport.objects.select_for_update(of=("self",)).select_related("case", "keeper")
        report = rows.filter(pk=report_id, anonymous=False).first()
        if report is None:
            raise NotYourCase
        possible = keepers(on)
        if report.keeper_id != by.pk and report.keeper_id in possible:
            raise Refused(
                "Identitas pelapor disimpan {keeper}. Hanya ia yang dapat menyerahkannya kepada orang lain.",
                keeper=report.keeper.name if report.keeper else "",
            )
        if to.pk not in possible or to.pk == report.case.accused_id:
            raise Refused(
                "{name} tidak dapat menyimpan identitas pelapor perkara ini. Pilih anggota lain.", name=to.name
            )
        report.keeper = to
        report.save(update_fields=["keeper"])
        log.record("ethics_report.keeper_named", kind="ethics_case", subject=report.case_id, body={"keeper": to.pk})
    return report
