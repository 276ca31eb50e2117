"""Components, school forms, answers of banks, statuses, village lists and deciles, each with its odd rows."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import Post
from harapan.exchange.components import codec as components
from harapan.exchange.settlement import codec as settlement
from harapan.exchange.status import codec as status
from harapan.payments.models import PaymentException, SettlementFile, SettlementLine
from harapan.payments.withdrawing import withdraw
from harapan.registry.models import ComponentSpell, Facility, Family, Member, OutsideFact, Question
from harapan.verification.actions import prove
from harapan.verification.models import Evidence, FacilityMonth, Observation
from tests.intake.conftest import Bring, answers, row

CHILD = "6305022001167298"
SISTER = "6305026001187298"


@pytest.fixture
def listed(bring: Bring) -> None:
    bring([row(1), row(2)])


def component(**changes: object) -> dict[str, object]:
    return {
        "nik": CHILD, "name": "FADILAH", "component": 3, "state": "Aktif", "pengurus": "RUSMINI 1",
        "pengurus_nik": row(1)["nik"], "kk": row(1)["kk"],
    } | changes  # fmt: skip


@pytest.fixture
def sheet(bring: Bring, listed: None):
    def bring_sheet(*rows: dict[str, object], **options: object):
        return bring(components.render(rows, form="csv"), layout="components", **{"stage": "2025-2"} | options)

    return bring_sheet


def test_a_member_is_born_when_the_nik_says(sheet) -> None:
    assert sheet(component()).accepted == 1
    child = Member.objects.get(name="FADILAH")
    assert (child.born_on, child.born_source, child.sex) == (date(2016, 1, 20), "derived", 1)
    spell = ComponentSpell.objects.get()
    assert (spell.member, spell.component, spell.spell.lower, spell.source) == (child, 3, date(2025, 4, 1), "list")


def test_the_next_school_ends_the_one_before(sheet) -> None:
    sheet(component())
    run = sheet(component(component=4), stage="2025-3")
    assert run.changed == 1
    assert "Sebelumnya dihitung sebagai SD" in answers(run)[2]
    spells = ComponentSpell.objects.order_by("spell").values_list("component", "spell")
    assert [(code, spell.lower, spell.upper) for code, spell in spells] == [
        (3, date(2025, 4, 1), date(2025, 7, 1)), (4, date(2025, 7, 1), None),
    ]  # fmt: skip


def test_what_is_no_longer_active_ends(sheet) -> None:
    sheet(component())
    run = sheet(component(state="Tidak aktif"), stage="2025-3")
    assert run.changed == 1
    assert ComponentSpell.objects.get().spell.upper == date(2025, 7, 1)


def test_a_sheet_of_an_earlier_stage_begins_the_component_earlier(sheet) -> None:
    sheet(component())
    assert sheet(component(), stage="2025-1").changed == 1
    assert ComponentSpell.objects.get().spell.lower == date(2025, 1, 1)


def test_a_nik_of_another_family_is_refused(sheet) -> None:
    sheet(component())
    run = sheet(component(pengurus_nik=row(2)["nik"], kk=row(2)["kk"]))
    assert "anggota keluarga lain" in answers(run)[2]


def test_a_missing_nik_is_filled_and_a_different_one_asked_about(sheet) -> None:
    sheet(component(nik=None))
    run = sheet(component())
    assert run.changed == 1, answers(run)
    assert Member.objects.get(name="FADILAH").nik.open() == CHILD
    sheet(component(nik="6305022001167299"))
    assert Question.objects.get().theirs.open() == "6305022001167299"


def test_a_component_of_an_unknown_family_is_refused_with_the_way_out(sheet) -> None:
    run = sheet(component(pengurus_nik="6305026602739999", kk="6305020101019999"))
    assert "Bawa masuk daftar dari pusat" in answers(run)[2]


TITLES = "NO,NIK PENGURUS,NAMA PENGURUS,NIK SISWA,NISN,NAMA SISWA,BENTUK PENDIDIKAN,TINGKAT PENDIDIKAN"
MONTHS = "APRIL,,,,,MEI,,,,,JUNI,,,,"
FORM = """FORM VERIFIKASI KOMITMEN PENDIDIKAN PKH PERIODE : TRIWULAN 2 TAHUN 2025
NPSN : 30305001
Nama Sekolah : SDN HIYUNG 1
{titles},{months},KET,NAMA PENDAMPING
,,,,,,,,HARI EFEKTIF,22,,,,HARI EFEKTIF,20,,,,HARI EFEKTIF,18,,,,,
,,,,,,,,ALPA,IZIN,SAKIT,JML,%,ALPA,IZIN,SAKIT,JML,%,ALPA,IZIN,SAKIT,JML,%,,
{rows}
"""


def form(*rows: str) -> bytes:
    return FORM.format(rows="\n".join(rows), titles=TITLES, months=MONTHS).encode()


def pupil(april: str = ",,,22,100%", may: str = ",,,20,100%", june: str = ",,,,", nik: str = CHILD) -> str:
    return f"1,{row(1)['nik']},RUSMINI 1,{nik},0016279267,FADILAH,SD,2,{april},{may},{june},,HARTATI"


def test_a_form_declares_only_the_months_somebody_filled_in(sheet, bring: Bring) -> None:
    sheet(component())
    run = bring(form(pupil(may="2,,1,17,85%")), layout="verification-school")
    assert run.accepted == 1, answers(run)
    assert "Juni 2025 belum diisi" in answers(run)[7]
    assert sorted(FacilityMonth.objects.values_list("month", "evidence")) == [(202504, "none"), (202505, "none")]
    seen = Observation.objects.get()
    assert (seen.month, seen.absent_days, seen.sick_days, seen.present_days) == (202505, 2, 1, 17)
    spell = ComponentSpell.objects.get()
    assert (spell.facility.name, spell.student_no, spell.grade) == ("SDN HIYUNG 1", "0016279267", "2")


def test_a_corrected_form_changes_what_is_not_proven_yet(sheet, bring: Bring, operator: Post) -> None:
    sheet(component())
    bring(form(pupil(may="2,,1,17,85%")), layout="verification-school")
    run = bring(form(pupil()), layout="verification-school")
    assert run.changed == 1, answers(run)
    assert Observation.objects.count() == 0
    prove(Facility.objects.get(), 202505, evidence=Evidence.SIGNED_FORM, note="formulir 12 Juni", by=operator.user)
    refused = bring(form(pupil(may="5,,,15,75%")), layout="verification-school")
    assert "sudah dibuktikan" in answers(refused)[7]
    assert Observation.objects.count() == 0


def test_a_pupil_left_blank_among_others_is_not_taken_to_be_there(sheet, bring: Bring, operator: Post) -> None:
    sheet(component(), component(nik=SISTER, name="SALMA"))
    blank = pupil(april=",,,,", nik=SISTER).replace("0016279267", "0016279268").replace("FADILAH", "SALMA")
    run = bring(form(pupil(), blank), layout="verification-school")
    assert "April 2025 belum diisi" in answers(run)[8]
    left = Observation.objects.get()
    assert (left.member.name, left.month, left.outcome) == ("SALMA", 202504, Observation.Outcome.UNKNOWN)
    filled = pupil(april="3,,,19,86%", nik=SISTER).replace("0016279267", "0016279268")
    assert bring(form(filled.replace("FADILAH", "SALMA")), layout="verification-school").changed == 1
    bring(form(pupil(), blank), layout="verification-school")
    kept = Observation.objects.get()
    assert (kept.absent_days, kept.outcome) == (3, Observation.Outcome.BY_DAYS)  # a blank takes nothing back
    prove(Facility.objects.get(), 202504, evidence=Evidence.SIGNED_FORM, note="formulir 12 Juni", by=operator.user)
    assert bring(form(blank), layout="verification-school").refused == 0


def test_a_pupil_nobody_knows_is_refused(sheet, bring: Bring) -> None:
    run = bring(form(pupil(nik="6305022001167111").replace("FADILAH", "ENTAH")), layout="verification-school")
    assert "Siswa ini tidak tercatat" in answers(run)[7]


def settle(**changes: object) -> dict[str, object]:
    return {
        "reference": row(1)["beneficiary_id"], "amount_idr": 975_000, "settled_on": date(2025, 5, 12),
        "outcome": "credited", "bank": "BRI",
    } | changes  # fmt: skip


def test_an_answer_of_the_bank_is_booked_once(bring: Bring, listed: None) -> None:
    lines = [settle(), settle(reference="", nik=row(2)["nik"])]
    run = bring(settlement.render(lines, form="csv"), layout="settlement", stage="2025-2")
    assert (run.accepted, run.refused) == (2, 0), answers(run)
    again = bring(settlement.render(lines, form="csv"), layout="settlement", stage="2025-2")
    assert (again.unchanged, SettlementLine.objects.count()) == (2, 2)


def test_a_withdrawn_answer_file_is_new_when_it_comes_again(bring: Bring, listed: None, operator: Post) -> None:
    contents = settlement.render([settle(), settle(reference="", nik=row(2)["nik"])], form="csv")
    bring(contents, layout="settlement", stage="2025-2")
    withdraw(SettlementFile.objects.get(), why="bank menariknya", by=operator.user, on=date(2025, 6, 12))
    assert SettlementLine.objects.count() == 0
    assert bring(contents, layout="settlement", stage="2025-2").accepted == 2


def test_an_answer_for_no_family_is_refused_and_waits_for_a_person(bring: Bring, listed: None) -> None:
    lines = [settle(), settle(reference="630577777777777")]
    run = bring(settlement.render(lines, form="csv"), layout="settlement", stage="2025-2")
    assert (run.accepted, run.refused) == (1, 1), answers(run)
    assert PaymentException.objects.get().line == 3


def test_statuses_of_the_centre_are_kept(bring: Bring, listed: None) -> None:
    rows = [
        {"beneficiary_id": row(1)["beneficiary_id"], "stage": "2025-2", "status": "sp2d"},
        {"nik": row(2)["nik"], "stage": "3", "status": "excluded", "reason": "Meninggal"},
        {"nik": "6305026602739999", "stage": "2025-2", "status": "sp2d"},
    ]
    run = bring(status.render(rows, form="csv"), layout="status", stage="2025-2")
    assert (run.accepted, run.refused) == (2, 1), answers(run)
    assert "menyebut “3”" in answers(run)[3]
    assert OutsideFact.objects.get().kind == "exclude"


def test_a_village_list_is_matched_and_adds_nobody(bring: Bring, listed: None) -> None:
    raw = (
        f"NAMA;NIK;NO HP\nRUSMINI 1;{row(1)['nik']};0812-3456-7890\nMISNAH;{row(2)['nik']};\nENTAH;6305026602739999;\n"
    )
    run = bring(raw.encode(), layout="bnba")
    assert (run.changed, run.refused) == (2, 1), answers(run)
    assert Family.objects.get(dtks_id=row(1)["beneficiary_id"]).phone.open() == "+6281234567890"
    assert Question.objects.get().source == "village"
    assert "tidak tercatat" in answers(run)[4]
    assert Family.objects.count() == 2


def test_a_decile_is_one_more_fact(bring: Bring, listed: None) -> None:
    run = bring(f"NIK,DESIL,PERIODE\n{row(1)['nik']},2,2025-04\n".encode(), layout="desil")
    assert run.accepted == 1, answers(run)
    fact = OutsideFact.objects.get()
    assert (fact.kind, fact.value, fact.as_of, fact.source) == ("desil", "2", date(2025, 4, 1), "dtsen")
    again = bring(f"NO KK,DESIL,PERIODE\n{row(1)['kk']},2,2025-04\n{row(2)['kk']},6,2025-04\n".encode(), layout="desil")
    assert (again.unchanged, again.accepted) == (1, 1), answers(again)
