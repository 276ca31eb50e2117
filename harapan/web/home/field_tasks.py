"""What of a facilitator's own month waits: tasks whose day is over, the plan of this month, the reports of the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.core.periods import add_months, month_days, month_of
from harapan.database.counting import Waiting
from harapan.fieldwork.composing import reported_results
from harapan.fieldwork.due import Load, area_of, loads_by_holder
from harapan.fieldwork.models import Report, WorkPlan
from harapan.fieldwork.task_kinds import kinds_on
from harapan.fieldwork.workers import began_on, is_worker
from harapan.p2k2.planning import number_of
from harapan.ui.parts import Task
from harapan.ui.words import counted
from harapan.ui.words import month as in_words
from harapan.web.home.desk import Desk


def field_tasks(desk: Desk) -> Iterator[Task]:
    """For whoever meets groups. A constant number of statements."""
    post = desk.post
    if post.role.reach != Reach.GROUPS or not is_worker(post) or not allows(post, "work.view"):
        return
    load = _load(post, desk.on)
    yield from desk.task(
        Waiting(load.late), "work.view", counted("Tugas lewat waktu"),
        _("Dari %(total)d tugas keluarga, kelompok, dan tempat layanan Anda.") % {"total": load.total},
        reverse("work") + "?urgency=late", _("Kerjakan"), "wait",
    )  # fmt: skip
    month = month_of(desk.on)
    plans = WorkPlan.objects.filter(user=post.user_id, month=number_of(month), accepted_at__isnull=False)
    yield from desk.task(
        Waiting(0 if plans.exists() else 1), "work.record",
        _("Rencana kerja %(month)s belum disetujui") % {"month": in_words(month)},
        _("Diusulkan dari tugas yang ada; ubah seperlunya, lalu setujui."), reverse("work_plan"), _("Rencanakan"),
    )  # fmt: skip
    last = add_months(month, -1)
    made = Report.objects.filter(user=post.user_id, month=number_of(last)).count()
    began = began_on(post.user_id)  # of a month before one came nothing is reported
    served = began is not None and began < month_days(month)[0]
    yield from desk.task(
        Waiting(max(len(reported_results(last)) - made, 0) if served else 0), "report.write",
        counted("Laporan %(month)s belum dibuat"),
        _("Disusun dari catatan; tinggal ditandatangani."), reverse("reports"), _("Buat"), month=in_words(last),
    )  # fmt: skip


def _load(post: Post, on: date) -> Load:
    holders = dict.fromkeys(post.groups, post.user_id)
    area = area_of(post, on=on)
    found = loads_by_holder(area, kinds_on(on, post=post), holders) if holders else {}
    return sum(found.get(post.user_id, {}).values(), Load())
