"""Handing over in the shown regency: payout days, marks with every outcome, held cards, what families say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, time
from random import Random

from PIL import Image, ImageDraw

from harapan.accounts.models import Post, User
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Stage
from harapan.database.scope import Scope, put_on
from harapan.demo.clock import SECOND
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.office import Office
from harapan.payments.field_law import proof_codes
from harapan.payments.field_queries import families_due
from harapan.payments.handing_over import mark_handover
from harapan.payments.handover_proof import add_proof, add_reason_proof
from harapan.payments.handover_rules import Said
from harapan.payments.held_cards import report_held_card, resolve_held_card
from harapan.payments.models import Claim, Handover, HeldCard, Programme, ReceiptQuestion
from harapan.payments.payout_changes import move_payout_day
from harapan.payments.payout_days import enter_programme_due, plan_payout_day
from harapan.payments.receipt_asking import Told, answer_question, draw_questions
from harapan.payments.receipts import say_receipt
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.registry.models import NO_GROUP, Family, Group

PUT_OFF_FROM, PAID_ON, SAID_ON = date(2025, 7, 11), date(2025, 7, 14), date(2025, 7, 16)
BPNT_IDR = 200_000
REASONS = ("did_not_come", "not_found", "card_lost", "bank_debt", "migrant_worker", "refused", "pin_blocked")
HELD = (
    ("shop", "Toko Berkah", "Keluarga bercerita kartu dititipkan di toko sejak puasa."),
    ("facilitator", "", "Dua keluarga mengatakan kartunya disimpan pendamping."),
    ("lender", "", "Anak keluarga mengatakan kartu digadaikan."),
)
FEW = 5  # families of a group in which one did not receive
UNTOUCHED_EVERY = 4  # one group in so many has no marks yet
DRAWN_DISTRICTS = 2
Answer = ReceiptQuestion.Answer


def hand_over(office: Office) -> None:
    """By the very actions of the pages, each in the name of whoever does it. The same seed says the same."""
    stage, chance = stage_named(SECOND), Random(f"handing over {office.world.seed}")
    groups = list(_groups())
    with office.acting("data_officer", SHOWN_REGENCY) as (by, _):
        _plan_days(stage, groups, by)
    for place, group in enumerate(groups):
        if place % UNTOUCHED_EVERY != UNTOUCHED_EVERY - 1:
            _mark(stage, group, chance, proven=place % UNTOUCHED_EVERY == 0)
    _report_cards(office, stage)
    _say(office, stage)
    _ask(office, stage, chance)


def _groups() -> Iterator[Group]:
    low, high = codes.range_of(SHOWN_REGENCY)
    found = Group.objects.exclude(pk=NO_GROUP).filter(region_id__gte=low, region_id__lt=high, facilitator__isnull=False)
    found = found.filter(candidates=False)  # what holds a village's candidates is no group that is paid
    yield from found.select_related("facilitator").order_by("region_id", "pk")


def _plan_days(stage: Stage, groups: list[Group], by: User) -> None:
    villages = sorted({group.region_id for group in groups if group.region_id})[::2]
    for place, village in enumerate(villages[:-1]):
        plan_payout_day(
            stage, village, day=PAID_ON, begins=time(8 + place % 4), ends=time(12 + place % 4),
            place="Kantor pos kecamatan", payer="POS", by=by, on=SAID_ON,
        )  # fmt: skip
    for village in villages[-1:]:  # one that the post put off: its families are still to be told
        early = plan_payout_day(
            stage, village, day=PUT_OFF_FROM, begins=time(8), ends=time(12), place="Balai desa", payer="POS", by=by,
            on=SAID_ON,
        )  # fmt: skip
        move_payout_day(
            early.pk, day=PAID_ON, begins=time(13), ends=time(15), place="Kantor pos kecamatan",
            because="Kantor pos menunda karena jalan ke desa banjir.", by=by, on=SAID_ON,
        )  # fmt: skip


def _mark(stage: Stage, group: Group, chance: Random, *, proven: bool) -> None:
    by = group.facilitator
    if by is None:
        return
    with put_on(Scope.batch(actor=by.pk, via="demo")):
        families = families_due(stage, [group])
        if proven and families:
            bpnt = dict.fromkeys(families[::3], BPNT_IDR)
            enter_programme_due(stage, Programme.BPNT, bpnt, source="Daftar bayar kantor pos, Juli 2025", by=by)
        missing = chance.sample(families, max(len(families) // 8, int(len(families) >= FEW)))
        said = {
            (family.pk, "pkh"): Said(Handover.Outcome.NOT_RECEIVED, chance.choice(REASONS)) for family in missing
        }  # fmt: skip
        mark_handover(stage, families, said, day=PAID_ON, rest=True, by=by, on=SAID_ON)
        if proven and families:
            _prove_reason(stage, group, said, families, by)
            signed = [family.pk for family in families]
            add_proof(stage, group, _sheet(group), name="daftar.jpg", page=1, families=signed, by=by)


def _prove_reason(
    stage: Stage, group: Group, said: dict[tuple[int, str], Said], families: list[Family], by: User
) -> None:  # fmt: skip
    """The first reason that rests on a document gets it; others still lack theirs."""
    wanting = proof_codes(SAID_ON)
    for family in families:
        told = said.get((family.pk, "pkh"))
        if told is not None and told.reason in wanting:
            paper = _sheet(group, title=f"SURAT PERNYATAAN {family.name}", lines=8)
            add_reason_proof(stage, family, Programme.PKH, paper, name="surat.jpg", by=by, on=SAID_ON)
            return


def _sheet(group: Group, *, title: str = "", lines: int = 25) -> bytes:
    """A drawn stand-in for a signed sheet: lines and strokes, nobody's hand."""
    image = Image.new("RGB", (900, 1200), "white")
    pen = ImageDraw.Draw(image)
    pen.text((60, 40), title or f"DAFTAR SERAH TERIMA {group.name}", fill="black")
    for line in range(lines):
        pen.line((60, 100 + 42 * line, 840, 100 + 42 * line), fill="gray")
        pen.arc((640 + line, 70 + 42 * line, 780, 96 + 42 * line), 10, 300, fill="navy", width=2)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _shown(count: int) -> list[Family]:
    """So many families of the shown regency that are due something, evenly spread."""
    low, high = codes.range_of(SHOWN_REGENCY)
    due = Claim.objects.filter(stage__name=SECOND, region_no__gte=low, region_no__lt=high).exclude(group_no=NO_GROUP)
    numbers = sorted(set(due.values_list("family", flat=True)))
    chosen = numbers[:: max(1, len(numbers) // count)][:count]
    return list(Family.objects.filter(pk__in=chosen).select_related("group__facilitator").order_by("pk"))


def _report_cards(office: Office, stage: Stage) -> None:
    office_of = office.post("regency_office", SHOWN_REGENCY).user  # never whoever reported it
    with office.acting("regency_coordinator", SHOWN_REGENCY) as (by, _):
        for family, (holder, name, how) in zip(_shown(len(HELD)), HELD, strict=False):
            accused = family.group.facilitator if holder == "facilitator" and family.group else None
            report = report_held_card(
                stage, family, holder=holder, holder_name=name, accused=accused, found_how=how, by=by, on=SAID_ON
            )
            if holder == "lender":
                resolve_held_card(
                    report.pk, resolution=HeldCard.Resolution.RETURNED, by=office_of, on=SAID_ON,
                    how="Kartu kembali kepada keluarga di depan perangkat desa.",
                )  # fmt: skip


def _say(office: Office, stage: Stage) -> None:
    """Five families tell what they received: two the whole, three less."""
    low, high = codes.range_of(SHOWN_REGENCY)
    received = Handover.objects.filter(
        stage=stage, programme=Programme.PKH, outcome=Handover.Outcome.RECEIVED, region_no__gte=low, region_no__lt=high
    )
    with office.acting("regency_coordinator", SHOWN_REGENCY) as (by, _):
        for place, row in enumerate(received.select_related("family").order_by("pk")[:5]):
            idr = row.amount_idr - (50_000 if place > 1 else 0)
            say_receipt(stage, row.family, amount_idr=max(0, idr), told_on=SAID_ON, by=by, on=SAID_ON)


def _ask(office: Office, stage: Stage, chance: Random) -> None:
    """Two kecamatan are drawn; the team lead asks all but one family of each."""
    low, high = codes.range_of(SHOWN_REGENCY)
    paid = Handover.objects.filter(stage=stage, region_no__gte=low, region_no__lt=high).values_list(
        "region_no", flat=True
    )
    districts = sorted({codes.ancestor(no, Level.DISTRICT) for no in paid})[:DRAWN_DISTRICTS]
    for waiting, district in enumerate(districts):  # in the second one a family is still to be asked
        with office.acting("regency_office", SHOWN_REGENCY) as (by, _):
            made = draw_questions(stage, district, by=by, on=SAID_ON, seed=f"{office.world.seed:x}-{district:x}"[:32])
        lead = Post.objects.filter(role_code="district_lead", region_nos__contains=[district]).first()
        asker = lead.user if lead else by
        with put_on(Scope.batch(actor=asker.pk, via="demo")):
            for question in list(made.questions.order_by("pk"))[: made.drawn - waiting]:
                answer_question(question.pk, _answer(chance), asked_on=SAID_ON, by=asker, on=SAID_ON)


def _answer(chance: Random) -> Told:
    kind = chance.choices((Answer.WHOLE, Answer.CUT, Answer.WILL_NOT_SAY, Answer.NOT_FOUND), (16, 2, 1, 1))[0]
    return Told(kind, 25_000, "ketua kelompok", "ongkos mengambilkan uang") if kind is Answer.CUT else Told(kind)
