"""A case goes its way: taken by a handler, tied to a person, verified, examined, the accused summoned and heard.

Every step is one transaction that locks the case first, so that of two people the second is told what the first did.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.day import today
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.workforce.ethics import keeping, law
from harapan.workforce.ethics.errors import Late, NotYourCase, StepPassed, UnknownPerson
from harapan.workforce.ethics.recusal import refuse_recused
from harapan.workforce.models import EthicsCase, EthicsDeed, EthicsEvidence, EthicsReport, Person, Step

TEXT_MIN = 20  # letters of a charge, a hearing, a reason that others will read


def locked(case_id: int, *expected: Step) -> EthicsCase:
    """The case, held until the transaction ends. Raises NotYourCase, StepPassed."""
    rows = EthicsCase.objects.select_for_update(of=("self",)).select_related("person")
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise NotYourCase
    if Step(case.step) not in expected:
        raise StepPassed(case.number, Step(case.step).label, case.step_on)
    return case


def advance(
    case: EthicsCase, step: Step, *, by: User, on: date, note: str = "", late_because: str = "", **changes: Any
) -> EthicsCase:
    """Write a step with its deed and the next deadline. Raises Late for a passed one that nobody explains."""
    late = case.due_on is not None and on > case.due_on
    if late and case.due_on is not None and not late_because.strip():
        raise Late(case.due_on)
    moved = {**changes, "step": step, "step_on": on, "due_on": _due(step, on)}
    for name, value in moved.items():
        setattr(case, name, value)
    case.save(update_fields=list(moved))
    EthicsDeed.objects.create(
        case=case,
        step=step,
        done_by=by,
        done_on=on,
        note=note.strip(),
        late_because=late_because.strip()[:300] if late else "",
    )
    log.record(f"ethics_case.{step}", kind="ethics_case", subject=case.pk)
    return case


def _due(step: Step, on: date) -> date | None:
    return on + timedelta(days=law.step_days(step, on)) if step in law.WAITS else None


def take(case_id: int, *, by: User, on: date) -> EthicsCase:
    """Become the one who handles it. Raises Refused where somebody does, StandsAside for who is too near."""
    with atomic():
        case = locked(case_id, *(step for step in Step if step.open))
        if case.handler_id == by.pk:
            return case
        if case.handler is not None:
            raise Refused(
                "Perkara {number} sudah ditangani {name}. Hubungi ia bila perlu dialihkan.",
                number=case.number, name=case.handler.name,
            )  # fmt: skip
        refuse_recused(case, law.handling_recused(on), by=by, on=on)
        case.handler = by
        case.save(update_fields=["handler"])
        log.record("ethics_case.taken", kind="ethics_case", subject=case.pk)
    return case


def give_back(case_id: int, *, why: str, by: User) -> EthicsCase:
    """Stop handling it, so that another may take it. Raises NotYourCase, Refused."""
    way_out = Phrase("Tulis mengapa perkara dilepas, misalnya karena mengenal orang yang dilaporkan.")
    demand_reason(why, way_out, on=today())
    with atomic():
        case = own(case_id, by, *(step for step in Step if step.open))
        case.handler = None
        case.save(update_fields=["handler"])
        log.record("ethics_case.given_back", kind="ethics_case", subject=case.pk, why=why.strip()[:300])
    return case


def own(case_id: int, by: User, *expected: Step) -> EthicsCase:
    """The case, held, where the reader handles it. Raises NotYourCase, StepPassed, Refused."""
    case = locked(case_id, *expected)
    if case.handler_id != by.pk:
        raise Refused("Perkara {number} tidak Anda tangani. Ambil lebih dahulu.", number=case.number)
    return case


def link_person(case_id: int, person_id: int, *, by: User, on: date) -> EthicsCase:
    """Say whom the report means. Raises UnknownPerson, StandsAside for a handler who turns out to be too near."""
    with atomic():
        case = own(case_id, by, Step.RECEIVED)
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            raise UnknownPerson(case.accused_name)
        case.person, case.accused_id, case.region_no = person, person.user_id, person.region_no
        case.accused_name = person.name
        refuse_recused(case, law.handling_recused(on), by=by, on=on)
        case.save(update_fields=["person", "accused", "region_no", "accused_name"])
        kept = EthicsReport.objects.filter(case=case, keeper=person.user_id) if person.user_id else ()
        for report in kept:  # nobody keeps who reported them
            report.keeper_id = keeping.choose(case.pk, on=on, without=(person.user_id,))
            report.save(update_fields=["keeper"])
        log.record("ethics_case.linked", kind="ethics_case", subject=case.pk)
    return case


def verify(case_id: int, *, note: str, by: User, on: date, late_because: str = "") -> EthicsCase:
    """There is something to examine. Raises UnknownPerson before it is said whom the report means."""
    with atomic():
        case = own(case_id, by, Step.RECEIVED)
        if case.person is None:
            raise UnknownPerson(case.accused_name)
        return advance(case, Step.VERIFIED, by=by, on=on, note=note, late_because=late_because)


def close(case_id: int, *, why: str, by: User, on: date) -> EthicsCase:
    """End it before the accused is called: not ours, nothing to go on, told twice. Raises Refused without a reason.

    A late end is explained by its reason.
    """
    _refuse_short(why, Refused("Tulis mengapa perkara ditutup, paling sedikit satu kalimat."))
    with atomic():
        case = own(case_id, by, Step.RECEIVED, Step.VERIFIED, Step.EXAMINED)
        return advance(case, Step.CLOSED, by=by, on=on, late_because=why, closed_why=why.strip()[:300])


def add_evidence(case_id: int, words: str, *, by: User, on: date) -> EthicsEvidence:
    """What the handler has seen or heard while examining."""
    _refuse_short(words, Refused("Tulis apa yang diperiksa dan hasilnya, paling sedikit satu kalimat."))
    with atomic():
        case = own(case_id, by, Step.VERIFIED)
        made = EthicsEvidence.objects.create(
            case=case, kind=EthicsEvidence.Kind.SEEN, words=words.strip(), added_on=on
        )  # fmt: skip
        log.record("ethics_case.evidence_added", kind="ethics_case", subject=case.pk)
    return made


def examine(case_id: int, *, charge: str, note: str, by: User, on: date, late_because: str = "") -> EthicsCase:
    """The examination ends with a charge, which the accused will read: it must not say who reported."""
    _refuse_short(charge, Refused("Tulis apa yang disangkakan, paling sedikit satu kalimat, tanpa menyebut pelapor."))
    with atomic():
        case = own(case_id, by, Step.VERIFIED)
        return advance(
            case, Step.EXAMINED, by=by, on=on, note=note, late_because=late_because, charge=charge.strip()
        )  # fmt: skip


def summon(
    case_id: int, *, hearing_on: date, place: str, by: User, on: date, late_because: str = ""
) -> EthicsCase:  # fmt: skip
    """Call the accused, who from now on reads the charge. Raises Refused for a hearing too soon."""
    earliest = on + timedelta(days=law.notice_days(on))
    if hearing_on < earliest:
        raise Refused(
            "Sidang {day} terlalu dekat: yang dipanggil perlu waktu sampai {earliest}. Pilih hari itu atau sesudahnya.",
            day=format_date(hearing_on), earliest=format_date(earliest),
        )  # fmt: skip
    if not place.strip():
        raise Refused("Tempat sidang masih kosong. Tulis tempatnya, atau tautan pertemuan daring.")
    with atomic():
        case = own(case_id, by, Step.EXAMINED)
        return advance(
            case, Step.SUMMONED, by=by, on=on, late_because=late_because, told_on=on, hearing_on=hearing_on,
            hearing_place=place.strip()[:120],
        )  # fmt: skip


def hear(case_id: int, *, heard: str, by: User, on: date, late_because: str = "") -> EthicsCase:
    """What was said at the hearing, or that the accused stayed away. Raises Refused before its day."""
    _refuse_short(heard, Refused("Tulis jalannya sidang, juga bila yang dipanggil tidak datang."))
    with atomic():
        case = own(case_id, by, Step.SUMMONED)
        if case.hearing_on is not None and on < case.hearing_on:
            raise Refused(
                "Sidang baru {day}. Catat jalannya sesudah hari itu, agar yang dipanggil sempat didengar.",
                day=format_date(case.hearing_on),
            )
        return advance(case, Step.HEARD, by=by, on=on, late_because=late_because, heard=heard.strip())


def _refuse_short(text: str, refusal: Refused) -> None:
    if len(text.strip()) < TEXT_MIN:
        raise refusal
