"""Courses of a demonstration: a Bimtek that is over, one that runs, and a diklat that people are being asked into.

Planned, invited, divided and concluded by the very actions of the pages; answers, marks and points are written in bulk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from harapan.accounts.models import Post, User
from harapan.database import day
from harapan.database.fields import draw_ids
from harapan.demo.clock import NOW
from harapan.demo.staff import Worker
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.regions.models import Region
from harapan.training import concluding, costs, dividing, inviting, letters, moving, planning, timetable
from harapan.training.models import (
    Batch,
    ClassAttendance,
    ClassSession,
    Course,
    Enrolment,
    TestScore,
    Trainer,
)
from harapan.training.rules import Division

OVER, RUNS, COMES = date(2025, 2, 18), NOW - timedelta(days=1), date(2025, 8, 4)
TRAINERS = ("Siti Rahmah", "Ahmad Fauzan", "Maria Ulfah", "Rusli Hamdani")
CENTRE = "BBPPKS Banjarmasin"
ROOMS = ("Aula Sasirangan", "Ruang Haruan", "Ruang Papuyu")
PLACES_MAX = 80
FIELD = ("facilitator", "district_lead", "data_officer")


@dataclass(frozen=True)
class Training:
    """Who plans, and the people asked, region by region."""

    province: Post
    centre: Post
    people: Sequence[tuple[Worker, int]]  # with their person numbers
    chance: Random

    @property
    def by(self) -> User:
        return self.province.user


def write_training(world: World, staffed: Staffed, persons: dict[str, int]) -> None:
    """Three batches with what belongs to them."""
    posts = {
        post.user_id: post for post in Post.objects.filter(role_code__in=("province_coordinator", "training_centre"))
    }
    of_role = {worker.role: posts[staffed.of(worker)] for worker in world.staff if staffed.of(worker) in posts}
    field = [(worker, persons[worker.username]) for worker in world.staff if worker.role in FIELD]
    made = Training(
        of_role["province_coordinator"], of_role["training_centre"], field, Random(f"training {world.seed}")
    )
    for name in TRAINERS:
        timetable.add_trainer(name, CENTRE, by=made.by)
    lead = next(worker for worker in world.staff if worker.role == "regency_coordinator")
    account = User.objects.get(pk=staffed.of(lead))  # teaches, too, and writes down the own sessions
    timetable.add_trainer(account.name, "Dinas Sosial", by=made.by, user=account)
    _write_over(made)
    _write_running(made)
    _write_coming(made)


def _planned(made: Training, post: Post, code: str, begins: date, days: int, organiser: str, place: str) -> Batch:
    course = Course.objects.get(code=code)
    facts = planning.BatchFacts(course, 1, begins, begins + timedelta(days=days - 1), place, organiser)
    return planning.plan_batch(facts, post=post, by=post.user, on=begins - timedelta(days=30))


def _asked(made: Training, batch: Batch, people: Sequence[tuple[Worker, int]]) -> None:
    """Quotas as wide as who is asked, one a regency, then the invitations."""
    regencies = Counter(worker.region_no // 10**6 * 10**6 for worker, _person in people)
    regions = Region.objects.in_bulk(list(regencies))
    places = [(regions[number], count) for number, count in sorted(regencies.items())]
    planning.set_quotas(batch.pk, places, by=made.by)
    inviting.invite(batch.pk, [person for _worker, person in people], by=made.by, on=batch.begins - timedelta(days=20))


def _answered(made: Training, batch: Batch, *, declined: int, silent: int) -> None:
    """Of a hundred, so many cannot come and so many have not answered; the others come."""
    rows = list(Enrolment.objects.filter(batch=batch).order_by("region_no", "pk"))
    for row in rows:
        drawn = made.chance.random() * 100
        if drawn >= declined + silent:
            row.state = Enrolment.State.CONFIRMED
            row.travels_by = made.chance.choice(("together", "together", "own", "public"))
        elif drawn >= silent:
            row.state, row.why = (
                Enrolment.State.DECLINED,
                made.chance.choice(("Melahirkan", "Anak sakit", "Tugas banjir")),
            )
        if row.state != Enrolment.State.INVITED:
            row.answered_on = batch.begins - timedelta(days=made.chance.randint(5, 15))
    Enrolment.objects.bulk_update(rows, ["state", "travels_by", "why", "answered_on"])


def _taught(made: Training, batch: Batch, how: Division) -> None:
    on = batch.begins - timedelta(days=3)
    dividing.divide(batch.pk, how=how, rooms=ROOMS, by=made.by, on=on)
    trainers = list(Trainer.objects.order_by("pk").values_list("pk", flat=True))
    timetable.propose(batch.pk, trainers, by=made.by, on=on)


def _attended(made: Training, batch: Batch, until: date) -> None:
    """Every session up to the day: most were there, some were ill, a few stay away altogether."""
    rows = list(Enrolment.objects.coming().filter(batch=batch, training_class__isnull=False))
    of_class: dict[int, list[Enrolment]] = {}
    for row in rows:
        of_class.setdefault(row.training_class_id or 0, []).append(row)
    away = {row.pk for row in rows if made.chance.random() < 0.04}
    told = [
        (row, session, made.chance.choices(("present", "sick", "excused", "absent"), (94, 2, 2, 2))[0])
        for session in ClassSession.objects.filter(batch=batch, day__lte=until).order_by("day", "begins", "pk")
        for row in of_class.get(session.training_class_id, ())
        if row.pk not in away
    ]
    columns: Columns = {
        "id": draw_ids(ClassAttendance, len(told)),
        "person_id": [row.person_id for row, _session, _mark in told],
        "region_no": [row.region_no for row, _session, _mark in told],
        "enrolment_id": [row.pk for row, _session, _mark in told],
        "session_id": [session.pk for _row, session, _mark in told],
        "mark": [mark for _row, _session, mark in told],
        "said_at": [day.moment(session.day) for _row, session, _mark in told],
    }
    write(ClassAttendance, columns, batch_id=batch.pk, via="list", said_by_id=made.by.pk)
    Enrolment.objects.filter(pk__in=[row.pk for row in rows if row.pk not in away]).update(
        state=Enrolment.State.PRESENT
    )
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING)


def _scored(made: Training, batch: Batch, kinds: Sequence[str]) -> None:
    rows = list(Enrolment.objects.filter(batch=batch, state=Enrolment.State.PRESENT).order_by("pk"))
    told = []
    for row in rows:
        before = made.chance.randint(35, 75)
        for kind, points in (("pre", before), ("post", min(100, before + made.chance.randint(0, 30)))):
            if kind in kinds:
                told.append((row, kind, points))
    columns: Columns = {
        "id": draw_ids(TestScore, len(told)),
        "person_id": [row.person_id for row, _kind, _points in told],
        "region_no": [row.region_no for row, _kind, _points in told],
        "enrolment_id": [row.pk for row, _kind, _points in told],
        "kind": [kind for _row, kind, _points in told],
        "points": [points for _row, _kind, points in told],
    }
    write(TestScore, columns, said_by_id=made.by.pk, said_at=day.moment(batch.ends))


def _write_over(made: Training) -> None:
    """The province's Bimtek of February: taught, scored, paid and concluded."""
    batch = _planned(made, made.province, "bimtek", OVER, 3, "Dinas Sosial Provinsi", "Hotel di Banjarmasin")
    _asked(made, batch, made.people[:PLACES_MAX])
    _answered(made, batch, declined=6, silent=0)
    letters.number_letter(
        batch.pk, signer="H. Zainal Abidin", signer_post="Kepala Dinas Sosial Provinsi",
        basis="Rencana kerja bidang perlindungan dan jaminan sosial 2025", dated=OVER - timedelta(days=10), by=made.by,
        on=OVER - timedelta(days=10),
    )  # fmt: skip
    _taught(made, batch, Division.MIXED)
    _attended(made, batch, batch.ends)
    _scored(made, batch, ("pre", "post"))
    people = Enrolment.objects.coming().filter(batch=batch).count()
    costs.set_ceiling(batch.pk, 250_000_000, letter="DPA 1.06.02/2025", by=made.by)
    for kind, detail, units, unit_idr in (
        ("lodging", "Penginapan, dua orang sekamar, 2 malam", people, 350_000),
        ("meals", "Konsumsi 3 hari", people * 3, 120_000),
        ("travel", "Perjalanan dari kabupaten/kota", people, 400_000),
        ("fees", "Honor pelatih, 24 JP sekelas", 48, 300_000),
    ):
        facts = costs.CostFacts(kind, detail, units, unit_idr, OVER + timedelta(days=9))
        costs.add_cost(batch.pk, facts, by=made.by)
    concluding.conclude(batch.pk, by=made.by, on=batch.ends)


def _write_running(made: Training) -> None:
    """One that began yesterday, for those who serve furthest from the first: today's code can be shown."""
    batch = _planned(made, made.province, "bimtek", RUNS, 3, "Dinas Sosial Provinsi", "Balai latihan Rantau")
    _asked(made, batch, made.people[-min(36, len(made.people)) :])
    _answered(made, batch, declined=5, silent=0)
    _taught(made, batch, Division.REGION)
    _attended(made, batch, RUNS)
    _scored(made, batch, ("pre",))


def _write_coming(made: Training) -> None:
    """The centre's ten days, moved once: everybody was asked again, and some have answered."""
    batch = _planned(made, made.centre, "diklat-p2k2", COMES - timedelta(days=7), 10, CENTRE, "BBPPKS Banjarmasin")
    facilitators = [each for each in made.people if each[0].role == "facilitator"]
    _asked(made, batch, facilitators[:40])
    moving.move_batch(
        batch.pk, begins=COMES, ends=COMES + timedelta(days=9), place="BBPPKS Banjarmasin", why="Asrama diperbaiki",
        by=made.centre.user, on=NOW - timedelta(days=6),
    )  # fmt: skip
    fresh = Batch.objects.get(pk=batch.pk)
    _answered(made, fresh, declined=8, silent=45)
