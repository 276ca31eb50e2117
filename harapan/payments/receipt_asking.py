""" "Uang diterima utuh?": drawn per kecamatan and stage, asked by somebody else than the family's facilitator."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Count

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.models import Stage
from harapan.core.drawing import draw
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.fields import draw_ids
from harapan.database.scope import atomic, current
from harapan.payments.enums import ExceptionKind, Standing
from harapan.payments.field_exceptions import FieldWord, open_from_field
from harapan.payments.field_law import asked_percent, small_cell_min
from harapan.payments.models import Claim, Handover, ReceiptDraw, ReceiptQuestion
from harapan.regions import codes
from harapan.registry.models import Family, Group

Answer = ReceiptQuestion.Answer


def paid_families(stage: Stage, district_no: int) -> dict[int, list[int]]:
    """Group -> families of the kecamatan that the money reached, by the bank or by hand. Two queries."""
    low, high = codes.range_of(district_no)
    paid = Claim.objects.filter(
        stage=stage, region_no__gte=low, region_no__lt=high, standing__in=(Standing.CREDITED, Standing.WITHDRAWN)
    )
    handed = Handover.objects.filter(
        stage=stage, region_no__gte=low, region_no__lt=high, outcome=Handover.Outcome.RECEIVED
    )
    strata: dict[int, set[int]] = defaultdict(set)
    for rows in (paid, handed):
        for group, family in rows.order_by().values_list("group_no", "family_id"):
            strata[group].add(family)
    return {group: sorted(families) for group, families in strata.items()}


def draw_questions(
    stage: Stage, district_no: int, *, by: User, on: date, seed: str | None = None
) -> ReceiptDraw:  # fmt: skip
    """Draw the families to ask, once a kecamatan and stage; drawn again it is the same draw. Raises Refused.

    seed: of an earlier draw, in order to repeat it elsewhere; else one that nobody could know beforehand.
    """
    with atomic():
        Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)  # two draws at once would both find none
        known = ReceiptDraw.objects.filter(stage=stage, region_no=district_no).first()
        if known is not None:
            return known
        strata = paid_families(stage, district_no)
        population = sum(map(len, strata.values()))
        if not population:
            raise Refused(
                "Belum ada uang tahap {stage} yang sampai di kecamatan ini, jadi belum ada yang dapat ditanya.",
                stage=stage.name,
            )
        percent, seed = asked_percent(on), seed or secrets.token_hex(8)
        chosen = draw(strata, percent=percent, seed=seed)
        frame = {str(group): families for group, families in sorted(strata.items())}
        made = ReceiptDraw.objects.create(
            stage=stage, region_no=district_no, seed=seed, percent=percent, population=population,
            drawn=sum(map(len, chosen.values())), frame=frame, frame_hash=hash_of(frame), by=by, on=on,
        )  # fmt: skip
        _write_questions(made, [pk for families in chosen.values() for pk in families])
        log.record(
            "receipt.drawn", kind="receipt_draw", subject=made.pk,
            body={"stage": stage.name, "district": district_no, "seed": seed, "drawn": made.drawn, "of": population,
                  "frame": made.frame_hash},
        )  # fmt: skip
    return made


def hash_of(frame: Mapping[str, Iterable[int]]) -> str:
    """SHA-256 over groups and families in order: two frames with one hash are the same people."""
    lines = (f"{group}:{','.join(map(str, sorted(frame[group])))}" for group in sorted(frame, key=int))
    return sha256("\n".join(lines).encode()).hexdigest()


class Repeated(NamedTuple):
    """What drawing again gave. `frozen`: the frame is the one of that day; `same`: the same families came out."""

    frozen: bool
    same: bool
    newly_paid: int


def repeat_draw(made: ReceiptDraw) -> Repeated:
    """Draw again from the frozen frame and compare; who was paid since is counted, and changes nothing.

    Questions that the scope hides are not compared, but as many as were asked must come out. Raises Refused where the
    draw is older than frames.
    """
    if made.frame is None:
        raise Refused("Undian ini dibuat sebelum kerangkanya disimpan, jadi tidak dapat diulang.")
    frame = {int(group): families for group, families in made.frame.items()}
    again = {pk for chosen in draw(frame, percent=made.percent, seed=made.seed).values() for pk in chosen}
    seen = set(made.questions.values_list("family", flat=True))
    now = sum(map(len, paid_families(made.stage, made.region_no).values()))
    frozen = hash_of(made.frame) == made.frame_hash  # which the log keeps as well
    return Repeated(frozen, len(again) == made.drawn and seen <= again, max(0, now - made.population))


def _write_questions(made: ReceiptDraw, families: list[int]) -> None:
    rows = Family.objects.filter(pk__in=families).values_list("pk", "region_id", "group_id", "group__facilitator")
    ids = draw_ids(ReceiptQuestion, len(families))
    ReceiptQuestion.objects.bulk_create(
        ReceiptQuestion(
            id=pk, draw=made, family_id=family, region_no=region, group_no=group or 0, facilitator_id=facilitator
        )
        for pk, (family, region, group, facilitator) in zip(ids, rows, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the family answered."""

    answer: ReceiptQuestion.Answer
    cut_idr: int | None = None
    cut_by: str = ""
    cut_because: str = ""


def answer_question(question_id: int, told: Told, *, asked_on: date, by: User, on: date) -> ReceiptQuestion:
    """Keep an answer; the last one holds, the log keeps those before. Raises Refused, also for the own facilitator."""
    if asked_on > on:
        raise Refused("Tanggal {day} belum tiba. Isi hari keluarga ditanya.", day=format_date(asked_on))
    if told.answer is Answer.CUT and not (told.cut_idr and told.cut_idr > 0 and told.cut_by.strip()):
        raise Refused("Uang dipotong: tulis berapa potongannya dan oleh siapa.")
    with atomic():
        found = (
            ReceiptQuestion.objects.select_for_update(of=("self",))
            .select_related("family", "draw__stage")
            .filter(pk=question_id)
            .first()
        )
        if found is None:
            raise Refused("Pertanyaan ini tidak ada di daftar Anda. Muat ulang daftarnya.")
        _refuse_facilitator(found, by)
        cut = told.answer is Answer.CUT
        found.answer, found.asked_by, found.asked_on = told.answer, by, asked_on
        found.cut_idr = told.cut_idr if cut else None
        found.cut_by = told.cut_by.strip()[:120] if cut else ""
        found.cut_because = told.cut_because.strip()[:200] if cut else ""
        found.save(update_fields=["answer", "asked_by", "asked_on", "cut_idr", "cut_by", "cut_because"])
        if cut:
            _open_exception(found, on=on)
        log.record("receipt.asked", kind="receipt_draw", subject=found.draw_id, body={"question": found.pk})
    return found


def _open_exception(question: ReceiptQuestion, *, on: date) -> None:
    """For the regency, without saying who spoke: that stands on the page of answers, which fewer may read."""
    district = codes.ancestor(question.region_no, codes.Level.DISTRICT)
    word = FieldWord(question.pk, district, "", "Satu keluarga terundi mengaku uangnya dipotong; isinya di halaman "
                     "“Uang diterima utuh?”.", 0)  # fmt: skip
    open_from_field(question.draw.stage, ExceptionKind.CUT, [word], on=on)


def _refuse_facilitator(question: ReceiptQuestion, by: User) -> None:
    """Neither whoever was the family's facilitator when drawn, nor now, nor anybody acting for them."""
    scope = current()
    people = {by.pk, scope.on_behalf if scope else None} - {None}
    now = Group.objects.filter(pk=question.family.group_id or 0).values_list("facilitator", flat=True).first()
    if people & {question.facilitator_id, now}:
        raise Refused(
            "{name} adalah keluarga dampingan Anda sendiri. Minta orang lain yang menanyakannya.",
            name=question.family.name,
        )


@dataclass(frozen=True, slots=True)
class District:
    """What a kecamatan answered. `hidden`: too few answered to show the figures without showing who said what."""

    draw: ReceiptDraw
    answered: int
    whole: int
    cut: int
    silent: int
    not_found: int
    hidden: bool


def summary(stage: Stage, *, on: date) -> list[District]:
    """Every draw in the scope that is on, by place. Two queries."""
    draws = list(ReceiptDraw.objects.filter(stage=stage).order_by("region_no"))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    answered = ReceiptQuestion.objects.filter(draw__in=draws, answer__isnull=False).order_by()
    for draw_id, answer, number in answered.values_list("draw", "answer").annotate(Count("pk")):
        found[draw_id][answer] = number
    least = small_cell_min(on)
    return [_district(each, found[each.pk], least) for each in draws]


def _district(made: ReceiptDraw, counts: dict[int, int], least: int) -> District:
    whole, cut, silent, not_found = (counts.get(int(each), 0) for each in Answer)
    answered = whole + cut + silent + not_found
    return District(made, answered, whole, cut, silent, not_found, hidden=_small(whole, cut, least))


def _small(whole: int, cut: int, least: int) -> bool:
    """Figures are shown only where no answer that points at a few people stands alone."""
    return whole + cut < least or 0 < cut < least or 0 < whole < least
