"""What goes wrong in a stage besides a kill: each is refused in one sentence, and no rupiah moves."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.benefits import computing, freezing, running
from harapan.benefits.alone import LOCK_SPACE
from harapan.benefits.errors import ImpossibleMove, StageBusy
from harapan.benefits.models import Entitlement, Run, Snapshot, State
from harapan.core.components import Component
from harapan.core.errors import Refused, Unreadable
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.exchange.payment_file import codec
from harapan.exchange.settlement.words import Outcome
from harapan.files import storage
from harapan.payments import checking, closing, files, handing, money, ordering, retrying, treasury, whole
from harapan.payments.actions import set_aside
from harapan.payments.enums import ExceptionKind
from harapan.payments.holding import release
from harapan.payments.models import Hold, Order, PaymentException, PaymentFile, SettlementLine
from harapan.policy import reader
from harapan.policy.errors import MissingValue
from harapan.registry.models import Enrolment, Family, PaymentAccount
from tests.computed.ground import DAY, STAGE, Ground
from tests.jobs.server import worker_environment

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def another_holds(stage_pk: int) -> Iterator[None]:
    """Another process is at work on the stage."""
    place = connections["batch"].settings_dict
    with psycopg.connect(
        host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=place["USER"], password=place["PASSWORD"]
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, stage_pk])
        yield


def test_two_at_once_one_waits_for_nothing_and_says_so(ground: Ground) -> None:
    ground.frozen()
    with another_holds(ground.stage().pk), pytest.raises(StageBusy, match=STAGE):
        running.compute(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(ground.nation()):
        assert Run.objects.count() == 0


def test_a_second_click_on_a_step_is_an_impossible_move(ground: Ground) -> None:
    ground.checked()
    for again in (running.compute, checking.check, ordering.draw):
        with pytest.raises(ImpossibleMove):
            again(ground.stage(), actor=ground.maker, on=DAY)
    ground.approve()
    ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    with pytest.raises(Refused, match="Tidak ada yang perlu diperintahkan"):
        ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(ground.nation()):
        assert Order.objects.count() == len(ground.families)


def test_a_missing_rate_refuses_the_freeze_and_names_the_key(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.planned()
    known = reader.default_policy()
    without = {key: rows for key, rows in known.timelines.items() if key != "components.toddler.annual_idr"}
    monkeypatch.setattr(freezing, "default_policy", lambda: reader.Policy(without))
    with pytest.raises(MissingValue, match=r"components\.toddler\.annual_idr"):
        freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    assert ground.stage().state == State.OPEN


def test_policy_changed_after_the_freeze_changes_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = ground.frozen()
    doubled = reader.default_policy().with_overlay(
        {"components.toddler.annual_idr": [{"from": date(2024, 1, 1), "value": 6_000_000}]}
    )
    monkeypatch.setattr(reader, "default_policy", lambda: doubled)
    run = running.compute(ground.stage(), actor=ground.maker, on=DAY)
    assert run.stage_rules == snapshot.rules
    assert {rule.component: rule.annual_idr for rule in run.stage_rules.components}[Component.TODDLER] == 3_000_000


def test_a_snapshot_file_that_was_changed_refuses_the_run(ground: Ground) -> None:
    snapshot = ground.frozen()
    file = snapshot.folder / "members-0000.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"X")
    with pytest.raises((Refused, Unreadable), match=r"members-0000\.parquet"):
        running.compute(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(ground.nation()):
        assert Run.objects.get().state == Run.State.REFUSED
        assert Entitlement.objects.count() == 0


FULL = """
import resource, sys
from datetime import date
import django
django.setup()
from harapan.benefits import freezing, running
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with put_on(Scope.batch(via="test")):
    stage = Stage.objects.get(name=sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    {"freeze": freezing.freeze, "compute": running.compute}[sys.argv[2]](stage, actor=0, on=date(2024, 11, 5))
except Refused as refusal:
    print(refusal)
    sys.exit(7)
"""


@pytest.mark.parametrize(("step", "state"), [("freeze", State.OPEN), ("compute", State.FROZEN)])
def test_a_disk_that_takes_no_more_refuses_and_leaves_the_stage(ground: Ground, step: str, state: State) -> None:
    """The limit of a file's size stands for the full disk: the write fails in the same place, in the same way."""
    _ = ground.planned() if step == "freeze" else ground.frozen()
    done = subprocess.run(
        [sys.executable, "-c", FULL, STAGE, step, "600"], cwd=ROOT, env=worker_environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr[-2000:]
    assert "Kosongkan ruang" in done.stdout
    assert ground.stage().state == state
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    repeat = freezing.freeze if step == "freeze" else running.compute
    repeat(ground.stage(), actor=ground.maker, on=DAY)


def test_a_file_goes_out_once_and_only_after_its_sp2d(ground: Ground) -> None:
    instruction = ground.instructed()
    treasurer = ground.people["treasurer"]
    with put_on(ground.nation("treasurer")):
        file = PaymentFile.objects.filter(instruction=instruction).first()
        with pytest.raises(Refused, match="belum selesai ditulis"):
            handing.hand_over(file, to="Budi", by=treasurer, on=DAY)
    files.write_files(instruction, actor=ground.maker, on=DAY)
    with put_on(ground.nation("treasurer")), pytest.raises(Refused, match="SP2D"):
        handing.hand_over(file, to="Budi", by=treasurer, on=DAY)
    ground.papers(instruction)
    with put_on(ground.nation("treasurer")):
        handing.hand_over(file, to="Budi", by=treasurer, on=DAY)
        with pytest.raises(Refused, match="tidak diserahkan dua kali"):
            handing.hand_over(file, to="Budi", by=treasurer, on=DAY)


def test_papers_follow_each_other_by_different_people(ground: Ground) -> None:
    instruction, ppk = ground.instructed(), ground.people["commitment_officer"]
    kinds = treasury.Kind

    def issue(kind: treasury.Kind, number: str, on: date = DAY) -> None:
        with put_on(ground.nation()):
            treasury.issue(instruction, kind, number=number, on=on, by=ppk, today=DAY)

    with pytest.raises(Refused, match="menunggu SPP"):
        issue(kinds.SPM, "1")
    issue(kinds.SPP, "1")
    with pytest.raises(Refused, match="sudah ada"):
        issue(kinds.SPP, "2")
    with pytest.raises(Refused, match="orang lain"):
        issue(kinds.SPM, "1")
    with pytest.raises(Refused, match="belum tiba"):
        issue(kinds.SPM, "1", on=DAY + timedelta(days=1))


def test_an_answer_before_the_file_went_out_waits_for_a_person(ground: Ground) -> None:
    ground.instructed()
    ground.answer(Outcome.CREDITED)
    with put_on(ground.nation()):
        assert set(PaymentException.objects.values_list("kind", flat=True)) == {ExceptionKind.NOT_SENT}
        assert SettlementLine.objects.count() == 0


def test_the_same_answers_twice_change_nothing(ground: Ground) -> None:
    ground.handed_over()
    first = ground.answer(Outcome.CREDITED)
    again = ground.answer(Outcome.CREDITED)
    assert (first.file.booked, again.file.pk) == (len(ground.families), first.file.pk)
    other = ground.settle(ground.rows(Outcome.CREDITED), name="salinan.csv")
    assert other.file.pk == first.file.pk
    with put_on(ground.nation()):
        assert SettlementLine.objects.count() == len(ground.families)


def test_answers_out_of_order_end_where_the_latest_word_stands(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Outcome.WITHDRAWN, on=DAY + timedelta(days=3))
    ground.answer(Outcome.CREDITED, on=DAY)
    with put_on(ground.nation()):
        found = money.of(ground.stage())
        assert found.withdrawn_idr == found.net_idr
        assert PaymentException.objects.count() == 0


def test_an_answer_for_another_stage_or_amount_fits_nothing(ground: Ground) -> None:
    ground.handed_over()
    row = ground.rows(Outcome.CREDITED)[0]
    ground.settle([row._replace(amount_idr=row.amount_idr + 1)])
    ground.settle([row._replace(attempt=2, line=3)], name="kedua.csv")
    with put_on(ground.nation()):
        kinds = list(PaymentException.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ExceptionKind.AMOUNT, ExceptionKind.CONTRADICTS]


def test_a_cut_off_payment_file_does_not_read(ground: Ground) -> None:
    instruction = ground.instructed()
    files.write_files(instruction, actor=ground.maker, on=DAY)
    with put_on(ground.nation()):
        file = PaymentFile.objects.select_related("file").filter(instruction=instruction, payer="BRI").first()
        contents = storage.read(file.file)
    form = files.layout_of("BRI", on=DAY)
    for cut in (contents[: len(contents) // 2], contents[:-20]):
        with pytest.raises(Unreadable):
            codec.parse(cut, form)


def test_what_failed_is_paid_by_a_second_order_and_never_twice(ground: Ground) -> None:
    ground.handed_over()
    rows = ground.rows(Outcome.CREDITED)
    ground.settle([row._replace(outcome=Outcome.FAILED, reason="other") for row in rows[:2]] + rows[2:])
    late = ground.settle([rows[0]], name="terlambat.csv")
    assert late.file.exceptions == 1, "the failed order is not paid by an answer alone"
    families = [row.family_id for row in rows[:2]]
    with put_on(ground.nation()):
        assert retrying.ask(ground.stage(), families, why="Rekening aktif lagi", by=None, on=DAY) == 2
        assert retrying.ask(ground.stage(), families, why="Rekening aktif lagi", by=None, on=DAY) == 0
    again = ordering.draw_retries(ground.stage(), actor=ground.maker, on=DAY)
    assert again.orders == 2
    with pytest.raises(Refused, match="Tidak ada permintaan"):
        ordering.draw_retries(ground.stage(), actor=ground.maker, on=DAY)
    files.write_files(again, actor=ground.maker, on=DAY)
    ground.papers(again)
    ground.hand_over(again)
    paid = [row for row in ground.rows(Outcome.CREDITED, on=DAY + timedelta(days=5)) if row.attempt == 2]
    ground.settle(paid, name="ulang.csv")
    with put_on(ground.nation()):
        found = money.of(ground.stage())
        assert found.credited_idr == found.net_idr == whole.due_idr(ground.stage())
        whole.refuse_other_ledger(ground.stage())


def test_a_family_of_the_main_wave_is_in_no_supplementary_one(ground: Ground) -> None:
    ground.handed_over()
    with put_on(Scope.batch(via="test")):
        late = ground.world.family(Component.ELDERLY, bank="")
        Enrolment.objects.filter(family=late).update(spell=DateRange(date(2024, 8, 1), None))
        PaymentAccount.objects.create(
            family=late, bank="BRI", number="330201009999999", holder=late.name, source="list",
            spell=DateRange(date(2024, 8, 1), None),
        )  # fmt: skip
    snapshot = freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY)
    assert (snapshot.wave, snapshot.families) == (1, 1)
    assert ground.stage().state == State.INSTRUCTED, "the stage stays where its main wave brought it"
    running.compute(ground.stage(), actor=ground.maker, on=DAY)
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    ground.approve()
    more = ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    assert more.orders == 1
    with put_on(ground.nation()):
        assert Order.objects.count() == len(ground.families) + 1
        assert Snapshot.objects.live().count() == 2
        assert money.of(ground.stage()).net_idr == whole.due_idr(ground.stage())
        with pytest.raises(Refused, match="belum diserahkan"):
            closing.reconcile(ground.stage(), by=ground.people["commitment_officer"], on=DAY)


def test_an_account_with_a_finding_holds_the_money_until_it_is_put_right(ground: Ground) -> None:
    with put_on(Scope.batch(via="test")):
        bare = ground.world.family(Component.ELDERLY, bank="BRI")  # an account whose number nobody wrote down
    ground.approved()
    first = ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    assert (first.orders, first.held) == (len(ground.families), 1)
    with put_on(ground.nation()):
        hold = Hold.objects.get(family=bare)
        assert (hold.cause, hold.why) == (Hold.Cause.ACCOUNT, "Nomor rekening belum tercatat")
        found = money.of(ground.stage())
        assert found.held_idr == hold.amount_idr == first.held_idr > 0
        assert found.net_idr == whole.due_idr(ground.stage())
    with put_on(ground.nation()):
        release(ground.stage(), [bare.pk], why="Rekening sudah ada", by=ground.people["commitment_officer"], on=DAY)
    with pytest.raises(Refused, match="belum punya rekening"):
        ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    with put_on(Scope.batch(via="test")):
        account = PaymentAccount.objects.get(family=bare)
        account.number = "330201008888888"
        account.save()
    second = ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    assert (second.orders, second.held) == (1, 0)
    with put_on(ground.nation()):
        assert money.of(ground.stage()).net_idr == whole.due_idr(ground.stage())


def test_money_that_came_back_goes_to_the_treasury_with_its_receipt(ground: Ground) -> None:
    ground.handed_over()
    rows = ground.rows(Outcome.CREDITED)
    ground.settle([row._replace(outcome=Outcome.FAILED, reason="other") for row in rows[:1]] + rows[1:])
    ppk, treasurer = ground.people["commitment_officer"], ground.people["treasurer"]
    later = DAY + timedelta(days=120)
    back = ground.rows(Outcome.RETURNED, on=later)[1:]
    without = ground.settle(back, name="tanpa.csv")
    assert without.file.exceptions == len(back)
    with put_on(ground.nation()):
        assert set(PaymentException.objects.values_list("kind", flat=True)) == {ExceptionKind.NO_NTPN}
        for exception in PaymentException.objects.open():
            set_aside(exception, why="Dikirim ulang dengan NTPN", by=ppk)
    ground.settle([row._replace(ntpn="A1B2C3D4E5F6G7H8") for row in back], name="dengan.csv")
    with put_on(ground.nation()):
        closing.reconcile(ground.stage(), by=ppk, on=DAY)
        closing.close(ground.stage(), by=ppk, on=DAY)
        with pytest.raises(Refused, match="belum disetor ke kas negara"):
            closing.finish(ground.stage(), by=ppk, on=DAY)
        failed = SettlementLine.objects.get(outcome=4)
        regency = failed.region_no // 10**6 * 10**6
        with pytest.raises(Refused, match="NTPN"):
            treasury.pay_back(
                ground.stage(), payer=failed.bank, region=regency, ntpn="123", on=DAY, by=treasurer, today=DAY
            )
        treasury.pay_back(
            ground.stage(), payer=failed.bank, region=regency, ntpn="ABCDEFGH12345678", on=DAY, by=treasurer, today=DAY
        )
        closing.finish(ground.stage(), by=ppk, on=DAY)
    assert ground.stage().state == State.FINAL


def test_a_file_that_no_manifest_names_is_refused_before_anything_is_computed(ground: Ground) -> None:
    """The engine reads whatever is named like its tables: one more file would be one more range of families."""
    snapshot = ground.frozen()
    stranger = snapshot.folder / "adjustments-0007.parquet"
    stranger.write_bytes((snapshot.folder / "adjustments-0000.parquet").read_bytes())
    with pytest.raises(Refused, match=r"adjustments-0007\.parquet"):
        running.compute(ground.stage(), actor=ground.maker, on=DAY)
    stranger.unlink()
    assert running.compute(ground.stage(), actor=ground.maker, on=DAY).state == Run.State.DONE


def test_a_stage_that_was_frozen_is_never_computed_beside(ground: Ground) -> None:
    run = ground.computed()
    with pytest.raises(Refused, match="dihitung dari pembekuannya"):
        computing.compute_beside(ground.stage(), actor=ground.maker)
    with put_on(ground.nation()):
        assert Run.objects.live().get(stage=run.stage) == run


def test_what_lies_on_the_disk_names_nobody(ground: Ground) -> None:
    """Payment files are encrypted; a snapshot and its output hold numbers of rows, nobody's own number or name."""
    instruction = ground.written()
    with put_on(ground.nation()):
        secret = {account.number.open() for account in PaymentAccount.objects.all()}
        named = {family.name for family in Family.objects.all()}
        stored = [file.file for file in PaymentFile.objects.filter(instruction=instruction).select_related("file")]
        clear = b"".join(storage.read(file) for file in stored)
    assert all(number.encode() in clear for number in secret)
    for file in stored:
        raw = (places.folder("files") / file.digest[:2] / file.digest).read_bytes()
        assert raw.startswith(b"HRP")
        assert not any(word.encode() in raw for word in secret | named)
    lying = [path for folder in ("snapshots", "runs") for path in places.folder(folder).rglob("*") if path.is_file()]
    assert {path.suffix for path in lying} == {".parquet", ".json"}
    for path in lying:
        assert path.stat().st_mode & 0o077 == 0, path
        shown = str(pq.read_table(path).to_pydict()) if path.suffix == ".parquet" else path.read_text()
        assert not any(word in shown for word in secret | named), path
