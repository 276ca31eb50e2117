"""What the field's records say somebody who goes away must hand over: open tasks, and reports not made yet."""

from __future__ import annotations

from datetime import date

from harapan.core.periods import add_months, month_of
from harapan.core.phrases import Phrase
from harapan.fieldwork.composing import reported_results
from harapan.fieldwork.due import Load, loads_by_holder
from harapan.fieldwork.models import ReportVersion
from harapan.fieldwork.sources import Area
from harapan.fieldwork.task_kinds import kinds_on
from harapan.fieldwork.workers import began_on
from harapan.workforce.staff.checklist import Item, Leaver, source


@source("tasks")
def open_tasks(leaver: Leaver) -> Item:
    """Tasks of the families they meet; whoever takes the groups takes these as well."""
    holders = dict.fromkeys(leaver.groups, leaver.user.pk)
    loads = loads_by_holder(Area(leaver.groups, leaver.on), kinds_on(leaver.on), holders) if holders else {}
    load = sum(loads.get(leaver.user.pk, {}).values(), Load())
    way = Phrase("Ikut berpindah bersama kelompoknya; {late} di antaranya terlambat.", late=load.late)
    return Item("tasks", Phrase("Tugas yang belum selesai"), way, load.total)


@source("reports")
def unfinished_reports(leaver: Leaver) -> Item:
    """Months of this year, up to the last that is over, that lack one of their reports. Two queries."""
    way = Phrase("Hanya ia sendiri yang dapat membuat laporannya. Minta sebelum akunnya ditutup.")
    title = Phrase("Bulan yang laporannya belum lengkap")
    began = began_on(leaver.user.pk)
    if began is None:
        return Item("reports", title, way, 0)
    made = set(
        ReportVersion.objects.filter(report__user=leaver.user, report__year=leaver.on.year)
        .values_list("report__month", "report__rhk").distinct()
    )  # fmt: skip
    lacking = [
        month for month in _months(leaver.on, began)
        if any((int(month.replace("-", "")), rhk) not in made for rhk in reported_results(month))
    ]  # fmt: skip
    return Item("reports", title, way, len(lacking))


def _months(on: date, began: date) -> list[str]:
    """Whole months of this year that are over, since they serve."""
    found, month = [], f"{on.year}-01"
    while month < month_of(on):
        if month >= month_of(began):
            found.append(month)
        month = add_months(month, 1)
    return found
