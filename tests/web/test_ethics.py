"""Pages of the code of ethics: signed, reported without a name, handled, decided; who may, whose region."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.database import day
from harapan.database.scope import Scope
from harapan.workforce.models import (
    CodeSignature,
    EthicsCase,
    EthicsDecision,
    EthicsReport,
    EthicsReporter,
    EthicsStatement,
    EthicsVisit,
    Step,
)
from tests.benefits.world import HIYUNG, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers
from tests.workforce.ethics_ground import CHARGE, DAY, STORY, TAPIN, TAPIN_TENGAH, WHY, Court, make_court

REPORT = {"offence": "holding_cards", "name": "ANI", "region": str(TAPIN), "told": STORY}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: DAY)


@pytest.fixture
def court(system: Scope) -> Court:
    return make_court()


def on(monkeypatch: pytest.MonkeyPatch, today: date) -> None:
    monkeypatch.setattr(day, "today", lambda: today)


def page(post: Post, name: str, *numbers: object, **query: str) -> str:
    return words(signed_in(post).get(reverse(name, args=numbers), query))


def receipt_of(text: str) -> tuple[str, str]:
    """Number and word as they stand on the page."""
    after = text.split("Nomor</dt><dd>")[1]
    return after[:12], text.split("Kata rahasia</dt><dd>")[1].split("<")[0]


def test_signing_takes_the_task_from_home(court: Court) -> None:
    assert "Kode etik tahun ini belum Anda tanda tangani" in page(court.ani, "home")
    shown = page(court.ani, "ethics")
    for said in ("belum Anda tanda tangani", "31 Januari 2025", "Memegang kartu (KKS) atau PIN penerima", "Humanis"):
        assert said in shown, said
    client = signed_in(court.ani)
    assert client.post(reverse("ethics_sign"), {"version": "2022"}).status_code == 422
    done = client.post(reverse("ethics_sign"), {"version": "2022", "read": "1"})
    assert done.status_code == 303
    assert CodeSignature.objects.get().person == court.person
    assert "sudah Anda tanda tangani" in page(court.ani, "ethics")
    assert "Kode etik tahun ini belum" not in page(court.ani, "home")
    assert "Bukan yang berlaku sekarang" in page(court.ani, "ethics", naskah="2018")
    assert signed_in(court.ani).get(reverse("ethics"), {"naskah": "1999"}).status_code == 404


def test_who_has_not_signed_is_counted_by_place(court: Court) -> None:
    shown = page(court.katim, "ethics_unsigned")
    assert "3 dari 3 orang" in shown
    assert "KETUA TENGAH" in shown
    assert "Orang yang belum menandatangani kode etik" in page(court.katim, "home")
    elsewhere = person("regency_coordinator", regions=(6306000000,))
    assert "ANI" not in page(elsewhere, "ethics_unsigned")
    assert signed_in(court.ani).get(reverse("ethics_unsigned")).status_code == 404


def test_a_sheet_signed_by_hand_is_recorded_under_its_number(court: Court) -> None:
    client, url = signed_in(court.katim), reverse("ethics_paper")
    assert "Catat tanda tangan di kertas" in words(client.get(reverse("ethics_unsigned")))
    assert client.post(url, {"person": court.person.pk, "paper": " "}).status_code == 422
    assert client.post(url, {"person": court.person.pk, "paper": "L/07"}).status_code == 303
    assert CodeSignature.objects.get().paper == "L/07"
    assert client.post(url, {"person": court.person.pk, "paper": "L/08"}).status_code == 404
    assert signed_in(court.ani).post(url, {"person": court.person.pk, "paper": "L/08"}).status_code == 404


def test_anybody_reports_without_a_name_and_follows(court: Court) -> None:
    client = Client()
    form = words(client.get(reverse("ethics_report")))
    assert "Boleh dikosongkan" in form
    assert "Kab. Tapin" in form
    sent = client.post(reverse("ethics_report"), REPORT)
    assert (sent.status_code, sent["Cache-Control"]) == (200, "no-store")
    number, word = receipt_of(sent.content.decode())
    assert EthicsReport.objects.get().anonymous
    assert not EthicsReporter.objects.exists()
    asked = {"number": number, "word": word}
    found = client.post(reverse("ethics_follow"), asked)
    assert "menunggu diperiksa" in words(found)
    assert "ANI" not in words(found)
    added = client.post(reverse("ethics_follow"), asked | {"text": "Ibu-ibu di pasar juga tahu."})
    assert "Ibu-ibu di pasar juga tahu." in words(added)
    assert word not in reverse("ethics_follow")


def test_a_wrong_word_makes_its_address_wait_and_says_nothing(court: Court) -> None:
    client = Client()
    number, word = receipt_of(client.post(reverse("ethics_report"), REPORT).content.decode())
    for _ in range(3):
        refused = client.post(reverse("ethics_follow"), {"number": number, "word": "salah-kata"})
        assert refused.status_code == 404
        assert "Nomor atau kata rahasia tidak cocok" in words(refused)
    waits = client.post(reverse("ethics_follow"), {"number": number, "word": word})
    assert waits.status_code == 429
    assert "Coba lagi dalam" in words(waits)


def test_bad_reports_come_back_with_what_was_typed(court: Court) -> None:
    sent = Client().post(reverse("ethics_report"), REPORT | {"told": "jahat", "happened_on": "2026-01-01"})
    assert sent.status_code == 422
    assert "Ceritakan apa yang terjadi" in words(sent)
    assert not EthicsCase.objects.exists()


def test_staff_who_report_while_signed_in_leave_no_trace(court: Court) -> None:
    signed_in(court.lead).post(
        reverse("ethics_report"), REPORT | {"reporter_name": "Ketua", "reporter_contact": "0812"}
    )
    actors = {entry.actor for entry in Entry.objects.filter(subject_kind__startswith="ethics")}
    assert actors == {0}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE body LIKE '%Ketua%' AND subject_kind LIKE 'ethics%'")
        assert cursor.fetchone() == (0,)


def test_what_was_told_opens_to_the_handler_and_never_who_told_it(court: Court) -> None:
    _receipt, case = court.file(reporter_name="Siti Rusdiana", reporter_contact="0812 5555 1234")
    before = page(court.katim, "ethics_case", case.pk)
    assert STORY not in before
    assert "Isi laporan hanya untuk yang menangani" in before
    client = signed_in(court.katim)
    assert client.post(reverse("ethics_take", args=[case.pk])).status_code == 303
    shown = page(court.katim, "ethics_case", case.pk)
    assert STORY in shown
    assert "tersegel, disimpan HAKIM" in shown
    for name, numbers in (("ethics_case", [case.pk]), ("ethics_cases", [])):
        for post in (court.katim, court.judge, court.second, court.province):
            text = page(post, name, *numbers)
            assert "Rusdiana" not in text
            assert "5555" not in text
    assert Entry.objects.filter(verb="ethics_case.looked", subject=case.pk, actor=court.katim.user_id).exists()


def test_the_keeper_opens_who_told_it_with_a_reason(court: Court) -> None:
    _receipt, case = court.file(reporter_name="Siti Rusdiana", reporter_contact="0812 5555 1234")
    report = EthicsReport.objects.get()
    url = reverse("ethics_reporter", args=[case.pk, report.pk])
    keeper = next(post for post in (court.judge, court.second) if post.user_id == report.keeper_id)
    other = court.second if keeper is court.judge else court.judge
    assert signed_in(other).post(url, {"why": "ingin tahu"}).status_code == 422
    assert signed_in(court.katim).post(url, {"why": "ingin tahu"}).status_code == 404
    assert signed_in(keeper).post(url, {"why": ""}).status_code == 422
    opened = signed_in(keeper).post(url, {"why": "perlu keterangan"})
    assert "Siti Rusdiana" in words(opened)
    assert opened["Cache-Control"] == "no-store"
    assert Entry.objects.filter(verb="ethics_reporter.looked").count() == 1


def test_a_case_is_walked_on_its_page(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    _receipt, case = court.file(name="Pendamping Anu")
    client = signed_in(court.office)
    client.post(reverse("ethics_take", args=[case.pk]))

    def do(name: str, **given: object) -> int:
        return client.post(reverse("ethics_deed", args=[case.pk, name]) + "?cari=ANI", given).status_code

    assert "Siapa yang dimaksud" in page(court.office, "ethics_case", case.pk)
    assert do("kenali", person=court.person.pk) == 303
    on(monkeypatch, DAY + timedelta(days=9))
    assert "Sebab terlambat" in page(court.office, "ethics_case", case.pk)
    refused = client.post(reverse("ethics_deed", args=[case.pk, "verifikasi"]), {"note": "Benar adanya."})
    assert refused.status_code == 422
    assert "Benar adanya." in words(refused)
    assert do("verifikasi", late_because="Menunggu keterangan desa.") == 303
    assert do("bukti", text="Tiga keluarga didatangi dan membenarkan.") == 303
    assert do("periksa", charge=CHARGE) == 303
    assert do("panggil", hearing_on="2025-05-14", place="Aula") == 422
    assert do("panggil", hearing_on="2025-05-20", place="Aula") == 303
    assert do("sidang", heard="Ia datang dan menjelaskan.") == 422
    assert do("nothing") == 404
    case.refresh_from_db()
    assert case.step == Step.SUMMONED
    calls = page(court.ani, "home")
    assert "Anda dipanggil dalam perkara etik" in calls


def test_the_accused_reads_the_charge_answers_and_appeals(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    _receipt, secret = court.file(reporter_name="Siti Rusdiana")
    assert signed_in(court.ani).get(reverse("ethics_own", args=[secret.pk])).status_code == 404
    case = court.walk(Step.SUMMONED)
    shown = page(court.ani, "ethics_own", case.pk)
    assert CHARGE in shown
    assert STORY not in shown
    client = signed_in(court.ani)
    said = {"text": "Kartu itu dititipkan keluarganya sendiri."}
    assert client.post(reverse("ethics_answer", args=[case.pk]), said).status_code == 303
    decided = court.walk(Step.DECIDED)
    assert signed_in(court.lead).get(reverse("ethics_own", args=[decided.pk])).status_code == 404
    shown = page(court.ani, "ethics_own", decided.pk)
    assert WHY in shown
    assert "Surat peringatan" in shown
    on(monkeypatch, decided.due_on + timedelta(days=1))
    late = client.post(reverse("ethics_appeal", args=[decided.pk]), said)
    assert late.status_code == 422
    assert "tidak diterima lagi" in words(late)
    on(monkeypatch, decided.due_on)
    assert client.post(reverse("ethics_appeal", args=[decided.pk]), said).status_code == 303
    assert EthicsStatement.objects.filter(kind="appeal").count() == 1


def _somebody_else_carries_it_out(court: Court, case: EthicsCase) -> None:
    """The one named leaves: the commission is told, names another, and names the first again."""
    gone = Post.objects.filter(pk=court.operator.pk)
    told = "Pelaksana putusan etik sudah tidak bertugas"
    assert told not in page(court.second, "home")
    gone.update(role_code="auditor")
    assert told in page(court.second, "home")
    url = reverse("ethics_deed", args=[case.pk, "pelaksana"])
    other = person("regency_office", regions=(TAPIN,))
    given = {"executor": str(other.user_id), "why": "Pindah tugas."}
    assert signed_in(court.katim).post(url, given).status_code in (403, 404)
    assert signed_in(court.second).post(url, given | {"executor": str(court.ani.user_id)}).status_code == 422
    assert signed_in(court.second).post(url, given).status_code == 303
    assert told not in page(court.second, "home")
    assert "Putusan etik menunggu Anda laksanakan" in page(other, "home")
    gone.update(role_code="operator")
    assert signed_in(court.second).post(url, given | {"executor": str(court.operator.user_id)}).status_code == 303
    assert "Putusan etik menunggu Anda laksanakan" not in page(other, "home")


def test_the_commission_decides_and_the_named_one_carries_out(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    case = court.walk(Step.HEARD)
    on(monkeypatch, case.step_on)
    client, url = signed_in(court.judge), reverse("ethics_deed", args=[case.pk, "putus"])
    assert "Putus perkara" in page(court.judge, "ethics_case", case.pk)
    assert "Putus perkara" not in page(court.province, "ethics_case", case.pk)
    given = {"level": "heavy", "measures": ["dismissal"], "letter": "KE/9", "why": WHY}
    assert client.post(url, {"letter": "KE/9", "why": WHY}).status_code == 422  # nothing chosen acquits nobody
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "menuntut nama pelaksananya" in words(refused)
    assert client.post(url, given | {"executor": str(court.operator.user_id)}).status_code == 303
    again = signed_in(court.second).post(url, given | {"executor": str(court.operator.user_id)})
    assert again.status_code == 422
    assert "sudah berubah: Diputus" in words(again)
    case.refresh_from_db()
    on(monkeypatch, case.due_on + timedelta(days=1))
    assert client.post(reverse("ethics_deed", args=[case.pk, "tetap"])).status_code == 303
    assert "Putusan etik menunggu Anda laksanakan" in page(court.operator, "home")
    _somebody_else_carries_it_out(court, case)
    made = EthicsDecision.objects.get()
    assert "Akhiri semua jabatan ANI?" in page(court.operator, "ethics_execute")
    assert signed_in(court.operator).post(reverse("ethics_executed", args=[made.pk])).status_code == 303
    assert Post.objects.get(pk=court.ani.pk).until == case.due_on + timedelta(days=1)
    assert "Pemberhentian" in page(court.katim, "ethics_register")


def test_doors_stay_shut(court: Court) -> None:
    _receipt, case = court.file()
    for post in (court.ani, court.lead, court.operator):
        for name in ("ethics_cases", "ethics_register"):
            assert signed_in(post).get(reverse(name)).status_code == 404, (post, name)
        assert signed_in(post).get(reverse("ethics_case", args=[case.pk])).status_code == 404
    elsewhere = person("regency_coordinator", regions=(6306000000,))
    assert signed_in(elsewhere).get(reverse("ethics_case", args=[case.pk])).status_code == 404
    assert signed_in(elsewhere).post(reverse("ethics_take", args=[case.pk])).status_code == 422


def test_families_are_drawn_asked_and_forwarded(court: Court, world: World) -> None:
    world.family(village=HIYUNG, bank="")
    client = signed_in(court.katim)
    shown = words(client.get(reverse("ethics_visits")))
    assert "Belum ada keluarga yang terundi" in shown
    assert client.post(reverse("ethics_visits_draw"), {"district": TAPIN_TENGAH}).status_code == 303
    visit = EthicsVisit.objects.earliest("pk")
    url = reverse("ethics_visit", args=[visit.pk])
    half = client.post(url, {"visited_on": "2025-05-05", "card_own": "1"})
    assert half.status_code == 422
    said = {"visited_on": "2025-05-05", "card_own": "1", "money_whole": "2", "no_gifts": "2", "no_politics": "2",
            "treated_well": "1"}  # fmt: skip
    assert client.post(url, said).status_code == 303
    assert "Teruskan ke penegak etik" in words(client.get(url))
    assert "patut dilaporkan" in words(client.get(reverse("ethics_visits")))


def test_statements_do_not_grow_with_the_cases(court: Court) -> None:
    court.file()
    client = signed_in(court.judge)
    few = queries(client, reverse("ethics_cases"))
    for _ in range(5):
        court.file()
    assert queries(client, reverse("ethics_cases")) == few


def test_nothing_is_left_indonesian(court: Court) -> None:
    case = court.walk(Step.DECIDED)
    for name, post, numbers in (
        ("ethics", court.ani, []), ("ethics_unsigned", court.katim, []), ("ethics_cases", court.katim, []),
        ("ethics_case", court.katim, [case.pk]), ("ethics_own", court.ani, [case.pk]),
        ("ethics_register", court.katim, []), ("ethics_visits", court.katim, []),
        ("ethics_execute", court.operator, []),
    ):  # fmt: skip
        assert leftovers(english(post).get(reverse(name, args=numbers))) == [], name
