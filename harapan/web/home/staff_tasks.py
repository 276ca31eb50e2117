"""The tasks of those who manage staff: leave asked for, posts that end with their groups, people without an account."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows
from harapan.database.counting import waiting
from harapan.ui.parts import Task
from harapan.ui.words import counted
from harapan.web.home.desk import Desk
from harapan.workforce.staff.ending import about_to_end
from harapan.workforce.staff.opening import without_account
from harapan.workforce.staff.reach import departures_due, leave_asked


def staff_tasks(desk: Desk) -> Iterator[Task]:
    """Four statements at most."""
    if allows(desk.post, "user.manage"):
        yield from desk.task(
            waiting(without_account(desk.post, on=desk.on)), "user.manage", _("SDM PKH belum punya akun"),
            _("Juga yang menerima tempat dan belum mulai bertugas. Beri akun dan jabatan pertamanya."),
            f"{reverse('staff_people')}?state=unaccounted", _("Beri akun"), "wait",
        )  # fmt: skip
    if not allows(desk.post, "staff.manage"):
        return
    yield from desk.task(
        leave_asked(desk.post), "staff.manage",
        counted("Permintaan cuti belum dijawab"),
        _("Pilih pengganti dan isi nomor suratnya, atau tolak dengan alasan."), reverse("departures"), _("Jawab"),
        "wait",
    )  # fmt: skip
    yield from desk.task(
        departures_due(desk.post, on=desk.on), "staff.manage",
        counted("Cuti, pindah, atau berhenti belum dilaksanakan"),
        _("Harinya sudah tiba. Sampai dilaksanakan, jabatan, akun, dan kartu petugasnya masih berlaku."),
        reverse("departures"), _("Laksanakan"), "wait",
    )  # fmt: skip
    yield from desk.task(
        waiting(about_to_end(desk.post, on=desk.on)), "staff.manage",
        counted("Jabatan pendamping segera berakhir, kelompoknya belum diserahkan"),
        _("Perpanjang jabatannya, atau rencanakan kepergiannya dan serahkan kelompoknya."),
        f"{reverse('staff_people')}?state=ending", _("Buka"), "wait",
    )  # fmt: skip
