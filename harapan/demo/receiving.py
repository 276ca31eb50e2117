"""The stages of the demonstration: lists brought in by each regency, computed beside, statuses, and some answered."""

from __future__ import annotations

from datetime import timedelta

from harapan.benefits.actions import answer_difference, stage_named
from harapan.benefits.computing import compute_beside
from harapan.benefits.models import Difference, Run
from harapan.core.errors import Refused
from harapan.demo.channels import POST_OFFICE
from harapan.demo.clock import FIRST, LIST_ON, NOW, SECOND, STATUS_ON, noon
from harapan.demo.lists import MinistryList
from harapan.demo.office import Office
from harapan.exchange.beneficiaries import codec
from harapan.exchange.status.codec import CentreStatus
from harapan.intake.actions import bring_in
from harapan.payments.holding import StatusRow, receive_statuses
from harapan.policy.reader import default_policy
from harapan.registry.models import Question

ANSWERED_SHARE = 4  # one difference in so many is answered already
ANSWER = "Sudah ditanyakan ke pendamping; data anggota diperbaiki di pemutakhiran berikutnya."
CHECKED_SHARE = 3  # of 2025-2 two families in so many have passed the check of their account


def receive_lists(office: Office, listed: MinistryList) -> None:
    """Each data officer brings in the ministry's list of the own regency."""
    for regency, rows in office.by_regency(listed.rows()).items():
        name = f"PKH_{listed.stage}_{regency // 10**6}.csv"
        contents = codec.render((listed.line(row) for row in rows), form="csv")
        with office.acting("data_officer", regency) as (officer, post):
            run = bring_in(
                contents, name=name, layout="beneficiaries", stage=listed.stage, commit=True, by=officer, post=post,
                on=LIST_ON[listed.stage],
            )  # fmt: skip
        if run.refused:
            raise Refused(f"Daftar peragaan {name} ditolak pada {run.refused} baris; ini kesalahan pada peragaan.")
    # what two sources differ in was asked when the list came, not when the demonstration was made
    Question.objects.filter(asked_at__gt=noon(NOW)).update(asked_at=noon(LIST_ON[listed.stage]))


def receive_centre_statuses(office: Office, listed: MinistryList) -> None:
    """2025-1 went all the way; of 2025-2 accounts are being checked, and some families are excluded."""
    with office.acting("commitment_officer", 0) as (officer, _):
        receive_statuses(
            listed.stage, list(_statuses(office, listed)), file=None, by=officer, on=STATUS_ON[listed.stage]
        )


def _statuses(office: Office, listed: MinistryList) -> list[StatusRow]:
    world, day = office.world, STATUS_ON[listed.stage]
    dormant, unchecked, excluded = world.has("failed_dormant"), world.has("failed_check"), world.has("exclude")
    well_off = str(default_policy().value("exclude.well_off", on=day).value)
    told: list[tuple[int, CentreStatus, str, int]] = []
    for row in listed.rows():
        by_bank = listed.bank(row) != POST_OFFICE
        if listed.stage == FIRST:
            failed = row in dormant
            paid = CentreStatus.TOP_UP_FAILED if failed else CentreStatus.TOPPED_UP
            told.append((row, paid if by_bank else CentreStatus.SP2D, "Rekening pasif" if failed else "", 7))
            continue
        told.append((row, CentreStatus.FINAL_CLOSING, "", 0))
        if row in excluded:
            told.append((row, CentreStatus.EXCLUDED, well_off, 2))
        elif row in unchecked:
            told.append((row, CentreStatus.ACCOUNT_FAILED, "Nama pada rekening tidak sesuai", 2))
        elif by_bank and row % CHECKED_SHARE:
            told.append((row, CentreStatus.ACCOUNT_OK, "", 2))
    families = office.written.families
    return [
        StatusRow(line, families[row], word, reason, day + timedelta(days=days))
        for line, (row, word, reason, days) in enumerate(told, start=1)
    ]


def compute_stages(office: Office) -> None:
    """Compute both stages beside their lists; some differences of the first are answered."""
    officer = office.post("data_officer", office.regencies[0]).user
    for name in (FIRST, SECOND):
        run = compute_beside(stage_named(name), actor=officer.pk)
        Run.objects.filter(pk=run.pk).update(data_as_of=noon(STATUS_ON[name]))  # its clock starts once it is whole
    differences = Difference.objects.filter(stage__name=FIRST).order_by("pk")
    for difference in list(differences)[::ANSWERED_SHARE]:
        regency = difference.region_no // 10**6 * 10**6
        with office.acting("data_officer", regency) as (by, _):
            answer_difference(difference, answer=ANSWER, by=by)
