"""Five short questions: families drawn per kecamatan and month, asked by somebody else than their facilitator."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.drawing import draw
from harapan.core.errors import Refused
from harapan.core.periods import format_date, format_month, month_of
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic, current
from harapan.regions import codes
from harapan.registry.models import Enrolment, Family, Group
from harapan.workforce.ethics import law
from harapan.workforce.ethics.catalogue import Question, question_named, questions_on
from harapan.workforce.ethics.reporting import Record, forward
from harapan.workforce.ethics.rules import deserving, hidden
from harapan.workforce.models import EthicsDraw, EthicsEvidence, EthicsVisit

Answer = EthicsVisit.Answer


def members_of(district_no: int, on: date) -> dict[int, list[int]]:
    """Group -> families of the kecamatan that belong to the programme on the day. One query."""
    low, high = codes.range_of(district_no)
    enrolled = Enrolment.objects.filter(spell__contains=on, region_no__gte=low, region_no__lt=high)
    rows = Family.objects.inside(low, high).filter(pk__in=enrolled.values("family")).order_by("pk")
    strata: dict[int, list[int]] = defaultdict(list)
    for family, group in rows.values_list("pk", "group"):
        strata[group].append(family)
    return dict(strata)


def draw_families(district_no: int, *, by: User, on: date, seed: str | None = None) -> EthicsDraw:
    """Draw whom to ask, once a kecamatan and month; drawn again it is the same draw. Raises Refused.

    seed: of an earlier draw, in order to repeat it elsewhere; else one that nobody could know beforehand.
    """
    month = on.year * 100 + on.month
    with atomic():
        strata = members_of(district_no, on)
        population = sum(map(len, strata.values()))
        if not population:
            raise Refused("Belum ada keluarga peserta di kecamatan ini, jadi belum ada yang dapat ditanya.")
        percent, seed = law.asked_percent(on), seed or secrets.token_hex(8)
        chosen = [pk for families in draw(strata, percent=percent, seed=seed).values() for pk in families]
        made, fresh = EthicsDraw.objects.get_or_create(
            region_no=district_no, month=month,
            defaults={"seed": seed, "percent": percent, "population": population, "drawn": len(chosen),
                      "drawn_by": by, "drawn_on": on},
        )  # fmt: skip
        if fresh:
            _write(made, chosen)
            log.record(
                "ethics_visits.drawn", kind="ethics_draw", subject=made.pk,
                body={"district": district_no, "month": month, "seed": seed, "drawn": made.drawn, "of": population},
            )  # fmt: skip
    return made


def _write(made: EthicsDraw, families: list[int]) -> None:
    rows = Family.objects.filter(pk__in=families).values_list("pk", "region_id", "group_id", "group__facilitator")
    EthicsVisit.objects.bulk_create(
        EthicsVisit(id=pk, draw=made, family_id=family, region_no=region, group_no=group or 0, facilitator_id=holder)
        for pk, (family, region, group, holder) in zip(draw_ids(EthicsVisit, len(families)), rows, strict=True)
    )


def record_answers(
    visit_id: int, answers: Mapping[str, int], *, visited_on: date, by: User, on: date, found: bool = True,
    note: str = "",
) -> EthicsVisit:  # fmt: skip
    """Keep what a family said; the last word holds, the log keeps those before. Raises Refused.

    answers: question code -> Answer, for every question of the day, or none where nobody was found.
    """
    if visited_on > on:
        raise Refused("Tanggal {day} belum tiba. Isi hari keluarga dikunjungi.", day=format_date(visited_on))
    questions = questions_on(visited_on)
    if found and set(answers) != {each.code for each in questions}:
        raise Refused(
            "Jawab kelima pertanyaannya, atau pilih tidak mau menjawab untuk yang tidak dijawab keluarga."
        )  # fmt: skip
    with atomic():
        visit = _held(visit_id, by)
        if visit.forwarded_on is not None:
            raise Refused("Jawaban ini sudah diteruskan ke penegak etik, jadi tidak dapat diubah lagi.")
        visit.found, visit.visited_on, visit.visited_by = found, visited_on, by
        visit.asked = [each.code for each in questions] if found else []
        visit.answers = [Answer(answers[code]) for code in visit.asked]
        visit.note = note.strip()[:300]
        visit.save(update_fields=["found", "visited_on", "visited_by", "asked", "answers", "note"])
        log.record("ethics_visit.answered", kind="ethics_draw", subject=visit.draw_id, body={"visit": visit.pk})
    return visit


def _held(visit_id: int, by: User) -> EthicsVisit:
    """The visit under its lock; never the own family of whoever asks, or of whom they act for."""
    rows = EthicsVisit.objects.select_for_update(of=("self",)).select_related("family")
    visit = rows.filter(pk=visit_id).first()
    if visit is None:
        raise Refused("Kunjungan ini tidak ada di daftar Anda. Muat ulang daftarnya.")
    scope = current()
    people = {by.pk, scope.on_behalf if scope else None} - {None}
    now = Group.objects.filter(pk=visit.family.group_id or 0).values_list("facilitator", flat=True).first()
    if people & {visit.facilitator_id, now}:
        raise Refused(
            "{name} adalah keluarga dampingan Anda sendiri. Minta orang lain yang menanyakannya.",
            name=visit.family.name,
        )  # fmt: skip
    return visit


def deserves(visit: EthicsVisit) -> list[Question]:
    """The questions whose answer deserves a report."""
    named = {code: question for code in visit.asked if (question := question_named(code))}
    wanted = {code: question.report_if for code, question in named.items()}
    return [named[code] for code in deserving(visit.asked, visit.answers, wanted)]


def forward_visit(visit_id: int, *, by: User, on: date) -> int:
    """Open a case from an answer that deserves it, without naming the family in it. Raises Refused."""
    with atomic():
        visit = EthicsVisit.objects.select_for_update(of=("self",)).filter(pk=visit_id).first()
        if visit is None or not (grave := deserves(visit)):
            raise Refused("Tidak ada jawaban yang patut dilaporkan pada kunjungan ini.")
        said = "; ".join(
            f"“{each.text}” dijawab {Answer(each.report_if).label}" for each in grave
        )  # fmt: skip
        month = format_month(month_of(visit.visited_on or on))
        record = Record(
            EthicsEvidence.Kind.FAMILY, visit.pk, f"Satu keluarga terundi pada {month}: {said}."
        )  # fmt: skip
        case = forward(
            record, accused=visit.facilitator, offence=grave[0].offence, by=by, on=on, region_no=visit.region_no
        )
        visit.forwarded_on = on
        visit.save(update_fields=["forwarded_on"])
    return case


@dataclass(frozen=True, slots=True)
class Total:
    """What the families of a place said to one question. `grave`: None where so few would point at somebody."""

    question: Question
    answered: int
    grave: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A kecamatan's draw of a month and what came of it."""

    draw: EthicsDraw
    visited: int
    not_found: int
    totals: tuple[Total, ...]


def by_place(month: int, *, on: date) -> list[Place]:
    """Every draw of the month (yyyymm) in the scope that is on, by place. Two queries."""
    draws = list(EthicsDraw.objects.filter(month=month).order_by("region_no"))
    said: dict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
    met: dict[int, Counter[bool]] = defaultdict(Counter)
    rows = EthicsVisit.objects.filter(draw__in=draws, found__isnull=False)
    for number, found, asked, answers in rows.values_list("draw", "found", "asked", "answers"):
        met[number][bool(found)] += 1
        said[number].update(zip(asked, answers, strict=True))
    least = law.small_cell_min(on)
    return [
        Place(each, met[each.pk][True], met[each.pk][False], _totals(said[each.pk], least=least, on=on))
        for each in draws
    ]


def _totals(said: Counter[tuple[str, int]], *, least: int, on: date) -> tuple[Total, ...]:
    found = []
    for question in questions_on(on):
        clear = said[question.code, Answer.YES] + said[question.code, Answer.NO]
        grave = said[question.code, question.report_if]
        found.append(Total(question, clear, None if hidden(grave, clear, least) else grave))
    return tuple(found)
