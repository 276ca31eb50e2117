"""Pages of the month: whose they are, what they say, statements that do not grow."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from harapan.database import day
from harapan.fieldwork.making import make_reports
from harapan.fieldwork.models import Activity, PlanItem, Report, ReportVersion, TaskAnswer, WorkPlan
from harapan.fieldwork.tasks import pack_reports
from harapan.jobs.models import Work
from harapan.registry.models import Group
from harapan.workforce.models import ExtraDuty
from tests.fieldwork.conftest import MONTH, TODAY, Field, field, world  # noqa: F401
from tests.fieldwork.test_reports import DUTY, record, session
from tests.p2k2.test_photographs import picture
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers

PAGES = ("work", "work_plan", "activities", "duties", "targets", "reports")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


def pdf(response: Any) -> str:
    content = response.content if not response.streaming else b"".join(response.streaming_content)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def propose(field: Field) -> Client:  # noqa: F811
    page = signed_in(field.facilitator)
    assert page.post(reverse("work_propose"), {"month": MONTH}).status_code == 303
    return page


@pytest.mark.parametrize("name", PAGES)
def test_who_has_no_month_and_no_team_sees_none_of_it(field: Field, name: str) -> None:  # noqa: F811
    for role in ("treasurer", "list_operator"):
        assert signed_in(person(role, regions=(6305030000,))).get(reverse(name)).status_code == 404
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_empty_and_full_and_in_english(field: Field, name: str) -> None:  # noqa: F811
    for post in (field.facilitator, field.lead):
        assert signed_in(post).get(reverse(name)).status_code == 200
    record(field)
    session(field)
    propose(field)
    make_reports([field.worker], MONTH, by=field.facilitator.user, on=TODAY, address="")
    for post in (field.facilitator, field.lead):
        page = english(post)
        shown = page.get(reverse(name), {"bulan": MONTH})
        assert shown.status_code == 200
        assert leftovers(shown) == []


def test_a_facilitator_sees_what_is_due_by_village_and_narrows_it(field: Field) -> None:  # noqa: F811
    page = signed_in(field.facilitator)
    shown = words(page.get(reverse("work")))
    assert "Pertemuan P2K2 bulan ini" in shown
    assert "Perilaku keluarga ditanyakan" in shown
    narrowed = words(page.get(reverse("work"), {"kind": "group-meeting"}))
    assert "KELUARGA 1" not in narrowed
    assert field.group.name in narrowed


def test_the_statements_of_a_list_do_not_grow_with_the_tasks(field: Field) -> None:  # noqa: F811
    page, lead = signed_in(field.facilitator), signed_in(field.lead)
    before = queries(page, reverse("work")), queries(lead, reverse("work")), queries(lead, reverse("targets"))
    for number in range(12):
        field.world.family(name=f"LAGI {number}")
    assert (queries(page, reverse("work")), queries(lead, reverse("work")), queries(lead, reverse("targets"))) == before


def test_a_lead_looks_into_one_persons_month_and_a_stranger_does_not(field: Field) -> None:  # noqa: F811
    whose = {"petugas": str(field.facilitator.user_id), "bulan": MONTH}
    for name in PAGES:
        assert "SITI RAHMAH" in words(signed_in(field.lead).get(reverse(name), whose)), name
        for other in (field.stranger, field.colleague):
            found = signed_in(other).get(reverse(name), whose)
            assert found.status_code == 404 or "SITI RAHMAH" not in words(found), name


def test_a_finding_is_written_once_and_a_short_one_refused(field: Field) -> None:  # noqa: F811
    address = reverse("task_answer", args=[field.families[0].pk, "absent-twice", "2025-05-10"])
    page = signed_in(field.facilitator)
    assert page.post(address, {"text": "ok"}).status_code == 422
    assert page.post(address, {"text": "Bekerja di kebun sampai panen."}).status_code == 303
    assert TaskAnswer.objects.count() == 1
    assert signed_in(field.colleague).post(address, {"text": "Bekerja di kebun sampai panen."}).status_code == 404


def test_a_plan_is_proposed_moved_accepted_and_printed(field: Field) -> None:  # noqa: F811
    page = propose(field)
    items = list(PlanItem.objects.order_by("day", "begins"))
    assert len(items) == len({item.task_key for item in items}) >= 5
    assert all(item.day >= TODAY and item.day.isoweekday() < 6 and item.day != date(2025, 5, 29) for item in items)
    address = reverse("work_item", args=[items[0].pk])
    assert page.post(address, {"day": "2025-05-29", "begins": ""}).status_code == 422  # a holiday
    assert page.post(address, {"day": "2025-06-02", "begins": ""}).status_code == 422
    assert page.post(address, {"day": "2025-05-27", "begins": "13:00"}).status_code == 303
    propose(field)
    kept = PlanItem.objects.get(pk=items[0].pk)
    assert (kept.day, f"{kept.begins:%H.%M}", kept.moved) == (date(2025, 5, 27), "13.00", True)
    assert page.post(reverse("work_accept"), {"month": MONTH}).status_code == 303
    assert WorkPlan.objects.get().accepted_at is not None
    before = PlanItem.objects.count()
    propose(field)
    assert PlanItem.objects.count() == before
    printed = pdf(page.get(reverse("work_print"), {"bulan": MONTH}))
    assert "Rencana kerja Mei 2025" in printed
    assert "27 Mei 2025" in printed
    assert "SURAT TUGAS" in pdf(page.get(reverse("work_letter", args=["2025-05-27"])))
    assert page.get(reverse("work_letter", args=["2025-05-31"])).status_code == 404


def test_a_day_takes_no_more_than_its_hours(field: Field) -> None:  # noqa: F811
    page, address = signed_in(field.facilitator), reverse("work_add", args=[MONTH])
    told = {"title": "Rapat koordinasi", "rhk": "8", "day": "2025-05-21", "begins": "08:00", "minutes": "240"}
    assert page.post(address, told).status_code == 303
    assert "bertabrakan" in words(page.post(address, {**told, "begins": "09:00", "minutes": "60"}))
    assert "sudah penuh" in words(page.post(address, {**told, "begins": "13:00", "minutes": "241"}))
    assert page.post(address, {**told, "begins": "13:00", "minutes": "210"}).status_code == 303


def test_another_persons_plan_is_nobodys_to_change(field: Field) -> None:  # noqa: F811
    propose(field)
    item = PlanItem.objects.first()
    assert item is not None
    for other in (field.colleague, field.lead):
        assert signed_in(other).post(reverse("work_item", args=[item.pk]), {"day": "2025-05-27"}).status_code == 404
        assert signed_in(other).post(reverse("work_remove", args=[item.pk])).status_code == 404
    assert signed_in(field.facilitator).post(reverse("work_remove", args=[item.pk])).status_code == 303
    assert not PlanItem.objects.filter(pk=item.pk).exists()


def test_an_activity_is_recorded_with_photographs_and_corrected(field: Field) -> None:  # noqa: F811
    page = signed_in(field.facilitator)
    told = {
        "action": "meeting", "held_on": "2025-05-06", "begins": "09:00", "ends": "11:00", "place": "Kantor kecamatan",
        "text": "Rapat verifikasi tahap dua",
    }  # fmt: skip
    assert page.post(reverse("activity_new"), {**told, "held_on": "2025-05-26"}).status_code == 422
    assert page.post(reverse("activity_new"), told).status_code == 303
    activity = Activity.objects.get()
    assert (activity.rhk, activity.settled) == (8, True)
    files = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.jpg", b"bukan foto")]
    shown = page.post(reverse("activity_photograph", args=[activity.pk]), {"photographs": files}, follow=True)
    assert "1 foto disimpan" in words(shown)
    assert "bukan foto yang dapat dibuka" in words(shown)
    address = reverse("activity", args=[activity.pk])
    assert page.post(address, {**told, "place": "Balai desa"}).status_code == 303
    assert Activity.objects.get().place == "Balai desa"
    assert signed_in(field.colleague).get(address).status_code == 404
    photo = activity.photographs.get()
    image = page.get(reverse("activity_photo", args=[activity.pk, photo.pk]))
    assert b"".join(image.streaming_content).startswith(b"\xff\xd8")
    assert signed_in(field.stranger).get(reverse("activity_photo", args=[activity.pk, photo.pk])).status_code == 404


def meets_more(field: Field) -> None:  # noqa: F811
    """Eight groups beside the first: a meeting a month of each."""
    met = {"region_id": field.group.region_id, "facilitator": field.facilitator.user}
    made = Group.objects.bulk_create(Group(name=f"MAWAR {number}", **met) for number in range(8))
    field.facilitator.groups = [*field.facilitator.groups, *(group.pk for group in made)]
    field.facilitator.save()


def test_a_lead_gives_a_duty_with_its_letter(field: Field) -> None:  # noqa: F811
    asked = [name for name in DUTY.__slots__ if name not in ("minutes_a_day", "days_per_month")]
    told = {name: str(getattr(DUTY, name)) for name in asked}
    page = signed_in(field.lead)
    assert page.post(reverse("duty_new"), {**told, "user": "0", "hours": "7.5"}).status_code == 422
    assert (
        page.post(reverse("duty_new"), {**told, "user": field.facilitator.user_id, "hours": "7.5"}).status_code == 303
    )
    duty = ExtraDuty.objects.get()
    assert (duty.user_id, duty.minutes_a_day) == (field.facilitator.user_id, 450)
    meets_more(field)
    own = signed_in(field.facilitator)
    assert duty.letter_no in words(own.get(reverse("duties")))
    assert "400.9/12/Dinsos/2025" in pdf(own.get(reverse("duty_letter", args=[duty.pk])))
    assert "turun dari 9" in words(own.get(reverse("targets")))
    assert signed_in(field.stranger).post(reverse("duty_cancel", args=[duty.pk]), {"why": "x"}).status_code == 404
    assert own.post(reverse("duty_cancel", args=[duty.pk]), {"why": "Dibatalkan dinas"}).status_code == 303
    assert ExtraDuty.objects.get().cancelled_on == TODAY


def test_a_duty_of_everybody_lowers_target_and_plan_and_only_leads_cancel_it(field: Field) -> None:  # noqa: F811
    duty = ExtraDuty.objects.create(
        region_id=6_305_000_000, kind="disaster", title="Penyaluran bantuan banjir", letter_no="ST/31",
        days_per_month=4, first_on=date(2025, 1, 13),
    )  # fmt: skip
    meets_more(field)
    own = signed_in(field.facilitator)
    listed = words(own.get(reverse("duties")))
    assert "4 hari sebulan sejak 13 Januari 2025" in listed
    assert "turun dari 9" in words(own.get(reverse("targets")))
    plan = words(own.get(reverse("work_plan"), {"bulan": MONTH}))
    assert "4 hari kerja bulan ini untuk Penanganan bencana: Penyaluran bantuan banjir" in plan
    assert own.post(reverse("duty_cancel", args=[duty.pk]), {"why": "x"}).status_code == 422
    assert own.get(reverse("duty_letter", args=[duty.pk])).status_code == 422
    assert signed_in(field.lead).post(reverse("duty_cancel", args=[duty.pk]), {"why": "Air surut"}).status_code == 303
    assert "turun dari 9" not in words(own.get(reverse("targets")))


def test_reports_are_made_read_and_checked_by_anybody(field: Field) -> None:  # noqa: F811
    page = signed_in(field.facilitator)
    record(field)
    made = page.post(reverse("reports_make"), {"month": MONTH}, follow=True)
    assert "9 laporan dibuat" in words(made)
    assert "Tidak ada catatan yang berubah" in words(page.post(reverse("reports_make"), {"month": MONTH}, follow=True))
    report = Report.objects.get(rhk=8)
    address = reverse("report_file", args=[report.pk, 1])
    assert "Rapat koordinasi" in pdf(page.get(address))
    assert "Rapat koordinasi" in pdf(signed_in(field.lead).get(address))
    for other in (field.stranger, field.colleague):
        assert signed_in(other).get(address).status_code == 404
    assert page.get(reverse("report", args=[report.pk])).status_code == 200
    code = ReportVersion.objects.get(report=report).code
    checked = words(Client().get(reverse("report_checked", args=[code])))
    assert report.number_text in checked
    assert "SITI RAHMAH" in checked
    assert Client().get(reverse("report_checked", args=["0" * 20])).status_code == 404
    assert Client().get(reverse("report_check")).status_code == 200


def test_the_skp_form_has_the_nine_results(field: Field) -> None:  # noqa: F811
    session(field)
    said = pdf(signed_in(field.facilitator).get(reverse("report_skp", args=[2025])))
    assert "SASARAN KINERJA PEGAWAI (SKP) TAHUN 2025" in said
    assert "Berita baik PKH tersebar di media sosial" in said
    assert signed_in(field.facilitator).get(reverse("report_skp", args=[2024])).status_code == 404


def test_a_lead_asks_for_the_pack_and_finds_it(field: Field) -> None:  # noqa: F811
    page = signed_in(field.lead)
    assert signed_in(field.facilitator).post(reverse("report_pack"), {"month": MONTH}).status_code == 404
    assert page.post(reverse("report_pack"), {"month": MONTH}).status_code == 303
    work = Work.objects.get()
    assert "Mengumpulkan laporan" in words(page.get(reverse("reports")))
    pack_reports(work_id=work.pk, month=MONTH, address="https://pkh.test")
    work.refresh_from_db()
    assert (work.state, work.message) == (Work.State.DONE, "")
    assert page.get(reverse("report_packing")).status_code == 303
    file = page.get(reverse("report_pack_file", args=[work.pk]))
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert signed_in(field.stranger).get(reverse("report_pack_file", args=[work.pk])).status_code == 404
