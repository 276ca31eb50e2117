"""Courses entered, batches planned, places given to regions and roles: before anybody is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError
from django.db.models import Max

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.accounts.roles import catalogue as roles
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.regions.models import Region
from harapan.training.catalogue import CourseFacts, default_courses
from harapan.training.errors import BatchClosed, NotYourBatch
from harapan.training.models import Batch, Course, CourseTopic, Enrolment, Quota
from harapan.training.quotas import words_of
from harapan.workforce.models import Person
from harapan.workforce.models.person import NATION

WHO_KINDS = {Person.Kind.BPNT.value, Person.Kind.TKSK.value, Person.Kind.OTHER.value}  # kinds of staff without a role
DAYS_MAX = 60


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch as somebody plans it. `ends`: the last day taught. `number` 0: the next free one of the wave."""

    course: Course
    wave: int
    begins: date
    ends: date
    place: str
    organiser: str
    number: int = 0


def add_course(facts: CourseFacts, *, by: User) -> Course:
    """A course of the catalogue with its topics. Refused for a code that stands, no topic, or no source."""
    _check_course(facts)
    with atomic():
        if Course.objects.filter(code=facts.code).exists():
            raise Refused(
                "Kode diklat {code} sudah dipakai. Beri kode lain, misalnya dengan tahunnya.", code=facts.code
            )
        course = _write_course(facts)
        log.record("course.added", kind="course", subject=course.pk, body={"code": facts.code, "hours": facts.hours})
    return course


def take_over_courses(*, by: User | None = None) -> int:
    """The courses of the data files that are not in the catalogue yet. Gives how many came; again: none."""
    with atomic():
        known = set(Course.objects.values_list("code", flat=True))
        made = [_write_course(facts) for facts in default_courses() if facts.code not in known]
        if made:
            log.record("course.taken_over", kind="course", body={"codes": [course.code for course in made]})
    return len(made)


def _check_course(facts: CourseFacts) -> None:
    if not facts.topics:
        raise Refused("Diklat {name} belum punya mata diklat. Tulis satu baris tiap mata diklat.", name=facts.name)
    if not facts.source.strip():
        raise Refused("Sumber diklat {name} kosong. Tulis surat atau dokumen dasarnya.", name=facts.name)


def _write_course(facts: CourseFacts) -> Course:
    course = Course.objects.create(
        code=facts.code, name=facts.name, kind=facts.kind, days=facts.days, hours=facts.hours,
        validity_months=facts.validity_months, about=facts.about, tested=facts.tested, practised=facts.practised,
        since=facts.since, until=facts.until, source=facts.source, confidence=facts.confidence,
    )  # fmt: skip
    CourseTopic.objects.bulk_create(
        CourseTopic(course=course, number=number, title=topic.title, hours=topic.hours, practice=topic.practice)
        for number, topic in enumerate(facts.topics, 1)
    )
    return course


def home_of(post: Post) -> int:
    """The place whose batches the post plans: its province, or the nation's. Raises NotYourBatch for other reaches."""
    if post.role.reach == Reach.NATION:
        return NATION
    if post.role.reach == Reach.PROVINCE and len(post.region_nos) == 1:
        return post.region_nos[0]
    raise NotYourBatch


def plan_batch(facts: BatchFacts, *, post: Post, by: User, on: date) -> Batch:
    """A batch without people yet. Refused for days that do not fit the course, or a number that stands."""
    check_days(facts, on=on)
    home = home_of(post)
    with atomic():
        facts = facts if facts.number else replace(facts, number=_next_number(facts, home))
        try:
            with atomic():
                batch = Batch.objects.create(
                    course=facts.course, year=facts.begins.year, wave=facts.wave, number=facts.number, region_no=home,
                    organiser=facts.organiser.strip(), place=facts.place.strip(), begins=facts.begins, ends=facts.ends,
                    made_by=by,
                )  # fmt: skip
        except IntegrityError:
            raise Refused(
                "Gelombang {wave} angkatan {number} tahun {year} sudah ada untuk diklat ini. Pakai nomor lain.",
                wave=facts.wave, number=facts.number, year=facts.begins.year,
            ) from None  # fmt: skip
        log.record("batch.planned", kind="batch", subject=batch.pk, body={"course": facts.course.code})
    return batch


def _next_number(facts: BatchFacts, home: int) -> int:
    same = Batch.objects.filter(
        course=facts.course, year=facts.begins.year, wave=facts.wave, region_no=home, organiser=facts.organiser.strip()
    )
    return (same.aggregate(Max("number"))["number__max"] or 0) + 1


def check_days(facts: BatchFacts, *, on: date) -> None:
    course, days = facts.course, (facts.ends - facts.begins).days + 1
    if not course.days <= days <= DAYS_MAX:
        raise Refused(
            "{begins} sampai {ends} adalah {days} hari; {course} memerlukan {least} hari. Sesuaikan tanggalnya.",
            begins=format_date(facts.begins), ends=format_date(facts.ends), days=days, course=course.name,
            least=course.days,
        )  # fmt: skip
    if (course.since and facts.begins < course.since) or (course.until and facts.begins > course.until):
        raise Refused(
            "{course} tidak berlaku pada {day}. Pilih diklat yang berlaku hari itu, atau tanggal lain.",
            course=course.name, day=format_date(facts.begins),
        )  # fmt: skip
    if facts.begins.year > on.year + 2:
        raise Refused("Tahun {year} terlalu jauh. Periksa tanggalnya.", year=facts.begins.year)
    for name, text in ((Phrase("tempat"), facts.place), (Phrase("penyelenggara"), facts.organiser)):
        if not text.strip():
            raise Refused("Isian {name} kosong. Tulis sebelum angkatan dibuat.", name=name)


def locked_batch(batch_id: int, *, closed: bool = False) -> Batch:
    """The batch under its lock: everything about it is written one after another. closed: an ended one, too.

    The database locks only a batch of the scope's own place for us. Raises NotYourBatch, BatchClosed.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("course").filter(pk=batch_id).first()
    if batch is None:
        raise NotYourBatch
    if not batch.is_open and not (closed and batch.state == Batch.State.ENDED):
        raise BatchClosed(batch)
    return batch


def set_quota(batch_id: int, region: Region | None, places: int, *, who: str = "", by: User) -> None:
    """Give a batch so many places there; 0 takes the quota away. Refused below what is taken already."""
    set_quotas(batch_id, [(region, places)], who=who, by=by)


def set_quotas(batch_id: int, places: Iterable[tuple[Region | None, int]], *, who: str = "", by: User) -> None:
    """Several regions at once, all or none, in a constant number of statements."""
    if who and who not in WHO_KINDS and who not in roles():
        raise Refused("Peran {role} tidak dikenal. Pilih dari daftarnya.", role=who)
    with atomic():
        batch = locked_batch(batch_id)
        known = {each.region_id: each for each in Quota.objects.filter(batch=batch, who=who).select_related("region")}
        taking = Enrolment.objects.taking().filter(quota__in=[each.pk for each in known.values()])
        taken = Counter(taking.values_list("quota", flat=True))
        fresh: list[Quota] = []
        changed: list[Quota] = []
        gone: list[Quota] = []
        for region, number in dict(places).items():
            quota = known.get(region.no if region else None)
            if quota is None:
                fresh += [Quota(batch=batch, region=region, who=who, places=number)] if number else []
                continue
            _refuse_below(quota, taken[quota.pk], number)
            quota.places = number
            (changed if number else gone).append(quota)
        Quota.objects.bulk_create(fresh)
        Quota.objects.bulk_update(changed, ["places"])
        Enrolment.objects.filter(quota__in=gone).update(quota=None)
        Quota.objects.filter(pk__in=[each.pk for each in gone]).delete()
        told = {str(each.region_id or NATION): each.places for each in (*fresh, *changed, *gone)}
        log.record("batch.quota_set", kind="batch", subject=batch.pk, body={"places": told, "who": who})


def _refuse_below(quota: Quota, taken: int, places: int) -> None:
    if places < taken:
        raise Refused(
            "{quota} sudah terisi {taken}, jadi kuotanya tidak turun ke {places}. Batalkan undangannya dahulu.",
            quota=words_of(quota), taken=taken, places=places,
        )  # fmt: skip
