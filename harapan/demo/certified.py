"""What the people of a demonstration have learned and lack, with certificates, feedback, plans and answers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from harapan.accounts.models import Post, User
from harapan.database.fields import draw_ids
from harapan.database.scope import Scope, put_on
from harapan.demo.clock import NOW
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.regions.models import Region
from harapan.training.certificates.external import Paper, Scan, record_external
from harapan.training.certificates.issuing import issue_batch, reissue
from harapan.training.certificates.revoking import revoke
from harapan.training.certificates.wording import Signer
from harapan.training.dated_data import statements
from harapan.training.following import practices, problems
from harapan.training.following.plans import check_plan, write_plan
from harapan.training.following.practices import Told
from harapan.training.models import (
    Batch,
    Certificate,
    Course,
    Enrolment,
    Feedback,
    FeedbackGiven,
    FollowUpCheck,
    Practice,
)
from harapan.training.planning import take_over_courses
from harapan.workforce.models import Person

CENTRE, PLACE, CLASS = "BBPPKS Banjarmasin", "Banjarmasin", 40
SIGNER = Signer("SRI LESTARI", f"Kepala {CENTRE}", "197001012000012001")
ROLES = ("facilitator", "district_lead", "data_officer")
BIMTAP_ENDED = date(2022, 2, 11)
# the last day of a diklat, and how many in a hundred learned then; the rest still wait for a place
DIKLAT = ((date(2019, 10, 25), 12), (date(2020, 10, 30), 10), (date(2023, 6, 16), 20), (date(2024, 9, 20), 22))
JUST_ENDED, JUST_ENDED_SHARE = date(2025, 4, 11), 10  # passed, and their certificates wait
AHEAD, AHEAD_SHARE = date(2025, 9, 19), 6  # invited
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF"


def write_certified(world: World, staffed: Staffed, persons: dict[str, int]) -> None:
    """In the name of the training centre. Needs the persons and their posts."""
    centre = Post.objects.select_related("user").get(user_id=staffed.users["bbppks"], role_code="training_centre")
    learners = [persons[worker.username] for worker in world.staff if worker.role in ROLES]
    people = list(Person.objects.filter(pk__in=learners).order_by("since", "pk"))
    with put_on(Scope.batch(actor=centre.user_id, via="demo")):
        take_over_courses(by=centre.user)
        bimtap, diklat = Course.objects.get(code="bimtap"), Course.objects.get(code="diklat-p2k2")
        for batch in _taught(bimtap, people[: len(people) * 95 // 100], BIMTAP_ENDED, passed=True):
            issue_batch(batch, signer=SIGNER, post=centre, by=centre.user, on=BIMTAP_ENDED + timedelta(days=7))
        _diklat(diklat, people, centre)
        _mistakes(diklat, centre)
    _shared(world, staffed, centre.user)


def _diklat(course: Course, people: Sequence[Person], centre: Post) -> None:
    """Who was recruited first was taught first."""
    taken = 0
    for ended, share in DIKLAT:
        some, taken = people[taken : taken + len(people) * share // 100], taken + len(people) * share // 100
        for batch in _taught(course, some, ended, passed=True):
            issue_batch(batch, signer=SIGNER, post=centre, by=centre.user, on=ended + timedelta(days=14))
            if ended.year >= NOW.year - 1:
                _follow(batch, centre.user)
    some, taken = people[taken : taken + len(people) * JUST_ENDED_SHARE // 100], taken + len(people) * 10 // 100
    for batch in _taught(course, some, JUST_ENDED, passed=True):
        _follow(batch, centre.user)
    _taught(course, people[taken : taken + len(people) * AHEAD_SHARE // 100], AHEAD, passed=False)


def _taught(course: Course, people: Sequence[Person], ended: date, *, passed: bool) -> list[Batch]:
    """As many classes as they fill, ending on one day."""
    made = []
    for number, start in enumerate(range(0, len(people), CLASS), start=1):
        batch = Batch.objects.create(
            course=course, year=ended.year, wave=1 if passed else 2, number=number, organiser=CENTRE, place=PLACE,
            begins=ended - timedelta(days=course.days - 1), ends=ended,
            state=Batch.State.ENDED if passed else Batch.State.INVITED,
        )  # fmt: skip
        some = people[start : start + CLASS]
        state = Enrolment.State.PASSED if passed else Enrolment.State.INVITED
        Enrolment.objects.bulk_create(
            Enrolment(
                pk=pk, person=each, region_no=each.region_no, batch=batch, state=state,
                ended_on=ended if passed else None,
            )
            for pk, each in zip(draw_ids(Enrolment, len(some)), some, strict=True)
        )  # fmt: skip
        made.append(batch)
    return made


def _follow(batch: Batch, by: User) -> None:
    """Feedback of most, plans of many, some of them evaluated."""
    there = list(Enrolment.objects.filter(batch=batch).select_related("batch").order_by("pk"))
    answered = [each for place, each in enumerate(there) if place % 5]
    Feedback.objects.bulk_create(
        Feedback(
            pk=pk, batch=batch, region_no=batch.region_no, remark="Waktu praktik ditambah." if place % 6 == 0 else "",
            answers={each.code: 4 - (place + at) % 3 // 2 for at, each in enumerate(statements(batch.ends))},
        )
        for place, pk in enumerate(draw_ids(Feedback, len(answered)))
    )  # fmt: skip
    FeedbackGiven.objects.bulk_create(
        FeedbackGiven(pk=pk, person_id=each.person_id, region_no=each.region_no, batch=batch)
        for pk, each in zip(draw_ids(FeedbackGiven, len(answered)), answered, strict=True)
    )
    for place, each in enumerate(there[:12]):
        plan = write_plan(
            each, aim="Setiap kelompok bertemu sekali sebulan memakai alat bantu modul",
            steps="Menyusun jadwal sebulan\nMenyiapkan alat bantu\nMencatat kehadiran di hari yang sama",
            support="Alat bantu modul dari kabupaten", on=batch.ends,
        )  # fmt: skip
        if place % 3:
            outcome = FollowUpCheck.Outcome.DONE if place % 2 else FollowUpCheck.Outcome.PARTLY
            check_plan(plan, after_months=3, outcome=outcome, note="", by=by, on=NOW)


def _mistakes(course: Course, centre: Post) -> None:
    """One name mended, one certificate revoked, one brought from outside."""
    rows = Certificate.objects.filter(course=course, year=2024).select_related("person", "enrolment__batch__course")
    held = list(rows.order_by("number")[:3])
    if len(held) < 3:
        return
    mended = held[0].person
    reissue(
        held[0], name=f"{mended.name}, S.Sos.", staff_number=mended.staff_number, signer=SIGNER,
        why="Gelar belum tertulis", on=date(2024, 11, 4), post=centre, by=centre.user,
    )  # fmt: skip
    revoke(
        held[1], letter="B/114/BBPPKS/2025", reason="Daftar hadir tidak sesuai", on=date(2025, 2, 3), post=centre,
        by=centre.user,
    )  # fmt: skip
    told = Paper(
        "social-worker", "Pekerja sosial muda", "LSPS", "0417/LSPS/2024", date(2024, 5, 6), date(2027, 5, 6)
    )  # fmt: skip
    scan = Scan("sertifikat-kompetensi.pdf", io.BytesIO(SCAN), "application/pdf")
    record_external(held[2].person, told, scan, by=centre.user, on=date(2024, 6, 3))


PROBLEMS = (
    (
        "KKS tertelan mesin ATM di luar kecamatan",
        "Keluarga menunggu lebih dari sebulan sampai kartunya diganti.",
        "Bank cabang mengganti kartu dalam tiga hari kerja dengan surat keterangan pendamping; pencairan tahap itu "
        "tidak hangus.",
    ),
    (
        "Murid pindah sekolah di tengah semester",
        "Kehadirannya belum masuk di sekolah baru, padahal ia bersekolah.",
        "Catat pindah sekolah lebih dahulu; bulan peralihan dinyatakan lewat surat sekolah yang baru.",
    ),
    ("Kelompok di pulau hanya terjangkau seminggu sekali", "Jadwal kapal berubah tiap musim barat.", ""),
)


def _shared(world: World, staffed: Staffed, answering: User) -> None:
    """Problems with answers, and practices."""
    first, second, *_ = (staffed.users[each.username] for each in world.staff if each.role in ("facilitator",))
    asked = list(User.objects.filter(pk__in=(first, second)).order_by("pk"))
    batch = Batch.objects.filter(state=Batch.State.ENDED).order_by("-ends", "pk").first()
    with put_on(Scope.batch(actor=answering.pk, via="demo")):
        for (title, detail, answered), by in zip(PROBLEMS, _around(asked), strict=False):
            made = problems.raise_problem(title, detail, batch=batch, by=by, on=date(2025, 4, 11))
            if answered:
                problems.answer(
                    made, answered, owner="Ketua tim provinsi", agreed_on=date(2025, 4, 14), publish=True,
                    by=answering, on=date(2025, 4, 21),
                )  # fmt: skip
        _practices(world, asked, answering)


def _practices(world: World, authors: Sequence[User], reviewer: User) -> None:
    home, other = (Region.objects.get(pk=number) for number in (*world.plan.regencies, *world.plan.regencies)[:2])
    told = Told(
        Practice.Kind.PRACTICE, "Arisan di hari pertemuan P2K2",
        "Kehadiran turun sesudah bulan ketiga.", "Ketua kelompok menggelar arisan sebelum sesi, kas dicatat bersama.",
        "Kehadiran naik dari dua pertiga menjadi hampir semua.", "TP PKK desa, karang taruna",
    )  # fmt: skip
    made = practices.enter(told, region=home, by=authors[0], on=date(2025, 3, 3))
    made = practices.review(made, approved=True, remark="Sederhana dan murah.", by=reviewer, on=date(2025, 3, 17))
    if other.no != home.no:
        practices.copy(made, region=other, since=date(2025, 5, 5), outcome="Dua kelompok mencoba.", by=authors[-1])
    fresh = Told(
        Practice.Kind.INNOVATION, "Papan janji keluarga", "Komitmen mudah terlupa.",
        "Tiap keluarga menempel janji bulan ini di papan kelompok.", "Janji yang ditepati dibacakan bulan berikutnya.",
    )  # fmt: skip
    practices.enter(fresh, region=home, by=authors[-1], on=date(2025, 7, 7))


def _around(people: Sequence[User]) -> Iterable[User]:
    while True:
        yield from people
