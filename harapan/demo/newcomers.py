"""New families of a demonstration at every step of the road, by the very actions that pages call; some are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from harapan.accounts.models import User
from harapan.core.components import Component
from harapan.demo import homes, names
from harapan.demo.clock import NOW
from harapan.demo.office import Office
from harapan.fieldwork.candidates import PutForward, give_village, put_forward, set_quota
from harapan.fieldwork.decreeing import decree
from harapan.fieldwork.first_meetings import Answered, Came, Consent, note_answers, note_reading, plan_meeting
from harapan.fieldwork.models import Candidacy, FirstMeeting
from harapan.fieldwork.visiting import Counted, Photo, VisitFacts, record_visit
from harapan.payments.actions import record_card_step
from harapan.payments.models import CardStep
from harapan.registry.bulk.accounts import NewAccount, put_accounts
from harapan.registry.bulk.families import NewFamily, add_families
from harapan.registry.grouping import candidates_groups, move_to_group
from harapan.registry.models import Channel, Family, Group, Member, PaymentAccount, Source

FIRST_WAVE, SECOND_WAVE = 12, 6  # candidates of one village
PLACES, MORE_PLACES = 10, 4
LISTED, LISTED_AGAIN = date(2025, 2, 10), date(2025, 6, 23)
MET, MET_AGAIN = date(2025, 2, 25), date(2025, 7, 8)
VISITED, DECREED, STARTS = date(2025, 3, 12), date(2025, 6, 16), date(2025, 7, 1)
ACCOUNT_ON, CARD_ON, GROUPED_ON = date(2025, 6, 24), date(2025, 7, 4), date(2025, 7, 9)
AGREED_PAPER = "map calon di kantor desa"
LATELY = 3  # members of a regency whose road is over
PICTURED = 2  # visits of the first villages with a drawn photograph
HOUSES = (
    {"floor": "wood", "walls": "wood", "roof": "zinc", "water": "river", "toilet": "shared"},
    {"floor": "earth", "walls": "bamboo", "roof": "thatch", "water": "well", "toilet": "none"},
    {"floor": "cement", "walls": "brick", "roof": "zinc", "water": "piped", "toilet": "own"},
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One village with whoever acts there."""

    village: int
    facilitator: User
    officer: User
    group: Group  # that meets
    holding: Group  # that holds the candidates


def write_newcomers(office: Office) -> None:
    """One village of each regency goes through two rounds; families who came lately get the road they came by."""
    chance = Random(f"newcomers {office.world.seed}")
    for place, regency in enumerate(office.regencies):
        with office.acting("data_officer", regency) as (officer, _post):
            ground = _ground(office, regency, officer)
            if ground is None:
                continue
            _first_round(office, ground, chance, pictured=PICTURED if place < 3 else 0)
            _second_round(ground, chance, meets=place % 2 == 0)
            _came_lately(office, regency, officer)


def _ground(office: Office, regency: int, officer: User) -> Ground | None:
    """The village of the regency's first group that has a facilitator."""
    for each in office.world.plan.groups:
        if each.region_no // 10**6 == regency // 10**6 and each.no not in office.world.lost_groups:
            group = Group.objects.select_related("facilitator").get(pk=office.staffed.groups[each.no])
            if group.facilitator is not None:
                village = each.region_no
                set_quota(
                    village, PLACES, source="Surat pusat 118/2025, 3 Februari 2025", from_on=date(2025, 2, 3),
                    by=officer, on=date(2025, 2, 5),
                )  # fmt: skip
                give_village(
                    village, group.facilitator, by=officer, on=date(2025, 2, 5), why="pembagian calon Februari"
                )  # fmt: skip
                holding = candidates_groups([village], on=LISTED)[village]
                return Ground(village, group.facilitator, officer, group, holding)
    return None


def _listed(ground: Ground, chance: Random, count: int, first: int, on: date) -> list[Candidacy]:
    """So many invented families become candidates; `first`: the number of the first in this village."""
    born = [date(1975 + chance.randrange(25), 1 + chance.randrange(12), 1 + chance.randrange(28)) for _ in range(count)]
    street = f"JL. {ground.holding.name.removeprefix('Calon ').upper()}"
    families = [
        NewFamily(
            ground.village, name.upper(), kk=_kk(ground.village, first + place),
            nik=_nik(ground.village, day, first + place), sex=Member.Sex.FEMALE, born_on=day, address=street,
            rt=f"{1 + place % 6:03d}", rw="001", group_no=ground.holding.pk,
        )
        for place, (name, day) in enumerate(zip(names.women.draw(chance, count), born, strict=True))
    ]  # fmt: skip
    ids = add_families(families, source=Source.DTSEN, since=None, on=on)
    rows = [PutForward(family, 1 + place % 3, place + 1) for place, family in enumerate(ids)]
    made = put_forward(rows, by=ground.officer, on=on)
    return [made[family] for family in ids]


def _nik(village: int, born: date, number: int) -> str:
    """Serials from 9700 on: no other invented person bears them."""
    return f"{village // 10_000:06d}{born.day + 40:02d}{born:%m%y}{9700 + number:04d}"


def _kk(village: int, number: int) -> str:
    return f"{village // 10_000:06d}100225{9700 + number:04d}"


def _first_round(office: Office, ground: Ground, chance: Random, *, pictured: int) -> None:
    """Twelve for ten places: two in reserve, one who missed the meeting, one who refused, the others further on."""
    listed = _listed(ground, chance, FIRST_WAVE, 0, LISTED)
    meeting = _meet(ground, MET, planned=LISTED)
    rows = {row.candidacy_id: row for row in meeting.invitations.all()}
    there = [rows[each.pk] for each in listed[:PLACES]]
    agrees = Answered(Came.PRESENT, Consent.SIGNED, AGREED_PAPER)
    said = {row.pk: agrees for row in there}
    said[there[2].pk] = Answered(Came.REPRESENTED, Consent.THUMB, AGREED_PAPER)
    said[there[-1].pk] = Answered(Came.PRESENT, Consent.REFUSED)
    said[there[-2].pk] = Answered(Came.ABSENT)
    said[there[-3].pk] = Answered(Came.PRESENT)
    note_answers(meeting.pk, said, by=ground.facilitator, on=MET)
    for place, each in enumerate(listed[:7]):
        _visit(ground, each, chance, place, pictured=place < pictured)
    put = [each.pk for each in listed[:4]]
    decree(put, number="SK 214/3/2025", decreed_on=DECREED, starts_on=STARTS, by=ground.officer, on=DECREED)
    families = [each.family_id for each in listed[:3]]
    accounts = [
        NewAccount(family, "BRI", f"3302{ground.village % 10**6:06d}{place:05d}", None)
        for place, family in enumerate(families)
    ]
    put_accounts(accounts, source=Source.BANK, since=ACCOUNT_ON)
    _hand_cards(families[:2], ground.officer)
    move_to_group(
        families[:1], ground.group.pk, by=ground.officer, on=GROUPED_ON, why="kelompok terdekat dari rumahnya"
    )


def _meet(ground: Ground, held_on: date, *, planned: date) -> FirstMeeting:
    meeting = plan_meeting(
        ground.holding.pk, kind=FirstMeeting.Kind.FIRST, held_on=held_on, begins=time(9), place="Balai desa",
        by=ground.facilitator, on=planned + timedelta(days=3),
    )  # fmt: skip
    if held_on <= NOW:
        return note_reading(meeting.pk, read_by=ground.facilitator.name.title(), by=ground.facilitator, on=held_on)
    return meeting


def _visit(ground: Ground, candidacy: Candidacy, chance: Random, place: int, *, pictured: bool) -> None:
    """Five are eligible, one is well off, one was not at home."""
    on, begins = VISITED + timedelta(days=place * 2), time(8 + place, 15)
    at = homes.near(chance, ground.village)
    manager = Member.objects.get(family=candidacy.family_id, manager=True)
    eligible, found = place < 5, place < 6
    facts = VisitFacts(
        on, begins, begins.replace(minute=50), found=found, eligible=eligible if found else None,
        reason="" if eligible else ("well_off" if found else "away"), housing=HOUSES[place % 3] if found else {},
        terrain=("easy", "middling", "hard")[place % 3], latitude=at[0], longitude=at[1],
        accuracy_m=chance.choice((6, 12, 25, 180)), note="",
        components=(Counted(manager.pk, Component.PREGNANT),) if eligible else (),
    )  # fmt: skip
    photos = [Photo("house", f"rumah-{place}.jpg", homes.photograph(chance, on, begins, at))] if pictured else []
    record_visit(candidacy.family_id, facts, photos, by=ground.facilitator, on=on)


def _hand_cards(family_ids: Sequence[int], by: User) -> None:
    families = list(Family.objects.filter(pk__in=family_ids))
    for step in (CardStep.Step.ORDERED, CardStep.Step.AT_BRANCH):
        record_card_step(families, step=step, by=by, on=CARD_ON - timedelta(days=5), bank="BRI")
    record_card_step(
        families, step=CardStep.Step.HANDED_OVER, by=by, on=CARD_ON, bank="BRI", minutes_no="BA KKS/07/2025",
        minutes_on=CARD_ON,
    )  # fmt: skip


def _second_round(ground: Ground, chance: Random, *, meets: bool) -> None:
    """Six for four new places; in every other village the meeting has been held, with nobody's answer yet."""
    set_quota(
        ground.village, MORE_PLACES, source="Surat pusat 402/2025, 20 Juni 2025", from_on=date(2025, 6, 20),
        by=ground.officer, on=date(2025, 6, 20),
    )  # fmt: skip
    _listed(ground, chance, SECOND_WAVE, FIRST_WAVE, LISTED_AGAIN)
    if meets:
        _meet(ground, MET_AGAIN, planned=LISTED_AGAIN)


def _came_lately(office: Office, regency: int, by: User) -> None:
    """The latest members of the regency came by a list as well; everything after it is already recorded of them."""
    rows = office.by_regency(iter(range(len(office.world.families))))[regency]
    handed = set(CardStep.objects.filter(step=CardStep.Step.HANDED_OVER).values_list("family", flat=True))
    handed |= set(PaymentAccount.objects.filter(channel=Channel.POST).values_list("family", flat=True))
    settled = [row for row in rows if office.written.families[row] in handed and office.written.groups[row]]
    latest = sorted(settled, key=lambda row: office.written.since[row], reverse=True)[:LATELY]
    families = Family.objects.in_bulk([office.written.families[row] for row in latest])
    listed = {office.written.families[row]: office.written.since[row] - timedelta(days=80) for row in latest}
    Candidacy.objects.bulk_create(
        Candidacy(
            family=family, region_no=family.region_id, group_no=family.group_id or 0, desil=1, added_by=by,
            listed_on=listed[pk], placed_on=listed[pk],
        )
        for pk, family in families.items()
    )  # fmt: skip
