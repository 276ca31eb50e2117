"""Follow-up plans (RTL): written after the course, evaluated after the months that policy names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import active_alias, atomic
from harapan.training.following.feedback import ASKED
from harapan.training.following.law import evaluate_months
from harapan.training.models import Enrolment, FollowUpCheck, FollowUpPlan
from harapan.training.needs.standing import months_after


def last_day(ended: date, *, on: date) -> date:
    """Until when a plan is written: the day of its last evaluation."""
    return months_after(ended, max(evaluate_months(on)))


def write_plan(enrolment: Enrolment, *, aim: str, steps: str, support: str, on: date) -> FollowUpPlan:
    """The plan of one participant; until its first evaluation it may be written anew. Raises Refused."""
    if enrolment.state not in ASKED:
        raise Refused("RTL ditulis oleh peserta yang hadir. Kehadiran Anda di diklat ini belum tercatat.")
    if on > (last := last_day(enrolment.batch.ends, on=on)):
        raise Refused("RTL diklat ini ditulis sampai {day}, hari evaluasi terakhirnya.", day=format_date(last))
    with atomic():
        known = FollowUpPlan.objects.select_for_update().filter(enrolment=enrolment).first()
        if known is None:
            made = FollowUpPlan.objects.create(
                person_id=enrolment.person_id, region_no=enrolment.region_no, enrolment=enrolment, aim=aim.strip(),
                steps=steps.strip(), support=support.strip(), made_on=on,
            )  # fmt: skip
            log.record("follow_up.written", kind="person", subject=enrolment.person_id)
            return made
        if known.checks.exists():
            raise Refused(
                "RTL ini sudah dievaluasi, jadi isinya tetap. Tulis perkembangannya pada evaluasi berikutnya."
            )
        known.aim, known.steps, known.support = aim.strip(), steps.strip(), support.strip()
        known.save(update_fields=["aim", "steps", "support"])
        log.record("follow_up.written", kind="person", subject=enrolment.person_id)
    return known


def check_plan(
    plan: FollowUpPlan, *, after_months: int, outcome: FollowUpCheck.Outcome, note: str, by: User, on: date
) -> FollowUpCheck:
    """One evaluation. Raises Refused before its day, and for months that policy does not name."""
    ended = plan.enrolment.batch.ends
    if after_months not in evaluate_months(on):
        raise Refused("Tidak ada evaluasi {months} bulan sesudah diklat. Pilih yang tertera.", months=after_months)
    due = months_after(ended, after_months)
    if on < due:
        raise Refused(
            "Evaluasi {months} bulan baru dapat diisi mulai {day}.", months=after_months, day=format_date(due)
        )
    with atomic():
        made, fresh = FollowUpCheck.objects.get_or_create(
            plan=plan, after_months=after_months,
            defaults={
                "person_id": plan.person_id, "region_no": plan.region_no, "outcome": outcome,
                "note": note.strip()[:500], "checked_on": on, "checked_by": by,
            },
        )  # fmt: skip
        if fresh:
            log.record(
                "follow_up.checked", kind="person", subject=plan.person_id,
                body={"after_months": after_months, "outcome": outcome.value},
            )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of a plan: made, or due on a day."""

    after_months: int
    due_on: date
    check: FollowUpCheck | None

    def is_due(self, on: date) -> bool:
        return self.check is None and self.due_on <= on


def evaluations(plan: FollowUpPlan, *, on: date) -> list[Evaluation]:
    """In the order of their days. Needs `checks` and the batch at hand."""
    made = {check.after_months: check for check in plan.checks.all()}
    ended = plan.enrolment.batch.ends
    return [Evaluation(each, months_after(ended, each), made.get(each)) for each in evaluate_months(on)]


# plans with an evaluation whose day has come and that nobody has made
_DUE = """
    SELECT f.id FROM training_followupplan f
    JOIN training_enrolment e ON e.id = f.enrolment_id JOIN training_batch b ON b.id = e.batch_id
    CROSS JOIN unnest(%s::int[]) AS m(months)
    WHERE (b.ends + make_interval(months => m.months))::date <= %s
      AND NOT EXISTS (SELECT FROM training_followupcheck c WHERE c.plan_id = f.id AND c.after_months = m.months)"""


def plans_due(*, on: date, person: int | None = None) -> QuerySet[FollowUpPlan]:
    """Plans in reach with an evaluation to make."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            f"{_DUE} AND (%s::bigint IS NULL OR f.person_id = %s)", [list(evaluate_months(on)), on, person, person]
        )
        numbers = {row[0] for row in cursor.fetchall()}
    return FollowUpPlan.objects.filter(pk__in=numbers)
