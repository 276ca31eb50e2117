"""A wave of a computed stage from the registry to its decision: frozen, computed, checked, and approved or sent back.

Each step looks at what stands, so that a killed load is taken up where it was.
"""

from __future__ import annotations

from datetime import date, timedelta

from harapan.benefits import approving, freezing, running
from harapan.benefits.actions import open_stage, plan
from harapan.benefits.models import Approval, Mode, Snapshot, Stage, State
from harapan.benefits.waves import MAIN
from harapan.demo.clock import WAITING
from harapan.demo.hearing import hear
from harapan.demo.ministry import APPROVER, MAKER, Ministry
from harapan.exchange.status.codec import CentreStatus
from harapan.payments import checking
from harapan.payments.holding import StatusRow, receive_statuses

CHECKED_AFTER_DAYS = 2
DECIDED_AFTER_DAYS = 5
REFUSED_BECAUSE = (
    "Beberapa keluarga turun lebih dari Rp300.000 tanpa penjelasan. Mintakan keterangan ke kabupaten/kota, "
    "lalu bekukan lagi."
)
_BEFORE_CHECKED = ("", Snapshot.State.FROZEN, Snapshot.State.COMPUTED)


def found(name: str) -> Stage:
    """The stage as it stands now. Needs a scope."""
    return Stage.objects.get(name=name)


def wait_for_approval(ministry: Ministry) -> None:
    """2024-4, sent back once and frozen anew, up to where somebody else than its maker must decide."""
    planned = date(2024, 6, 24)
    open_for_computing(ministry, WAITING, on=planned)
    hear(ministry, WAITING, on=planned)
    first, again = date(2024, 7, 17), date(2024, 7, 31)
    if not _sent_back(ministry, WAITING):
        bring_to_checked(ministry, WAITING, on=first)
    send_back_once(ministry, WAITING, frozen_on=first, again_on=again)
    bring_to_checked(ministry, WAITING, on=again)


def open_for_computing(ministry: Ministry, name: str, *, on: date) -> None:
    """Plan and open the stage; the centre's word on some accounts comes before it is frozen."""
    with ministry.acting(MAKER) as officer:
        stage = Stage.objects.filter(name=name).first()
        if stage is None:
            stage = plan(name, mode=Mode.COMPUTED, by=officer, on=on)
        if stage.state == State.PLANNED:
            open_stage(stage, by=officer, on=on + timedelta(days=7))
            _receive_statuses(ministry, stage, on=on + timedelta(days=14))


def _receive_statuses(ministry: Ministry, stage: Stage, *, on: date) -> None:
    officer = ministry.posts[MAKER].user
    rows = [
        StatusRow(line, family, CentreStatus.ACCOUNT_FAILED, "Rekening pasif", on)
        for line, family in enumerate(ministry.planted("account_centre"), start=2)
    ]
    receive_statuses(stage.name, rows, file=None, by=officer, on=on)


def bring_to_checked(ministry: Ministry, name: str, *, wave: int = MAIN, on: date) -> None:
    """Freeze the wave on that day, compute it and check its accounts; what is done already is left."""
    with ministry.acting(MAKER):
        stage = found(name)
        standing = _standing(stage, wave)
    if standing == "":
        freezing.freeze(stage, susulan=wave > MAIN, actor=ministry.maker, on=on)
    if standing in _BEFORE_CHECKED[:2]:
        running.compute(stage, actor=ministry.maker, on=on)
    if standing in _BEFORE_CHECKED:
        checking.check(stage, actor=ministry.maker, on=on + timedelta(days=CHECKED_AFTER_DAYS))


def approve(ministry: Ministry, name: str, *, decree_no: str, wave: int = MAIN, frozen_on: date) -> None:
    """The decree of the policy maker, where the wave still waits for it."""
    on = frozen_on + timedelta(days=DECIDED_AFTER_DAYS)
    with ministry.acting(APPROVER) as approver:
        stage = found(name)
        if _standing(stage, wave) == Snapshot.State.CHECKED:
            approving.approve(stage, decree_no=decree_no, decree_on=on, by=approver, on=on)


def send_back_once(ministry: Ministry, name: str, *, frozen_on: date, again_on: date) -> None:
    """The policy maker refuses with a reason, and the maker freezes anew."""
    sent_back = _sent_back(ministry, name)
    with ministry.acting(APPROVER) as approver:
        stage = found(name)
        if not sent_back:
            on = frozen_on + timedelta(days=DECIDED_AFTER_DAYS)
            approving.refuse(stage, why=REFUSED_BECAUSE, by=approver, on=on)
        refused_still = Snapshot.objects.live().filter(stage=stage, wave=MAIN, number=1).exists()
    if refused_still:
        freezing.freeze(stage, actor=ministry.maker, on=again_on)


def _sent_back(ministry: Ministry, name: str) -> bool:
    with ministry.acting(APPROVER):
        return Approval.objects.filter(run__stage__name=name).exists()


def _standing(stage: Stage, wave: int) -> str:
    """How far the wave has come; empty before it is frozen."""
    snapshot = Snapshot.objects.live().filter(stage=stage, wave=wave).first()
    return snapshot.state if snapshot else ""
