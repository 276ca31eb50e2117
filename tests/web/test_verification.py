"""A facility's months: nobody is present until somebody says so, and what nobody proves stays a declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.registry.models import Facility, Member
from harapan.verification.models import Declaration, Evidence, FacilityMonth, Observation
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in

MONTHS = (202501, 202502, 202503)  # what stage 2025-2 observes
PDF = b"%PDF-1.7\n%signed form"


@dataclass
class School:
    """One school with a pupil of the facilitator's families and one of a colleague's."""

    facility: Facility
    ours: Member
    theirs: Member
    facilitator: Post
    officer: Post


@pytest.fixture
def school(world: World) -> School:
    facility = Facility.objects.create(
        kind="school", code="30305001", name="SDN HIYUNG 1", name_key="SDN HIYUNG 1", level="SD", region_id=HIYUNG
    )
    ours, theirs = world.family(village=HIYUNG), world.family(village=CEMPAKA)
    pupils = [world.member(family, (Component.PRIMARY, {"facility": facility})) for family in (ours, theirs)]
    world.listed({ours: 225_000, theirs: 225_000})
    return School(
        facility,
        *pupils,
        facilitator=person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,)),
        officer=person("data_officer", regions=(TAPIN,)),
    )


def page(post: Post, facility: Facility, **query: str) -> str:
    response = signed_in(post).get(reverse("facility", args=[facility.pk]), query)
    assert response.status_code == 200
    return str(response.content.decode())


def declare(post: Post, facility: Facility, *members: Member, months: Any = MONTHS, **typed: str) -> Any:
    sent = {"month": months, "member": [member.pk for member in members], "late_because": "Formulir baru datang",
            **{f"days-{month}": "20" for month in MONTHS}}  # fmt: skip
    return signed_in(post).post(reverse("facility_declare", args=[facility.pk]), {**sent, **typed})


def prove(post: Post, facility: Facility, **sent: Any) -> Any:
    given = {"months": MONTHS, "evidence": Evidence.VISIT, "note": "Bertemu Ibu Ratna, 4 April", **sent}
    return signed_in(post).post(reverse("facility_prove", args=[facility.pk]), given)


def test_every_month_starts_as_not_verified(school: School) -> None:
    shown = page(school.officer, school.facility)
    assert "3 bulan belum diverifikasi" in shown
    assert "100,0%" not in shown
    assert not FacilityMonth.objects.exists()


def test_all_present_but_one_is_one_press_and_names_who_said_it(school: School) -> None:
    typed = {f"a-{school.ours.pk}-202501": "4", f"s-{school.ours.pk}-202502": "1"}
    assert declare(school.officer, school.facility, school.ours, school.theirs, **typed).status_code == 303
    said = FacilityMonth.objects.filter(facility=school.facility)
    assert {(row.month, row.declared_by_id, row.evidence) for row in said} == {
        (month, school.officer.user_id, Evidence.NONE) for month in MONTHS
    }
    marks = Observation.objects.values_list("member_id", "month", "absent_days", "sick_days")
    assert set(marks) == {(school.ours.pk, 202501, 4, 0), (school.ours.pk, 202502, 0, 1)}
    shown = page(school.officer, school.facility)
    assert "1 di bawah 85%" in shown
    assert "80,0%" in shown
    assert "dinyatakan" in shown


def test_only_months_that_are_ticked_are_declared(school: School) -> None:
    declare(school.officer, school.facility, school.ours, months=[202501])
    assert list(FacilityMonth.objects.values_list("month", flat=True)) == [202501]
    refused = declare(school.officer, school.facility, school.ours, months=[])
    assert refused.status_code == 422


def test_facilitator_sees_and_marks_own_pupils_and_leaves_the_others(school: School) -> None:
    declare(school.officer, school.facility, school.ours, school.theirs, **{f"a-{school.theirs.pk}-202501": "5"})
    shown = page(school.facilitator, school.facility)
    assert school.ours.family.name in shown
    assert school.theirs.family.name not in shown
    forged = {f"a-{school.ours.pk}-202501": "2", f"a-{school.theirs.pk}-202501": "9"}
    declare(school.facilitator, school.facility, school.ours, school.theirs, **forged)
    marks = dict(Observation.objects.filter(month=202501).values_list("member_id", "absent_days"))
    assert marks == {school.ours.pk: 2, school.theirs.pk: 5}


def test_pupils_who_were_not_on_the_sent_page_keep_their_marks(school: School) -> None:
    declare(school.officer, school.facility, school.ours, school.theirs, **{f"a-{school.theirs.pk}-202501": "5"})
    declare(school.officer, school.facility, school.ours, **{f"a-{school.ours.pk}-202501": "1"})
    marks = dict(Observation.objects.filter(month=202501).values_list("member_id", "absent_days"))
    assert marks == {school.ours.pk: 1, school.theirs.pk: 5}


@pytest.mark.parametrize(
    ("days", "value", "words"),
    [("20", "dua", "bukan jumlah hari"), ("20", "21", "hari efektifnya 20"), ("", "1", "perlu diisi, 1 sampai 31")],
)
def test_days_that_cannot_be_are_refused_where_they_are_and_what_was_typed_stays(
    school: School, days: str, value: str, words: str
) -> None:
    typed = {f"a-{school.ours.pk}-202501": value, "days-202501": days}
    response = declare(school.officer, school.facility, school.ours, **typed)
    assert response.status_code == 422
    shown = response.content.decode()
    assert words in shown
    assert f'value="{value}"' in shown
    assert set(FacilityMonth.objects.values_list("month", flat=True)) == set(MONTHS) - {202501}


def test_a_row_that_cannot_be_keeps_only_itself_back(school: School) -> None:
    typed = {
        f"a-{school.ours.pk}-202501": "21", f"a-{school.theirs.pk}-202501": "3", f"a-{school.ours.pk}-202502": "1",
        "days-202501": "20",
    }  # fmt: skip
    answer = declare(school.officer, school.facility, school.ours, school.theirs, **typed)
    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "21 hari tidak masuk, padahal hari efektifnya 20" in shown
    assert "Baris ini belum disimpan; baris lain sudah." in shown
    marks = set(Observation.objects.values_list("member_id", "month", "absent_days"))
    assert {(school.theirs.pk, 202501, 3), (school.ours.pk, 202502, 1)} <= marks
    assert (school.ours.pk, 202501, 21) not in marks
    assert not Declaration.objects.filter(month=202501, group_no=school.ours.group_no).exists()  # not verified still
    typed[f"a-{school.ours.pk}-202501"] = "12"
    again = declare(school.officer, school.facility, school.ours, school.theirs, **typed)
    assert again.status_code == 303
    assert Observation.objects.get(member=school.ours, month=202501).absent_days == 12


def test_signed_form_proves_and_is_kept_encrypted(school: School) -> None:
    declare(school.officer, school.facility, school.ours)
    form = SimpleUploadedFile("formulir.pdf", PDF, content_type="application/pdf")
    assert prove(school.officer, school.facility, evidence=Evidence.SIGNED_FORM, note="", file=form).status_code == 303
    month = FacilityMonth.objects.get(month=202501)
    assert (month.evidence, month.proven_by_id) == (Evidence.SIGNED_FORM, school.officer.user_id)
    client = signed_in(school.officer)
    opened = client.get(reverse("evidence_file", args=[school.facility.pk, month.evidence_file_id]))
    assert b"".join(opened.streaming_content) == PDF
    assert Entry.objects.filter(verb="file.opened", actor=school.officer.user_id).exists()
    assert "terbukti" in page(school.officer, school.facility)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"evidence": Evidence.SIGNED_FORM, "note": ""}, "Lampirkan foto"),
        ({"evidence": Evidence.VISIT, "note": " "}, "Tulis siapa dan kapan"),
        ({"evidence": Evidence.SIGNED_FORM, "file": SimpleUploadedFile("a.pdf", b"MZ program")}, "bukan PDF"),
    ],
)
def test_proof_without_its_evidence_is_refused(school: School, sent: dict[str, Any], words: str) -> None:
    declare(school.officer, school.facility, school.ours)
    response = prove(school.officer, school.facility, **sent)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not FacilityMonth.objects.exclude(evidence=Evidence.NONE).exists()


def test_proven_month_is_not_declared_anew(school: School) -> None:
    declare(school.officer, school.facility, school.ours)
    prove(school.officer, school.facility)
    declare(school.officer, school.facility, school.ours, **{f"a-{school.ours.pk}-202501": "9"})
    assert not Observation.objects.exists()


def test_facilitator_declares_but_does_not_prove(school: School) -> None:
    declare(school.facilitator, school.facility, school.ours)
    assert "Catat bukti" not in page(school.facilitator, school.facility)
    assert prove(school.facilitator, school.facility).status_code == 404


def test_stranger_gets_the_answer_of_not_there(school: School) -> None:
    elsewhere = person("data_officer", regions=(6306000000,))
    for method, name in (("get", "facility"), ("post", "facility_declare"), ("get", "facility_form")):
        answer = getattr(signed_in(elsewhere), method)(reverse(name, args=[school.facility.pk]))
        assert answer.status_code == 404


def test_looking_at_a_class_leaves_a_trace(school: School) -> None:
    page(school.officer, school.facility)
    assert Entry.objects.filter(verb="facility.looked", subject=school.facility.pk).exists()


def test_health_post_marks_who_did_not_come_and_who_could_not(school: School, world: World) -> None:
    post = Facility.objects.create(kind="health", name="Posyandu Melati", name_key="POSYANDU MELATI", region_id=HIYUNG)
    marked = {
        word: world.member(world.family(), (Component.TODDLER, {"facility": post}))
        for word in ("missed", "excused", "unknown")
    }
    typed = {f"o-{member.pk}-202501-toddler.weighing": word for word, member in marked.items()}
    declare(school.officer, post, *marked.values(), months=[202501], **typed)
    outcomes = dict(Observation.objects.values_list("member_id", "outcome"))
    assert outcomes == {member.pk: Observation.Outcome[word.upper()] for word, member in marked.items()}
    assert "2 bulan belum diverifikasi" in page(school.officer, post)


def test_a_colleagues_word_says_nothing_of_the_own_pupils(school: School) -> None:
    colleague = person("facilitator", regions=(6305020000,), groups=(school.theirs.family.group_id,))
    declare(colleague, school.facility, school.theirs)
    shown = page(school.facilitator, school.facility)
    assert "3 bulan belum diverifikasi" in shown
    assert "Sudah dinyatakan untuk kelompok lain" in shown
    assert "100,0%" not in shown
    listed = signed_in(school.facilitator).get(reverse("verification")).content.decode()
    assert "3 bulan</mark> sekolah dan posyandu belum diverifikasi" in listed
    whole = signed_in(school.officer).get(reverse("verification")).content.decode()
    assert whole.count("1 kelompok belum dinyatakan") == 3
    assert "3 bulan belum diverifikasi" in page(school.officer, school.facility)
    declare(school.facilitator, school.facility, school.ours)
    assert "1 kelompok belum dinyatakan" not in page(school.officer, school.facility)


def test_a_proven_month_is_completed_by_who_may_prove(school: School) -> None:
    colleague = person("facilitator", regions=(6305020000,), groups=(school.theirs.family.group_id,))
    declare(colleague, school.facility, school.theirs)
    prove(school.officer, school.facility)
    assert "Petugas data dapat melengkapinya" in page(school.facilitator, school.facility)
    typed = {f"a-{school.ours.pk}-202501": "9", f"a-{school.theirs.pk}-202501": "9"}
    assert declare(school.facilitator, school.facility, school.ours, **typed).status_code == 422
    assert declare(school.officer, school.facility, school.ours, school.theirs, **typed).status_code == 303
    assert Observation.objects.get().member_id == school.ours.pk
    assert "kelompok belum dinyatakan" not in page(school.officer, school.facility)


def test_pupils_hidden_by_the_filter_are_declared_all_the_same(school: School) -> None:
    declare(school.officer, school.facility, school.ours, school.theirs, **{f"a-{school.ours.pk}-202501": "4"})
    noted = page(school.officer, school.facility, show="noted")
    assert f'name="member" value="{school.theirs.pk}"' in noted


def test_whoever_is_marked_unknown_stays_unverified_though_the_month_is_proven(school: School) -> None:
    declare(school.officer, school.facility, school.ours, school.theirs, **{f"u-{school.ours.pk}-202501": "1"})
    prove(school.officer, school.facility)
    left = Observation.objects.get()
    assert (left.member_id, left.month, left.outcome) == (school.ours.pk, 202501, Observation.Outcome.UNKNOWN)
    shown = page(school.officer, school.facility)
    assert "1 belum diverifikasi</mark>" in shown
    assert "semua terpenuhi" not in shown
    assert "1 anak</b> mempunyai bulan yang belum diketahui" in shown
    listed = signed_in(school.officer).get(reverse("verification")).content.decode()
    assert "1 anggota belum diverifikasi" in listed
    assert "Terlewat di bulan yang dinyatakan" in listed
    theirs = person("facilitator", groups=(school.theirs.family.group_id,))
    assert "Terlewat" not in signed_in(theirs).get(reverse("verification")).content.decode()
    noted = page(school.officer, school.facility, show="noted")
    assert school.ours.family.name in noted
    assert school.theirs.family.name not in noted


def test_days_and_unknown_at_once_are_refused(school: School) -> None:
    typed = {f"u-{school.ours.pk}-202501": "1", f"a-{school.ours.pk}-202501": "2"}
    response = declare(school.officer, school.facility, school.ours, **typed)
    assert response.status_code == 422
    assert "ditandai belum diketahui, padahal" in response.content.decode()
    assert not FacilityMonth.objects.filter(month=202501).exists()


def test_illness_alone_is_shown_as_excused(school: School) -> None:
    declare(school.officer, school.facility, school.ours, **{f"s-{school.ours.pk}-202501": "8"})
    shown = page(school.officer, school.facility)
    assert "hanya karena izin atau sakit" in shown
    assert "karena alpa" not in shown


def test_blank_form_is_a_paper_with_names_and_no_identity_number(school: School) -> None:
    answer = signed_in(school.facilitator).get(reverse("facility_form", args=[school.facility.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_list_tells_each_state_apart_and_filters_by_it(school: School, world: World) -> None:
    silent = Facility.objects.create(
        kind="school", code="30305002", name="SDN TIRIK 1", name_key="SDN TIRIK 1", region_id=HIYUNG
    )
    world.member(school.ours.family, (Component.JUNIOR, {"facility": silent}))
    declare(school.officer, school.facility, school.ours)
    client = signed_in(school.officer)

    def listed(state: str) -> str:
        return str(client.get(reverse("verification"), {"state": state}).content.decode())

    both = listed("")
    assert "3 bulan</mark> sekolah dan posyandu belum diverifikasi" in both
    assert both.count("belum diverifikasi</span>") == 3
    assert "SDN TIRIK 1" in listed("open")
    assert "SDN HIYUNG 1" not in listed("open")
    assert "SDN HIYUNG 1" in listed("declared")
    assert "Tidak ada yang cocok" in listed("proven")


def test_list_without_facilities_says_when_there_will_be(world: World) -> None:
    nobody = person("data_officer", regions=(TAPIN,))
    shown = signed_in(nobody).get(reverse("verification")).content.decode()
    assert "Belum ada sekolah atau posyandu" in shown


def test_school_of_another_kabupaten_is_listed_where_a_family_uses_it(school: School, world: World) -> None:
    far = Facility.objects.create(
        kind="school", code="30306001", name="MTSN BAMBAN", name_key="MTSN BAMBAN", region_id=BAMBAN
    )
    world.member(school.ours.family, (Component.JUNIOR, {"facility": far}))
    assert "MTSN BAMBAN" in signed_in(school.officer).get(reverse("verification")).content.decode()
    declare(school.officer, far, *Member.objects.filter(component_spells__facility=far))
    form = SimpleUploadedFile("formulir.pdf", PDF)
    assert prove(school.officer, far, evidence=Evidence.SIGNED_FORM, file=form).status_code == 303


def test_queries_grow_neither_with_facilities_nor_with_pupils(school: School, world: World) -> None:
    def queries() -> list[int]:
        client = signed_in(school.officer)
        counted = []
        for address in (reverse("verification"), reverse("facility", args=[school.facility.pk])):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counted.append(len(captured))
        return counted

    FacilityMonth.objects.create(
        facility=school.facility, month=202501, manner="entry", declared_by=world.user, declared_at=timezone.now()
    )
    few = queries()
    for number in range(4):
        other = Facility.objects.create(
            kind="school", code=f"9{number}", name=f"SD {number}", name_key="SD", region_id=HIYUNG
        )
        family = world.family()
        for facility in (other, school.facility):
            world.member(family, (Component.PRIMARY, {"facility": facility}))
        FacilityMonth.objects.create(
            facility=other, month=202501, manner="entry", declared_by=world.user, declared_at=timezone.now()
        )
    assert queries() == few
