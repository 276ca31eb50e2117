"""What of a computed stage waits for the reader, step by step: its waves, its papers, its files, its last moves."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows
from harapan.benefits import waiting as of_benefits
from harapan.benefits.models import Snapshot, State
from harapan.database.counting import Waiting
from harapan.payments import waiting as of_payments
from harapan.payments.models import TreasuryDocument
from harapan.ui.parts import Task
from harapan.ui.words import counted
from harapan.web.home.desk import Desk

# where a wave stands: permission, what waits, why, the deed, and the page it is done on
WAVE_STEPS = {
    Snapshot.State.FROZEN: (
        "stage.compute", gettext_lazy("Tahap %(stage)s menunggu dihitung"),
        gettext_lazy("Datanya sudah dibekukan."), gettext_lazy("Buka tahap"), "stage",
    ),
    Snapshot.State.COMPUTED: (
        "stage.check", gettext_lazy("Tahap %(stage)s menunggu diperiksa"),
        gettext_lazy("Rekening diperiksa dan perbandingannya disusun."), gettext_lazy("Buka tahap"), "stage",
    ),
    Snapshot.State.CHECKED: (
        "stage.approve", gettext_lazy("Tahap %(stage)s menunggu persetujuan Anda"),
        gettext_lazy("Setujui dengan SK, atau kembalikan dengan alasan."), gettext_lazy("Putuskan"),
        "stage_comparison",
    ),
    Snapshot.State.APPROVED: (
        "stage.instruct", gettext_lazy("Tahap %(stage)s disetujui, belum diperintahkan"),
        gettext_lazy("Setiap keluarga yang disetujui menunggu ordernya."), gettext_lazy("Buka tahap"), "stage",
    ),
}  # fmt: skip
# where a whole stage stands, before its first freeze and after its last answer
MOVES = {
    State.OPEN: (
        "stage.freeze", gettext_lazy("Tahap %(stage)s menunggu dibekukan"),
        gettext_lazy("Bekukan bila perubahan data dan verifikasi sudah masuk."), gettext_lazy("Buka tahap"), "stage",
    ),
    State.RECONCILED: (
        "stage.close", gettext_lazy("Tahap %(stage)s menunggu ditutup"),
        gettext_lazy("Semua jawaban penyalur sudah cocok."), gettext_lazy("Buka uang tahap"), "stage_money",
    ),
    State.CLOSED: (
        "stage.close", gettext_lazy("Tahap %(stage)s menunggu dituntaskan"),
        gettext_lazy("Tuntas bila uang yang gagal, kembali, dan tidak diambil sudah di kas negara."),
        gettext_lazy("Buka uang tahap"), "stage_money",
    ),
}  # fmt: skip
PAPERS = {
    TreasuryDocument.Kind.SPP: ("document.spp", gettext_lazy("SPP belum terbit, tahap %(stage)s")),
    TreasuryDocument.Kind.SPM: ("document.spm", gettext_lazy("SPM belum terbit, tahap %(stage)s")),
    TreasuryDocument.Kind.SP2D: ("document.sp2d", gettext_lazy("SP2D belum dicatat, tahap %(stage)s")),
}


def stage_tasks(desk: Desk) -> Iterator[Task]:
    """The tasks of whoever does a part of a computed stage, in the order of its steps."""
    if not any(allows(desk.post, permission) for permission in PERMISSIONS):
        return
    yield from _moves(desk)
    yield from _waves(desk)
    yield from _papers(desk)
    yield from _files(desk)


def _moves(desk: Desk) -> Iterator[Task]:
    for stage in of_benefits.computed_in(*MOVES):
        permission, what, detail, deed, page = MOVES[State(stage.state)]
        if allows(desk.post, permission):
            said = what % {"stage": stage.name}
            url = reverse(page, args=[stage.name])
            yield from desk.task(Waiting(1), permission, said, detail, url, deed, "wait")
        if stage.state == State.CLOSED and allows(desk.post, "document.sp2d"):
            yield from desk.task(
                of_payments.not_paid_back(stage), "document.sp2d",
                counted("Setoran ke kas negara belum dicatat, tahap %(stage)s"),
                _("Uang yang gagal atau kembali disetor penyalur; catat NTPN-nya."),
                reverse("stage_paid_back", args=[stage.name]), _("Catat"), "wait", stage=stage.name,
            )  # fmt: skip


def _waves(desk: Desk) -> Iterator[Task]:
    """Waves whose next step is the reader's; what one made oneself waits for somebody else."""
    for snapshot in of_benefits.waves_under_way():
        permission, what, detail, deed, page = WAVE_STEPS[Snapshot.State(snapshot.state)]
        if not allows(desk.post, permission):
            continue
        if snapshot.state == Snapshot.State.CHECKED and of_benefits.made_by(snapshot, desk.post.user_id):
            continue
        name = snapshot.stage.name if snapshot.wave == 0 else f"{snapshot.stage.name} ({snapshot.wave_label})"
        url = reverse(page, args=[snapshot.stage.name])
        yield from desk.task(Waiting(1), permission, what % {"stage": name}, detail, url, deed, "wait")


def _papers(desk: Desk) -> Iterator[Task]:
    wanted = {kind: each for kind, each in PAPERS.items() if allows(desk.post, each[0])}
    for stage, kind, payers in of_payments.papers_wanted() if wanted else ():
        if kind in wanted:
            permission, what = wanted[kind]
            yield from desk.task(
                Waiting(payers), permission, what % {"stage": stage},
                _("Satu surat untuk setiap bank atau pos pada perintah bayar."),
                reverse("stage_instructions", args=[stage]), _("Buka perintah bayar"), "wait",
            )  # fmt: skip


def _files(desk: Desk) -> Iterator[Task]:
    if not allows(desk.post, "file.hand_over"):
        return
    for stage, files in of_payments.files_to_hand_over():
        yield from desk.task(
            Waiting(files), "file.hand_over",
            counted("Berkas pembayaran belum diserahkan, tahap %(stage)s"),
            _("SP2D-nya sudah ada; penyalur menunggu berkasnya."), reverse("stage_files", args=[stage]),
            _("Serahkan"), "wait", stage=stage,
        )  # fmt: skip


PERMISSIONS = {
    "file.hand_over",
    *(step[0] for step in (*WAVE_STEPS.values(), *MOVES.values())),
    *(paper[0] for paper in PAPERS.values()),
}
