"""Reports against the records: what is there is said, what is not there is not; numbers, versions, the paper itself."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from harapan.accounts.models import Acting
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.fieldwork.activities import ActivityFacts, add_photograph, record_activity, remove_activity
from harapan.fieldwork.composing import compose
from harapan.fieldwork.errors import NotReported, NotYetDone, TooLate
from harapan.fieldwork.making import Made, checked, make_reports
from harapan.fieldwork.models import Activity, Report, ReportVersion
from harapan.fieldwork.models.plan import PlanItem
from harapan.fieldwork.packs import pack
from harapan.fieldwork.plan_reading import entries_of
from harapan.fieldwork.plans import propose_plan
from harapan.fieldwork.records import gather
from harapan.fieldwork.supervising import KIND as SUPERVISION
from harapan.fieldwork.supervising import supervisions
from harapan.fieldwork.targets import counted, progress_in
from harapan.fieldwork.visiting import Counted, record_visit
from harapan.fieldwork.workers import Worker, facilitators_under, worker_of, workers_in
from harapan.files import storage
from harapan.files.models import StoredFile
from harapan.p2k2.attending import Said, mark_attendance
from harapan.p2k2.models import Mark, Session
from harapan.p2k2.photographs import add_photograph as add_session_photograph
from harapan.p2k2.recording import SessionFacts, record_session
from harapan.registry.models import Change, Group, Member, Question
from harapan.workforce.duties import DutyFacts, cancel_duty, record_duty
from tests.benefits.world import CEMPAKA, HIYUNG
from tests.fieldwork.conftest import MONTH, TODAY, Field
from tests.fieldwork.test_visits import VISIT
from tests.p2k2.test_photographs import picture

MEETING = ActivityFacts(
    8, "meeting", date(2025, 5, 6), time(9), time(11), "Kantor kecamatan", "Rapat verifikasi tahap dua"
)
DUTY = DutyFacts(
    "bpnt", "Pembayaran sembako", "400.9/12/Dinsos/2025", date(2025, 5, 5), date(2025, 5, 8), "Kantor pos Rantau",
    date(2025, 5, 2), "Drs. Anwar", "Kepala Dinas Sosial", 450,
)  # fmt: skip


def make(field: Field, *numbers: int, on: date = TODAY, month: str = MONTH) -> list[Made]:
    return make_reports(
        [field.worker], month, by=field.facilitator.user, on=on, address="https://pkh.test", results=numbers
    )


def text(made: Made) -> str:
    pages = PdfReader(io.BytesIO(storage.read(made.version.file))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def session(field: Field, day: int = 19) -> Session:
    facts = SessionFacts(
        date(2025, 5, day), time(14), time(16), "klasik-2.1", place="Rumah Bu Aminah", speaker="Siti Rahmah"
    )
    held = record_session(field.group.pk, facts, by=field.facilitator.user, on=TODAY)
    marks: Iterable[Mark] = (Mark.PRESENT, Mark.PRESENT, Mark.REPRESENTED, Mark.ABSENT)
    said = {
        family.pk: Said(mark, "Rahmah" if mark is Mark.REPRESENTED else "")
        for family, mark in zip(field.families, marks, strict=True)
    }
    mark_attendance(held.pk, said, by=field.facilitator.user, on=TODAY)
    return held


def record(field: Field, facts: ActivityFacts = MEETING, **changes: Any) -> Activity:
    return record_activity(field.worker, replace(facts, **changes), by=field.facilitator.user, on=TODAY)


def test_an_empty_month_says_so_and_claims_nothing(field: Field) -> None:
    made = make(field)
    assert [each.report.rhk for each in made] == [1, 2, 3, 4, 5, 6, 8, 9, 7]
    for each in made[:-1]:
        assert "Tidak ada kegiatan" in text(each), each.report.rhk
        assert "tercapai." not in text(each)
    assert "Tidak ada kegiatan graduasi yang tercatat" in text(made[3])
    assert "Tidak ada kegiatan P2K2 yang tercatat" in text(made[1])
    assert "2 dari 8 RHK" in text(made[-1])  # of two percent results nothing came in


def test_a_report_names_every_kecamatan_of_the_own_groups_and_a_meeting_its_own(field: Field) -> None:
    Group.objects.create(name="KENANGA 1", region_id=CEMPAKA, facilitator=field.worker.user)
    session(field)
    content = compose(field.worker, 2, gather([field.worker], MONTH))
    assert dict(content.general)["Kecamatan"] == "Kec. Tapin Selatan, Kec. Tapin Tengah"
    assert "di Kec. Tapin Selatan dan Kec. Tapin Tengah, Kab. Tapin" in content.overview[0]
    ((official, _pictures),) = content.official
    assert dict(official["general"])["Kecamatan"] == "Kec. Tapin Tengah"


def test_a_meetings_figures_and_its_official_pages_stand_in_the_report(field: Field) -> None:
    held = session(field)
    add_session_photograph(held.pk, picture(), name="a.jpg", by=field.facilitator.user, on=TODAY)
    (made,) = make(field, 2)
    said = text(made)
    for words in (
        "hadir atau diwakili 3 dari 4 keluarga, alpa 1", "75% dari 4 yang dicatat",
            "Target bulan ini 1; yang tercatat 1",
        "Target bulan ini tercapai", held.report_number, "LAPORAN PELAKSANAAN P2K2", "NIP 198801012019032001",
        "Peraturan Menteri Sosial Nomor 1 Tahun 2018", made.version.code,
    ):  # fmt: skip
        assert words in said, words
    assert made.version.file.name == "20250519 - 14.00 - RHK-2 - P2K2 Mei 2025.pdf"
    for letter in ("A. Pendahuluan", "B. Kegiatan", "C. Hasil", "D. Kesimpulan", "E. Penutup"):
        assert letter in said


def test_the_same_records_keep_number_and_version_and_changed_ones_make_another(field: Field) -> None:
    first = make(field)
    assert [each.report.number for each in first] == list(range(1, 10))
    again = make(field, on=date(2025, 5, 28))
    assert [(each.report.pk, each.version.pk, each.fresh) for each in again] == [
        (each.report.pk, each.version.pk, False) for each in first
    ]
    activity = record(field)
    changed = {each.report.rhk: each for each in make(field)}
    assert {rhk for rhk, each in changed.items() if each.fresh} == {7, 8}
    assert (changed[8].report.number_text, changed[8].version.version) == (first[6].report.number_text, 2)
    assert "(versi 2)" in text(changed[8])
    remove_activity(activity.pk, by=field.facilitator.user, on=TODAY)
    assert {each.version.version for each in make(field) if each.report.rhk == 8} == {3}
    later = make(field, month="2025-04")
    assert [each.report.number for each in later] == list(range(10, 19))
    assert Report.objects.count() == 18


def test_the_code_of_a_report_tells_whose_it_is_and_that_it_was_replaced(field: Field) -> None:
    (made,) = make(field, 8)
    record(field)
    make(field, 8)
    with put_on(Scope.common(via="test")):
        found = checked(made.version.code)
        assert checked("bukan-kode") is None
    assert found is not None
    assert (found.number, found.name, found.version, found.latest) == (
        made.report.number_text, "SITI RAHMAH", 1, 2,
    )  # fmt: skip


def test_months_without_results_and_months_to_come_are_refused(field: Field) -> None:
    for month in ("2024-12", "2025-06"):
        with pytest.raises(NotReported):
            make(field, month=month)
    assert Report.objects.count() == 0


def test_an_activity_with_its_photograph_is_in_the_report_and_in_the_monthly_one(field: Field) -> None:
    activity = record(field)
    taken = add_photograph(activity.pk, picture(), name="rapat.jpg", by=field.facilitator.user, on=TODAY)
    assert add_photograph(activity.pk, picture(), name="rapat.jpg", by=field.facilitator.user, on=TODAY) == taken
    directives, monthly = make(field, 7, 8)
    assert "Rapat koordinasi: Rapat verifikasi tahap dua" in text(directives)
    assert "Dokumentasi" in text(directives)
    assert "RHK 8: Rapat koordinasi" in text(monthly)


def test_what_did_not_happen_or_belongs_elsewhere_is_refused_in_words(field: Field) -> None:
    record(field)
    with pytest.raises(Refused, match="sudah dicatat"):
        record(field)
    with pytest.raises(NotYetDone):
        record(field, held_on=date(2025, 5, 21))
    with pytest.raises(TooLate):
        record(field, held_on=date(2025, 3, 3))
    with pytest.raises(Refused, match="bukan bagian RHK"):
        record(field, rhk=2, action="supervise_2", begins=time(7))
    with pytest.raises(Refused, match="Jam selesai"):
        record(field, begins=time(12))


def test_percent_results_count_what_is_settled(field: Field) -> None:
    for hour, settled in ((8, True), (10, True), (13, False)):
        record(
            field, rhk=6, action="case", begins=time(hour), ends=time(hour + 1), settled=settled,
            text="Kartu keluarga tertelan mesin",
        )  # fmt: skip
    found = counted([field.worker], date(2025, 5, 1), date(2025, 6, 1))
    progress = progress_in([field.worker], [MONTH], found)[field.worker.pk][6]
    assert (progress.done, progress.cases, progress.settled, progress.met) == (66, 3, 2, False)
    (made,) = make(field, 6)
    assert "Dari 3 yang tercatat, 2 selesai ditangani (66% dari target 100%)" in text(made)
    assert "1 kasus belum selesai" in text(made)


def test_days_of_an_extra_duty_lower_the_targets_until_it_is_cancelled(field: Field) -> None:
    told: Any = {"user": field.worker.user, "region_no": field.worker.region_no, "by": field.worker.user, "on": TODAY}
    duty = record_duty(DUTY, **told)
    with pytest.raises(Refused, match="sudah dicatat"):
        record_duty(DUTY, **told)

    def targets() -> dict[int, int | None]:
        found = counted([field.worker], date(2025, 5, 1), date(2025, 6, 1))
        return {rhk: each.target for rhk, each in progress_in([field.worker], [MONTH], found)[field.worker.pk].items()}

    assert targets()[2] == 1  # one group, one meeting a month
    met = {"region_id": HIYUNG, "facilitator": field.worker.user}
    Group.objects.bulk_create(Group(name=f"MAWAR {number}", **met) for number in range(5))
    Group.objects.create(name="KEMUDIAN", since=date(2025, 6, 1), **met)  # not yet in May
    # May 2025 has 18 working days: four of them are the duty's
    assert targets() == {1: 1, 2: 5, 3: 2, 4: 2, 5: 3, 6: 100, 7: 1, 8: 2, 9: 100}
    cancel_duty(duty.pk, why="Ditugaskan kepada orang lain", on=TODAY)
    assert targets()[2] == 6
    record_duty(DUTY, **told)  # cancelled by mistake: it may be told anew
    assert targets()[2] == 5


def test_a_lead_reports_on_the_facilitators_in_reach(field: Field) -> None:
    session(field)
    lead = worker_of(field.lead)
    people = workers_in(field.lead, on=TODAY)
    assert {each.user.name for each in people} >= {"SITI RAHMAH", "NOOR AINI", "LEAD TAPIN"}
    record_activity(
        lead,
        replace(MEETING, rhk=2, action="supervise_2", text="Mendampingi pertemuan di Hiyung"),
        by=lead.user,
        on=TODAY,
    )
    found = gather([lead], MONTH, among=people)
    content = compose(lead, 2, found)
    assert content.heading == "LAPORAN SUPERVISI P2K2"
    assert ["SITI RAHMAH", "1", "1", "1", "100%"] in content.table
    assert ["NOOR AINI", "1", "1", "0", "0%"] in content.table
    assert content.official == []
    assert any("1 dari 2 pendamping" in line for line in content.results)
    assert any("Target bulan ini 1; yang tercatat 1" in line for line in content.results)


def test_nobody_reads_the_reports_of_another_place(field: Field) -> None:
    make(field, 8)
    with put_on(field.facilitator.scope(actor=field.facilitator.user_id)):
        assert ReportVersion.objects.count() == 1
    with put_on(field.lead.scope(actor=field.lead.user_id)):
        assert ReportVersion.objects.count() == 1
    for other in (field.colleague, field.stranger):
        with put_on(other.scope(actor=other.user_id)):
            assert ReportVersion.objects.count() == Report.objects.count() == Activity.objects.count() == 0


def test_who_fills_a_facilitators_post_sees_that_ones_month(field: Field) -> None:
    record(field)
    with put_on(field.facilitator.scope(actor=field.colleague.user_id)):
        assert Activity.objects.count() == 1


def test_a_pack_holds_everybodys_reports_and_makes_only_what_is_missing(field: Field, tmp_path: Any) -> None:
    scope = field.lead.scope(actor=field.lead.user_id)
    who: dict[str, Any] = {"scope": scope, "by": field.lead.user, "on": TODAY, "address": ""}
    told: list[tuple[int, int]] = []
    make(field, 2)
    first = pack(field.lead, MONTH, tmp_path / "a.zip", **who, told=lambda done, total: told.append((done, total)))
    people: list[Worker] = workers_in(field.lead, on=TODAY)
    assert (first.people, first.reports, first.fresh) == (len(people), 9 * len(people), 9 * len(people) - 1)
    assert told[-1] == (first.reports, first.reports)
    again = pack(field.lead, MONTH, tmp_path / "b.zip", **who)
    assert again.fresh == 0
    with ZipFile(tmp_path / "b.zip") as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names) == again.reports
        assert archive.testzip() is None
        assert all(archive.read(name).startswith(b"%PDF") for name in names[:3])
    assert "SITI RAHMAH (198801012019032001)/20250520 - RHK-4 - Graduasi Mei 2025.pdf" in names


def test_visits_and_applied_changes_count_and_are_told(field: Field) -> None:
    family, by = field.families[0], field.facilitator.user
    manager = Member.objects.get(family=family, manager=True)
    facts = replace(VISIT, visited_on=date(2025, 5, 8), components=(Counted(manager.pk, Component.PREGNANT),))
    record_visit(family.pk, facts, by=by, on=TODAY)
    for number, state in enumerate((Change.State.APPLIED, Change.State.REFUSED, Change.State.ASKED)):
        decided = state != Change.State.ASKED
        Change.objects.create(
            family=family, kind="leave", told={}, content_key=str(number), effective_on=TODAY, state=state, asked_by=by,
            asked_on=date(2025, 5, 9), decided_by=field.lead.user if decided else None,
            decided_on=TODAY if decided else None,
        )  # fmt: skip
    units = counted([field.worker], date(2025, 5, 1), date(2025, 6, 1)).units
    assert units[by.pk, 202505, 5] == 2
    said = text(make(field, 5)[0])
    assert "Kunjungan rumah KELUARGA 0: layak" in said
    assert "Pemutakhiran data diterapkan: anggota pindah keluar, 1 keluarga" in said


def test_an_activity_typed_for_the_same_visit_or_change_counts_once_and_is_told(field: Field) -> None:
    """Typed for the hours of a visit, or as an update on the day of one: the same work. At other hours it is more."""
    family, by, day = field.families[0], field.facilitator.user, date(2025, 5, 8)
    manager = Member.objects.get(family=family, manager=True)
    facts = replace(VISIT, visited_on=day, components=(Counted(manager.pk, Component.PREGNANT),))  # 9.00 to 9.40
    record_visit(family.pk, facts, by=by, on=TODAY)
    typed = {"rhk": 5, "text": "Memvalidasi keluarga di Hiyung"}
    record(field, **typed, action="validation", held_on=day, begins=time(9, 30), ends=time(10))

    def units() -> int:
        return counted([field.worker], date(2025, 5, 1), date(2025, 6, 1)).units[by.pk, 202505, 5]

    assert units() == 1
    record(field, **typed, action="validation", held_on=day, begins=time(13), ends=time(14))
    record(field, **typed, action="update", held_on=date(2025, 5, 9), begins=time(9), ends=time(10))
    assert units() == 3
    Change.objects.create(
        family=family, kind="leave", told={}, content_key="1", effective_on=TODAY, state=Change.State.APPLIED,
        asked_by=by, asked_on=date(2025, 5, 9), decided_by=field.lead.user, decided_on=TODAY,
    )  # fmt: skip
    assert units() == 3
    said = text(make(field, 5)[0])
    assert said.count("Memvalidasi keluarga di Hiyung (dihitung pada kunjungan atau pemutakhirannya)") == 2
    assert "yang tercatat 3" in said


def test_who_fills_a_facilitators_post_makes_and_signs_that_ones_reports(field: Field) -> None:
    substitute, holder = field.colleague.user, field.facilitator.user
    activity = record(field)
    add_photograph(activity.pk, picture(), name="rapat.jpg", by=holder, on=TODAY)
    Acting.objects.create(
        post=field.facilitator, substitute=substitute, form=Acting.Form.PLH, since=date(2025, 5, 15),
        until=date(2025, 6, 15), letter="800/7",
    )  # fmt: skip
    with put_on(field.facilitator.scope(actor=substitute.pk)):
        (made,) = make_reports([field.worker], MONTH, by=substitute, on=TODAY, address="", results=[8])
        said = text(made)
        assert "NOOR AINI" in said
        assert "Plh." in said
        assert "untuk SITI RAHMAH" in said
        assert "198801012019032001" not in said[said.rindex("Plh.") :]  # the holder's number is under no other name
        assert (made.report.user_id, made.version.made_by_id) == (holder.pk, substitute.pk)
        evidence = storage.store("x.pdf", kind="evidence", contents=b"%PDF-1.7 x", owner=substitute.pk)
        assert StoredFile.objects.filter(pk=evidence.pk).exists()
    secret = storage.store("y.pdf", kind="evidence", contents=b"%PDF-1.7 y", owner=holder.pk)
    with put_on(field.facilitator.scope(actor=substitute.pk)):
        assert not StoredFile.objects.filter(pk=secret.pk).exists()  # only reports and photographs of the work
    with put_on(field.colleague.scope(actor=substitute.pk)):
        assert not StoredFile.objects.filter(pk=made.version.file_id).exists()  # nor from the own post


def test_a_lead_gets_a_plan_of_whom_to_supervise(field: Field) -> None:
    lead = worker_of(field.lead)
    found = propose_plan(lead, "2025-06", by=lead.user, on=TODAY)
    items = list(PlanItem.objects.filter(plan=found.plan, kind=SUPERVISION))
    assert sorted(item.rhk for item in items) == [1, 2, 3, 4, 5]
    team = {field.facilitator.user_id, field.colleague.user_id}
    assert {item.subject_no for item in items} <= {each.pk for each in workers_in_team(lead)}
    assert team & {item.subject_no for item in items}
    told = {str(entry.what): entry.who for entry in entries_of(items)}
    assert told["Supervisi P2K2"] in {each.user.name for each in workers_in_team(lead)}
    assert propose_plan(lead, "2025-06", by=lead.user, on=TODAY).placed == found.placed  # asked again: the same
    record_activity(lead, replace(MEETING, rhk=2, action="supervise_2", held_on=TODAY), by=lead.user, on=TODAY)
    assert {piece.rhk for piece in supervisions(lead, MONTH, on=TODAY)} == {1, 3, 4, 5}


def workers_in_team(lead: Worker) -> list[Worker]:
    return facilitators_under(lead, workers_in(lead.post, on=TODAY))


def test_the_lead_goes_where_most_work_is_late(field: Field) -> None:
    lead = worker_of(field.lead)
    Question.objects.create(
        family=field.families[0], field="name", source="list", region_no=HIYUNG, group_no=field.group.pk
    )
    Question.objects.update(asked_at=datetime(2025, 1, 5, tzinfo=UTC))
    (updating,) = [piece for piece in supervisions(lead, MONTH, on=TODAY) if piece.rhk == 5]
    assert (updating.subject_no, updating.village_no) == (field.facilitator.user_id, field.group.region_id)
