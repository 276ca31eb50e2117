"""The money of a computed stage through its pages: from approved to final by the people of the ministry."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.benefits.models import State
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome as Told
from harapan.payments import holding, ledger, money, whole
from harapan.payments.models import (
    Account,
    Hold,
    Instruction,
    Order,
    PaymentException,
    PaymentFile,
    Posting,
    RetryRequest,
    TreasuryDocument,
    TreasuryReturn,
)
from harapan.registry.models import Family
from tests.benefits.world import HSS, TAPIN
from tests.computed.doing import carry_out, newcomer, reader, works
from tests.computed.ground import DAY, STAGE, Ground
from tests.web.stage_ground import words

PAGES = (
    "stage_money", "stage_instructions", "stage_files", "stage_retries", "stage_held", "stage_untouched",
    "stage_paid_back", "stage_ledger",
)  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(name, args=[STAGE, *args])


def see(page: Client, name: str, *args: Any, **query: Any) -> str:
    answer = page.get(url(name, *args), query)
    assert answer.status_code == 200
    return words(answer)


def file_numbers(ground: Ground, **about: Any) -> list[int]:
    with put_on(ground.nation()):
        return list(PaymentFile.objects.filter(**about).order_by("pk").values_list("pk", flat=True))


def record(page: Client, kind: str, *, number: int = 1, **changes: Any) -> Any:
    form = {"number": f"{kind}-7", "on": DAY.isoformat(), "payers": ["BRI", "MANDIRI"]}
    return page.post(url("stage_paper", number, kind), form | changes, follow=True)


def sends(page: Client, files: list[int], to: str = "Budi, BRI Rantau") -> Any:
    return page.post(url("stage_hand_over"), {"file": files, "to": to}, follow=True)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_orders_are_drawn_and_files_written_as_work_that_may_be_left(ground: Ground) -> None:
    ground.approved()
    ppk = reader(ground, "commitment_officer")
    assert "Tarik order" in see(ppk, "stage_instructions")
    assert "menunggu giliran" in words(ppk.post(url("stage_draw", "wave"), follow=True))
    assert "sedang ditarik" in words(ppk.post(url("stage_draw", "wave"), follow=True))
    assert carry_out() == ["payments.instruct"], "the second click asked for nothing"
    page = see(ppk, "stage_instructions")
    assert "diperintahkan dalam 12 order" in page
    assert "4 berkas, 4 tertulis, 0 diserahkan" in page
    assert works()[0].done == works()[0].total == 4, "progress counts files"
    assert ppk.post(url("stage_draw", "wave")).status_code == 422, "there is nothing left to draw"


def test_files_that_a_kill_left_unwritten_are_finished_and_nothing_is_drawn_twice(ground: Ground) -> None:
    ground.instructed()
    ppk = reader(ground, "commitment_officer")
    assert "Lanjutkan menulis berkas" in see(ppk, "stage_instructions")
    ppk.post(url("stage_draw", "wave"))
    carry_out()
    with put_on(ground.nation()):
        assert Instruction.objects.count() == 1
        assert not PaymentFile.objects.filter(written_at=None).exists()


def test_three_people_record_three_papers_and_each_refusal_stands_beside_its_field(ground: Ground) -> None:
    ground.instructed()
    ppk, ppspm, treasurer = (reader(ground, role) for role in ("commitment_officer", "payment_signer", "treasurer"))
    assert "Tidak ada penyalur" in see(ppspm, "stage_paper", 1, "spm")
    late = record(ppk, "spp", on="2999-01-01")
    assert late.status_code == 422
    assert "on" in late.context["form"].errors
    assert "SPP dicatat untuk BRI, MANDIRI." in words(record(ppk, "spp"))
    early = record(ppspm, "spm", on="2024-11-01")
    assert early.status_code == 422
    assert "sebelum SPP-nya, 05-11-2024" in words(early)
    assert "SPM dicatat untuk BRI." in words(record(ppspm, "spm", payers=["BRI"]))
    used = record(ppspm, "spm", payers=["MANDIRI"])
    assert used.status_code == 422
    assert "sudah dipakai untuk BRI" in used.context["form"].errors["number"][0]
    assert "SP2D dicatat untuk BRI." in words(record(treasurer, "sp2d", payers=["BRI"]))
    for page, kind in ((ppk, "spm"), (ppspm, "sp2d"), (treasurer, "spp")):
        assert page.get(url("stage_paper", 1, kind)).status_code == 404
    with put_on(ground.nation()):
        assert TreasuryDocument.objects.count() == 4


def test_a_file_goes_out_once_and_its_contents_once_without_a_reason(ground: Ground) -> None:
    ground.written()
    treasurer = reader(ground, "treasurer")
    first, second, *_rest = file_numbers(ground, payer="BRI")
    unnamed = sends(treasurer, [first], to=" ")
    assert unnamed.status_code == 422
    assert f'value="{first}" checked' in words(unnamed), "what was chosen stays chosen"
    both = sends(treasurer, [first, *file_numbers(ground, payer="MANDIRI")])
    assert both.status_code == 422
    assert "Pilih berkas dari satu penyalur" in words(both)
    assert treasurer.post(url("stage_take_out", first)).status_code == 422, "not handed over yet"
    assert "2 berkas BRI diserahkan kepada Budi, BRI Rantau." in words(sends(treasurer, [first, second]))
    assert "sudah diserahkan" in words(sends(treasurer, [first]))
    taken = treasurer.post(url("stage_take_out", first))
    assert b"33020100" in body(taken)
    again = treasurer.post(url("stage_take_out", first))
    assert again.status_code == 422
    assert "sudah pernah diunduh" in words(again)
    assert b"33020100" in body(treasurer.post(url("stage_take_out", first), {"why": "unduhan terputus"}))
    assert "unduhan terputus" in see(treasurer, "stage_file", first)
    with put_on(ground.nation()):
        assert Posting.objects.filter(kind=Posting.Kind.HANDED_OVER).count() == 2
        assert all(each.agrees for each in whole.ledger_beside_claims(ground.stage()))


def test_answers_are_counted_on_the_file_they_belong_to(ground: Ground) -> None:
    ground.handed_over()
    ground.settle(ground.rows(Told.CREDITED)[:5])
    page = reader(ground, "treasurer").get(url("stage_files"))
    assert sum(answers.answered for _file, _place, answers, _ready in page.context["rows"]) == 5
    assert sum(answers.unanswered for _file, _place, answers, _ready in page.context["rows"]) == 7


def test_failed_money_is_asked_for_again_and_drawn_as_a_second_attempt(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.FAILED)
    ppk = reader(ground, "commitment_officer")
    assert ppk.post(url("stage_ask_again"), {"which": "all", "why": ""}).status_code == 422
    with put_on(ground.nation()):
        one = Order.objects.order_by("family_id")[0].family_id
    done = ppk.post(url("stage_ask_again"), {"which": "chosen", "family": [one], "why": "diperbaiki"}, follow=True)
    assert "Bayar ulang diminta untuk 1 keluarga." in words(done)
    done = ppk.post(url("stage_ask_again"), {"which": "all", "why": "diperbaiki"}, follow=True)
    assert "Bayar ulang diminta untuk 11 keluarga." in words(done)
    assert "Tarik bayar ulang (12)" in see(ppk, "stage_instructions")
    ppk.post(url("stage_draw", "again"))
    carry_out()
    with put_on(ground.nation()):
        assert Order.objects.filter(attempt=2).count() == 12
        assert not RetryRequest.objects.filter(drawn=None).exists()
        assert all(each.agrees for each in whole.ledger_beside_claims(ground.stage()))
    assert reader(ground, "auditor").post(url("stage_ask_again"), {"which": "all", "why": "x"}).status_code == 404


def test_asking_for_thousands_takes_as_many_statements_as_for_one(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.FAILED)
    ppk = reader(ground, "commitment_officer")
    counted = []
    for some in ([ground.families[0].pk], [family.pk for family in ground.families]):
        with CaptureQueriesContext(connections["default"]) as asked:
            ppk.post(url("stage_ask_again"), {"which": "chosen", "family": some, "why": "diperbaiki"})
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_holding_a_family_whose_order_is_drawn_moves_nothing(ground: Ground) -> None:
    ground.instructed()
    ppk, family = reader(ground, "commitment_officer"), ground.families[0]
    refused = ppk.post(url("stage_hold", family.pk), {"how": "hold", "why": "pengurus meninggal"})
    assert refused.status_code == 422
    assert "ordernya sudah ditarik" in words(refused)
    with put_on(ground.nation()):
        by = ground.people["commitment_officer"]
        assert holding.hold(ground.stage(), [family.pk], why="pengurus meninggal", by=by, on=DAY) == 0
        assert not Posting.objects.exists()


def test_money_is_held_before_orders_are_drawn_and_let_go_afterwards(ground: Ground) -> None:
    ground.approved()
    ppk, family = reader(ground, "commitment_officer"), ground.families[0]
    assert "belum punya order" in see(ppk, "stage_hold", family.pk)
    ppk.post(url("stage_hold", family.pk), {"how": "hold", "why": "pengurus meninggal"})
    ppk.post(url("stage_draw", "wave"))
    carry_out()
    page = see(ppk, "stage_held")
    assert "untuk 1 keluarga ditahan" in page
    assert "pengurus meninggal" in page
    with put_on(ground.nation()):
        held_idr = Hold.objects.get().amount_idr
        assert ledger.balances(ground.stage())[Account.HELD] == held_idr > 0
    assert ppk.post(url("stage_release"), {"why": "sudah ada pengganti"}).status_code == 422, "nobody was chosen"
    done = ppk.post(url("stage_release"), {"family": [family.pk], "why": "sudah ada pengganti"}, follow=True)
    assert "Penahanan 1 keluarga dilepas." in words(done)
    assert "Tarik yang dilepas (1)" in see(ppk, "stage_instructions")
    ppk.post(url("stage_draw", "wave"))
    carry_out()
    with put_on(ground.nation()):
        assert Order.objects.count() == len(ground.families)
        assert all(each.agrees for each in whole.ledger_beside_claims(ground.stage()))


def test_the_people_of_the_ministry_bring_a_stage_from_handed_over_to_final(ground: Ground) -> None:
    ground.handed_over()
    rows = ground.rows(Told.CREDITED)
    ground.settle(rows[:-1], name="masuk.csv")
    ppk, treasurer = reader(ground, "commitment_officer"), reader(ground, "treasurer")
    assert "1 pembayaran belum dijawab" in see(ppk, "stage_money")
    refused = ppk.post(url("stage_settle"), {"to": "reconcile"})
    assert refused.status_code == 422
    assert "Langkah ditolak, tidak ada yang berubah." in words(refused)
    ground.settle(ground.rows(Told.FAILED)[-1:], name="gagal.csv")
    assert "Tidak ada yang menghalangi" in see(ppk, "stage_money")
    assert "direkonsiliasi" in words(ppk.post(url("stage_settle"), {"to": "reconcile"}, follow=True))
    assert "dibuka kembali" in words(
        ppk.post(url("stage_settle"), {"to": "reopen", "why": "daftar susulan"}, follow=True)
    )
    ground.settle(ground.rows(Told.WITHDRAWN)[:-1], name="diambil.csv")
    for move in ("reconcile", "close"):
        ppk.post(url("stage_settle"), {"to": move})
    assert "belum disetor ke kas negara" in see(ppk, "stage_money")
    assert ppk.post(url("stage_settle"), {"to": "finish"}).status_code == 422
    owed = treasurer.get(url("stage_paid_back")).context["owed"]
    assert [row.rest_idr > 0 for row in owed] == [True]
    to_pay = url("stage_pay_back", owed[0].payer, owed[0].regency_no)
    assert "NTPN berisi 16 huruf atau angka" in words(treasurer.post(to_pay, {"ntpn": "123", "on": DAY.isoformat()}))
    treasurer.post(to_pay, {"ntpn": "3f2a 1b0c 9d8e 7f60", "on": DAY.isoformat()})
    assert "3F2A1B0C9D8E7F60" in see(treasurer, "stage_paid_back")
    assert "sama sampai rupiahnya" in see(ppk, "stage_ledger")
    assert "tuntas" in words(ppk.post(url("stage_settle"), {"to": "finish"}, follow=True))
    assert ground.stage().state == State.FINAL
    with put_on(ground.nation()):
        assert TreasuryReturn.objects.get().failed_idr == owed[0].rest_idr
        found = money.of(ground.stage())
        assert found.net_idr == found.credited_idr + found.failed_idr


def test_a_receipt_is_used_once(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.FAILED)
    ppk, treasurer = reader(ground, "commitment_officer"), reader(ground, "treasurer")
    for move in ("reconcile", "close"):
        ppk.post(url("stage_settle"), {"to": move})
    owed = treasurer.get(url("stage_paid_back")).context["owed"]
    form = {"ntpn": "3F2A1B0C9D8E7F60", "on": DAY.isoformat()}
    answers = [treasurer.post(url("stage_pay_back", row.payer, row.regency_no), form) for row in owed[:2]]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "Satu NTPN untuk satu setoran" in words(answers[1])


def test_untouched_money_is_told_by_age_payer_and_regency_with_what_falls_due(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.CREDITED)
    page = reader(ground, "auditor").get(url("stage_untouched"))
    context = page.context
    with put_on(ground.nation()):
        lying_idr = money.of(ground.stage()).untouched_idr
    assert context["idr"] == lying_idr
    assert sum(row.idr for row, _url, _cells in context["payers"]) == lying_idr
    assert sum(row.idr for row, _url, _cells in context["places"]) == lying_idr
    assert sum(row.idr for row in context["due"]) == lying_idr
    for place, band in enumerate(context["bands"]):
        assert band.idr == sum(cells[place][1] for _row, _url, cells in context["payers"])


def test_a_regency_sees_its_own_money_alone(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.FAILED)
    with put_on(ground.nation()):
        whole_idr = money.of(ground.stage()).net_idr
    text = f"{whole_idr:,}".replace(",", ".")
    auditor = reader(ground, "auditor")
    regencies = [newcomer("regency_coordinator", regions=(no,)) for no in (TAPIN, HSS)]
    for name in PAGES:
        assert text in see(auditor, name) or name in ("stage_held", "stage_untouched"), name
        for page in regencies:
            assert text not in see(page, name), name


def test_a_regencys_files_and_postings_are_its_own(ground: Ground) -> None:
    ground.handed_over()
    tapin = newcomer("regency_coordinator", regions=(TAPIN,))
    files = tapin.get(url("stage_files")).context["page"].rows
    assert {file.region_no for file in files} == {TAPIN}
    other = file_numbers(ground, region_no=HSS)[0]
    assert tapin.get(url("stage_file", other)).status_code == 404
    assert tapin.post(url("stage_take_out", files[0].pk)).status_code == 404
    assert len(tapin.get(url("stage_ledger")).context["page"].rows) == len(files)
    assert "Langkah berikutnya" not in see(tapin, "stage_money")


def test_statements_do_not_grow_with_the_stage(afresh: Any) -> None:
    counted: dict[str, list[int]] = {name: [] for name in PAGES}
    for families in (6, 24):
        ground = afresh(families)
        ground.handed_over()
        ground.answer(Told.FAILED)
        page = reader(ground, "auditor")
        for name in PAGES:
            page.get(url(name))
            with CaptureQueriesContext(connections["default"]) as asked:
                assert page.get(url(name)).status_code == 200
            counted[name].append(len(asked))
    for name, (few, many) in counted.items():
        assert few == many <= 40, name


def test_a_page_says_what_is_true_before_there_is_money(ground: Ground) -> None:
    ground.frozen()
    auditor = reader(ground, "auditor")
    for name in PAGES:
        assert auditor.get(url(name)).status_code == 200, name


def test_the_ledger_is_taken_along_as_it_is_shown(ground: Ground) -> None:
    ground.handed_over()
    answer = reader(ground, "auditor").get(url("stage_ledger_file", "csv"))
    text = body(answer).decode("utf-8-sig")
    with put_on(ground.nation()):
        booked = sum(posting.entries.count() for posting in Posting.objects.all())
    assert len(text.splitlines()) == 1 + booked


def test_a_line_for_nobody_is_matched_by_hand_to_its_order(ground: Ground) -> None:
    ground.handed_over()
    row = ground.rows(Told.CREDITED)[0]
    with put_on(Scope.batch(via="test")):
        Family.objects.filter(pk=row.family_id).update(name="SITI AMINAH", name_key="SITI AMINAH")
    ground.settle([row._replace(family_id=None, reference="", attempt=0, name="SITI AMINAH")], name="tanpa-nomor.csv")
    ppk = reader(ground, "commitment_officer")
    with put_on(ground.nation()):
        waiting = PaymentException.objects.get()
    assert "jawaban belum cocok" in see(ppk, "stage_exceptions")
    form = {"how": "match", "family": row.family_id, "why": "nama dan jumlahnya sama"}
    done = ppk.post(url("exception", waiting.pk), form, follow=True)
    assert "dibukukan untuk SITI AMINAH" in words(done)
    with put_on(ground.nation()):
        assert money.of(ground.stage()).untouched_idr == row.amount_idr
        assert all(each.agrees for each in whole.ledger_beside_claims(ground.stage()))


def test_a_late_answer_to_an_attempt_that_failed_is_not_booked_for_the_one_after(ground: Ground) -> None:
    ground.handed_over()
    first = ground.rows(Told.CREDITED)[0]
    ground.answer(Told.FAILED)
    ppk = reader(ground, "commitment_officer")
    ppk.post(url("stage_ask_again"), {"which": "chosen", "family": [first.family_id], "why": "diperbaiki"})
    again = ground.drawn_again()
    ground.settle([first], name="terlambat.csv")
    with put_on(ground.nation()):
        waiting = PaymentException.objects.get()
    assert "<dt>Upaya</dt><dd>1</dd>" in see(ppk, "exception", waiting.pk)
    form = {"how": "match", "family": first.family_id, "why": "milik keluarga ini", "overrule": "1"}
    refused = ppk.post(url("exception", waiting.pk), form)
    assert refused.status_code == 422
    with put_on(ground.nation()):
        assert Order.objects.get(file__instruction=again).attempt == 2
        assert money.of(ground.stage()).untouched_idr == 0


def test_an_answer_file_is_taken_back_on_its_page(ground: Ground) -> None:
    """By whoever closes what fits nothing, with a reason; the ledger is as before it."""
    ground.handed_over()
    file = ground.answer(Told.CREDITED).file
    of_file = reverse("answer_file", args=[STAGE, file.pk])
    assert of_file in see(reader(ground, "commitment_officer"), "stage_money")
    ppk = reader(ground, "commitment_officer")
    page = words(ppk.get(of_file))
    assert "<mark>12 dari 12 baris</mark> dibukukan" in page
    assert reader(ground, "treasurer").post(of_file, {"why": "x"}).status_code == 404
    empty = ppk.post(of_file, {"why": ""})
    assert (empty.status_code, "Tulis alasannya" in words(empty)) == (422, True)
    done = words(ppk.post(of_file, {"why": "Bank mengirim berkas yang salah"}, follow=True))
    assert "12 jawaban dibatalkan" in done
    assert "Bank mengirim berkas yang salah" in done
    with put_on(ground.nation()):
        assert money.of(ground.stage()).unanswered == 12
        assert [each for each in whole.ledger_beside_claims(ground.stage()) if not each.agrees] == []
    assert "berkas jawaban ditarik kembali" in see(reader(ground, "auditor"), "stage_ledger").lower()
