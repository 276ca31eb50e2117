"""Handing over against the database: marks by exception, proof, held cards, four amounts, the question."""

from __future__ import annotations

import io
from datetime import date, time
from hashlib import sha256
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from PIL import Image

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.drawing import draw
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.payments.actions import match_exception, set_aside
from harapan.payments.enums import ExceptionKind, Outcome
from harapan.payments.field_queries import tallies
from harapan.payments.handing_over import mark_handover
from harapan.payments.handover_proof import add_proof, add_reason_proof
from harapan.payments.handover_rules import Said
from harapan.payments.held_cards import report_held_card, resolve_held_card
from harapan.payments.models import (
    Handover,
    HandoverProof,
    HeldCard,
    PaymentException,
    Programme,
    ReceiptDraw,
    ReceiptQuestion,
    SaidReceipt,
)
from harapan.payments.payout_days import enter_programme_due, plan_payout_day
from harapan.payments.receipt_asking import Told, answer_question, draw_questions, paid_families, repeat_draw, summary
from harapan.payments.receipts import amounts_of, say_receipt
from harapan.registry.models import Family, Member
from tests.benefits.world import HIYUNG, STAGE, TAPIN, TODAY, World
from tests.web.stage_ground import DAY, listed, told

DISTRICT = 6305030000
ON = date(2025, 6, 4)
RECEIVED, NOT = Handover.Outcome.RECEIVED, Handover.Outcome.NOT_RECEIVED
Answer = ReceiptQuestion.Answer


def paid(world: World, count: int = 3, outcome: Outcome = Outcome.CREDITED) -> list[Family]:
    families = listed(world, count)
    told(world, *((family, outcome) for family in families))
    return families


def stage() -> Stage:
    return Stage.objects.get(name=STAGE)


def mark(world: World, families: list[Family], said: dict[tuple[int, str], Said], **about: Any) -> Any:
    options = {"day": DAY, "by": world.user, "on": ON} | about
    return mark_handover(stage(), families, said, **options)


def facilitator_of(world: World) -> User:
    found = world.groups[HIYUNG].facilitator
    assert found is not None
    return found


def in_group(world: World, user: User) -> Any:
    return put_on(Scope.of_groups((world.groups[HIYUNG].pk,), actor=user.pk))


def page(shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def test_nobody_has_received_until_somebody_says_so(world: World) -> None:
    paid(world)
    assert not Handover.objects.exists()


def test_all_but_one_are_recorded_in_one_deed(world: World) -> None:
    families = paid(world, 4)
    found = mark(world, families, {(families[0].pk, "pkh"): Said(NOT, "did_not_come")}, rest=True)
    assert (found.saved, found.refused) == (4, ())
    rows = {row.family_id: row for row in Handover.objects.all()}
    assert rows[families[0].pk].reason_code == "did_not_come"
    assert {rows[each.pk].manner for each in families[1:]} == {Handover.Manner.REST}
    assert {rows[each.pk].amount_idr for each in families} == {600_000}
    again = mark(world, families, {(families[0].pk, "pkh"): Said(NOT, "did_not_come")}, rest=True)
    assert again.saved == 0
    assert Handover.objects.count() == 4


def test_what_cannot_be_is_refused_and_the_rest_is_kept(world: World) -> None:
    families = paid(world, 2)
    unpaid, dead = world.family(), world.family()
    world.listed({unpaid: 600_000, dead: 600_000})
    told(world, (dead, Outcome.CREDITED))
    Member.objects.filter(family=dead, manager=True).update(died_on=date(2025, 5, 1))
    found = mark(world, [*families, unpaid, dead], {}, rest=True)
    assert found.saved == 2
    why = {key[0]: str(phrase) for key, phrase in found.refused}
    assert "belum dibayarkan" in why[unpaid.pk]
    assert "ahli warisnya belum dicatat" in why[dead.pk]
    Member.objects.filter(family=dead).update(manager=False)
    Member.objects.create(family=dead, name="ANAK SULUNG", name_key="ANAK SULUNG", manager=True, born_on=TODAY)
    assert mark(world, [dead], {(dead.pk, "pkh"): Said(RECEIVED)}).saved == 1


def test_a_second_wave_is_handed_over_on_its_own_day(world: World) -> None:
    families = [world.family(bank="POS") for _ in range(2)]
    world.listed(dict.fromkeys(families, 600_000), bank="POS")
    plan = {"begins": time(8), "ends": time(12), "place": "Kantor pos", "payer": "POS", "by": world.user, "on": ON}
    plan_payout_day(stage(), HIYUNG, day=date(2025, 5, 20), **plan)
    assert mark(world, families, {}, rest=True, day=date(2025, 5, 20), why="daftar baru kembali").saved == 2
    world.listed(dict.fromkeys(families, 300_000), bank="POS", wave="2")
    plan_payout_day(stage(), HIYUNG, day=DAY, **plan)
    missed = {(families[0].pk, "pkh"): Said(NOT, "did_not_come")}
    for _twice in range(2):
        mark(world, families, missed, rest=True)
    parts = list(Handover.objects.filter(family=families[1]).order_by("on").values_list("on", "amount_idr"))
    assert parts == [(date(2025, 5, 20), 600_000), (DAY, 300_000)]
    waiting = Handover.objects.get(family=families[0], on=DAY)
    assert (waiting.outcome, waiting.amount_idr) == (NOT, 300_000)  # what is left of it, the first part stands
    assert amounts_of(stage(), [families[1].pk])[families[1].pk].withdrawn_idr == 900_000
    came = {(families[0].pk, "pkh"): Said(RECEIVED)}
    assert mark(world, families, came, day=date(2025, 6, 3)).saved == 1
    again = mark(world, families, came, day=ON)
    assert "dua kali" in str(again.refused[0][1])
    received = Handover.objects.filter(family=families[0], outcome=RECEIVED)
    assert sum(received.values_list("amount_idr", flat=True)) == 900_000


def test_what_was_handed_over_in_parts_is_taken_back_part_by_part(world: World) -> None:
    family = paid(world, 1)[0]
    key = (family.pk, "pkh")
    mark(world, [family], {key: Said(RECEIVED, idr=200_000)})
    mark(world, [family], {key: Said(RECEIVED)}, day=date(2025, 6, 3))
    assert list(Handover.objects.order_by("on").values_list("amount_idr", flat=True)) == [200_000, 400_000]
    undone = mark(world, [family], {key: Said(NOT, "refused")}, day=ON, why="salah tandai, keluarga menolak")
    assert undone.saved == 1
    rows = list(Handover.objects.order_by("on").values_list("outcome", "amount_idr"))
    assert rows == [(RECEIVED, 200_000), (NOT, 400_000)]


def test_a_reason_stands_unproven_until_its_document_is_photographed(world: World) -> None:
    families = paid(world, 2)
    group = world.groups[HIYUNG]
    mark(world, families, {(families[0].pk, "pkh"): Said(NOT, "refused")}, rest=True)

    def count() -> tuple[int, int]:
        told = tallies(stage(), [group], on=ON)[group.pk]
        return told.not_received, told.unproven

    assert count() == (1, 1)
    prove = {"name": "surat.jpg", "by": world.user, "on": ON}
    with pytest.raises(Refused, match="tidak ada alasan"):
        add_reason_proof(stage(), families[1], Programme.PKH, page(), **prove)
    add_reason_proof(stage(), families[0], Programme.PKH, page(), **prove)
    add_reason_proof(stage(), families[0], Programme.PKH, page(), **prove)
    assert (count(), HandoverProof.objects.count()) == ((1, 0), 1)
    mark(world, families, {(families[0].pk, "pkh"): Said(NOT, "refused")})  # said again: its proof stays
    assert count() == (1, 0)
    mark(world, families, {(families[1].pk, "pkh"): Said(NOT, "refused")}, why="salah tandai, keluarga menolak")
    assert count() == (2, 1)
    with pytest.raises(Refused, match="bukti lain"):  # one document is of one family
        add_reason_proof(stage(), families[1], Programme.PKH, page(), **prove)
    mark(world, families, {(families[0].pk, "pkh"): Said(NOT, "died_without_heir")})  # another reason, another document
    assert count() == (2, 2)


def test_a_family_of_another_list_is_refused_alone(world: World) -> None:
    families = paid(world, 2)
    found = mark(
        world, families[:1], {(families[0].pk, "pkh"): Said(RECEIVED), (families[1].pk, "pkh"): Said(RECEIVED)}
    )
    assert found.saved == 1
    assert "tidak ada di daftar ini" in str(found.refused[0][1])


def test_late_entries_and_what_is_taken_back_want_a_reason(world: World) -> None:
    families = paid(world, 1)
    late = date(2025, 6, 20)
    with pytest.raises(Refused, match="18 hari kemudian"):
        mark(world, families, {}, rest=True, on=late)
    assert mark(world, families, {}, rest=True, on=late, why="daftar baru kembali dari pos").saved == 1
    assert Handover.objects.get().late_because == "daftar baru kembali dari pos"
    taken = {(families[0].pk, "pkh"): Said(NOT, "refused")}
    assert "Tulis alasan mengubahnya" in str(mark(world, families, taken).refused[0][1])
    assert mark(world, families, taken, why="salah tandai, keluarga menolak").saved == 1


def test_a_bank_debt_becomes_an_exception_once(world: World) -> None:
    families = paid(world, 2)
    said = {(each.pk, "pkh"): Said(NOT, "bank_debt") for each in families}
    mark(world, families, said)
    mark(world, families, {key: Said(NOT, "zero_balance") for key in said})
    opened = PaymentException.objects.filter(kind=ExceptionKind.NOT_HANDED)
    assert opened.count() == 2
    first = opened.order_by("pk")[0]
    with pytest.raises(Refused, match="bukan baris berkas"):
        match_exception(first, family=families[0], why="sudah cocok", by=world.user, on=ON)
    set_aside(first, why="bank membuka blokir pada 3 Juni", by=world.user)
    assert opened.open().count() == 1


def test_the_statements_do_not_grow_with_the_families(world: World) -> None:
    taken = []
    for count in (2, 30):
        families = listed(world, count)
        told(world, *((family, Outcome.CREDITED) for family in families))
        with CaptureQueriesContext(connections["default"]) as asked:
            assert mark(world, families, {}, rest=True).saved == count
        taken.append(len(asked))
    assert taken[0] == taken[1]


def test_a_photographed_page_proves_the_lines_on_it(world: World) -> None:
    families = paid(world, 3)
    mark(world, families, {(families[2].pk, "pkh"): Said(NOT, "moved")}, rest=True)
    group, chosen = world.groups[HIYUNG], [families[0].pk, families[2].pk]
    _proof, proven = add_proof(stage(), group, page(), name="h1.jpg", page=1, families=chosen, by=world.user)
    assert proven == 1
    _again, proven = add_proof(stage(), group, page(), name="h1.jpg", page=1, families=chosen, by=world.user)
    assert (proven, HandoverProof.objects.count()) == (0, 1)
    said = {(families[0].pk, "pkh"): Said(NOT, "refused")}
    assert "terbukti" in str(mark(world, families, said, why="keluarga menolak").refused[0][1])


def test_what_is_no_photograph_is_refused(world: World) -> None:
    paid(world, 1)
    with pytest.raises(Exception, match="foto"):
        add_proof(stage(), world.groups[HIYUNG], b"%PDF", name="x.jpg", page=1, families=[], by=world.user)
    assert not HandoverProof.objects.exists()


def test_cash_and_bpnt_are_handed_over_side_by_side_on_the_payout_day(world: World) -> None:
    families = [world.family(bank="POS") for _ in range(2)]
    world.listed(dict.fromkeys(families, 600_000), bank="POS")
    at_bank = listed(world, 1)
    plan = {"begins": time(8), "ends": time(12), "place": "Kantor pos", "payer": "POS", "by": world.user, "on": ON}
    plan_payout_day(stage(), HIYUNG, day=DAY, **plan)
    enter = {"source": "daftar bayar kantor pos", "by": world.user}
    assert enter_programme_due(stage(), Programme.BPNT, {families[0]: 200_000}, **enter) == 1
    assert enter_programme_due(stage(), Programme.BPNT, {families[0]: 200_000}, **enter) == 0
    found = mark(world, [*families, *at_bank], {}, rest=True)
    assert found.saved == 3
    assert [key[0] for key, _why in found.refused] == [at_bank[0].pk]  # its bank has not answered; the post is not its
    assert Handover.objects.get(programme=Programme.BPNT).amount_idr == 200_000
    with pytest.raises(Refused, match="sesudah jam mulai"):
        plan_payout_day(stage(), HIYUNG, day=DAY, **(plan | {"ends": time(7)}))
    with pytest.raises(Refused, match="bukan desa"):
        plan_payout_day(stage(), TAPIN, day=DAY, **plan)


def test_four_amounts_and_an_exception_where_the_family_says_otherwise(world: World) -> None:
    families = paid(world, 2, Outcome.WITHDRAWN)
    say = {"told_on": ON, "by": world.user, "on": ON}
    say_receipt(stage(), families[0], amount_idr=600_000, **say)
    assert not PaymentException.objects.exists()
    say_receipt(stage(), families[1], amount_idr=550_000, **say)
    say_receipt(stage(), families[1], amount_idr=550_000, **say)
    assert (SaidReceipt.objects.count(), PaymentException.objects.count()) == (2, 1)
    found = amounts_of(stage(), [families[1].pk])[families[1].pk]
    assert (found.due_idr, found.credited_idr, found.withdrawn_idr, found.said_idr) == (
        600_000,
        600_000,
        600_000,
        550_000,
    )
    assert found.differs
    waiting = PaymentException.objects.get()
    assert "mengaku menerima Rp550.000" in waiting.note
    assert (waiting.kind, waiting.expected_idr) == (ExceptionKind.SAID, 600_000)
    with pytest.raises(Refused, match="belum tiba"):
        say_receipt(stage(), families[0], amount_idr=1, told_on=date(2025, 6, 5), by=world.user, on=ON)


def test_a_facilitator_tells_what_the_family_said_and_sees_nothing_told_to_others(world: World) -> None:
    family = paid(world, 1, Outcome.WITHDRAWN)[0]
    own = facilitator_of(world)
    say_receipt(stage(), family, amount_idr=400_000, told_on=ON, by=world.user, on=ON, note="kepada korkab")
    with in_group(world, own):
        assert not SaidReceipt.objects.exists()
        say_receipt(stage(), family, amount_idr=500_000, told_on=ON, by=own, on=ON)
        assert list(SaidReceipt.objects.values_list("amount_idr", flat=True)) == [500_000]
        assert not PaymentException.objects.exists()
    assert PaymentException.objects.filter(kind=ExceptionKind.SAID).count() == 1


def test_a_family_that_received_what_was_credited_contradicts_nobody(world: World) -> None:
    family = paid(world, 1, Outcome.CREDITED)[0]
    say = {"told_on": ON, "by": world.user, "on": ON}
    say_receipt(stage(), family, amount_idr=600_000, **say)
    say_receipt(stage(), family, amount_idr=0, **say)
    assert not PaymentException.objects.exists()


def test_an_answer_that_comes_after_the_word_is_compared_with_it(world: World) -> None:
    family = paid(world, 1, Outcome.CREDITED)[0]
    say_receipt(stage(), family, amount_idr=0, told_on=ON, by=world.user, on=ON)
    for _twice in range(2):
        told(world, (family, Outcome.WITHDRAWN))
    waiting = PaymentException.objects.get(kind=ExceptionKind.SAID)
    assert (waiting.amount_idr, waiting.expected_idr) == (0, 600_000)


def held(world: World, family: Family, by: User, **about: Any) -> HeldCard:
    options = {"holder": "facilitator", "found_how": "keluarga bercerita saat kunjungan", "by": by, "on": ON} | about
    return report_held_card(stage(), family, **options)


def test_the_accused_sees_no_report_in_any_post_and_nobody_acting_for_them(world: World) -> None:
    family, accused = paid(world, 1)[0], facilitator_of(world)
    held(world, family, world.user, accused=accused)
    with in_group(world, accused):
        assert not HeldCard.objects.exists()
        assert not PaymentException.objects.exists()
    whole = ((TAPIN, TAPIN + 10**6),)
    for scope in (
        Scope.of_ranges(whole, actor=accused.pk), Scope.nation(actor=accused.pk),
        Scope.of_ranges(whole, actor=world.user.pk, on_behalf=accused.pk),
    ):  # fmt: skip
        with put_on(scope):
            assert not HeldCard.objects.exists()
    with put_on(Scope.of_ranges(whole, actor=world.user.pk)):
        assert HeldCard.objects.count() == 1
        waiting = PaymentException.objects.get(kind=ExceptionKind.CARD_HELD)
        assert (waiting.region_no, waiting.family_id, waiting.name) == (DISTRICT, None, "")


def test_a_facilitator_may_report_and_reads_only_the_own_report(world: World) -> None:
    families = paid(world, 2)
    own = facilitator_of(world)
    held(world, families[0], world.user, holder="shop")
    with in_group(world, own):
        held(world, families[1], own, holder="bank_outlet")
        held(world, families[1], own, holder="bank_outlet")
        assert [row.family_id for row in HeldCard.objects.all()] == [families[1].pk]
    assert HeldCard.objects.count() == 2


def test_a_report_is_resolved_once_and_closes_its_exception(world: World) -> None:
    report = held(world, paid(world, 1)[0], world.user)
    other = User.objects.create(username="dinas", name="Petugas Dinas")
    resolve = {"how": "kartu diserahkan kembali di depan saksi", "by": other, "on": ON}
    with pytest.raises(Refused, match="halaman kartu"):
        set_aside(PaymentException.objects.open().get(), why="bukan apa-apa", by=other)
    with pytest.raises(Refused, match="Anda yang membuat"):
        resolve_held_card(report.pk, resolution=HeldCard.Resolution.RETURNED, **(resolve | {"by": world.user}))
    with pytest.raises(Refused, match="auditor akan membacanya"):
        resolve_held_card(report.pk, resolution=HeldCard.Resolution.RETURNED, **(resolve | {"how": "ok"}))
    resolve_held_card(report.pk, resolution=HeldCard.Resolution.RETURNED, **resolve)
    assert not PaymentException.objects.open().exists()
    with pytest.raises(Refused, match="sudah diselesaikan"):
        resolve_held_card(report.pk, resolution=HeldCard.Resolution.RETURNED, **resolve)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"holder": "ghost"}, "tidak ada dalam daftar"),
        ({"found_how": "x"}, "bagaimana hal ini diketahui"),
        ({"since": date(2025, 7, 1)}, "belum tiba"),
    ],
)
def test_a_report_that_says_nothing_is_refused(world: World, about: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        held(world, paid(world, 1)[0], world.user, **about)


def test_families_are_drawn_once_and_the_facilitator_sees_neither_draw_nor_answers(world: World) -> None:
    paid(world, 30)
    made = draw_questions(stage(), DISTRICT, by=world.user, on=ON)
    assert (made.population, made.drawn, made.percent) == (30, 2, 5)
    assert draw_questions(stage(), DISTRICT, by=world.user, on=ON).pk == made.pk
    own = facilitator_of(world)
    with in_group(world, own):
        assert not ReceiptDraw.objects.exists()
        assert not ReceiptQuestion.objects.exists()
    with put_on(Scope.of_ranges(((DISTRICT, DISTRICT + 10**4),), actor=own.pk)):
        assert not ReceiptQuestion.objects.exists()


def test_the_own_facilitator_may_not_ask(world: World) -> None:
    paid(world, 3)
    draw_questions(stage(), DISTRICT, by=world.user, on=ON)
    question = ReceiptQuestion.objects.get()
    asked = {"asked_on": ON, "on": ON}
    own = facilitator_of(world)
    with pytest.raises(Refused, match=r"dampingan Anda sendiri|tidak ada di daftar Anda"):
        answer_question(question.pk, Told(Answer.WHOLE), by=own, **asked)
    group = world.groups[HIYUNG]
    group.facilitator = world.user  # the family has another facilitator since the draw
    group.save()
    with pytest.raises(Refused, match="dampingan Anda sendiri"):
        answer_question(question.pk, Told(Answer.WHOLE), by=world.user, **asked)
    other = User.objects.create(username="ketua", name="Ketua Tim")
    with pytest.raises(Refused, match="berapa potongannya"):
        answer_question(question.pk, Told(Answer.CUT), by=other, **asked)
    with pytest.raises(Refused, match="belum tiba"):
        answer_question(question.pk, Told(Answer.WHOLE), by=other, asked_on=date(2025, 6, 5), on=ON)
    answer_question(question.pk, Told(Answer.CUT, 50_000, "ketua kelompok", "uang bensin"), by=other, **asked)
    answer_question(question.pk, Told(Answer.WHOLE, 50_000, "x"), by=other, **asked)
    question.refresh_from_db()
    assert (question.answer, question.cut_idr, question.cut_by) == (Answer.WHOLE, None, "")
    waiting = PaymentException.objects.get(kind=ExceptionKind.CUT)
    assert (waiting.region_no, waiting.name, waiting.amount_idr) == (DISTRICT, "", 0)  # nobody learns who spoke


@pytest.mark.parametrize(
    ("whole", "cut", "hidden"), [(10, 0, False), (5, 5, False), (9, 1, True), (1, 9, True), (3, 0, True), (0, 0, True)]
)
def test_figures_that_point_at_a_few_people_are_hidden(world: World, whole: int, cut: int, hidden: bool) -> None:
    families = listed(world, max(1, whole + cut))
    rows = ((family, Outcome.CREDITED) for family in families)
    told(world, *rows)
    made = ReceiptDraw.objects.create(
        stage=stage(), region_no=DISTRICT, seed="a", percent=100, population=10, drawn=10, by=world.user, on=ON
    )
    answers = [Answer.WHOLE] * whole + [Answer.CUT] * cut
    ReceiptQuestion.objects.bulk_create(
        ReceiptQuestion(
            draw=made, family=family, region_no=family.region_id, group_no=family.group_id, answer=answer,
            cut_idr=1 if answer is Answer.CUT else None, asked_by=world.user, asked_on=ON,
        )
        for family, answer in zip(families, answers, strict=False)
    )  # fmt: skip
    (found,) = summary(stage(), on=ON)
    assert (found.whole, found.cut, found.hidden) == (whole, cut, hidden)


def test_nobody_is_drawn_where_nothing_was_paid(world: World) -> None:
    listed(world)
    with pytest.raises(Refused, match="belum ada yang dapat ditanya"):
        draw_questions(stage(), DISTRICT, by=world.user, on=ON)


def test_the_draw_is_repeated_from_its_seed(world: World) -> None:
    paid(world, 60)
    made = draw_questions(stage(), DISTRICT, by=world.user, on=ON, seed=sha256(b"tahap").hexdigest()[:16])
    before = set(ReceiptQuestion.objects.values_list("family", flat=True))

    again = draw(paid_families(stage(), DISTRICT), percent=made.percent, seed=made.seed)
    assert {pk for families in again.values() for pk in families} == before
    paid(world, 40)  # whoever is paid later changes nothing of who was drawn
    later = draw(paid_families(stage(), DISTRICT), percent=made.percent, seed=made.seed)
    assert {pk for families in later.values() for pk in families} != before
    assert repeat_draw(made) == (True, True, 40)
    made.frame[str(world.groups[HIYUNG].pk)].append(1)
    assert not repeat_draw(made).frozen
    made.frame = None
    with pytest.raises(Refused, match="sebelum kerangkanya"):
        repeat_draw(made)
