"""Verdict, appeal, and carrying out: by whom policy names, never by a lead of the accused, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from harapan.accounts.models import Post, User
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.workforce.ethics import law
from harapan.workforce.ethics.catalogue import ends_posts, levels_on, measure_words
from harapan.workforce.ethics.handling import TEXT_MIN, advance, locked
from harapan.workforce.ethics.recusal import refuse_recused
from harapan.workforce.ethics.rules import months_later
from harapan.workforce.models import EthicsCase, EthicsDecision, Step
from harapan.workforce.staff import departures

EXECUTES = "ethics.execute"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided. `level` empty: not proven. `executor`: who carries out a measure that ends posts."""

    letter: str
    why: str
    level: str = ""
    measures: Sequence[str] = ()
    executor: User | None = None


def decide(
    case_id: int, verdict: Verdict, *, post: Post, by: User, on: date, late_because: str = ""
) -> EthicsDecision:  # fmt: skip
    """The first verdict; the appeal's time begins. Raises Refused, StandsAside, StepPassed for the second of two."""
    _refuse_senseless(verdict, on=on)
    with atomic():
        case = locked(case_id, Step.HEARD)
        _refuse_decider(case, verdict, post=post, by=by, on=on)
        made = _write(case, verdict, EthicsDecision.Instance.FIRST, by=by, on=on)
        advance(case, Step.DECIDED, by=by, on=on, late_because=late_because)
    return made


def decide_appeal(
    case_id: int, verdict: Verdict, *, post: Post, by: User, on: date, late_because: str = ""
) -> EthicsDecision:  # fmt: skip
    """The last verdict, in place of the first, by somebody else than who gave that one."""
    _refuse_senseless(verdict, on=on)
    with atomic():
        case = locked(case_id, Step.APPEALED)
        _refuse_decider(case, verdict, post=post, by=by, on=on)
        first = EthicsDecision.objects.select_for_update(of=("self",)).get(
            case=case, instance=EthicsDecision.Instance.FIRST
        )
        if first.decided_by_id == by.pk:
            raise Refused("Putusan pertama dari Anda. Banding diputus orang lain; minta anggota lain memutusnya.")
        first.replaced = True
        first.save(update_fields=["replaced"])
        made = _write(case, verdict, EthicsDecision.Instance.APPEAL, by=by, on=on)
        advance(case, Step.FINAL, by=by, on=on, late_because=late_because)
    return made


def finalise(case_id: int, *, by: User, on: date) -> EthicsCase:
    """Nobody appealed in time: the verdict stands. Raises Refused while an appeal may still come."""
    with atomic():
        case = locked(case_id, Step.DECIDED)
        if case.due_on is not None and on <= case.due_on:
            raise Refused(
                "Masa banding masih berjalan sampai {day}. Nyatakan tetap sesudah hari itu.",
                day=format_date(case.due_on),
            )
        case.due_on = None  # it was the accused's deadline, nobody is late
        return advance(case, Step.FINAL, by=by, on=on)


def name_executor(case_id: int, executor: User | None, *, why: str, post: Post, by: User, on: date) -> EthicsDecision:
    """Somebody else carries the verdict out, in place of one who left or cannot. Raises Refused, StandsAside.

    Whoever may give such a verdict may name them; the same one again changes nothing.
    """
    demand_reason(why, Phrase("Tulis mengapa pelaksananya diganti; auditor membacanya. Contoh: pindah tugas."), on=on)
    with atomic():
        decision = to_carry_out(case_id).select_for_update(of=("self",)).first()
        if decision is None:
            raise Refused("Perkara ini tidak punya putusan pemberhentian yang menunggu. Muat ulang halamannya.")
        _refuse_recused_or_lower(decision.case, decision.level, post=post, by=by, on=on)
        _refuse_executor(decision.case, executor, by=by, on=on)
        before, decision.executor = decision.executor_id, executor
        if executor is not None and before != executor.pk:
            decision.save(update_fields=["executor"])
            log.record(
                "ethics_decision.executor_named", kind="ethics_case", subject=case_id, why=why.strip(),
                body={"before": before, "now": executor.pk},
            )  # fmt: skip
    return decision


def to_carry_out(case_id: int) -> QuerySet[EthicsDecision]:
    """The verdict of a case that ends posts and is not carried out; one at most."""
    rows = EthicsDecision.objects.filter(case=case_id, executor__isnull=False, executed_on__isnull=True)
    return rows.filter(replaced=False).select_related("case", "executor")


def execute(decision_id: int, *, by: User, on: date) -> EthicsDecision:
    """Dismiss the accused, by whom the final decision names: the exit of `staff.departures`, groups handed over first.

    Carried out twice it is the same. Raises Refused.
    """
    with atomic():
        rows = EthicsDecision.objects.select_for_update(of=("self",)).select_related("case", "executor", "person")
        decision = rows.filter(pk=decision_id, replaced=False).first()
        if decision is None or not ends_posts(decision.measures):
            raise Refused("Tidak ada putusan pemberhentian dengan nomor ini di daftar Anda. Muat ulang daftarnya.")
        if decision.executor_id != by.pk:
            raise Refused(
                "Putusan {letter} dilaksanakan {name}, bukan Anda. Minta ia melaksanakannya.",
                letter=decision.letter, name=decision.executor.name if decision.executor else "",
            )  # fmt: skip
        if decision.case.step != Step.FINAL:
            raise Refused(
                "Putusan {letter} belum berkekuatan tetap. Tunggu masa banding berakhir.", letter=decision.letter
            )
        if decision.executed_on is None:
            _dismiss(decision, by=by, on=on)
    return decision


def _dismiss(decision: EthicsDecision, *, by: User, on: date) -> None:
    why = ", ".join(str(measure_words(code)) for code in decision.measures)
    gone = departures.dismiss(decision.person, letter=decision.letter, why=why, by=by, on=on)
    decision.executed_on = on
    decision.save(update_fields=["executed_on"])
    log.record(
        "ethics_decision.executed", kind="ethics_case", subject=decision.case_id, why=decision.letter,
        body={"departure": gone.pk},
    )  # fmt: skip


def _refuse_senseless(verdict: Verdict, *, on: date) -> None:
    if not verdict.letter.strip():
        raise Refused("Nomor putusan masih kosong. Tulis nomornya, misalnya KE/12/PKH/2025.")
    if len(verdict.why.strip()) < TEXT_MIN:
        raise Refused("Tulis pertimbangan putusan, paling sedikit satu kalimat; yang diputus membacanya.")
    if not verdict.level:
        if verdict.measures:
            raise Refused("Tidak terbukti berarti tanpa tindakan. Kosongkan tindakannya, atau pilih tingkat sanksinya.")
        return
    level = levels_on(on).get(verdict.level)
    if level is None:
        raise Refused("Tingkat sanksi “{level}” tidak dikenal. Pilih salah satu yang tersedia.", level=verdict.level)
    strange = [code for code in verdict.measures if level.measure(code) is None]
    if strange or not verdict.measures:
        raise Refused(
            "Pilih tindakan yang termasuk sanksi {level}: {known}.", level=level.title,
            known=", ".join(str(each.text) for each in level.measures),
        )  # fmt: skip


def _refuse_decider(case: EthicsCase, verdict: Verdict, *, post: Post, by: User, on: date) -> None:
    _refuse_recused_or_lower(case, verdict.level, post=post, by=by, on=on)
    if ends_posts(verdict.measures):
        _refuse_executor(case, verdict.executor, by=by, on=on)


def _refuse_recused_or_lower(case: EthicsCase, level: str, *, post: Post, by: User, on: date) -> None:
    refuse_recused(case, law.deciding_recused(on), by=by, on=on)
    if post.role.reach is not Reach.NATION and case.handler_id != by.pk:  # who decides has read all of it
        raise Refused("Perkara {number} tidak Anda tangani. Ambil lebih dahulu.", number=case.number)
    if post.role_code not in law.decided_by(level, on):
        raise Refused(
            "Sanksi {level} tidak diputus peran Anda. Serahkan kepada yang berwenang menurut kebijakan.",
            level=levels_on(on)[level].title if level else Phrase("perkara ini"),
        )


def _refuse_executor(case: EthicsCase, executor: User | None, *, by: User, on: date) -> None:
    if executor is None:
        raise Refused("Pemberhentian menuntut nama pelaksananya. Pilih siapa yang mengakhiri jabatannya.")
    held = Post.objects.held_on(on).filter(user=executor)
    if executor.pk in (by.pk, case.accused_id) or not any(allows(post, EXECUTES) for post in held):
        raise Refused("{name} tidak dapat melaksanakan putusan ini. Pilih orang lain dari daftar.", name=executor.name)


def _write(
    case: EthicsCase, verdict: Verdict, instance: EthicsDecision.Instance, *, by: User, on: date
) -> EthicsDecision:  # fmt: skip
    level = levels_on(on).get(verdict.level)
    months = level.counts_months if level else None
    assert case.person is not None  # noqa: S101 - a case past its opening is about somebody (a check of the table)
    return EthicsDecision.objects.create(
        case=case, person=case.person, region_no=case.region_no, instance=instance, offence=case.offence,
        level=verdict.level, measures=list(verdict.measures), letter=verdict.letter.strip()[:120],
        why=verdict.why.strip(), decided_by=by, decided_on=on,
        until=months_later(on, months) if months is not None else None,
        executor=verdict.executor if ends_posts(verdict.measures) else None,
    )  # fmt: skip
