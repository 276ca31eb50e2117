"""A few facilitators of a demonstration who do not tell what happened, what the monthly runs make of it, and who looks.

Their colleagues are honest; some of them are to be checked all the same, by chance.
"""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.planning import many_rows
from harapan.database.scope import Scope, put_on
from harapan.demo.office import Office
from harapan.performance.answering import answer
from harapan.performance.drawing import draw_checks
from harapan.performance.models import CheckVisit, Finding, Result
from harapan.performance.running import run
from harapan.performance.visiting import Found, record_visit
from harapan.regions import codes
from harapan.regions.codes import Level

# the days of 2025-06's findings that are their person's alone are not over yet in the demonstration's present
RUNS = (("2025-05", date(2025, 6, 4)), ("2025-06", date(2025, 7, 4)))
MONTH, ANSWERED_ON, DRAWN_ON, VISITED_ON = 202505, date(2025, 6, 12), date(2025, 6, 23), date(2025, 6, 26)
DRAWN, EACH_OF = 4, 6  # visits drawn; one in so many facilitators invents, at most one of each kind
ANSWER = (
    "Keluarga yang tidak hadir memang itu-itu saja: tiga sedang merantau ke Banjarbaru dan dua menjaga orang tua yang "
    "sakit. Saya lampirkan keterangannya pada pertemuan berikutnya."
)
NOTES = {
    Result.TRUE: "Bertemu enam keluarga di rumah ketua kelompok; semua ingat pertemuan bulan Mei dan materinya.",
    Result.MADE_UP: "Tujuh dari delapan keluarga tidak mengenal pertemuan bulan Mei. Daftar hadir disalin dari April.",
}
COPIES = """
    UPDATE p2k2_attendance a SET mark = f.mark, represented_by = f.represented_by
    FROM (SELECT DISTINCT ON (family_id) family_id, mark, represented_by FROM p2k2_attendance
          WHERE said_by_id = %(who)s ORDER BY family_id, held_on) f
    WHERE a.family_id = f.family_id AND a.said_by_id = %(who)s
    AND (a.mark, a.represented_by) <> (f.mark, f.represented_by)"""
IN_ONE_EVENING = """
    UPDATE p2k2_session s SET recorded_at = t.at
    FROM (SELECT id, date_trunc('month', held_on) + interval '1 month 13 hours'
                 + interval '17 seconds' * row_number() OVER (ORDER BY held_on, id) AS at
          FROM p2k2_session WHERE recorded_by_id = %(who)s) t
    WHERE s.id = t.id"""
EVERYBODY = """
    UPDATE p2k2_attendance SET mark = 1 WHERE said_by_id = %(who)s AND mark IN (2, 3, 4)"""


def invent_and_check(office: Office) -> None:
    """Plant, run twice, answer one finding, draw and make check visits."""
    people = [office.staffed.of(worker) for worker in office.world.staff if worker.facilitator is not None]
    kinds = (COPIES, IN_ONE_EVENING, EVERYBODY)[: max(1, len(people) // EACH_OF)]
    inventors = [people[place * len(people) // len(kinds)] for place in range(len(kinds))]
    with many_rows() as cursor:
        for who, sql in zip(inventors, kinds, strict=True):
            cursor.execute(sql, {"who": who})
    operator = office.post("operator", 0).user_id
    for month, on in RUNS:
        run(month, actor=operator, on=on)
    _answer_one(inventors[0])
    for who in inventors:
        _check(office, who, set(inventors))


def _answer_one(who: int) -> None:
    found = Finding.objects.filter(person=who, month=MONTH).order_by("-score", "pk").first()
    if found is not None:
        with put_on(Scope.batch(actor=who, via="demo")):
            answer(found.pk, ANSWER, by=User.objects.get(pk=who), on=ANSWERED_ON)


def _check(office: Office, who: int, inventors: set[int]) -> None:
    """The kabupaten of somebody draws for a month, and its lead makes the visits but the last."""
    worker = next(each for each in office.world.staff if office.staffed.of(each) == who)
    regency = codes.ancestor(worker.region_no, Level.REGENCY)
    with office.acting("regency_coordinator", regency) as (user, post):
        try:
            made = draw_checks(
                MONTH, size=DRAWN, random_percent=50, post=post, by=user, on=DRAWN_ON, seed=office.world.seed
            )
        except Refused:
            return  # two of them work in one kabupaten, or nobody has records there
        for visit in CheckVisit.objects.filter(draw=made).order_by("-probability", "pk")[: DRAWN - 1]:
            result = Result.MADE_UP if visit.person_id in inventors else Result.TRUE
            record_visit(visit.pk, Found(result, VISITED_ON, NOTES[result]), by=user, on=VISITED_ON)
