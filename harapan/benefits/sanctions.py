"""Notice and hearing: told of a missed month, days to answer, a person's verdict; lapsed only when told and silent.

Set-based: a constant number of statements for a million families. After a stage is approved a verdict that differs from
what the run counted becomes an adjustment of a later stage (`adjusting`), in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits import adjusting, inputs, tasks
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Mode, SanctionNotice, Stage, State, Verdict
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.planning import many_rows
from harapan.database.scope import SYSTEM, Shape, active_alias, atomic, current
from harapan.files.models import StoredFile
from harapan.policy.reasons import demand_reason
from harapan.policy.stage_rules import StageRules
from harapan.regions.models import Region
from harapan.verification import exempting
from harapan.verification.exempting import Ranges
from harapan.verification.models import Exemption

REPAIRED = "Catatan kehadiran sudah diperbaiki, jadi tidak ada lagi yang terlewat."
NOT_ANSWERED = "Keluarga sudah diberi tahu dan tidak menjawab sampai batas waktunya."
COLLECTING = (State.PLANNED, State.OPEN)

# A miss can cost something only where the facility's month is proven and the member has an obligation in a paid month.
_GIVE = """
    WITH given AS (
        INSERT INTO benefits_sanctionnotice AS n (family_id, region_no, group_id, stage_id, month, members, components,
            noticed_on, noticed_by_id, told_how, answer, answer_from, verdict, why)
        SELECT f.id, f.region_no, f.group_id, %(stage)s, m.month, array_agg(m.member_id ORDER BY m.member_id),
               array_agg(m.component ORDER BY m.member_id), %(on)s, %(by)s, '', '', '', 'open', ''
        FROM (
            SELECT seen.family_id, seen.member_id, seen.month, c.component
            FROM ({missed}) seen
            CROSS JOIN LATERAL (
                SELECT s.component FROM registry_componentspell s
                JOIN verification_facilitymonth v ON v.facility_id = s.facility_id AND v.month = seen.month
                WHERE s.member_id = seen.member_id AND s.component = ANY (%(obligated)s)
                  AND s.spell && %(paid)s::daterange AND v.evidence <> 'none'
                ORDER BY lower(s.spell) DESC, s.id DESC LIMIT 1
            ) c
        ) m
        JOIN registry_family f ON f.id = m.family_id
        GROUP BY f.id, m.month
        ON CONFLICT (stage_id, family_id, month) DO UPDATE
            SET members = excluded.members, components = excluded.components
            WHERE n.verdict = 'open' AND n.told_on IS NULL AND n.members IS DISTINCT FROM excluded.members
        RETURNING n.family_id, xmax = 0 AS fresh
    )
    SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh),
           count(DISTINCT family_id) FILTER (WHERE fresh) FROM given"""
_WITHDRAW = """
    WITH seen AS MATERIALIZED (SELECT DISTINCT family_id, month FROM ({missed}) missed)
    UPDATE benefits_sanctionnotice n
    SET verdict = 'accepted', decided_on = %(on)s, decided_by_id = %(by)s, why = %(why)s
    WHERE n.stage_id = %(stage)s AND n.verdict = 'open'
      AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.family_id = n.family_id AND seen.month = n.month)"""


@dataclass(frozen=True, slots=True)
class Given:
    """What giving notices came to. `widened`: notices not told yet that name more or fewer members now."""

    notices: int
    families: int
    widened: int
    withdrawn: int


def give_notices(stage: Stage, *, by: User | None, on: date) -> Given:
    """A notice for every family and month with a miss that may cut this stage, in the caller's scope. Two statements.

    May be repeated: what was given stands, and an open notice whose miss was repaired is withdrawn. Raises Refused.
    """
    rules = rules_of(stage)
    _refuse_where_nothing_is_heard(stage, rules)
    first, after = inputs.paid_days(stage)
    values: dict[str, Any] = {
        "stage": stage.pk,
        "on": on,
        "by": by.pk if by else None,
        "why": REPAIRED,
        "obligated": [int(component) for component in rules.obligated],
        "paid": f"[{first},{after})",
    }
    missed = inputs.missed(stage, rules).replace("%", "%%")
    with atomic(), connections[active_alias()].cursor() as cursor:
        _still_collecting(stage)
        cursor.execute(_GIVE.replace("{missed}", missed), values)
        fresh, widened, families = cursor.fetchone()
        with many_rows() as many:
            many.execute(_WITHDRAW.replace("{missed}", missed), values)
            given = Given(fresh, families, widened, many.rowcount)
        log.record(
            "notices.given", kind="stage", subject=stage.pk, body={"notices": fresh, "withdrawn": given.withdrawn}
        )
    return given


def tell(notices: Iterable[int], *, how: SanctionNotice.Told, by: User, on: date) -> int:
    """Note that the families were told; their days to answer run from now. Those told before stay. Gives how many."""
    with atomic(), many_rows():
        chosen = SanctionNotice.objects.filter(pk__in=list(notices), verdict=Verdict.OPEN, told_on__isnull=True)
        told = 0
        for stage in Stage.objects.filter(pk__in=chosen.values("stage")):
            until = on + timedelta(days=rules_of(stage).sanction.answer_days)
            told += chosen.filter(stage=stage, noticed_on__lte=on).update(
                told_on=on, told_how=how, told_by=by, answer_until=until
            )
    return told


def record_answer(
    notice: SanctionNotice, *, answer: str, answer_from: SanctionNotice.Answerer, evidence: StoredFile | None = None,
    by: User, on: date,
) -> SanctionNotice:  # fmt: skip
    """What the family, or somebody for it, says. A late answer opens a lapsed notice again: being heard is a right."""
    if not answer.strip():
        raise Refused("Jawaban masih kosong. Tulis apa yang disampaikan keluarga, walaupun singkat.")
    with atomic():
        notice = SanctionNotice.objects.select_for_update().get(pk=notice.pk)
        if notice.told_on is None:
            raise Refused("Belum tercatat kapan keluarga diberi tahu. Catat dahulu, lalu tulis jawabannya.")
        if notice.verdict not in (Verdict.OPEN, Verdict.LAPSED):
            raise Refused(
                "Pemberitahuan ini sudah diputuskan: {get_verdict_display}. Bila putusannya keliru, ajukan "
                "pembetulan kepada koordinator kabupaten/kota.",
                get_verdict_display=notice.get_verdict_display(),
            )
        notice.verdict, notice.decided_on, notice.decided_by, notice.why = Verdict.OPEN, None, None, ""
        notice.answer, notice.answer_from = answer.strip(), answer_from
        notice.answered_on, notice.answer_recorded_by, notice.evidence = on, by, evidence
        notice.save()
        log.record("notice.answered", kind="family", subject=notice.family_id, body={"notice": notice.pk})
        _follow_stage(notice.stage, [notice.family_id], by=by)
    return notice


def decide(notices: Iterable[int], *, verdict: Verdict, why: str, by: User, on: date) -> int:
    """A person's verdict on one notice or many of the same kind; gives how many. All or none. Raises Refused.

    A miss is upheld only after the answer came or the days to answer are over.
    """
    wanted = set(notices)
    if verdict not in (Verdict.UPHELD, Verdict.ACCEPTED, Verdict.NO_SERVICE):
        raise Refused("Pilih putusannya: tetap berlaku, alasan diterima, atau layanan tidak tersedia.")
    demand_reason(why, Phrase("Tulis alasan putusan dalam satu kalimat yang dapat dibaca keluarga."), on=on)
    with atomic():
        chosen = SanctionNotice.objects.filter(pk__in=wanted).select_for_update()
        ready = chosen.filter(verdict=Verdict.OPEN)
        if verdict == Verdict.UPHELD:
            ready = ready.filter(_heard(on))
        numbers = list(ready.values_list("pk", flat=True))
        if missing := len(wanted) - len(numbers):
            raise Refused(
                "{missing} dari {wanted} pemberitahuan belum dapat diputuskan begitu: sudah diputuskan, di luar "
                "wilayah kerja Anda, atau masa menjawabnya belum habis. Muat ulang daftarnya, lalu pilih lagi.",
                missing=missing,
                wanted=len(wanted),
            )
        with many_rows():
            SanctionNotice.objects.filter(pk__in=numbers).update(
                verdict=verdict, why=why.strip(), decided_by=by, decided_on=on
            )
        _follow(SanctionNotice.objects.filter(pk__in=numbers), by=by)
    return len(numbers)


def lapse(stage: Stage, *, by: User | None, on: date) -> int:
    """Every told and unanswered notice whose days are over stands by lapse; gives how many. Families not told stay."""
    with atomic():
        late = SanctionNotice.objects.filter(
            stage=stage, verdict=Verdict.OPEN, answer="", told_on__isnull=False, answer_until__lt=on
        )
        with many_rows():
            lapsed = late.update(verdict=Verdict.LAPSED, decided_on=on, decided_by=by, why=NOT_ANSWERED)
        log.record("notices.lapsed", kind="stage", subject=stage.pk, body={"notices": lapsed})
        if lapsed:
            _follow_stage(stage, None, by=by)
    return lapsed


def exempt(region: Region, *, within: Ranges, by: User, on: date, **about: Any) -> Exemption:
    """No service there in those months: misses are excused, and what approved stages cut for them is owed back."""
    with atomic():
        made = exempting.exempt(region, within=within, by=by, on=on, **about)
        _follow_exemption(made, by=by)
    return made


def withdraw_exemption(exemption: Exemption, *, within: Ranges, why: str, by: User, on: date) -> None:
    """The service was there after all. Stages not frozen yet hold the misses again, where their notices stand."""
    exempting.withdraw(exemption, within=within, why=why, by=by, on=on)


def _follow_exemption(made: Exemption, *, by: User) -> None:
    months = {f"{number // 100}-{number % 100:02}" for number in made.months}
    for stage in Stage.objects.filter(mode=Mode.COMPUTED, state__in=adjusting.APPROVED):
        if months & set(stage.observes_months):
            _follow_stage(stage, None, by=by)


def _heard(on: date) -> Q:
    return Q(told_on__isnull=False) & (~Q(answer="") | Q(answer_until__lt=on))


def _follow(decided: QuerySet[SanctionNotice], *, by: User) -> None:
    families: dict[int, set[int]] = {}
    for stage_id, family_id in decided.values_list("stage", "family"):
        families.setdefault(stage_id, set()).add(family_id)
    for stage in Stage.objects.filter(pk__in=families):
        _follow_stage(stage, sorted(families[stage.pk]), by=by)


def _follow_stage(stage: Stage, families: list[int] | None, *, by: User | None) -> None:
    """At once where the whole stage is seen, else by the batch login, in a job of this transaction."""
    if stage.state not in adjusting.APPROVED:
        return
    scope = current()
    if scope is not None and scope.shape in (Shape.BATCH, Shape.NATION):
        adjusting.follow_verdicts(stage, families=families, by=by)
    else:
        tasks.follow_verdicts_later(stage, families=families, actor=by.pk if by else SYSTEM)


def _still_collecting(stage: Stage) -> None:
    """Lock the stage, so that no freeze passes between the look and the notices."""
    state = State(Stage.objects.select_for_update().values_list("state", flat=True).get(pk=stage.pk))
    if state not in COLLECTING:
        raise Refused(
            "Tahap {stage} sudah {state}, jadi pemberitahuan baru tidak lagi memengaruhinya. Beri tahu "
            "keluarga untuk tahap berikutnya.",
            stage=stage.name,
            state=state.label.lower(),
        )


def _refuse_where_nothing_is_heard(stage: Stage, rules: StageRules) -> None:
    if stage.mode != Mode.COMPUTED:
        raise Refused(
            "Tahap {stage} diterima dari pusat: sanksinya diputuskan pusat, bukan di sini. Sampaikan "
            "keberatan keluarga lewat selisih tahap itu.",
            stage=stage.name,
        )
    if not rules.sanction.cuts or not rules.observes_months:
        raise Refused(
            "Tahap {stage} tidak memotong bantuan, jadi tidak ada yang perlu diberitahukan.",
            stage=stage.name,
        )
    if not rules.sanction.hearing_required:
        raise Refused(
            "Aturan tahap {stage} tidak mengenal pemberitahuan. Lihat sanctions.hearing_required di kebijakan.",
            stage=stage.name,
        )
