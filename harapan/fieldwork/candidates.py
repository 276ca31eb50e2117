"""Quotas and candidates of villages: set, put forward, moved up from the reserve, given to a facilitator, ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.models import Candidacy, VillageQuota
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.actions import NotYours, assign_facilitator
from harapan.registry.grouping import candidates_groups
from harapan.registry.models import NO_GROUP, Enrolment, Family, Group, Member

PLACES_MAX = 5_000  # of one village; more is a slip of the pen


def set_quota(village_no: int, places: int, *, source: str, from_on: date, by: User, on: date) -> VillageQuota:
    """How many candidates a village may have from a day on; free places go to its reserve at once.

    The same day again corrects the number. Raises Refused for what is no village, no source, or a number out of reason.
    """
    village = Region.objects.filter(no=village_no, level=codes.Level.VILLAGE).first()
    if village is None:
        raise Refused(
            "{code} bukan desa atau kelurahan yang dikenal. Pilih desanya dari daftar.", code=codes.dotted(village_no)
        )
    if not 0 <= places <= PLACES_MAX:
        raise Refused(
            "Kuota {places} untuk satu desa tidak masuk akal; isi 0 sampai {most}.", places=places, most=PLACES_MAX
        )
    if len(source.strip()) < 4:
        raise Refused("Tulis sumber kuota, misalnya nomor surat pusat dan tanggalnya.")
    with atomic():
        group = candidates_groups([village_no], on=on)[village_no]
        quota, made = VillageQuota.objects.select_for_update(of=("self",)).get_or_create(
            group=group, from_on=from_on,
            defaults={"places": places, "source": source.strip()[:200], "set_by": by, "region_no": village_no},
        )  # fmt: skip
        was = None if made else quota.places
        if not made:
            quota.places, quota.source, quota.set_by = places, source.strip()[:200], by
            quota.save()
        body = {"village": village_no, "was": was, "now": places, "from": from_on}
        log.record("quota.set", kind="group", subject=group.pk, body=body)
        fill_places([village_no], on=on)
    return quota


def quotas_on(villages: Collection[int], day: date) -> dict[int, VillageQuota]:
    """Village -> the quota in force. One query."""
    rows = VillageQuota.objects.filter(region_no__in=villages, from_on__lte=day).order_by("region_no", "from_on", "pk")
    return {each.region_no: each for each in rows}


@dataclass(frozen=True, slots=True)
class PutForward:
    """A family on the list of candidates of its village."""

    family_id: int
    desil: int | None = None
    rank: int | None = None


def put_forward(candidates: Sequence[PutForward], *, by: User, on: date) -> dict[int, Candidacy]:
    """Make families candidates of their villages, in reserve first; then free places are filled by rank.

    The caller has seen to it that none is a member or a candidate already. Family -> its candidacy as it stands then.
    """
    if not candidates:
        return {}
    with atomic():
        families = {each.pk: each for each in Family.objects.filter(pk__in=[c.family_id for c in candidates])}
        villages = {family.region_id for family in families.values()}
        Candidacy.objects.bulk_create(
            Candidacy(
                family=families[each.family_id], region_no=families[each.family_id].region_id,
                group_no=families[each.family_id].group_id or NO_GROUP, listed_on=on, desil=each.desil, rank=each.rank,
                added_by=by,
            )
            for each in candidates
        )  # fmt: skip
        log.record_each("candidate.listed", kind="family", bodies={each.family_id: {} for each in candidates})
        fill_places(villages, on=on)
        return {each.family_id: each for each in Candidacy.objects.open().filter(family__in=families)}


def rank_anew(candidates: Sequence[PutForward]) -> set[int]:
    """Take over desil and rank of a later list for open candidacies; the families of which anything changed.

    What the list leaves empty stays. A place once given is not taken back: the rank decides who is next in reserve.
    """
    said = {each.family_id: each for each in candidates}
    with atomic():
        changed, bodies = [], {}
        for row in Candidacy.objects.select_for_update(of=("self",)).open().filter(family__in=said):
            now = said[row.family_id]
            was = {"desil": row.desil, "rank": row.rank}
            row.desil = row.desil if now.desil is None else now.desil
            row.rank = row.rank if now.rank is None else now.rank
            if was != {"desil": row.desil, "rank": row.rank}:
                changed.append(row)
                bodies[row.family_id] = {"was": was, "now": {"desil": row.desil, "rank": row.rank}}
        Candidacy.objects.bulk_update(changed, ["desil", "rank"])
        log.record_each("candidate.ranked", kind="family", bodies=bodies)
    return set(bodies)


def fill_places(villages: Iterable[int], *, on: date) -> list[int]:
    """Give the free places of each village to its reserve, by rank, then by who came first. Families moved up.

    A place counts for the quota in force on the day it was given.

    Three statements, whatever the number of villages. A village without quota has no free place.
    """
    wanted = set(villages)
    quotas = quotas_on(wanted, on)
    standing = Candidacy.objects.select_for_update(of=("self",)).open().filter(region_no__in=wanted)
    waiting: dict[int, list[Candidacy]] = defaultdict(list)
    taken: dict[int, int] = defaultdict(int)
    for each in standing.order_by("region_no", F("rank").asc(nulls_last=True), "listed_on", "pk"):
        if each.reserve:
            waiting[each.region_no].append(each)
        elif each.region_no in quotas and each.placed_on and each.placed_on >= quotas[each.region_no].from_on:
            taken[each.region_no] += 1
    up = [
        each
        for village, quota in quotas.items()
        for each in waiting[village][: max(quota.places - taken[village], 0)]
    ]  # fmt: skip
    for each in up:
        each.placed_on = on
    Candidacy.objects.bulk_update(up, ["placed_on"])
    log.record_each("candidate.placed", kind="family", bodies={each.family_id: {} for each in up})
    return [each.family_id for each in up]


def give_village(village_no: int, facilitator: User, *, by: User, on: date, why: str) -> Group:
    """Let a facilitator look after the candidates of a village. Raises like `registry.assign_facilitator`."""
    with atomic():
        group = candidates_groups([village_no], on=on).get(village_no)
        if group is None:
            raise NotYours(Phrase("Desa"))
        (given,) = assign_facilitator([group.pk], facilitator, by=by, on=on, why=why)
    return given


def end_candidacy(candidacy: Candidacy, *, because: str, by: User, on: date) -> None:
    """End it for a reason, inside the caller's transaction; its place goes to the reserve of the village."""
    candidacy.closed_on, candidacy.closed_because = on, because
    candidacy.save(update_fields=["closed_on", "closed_because"])
    log.record("candidate.ended", kind="family", subject=candidacy.family_id, body={"because": because})
    if not candidacy.reserve:
        fill_places([candidacy.region_no], on=on)


def reopen(candidacy: Candidacy, *, because: str, on: date) -> None:
    """Take the end of a candidacy back, inside the caller's transaction; it gets a place again where one is free.

    Raises Refused where the family has become a candidate anew, or a member.
    """
    anew = Candidacy.objects.open().filter(family=candidacy.family_id).exists()
    if anew or members_among([candidacy.family_id], on=on):
        raise Refused(
            "{family} sudah menjadi calon lagi atau peserta, jadi pencalonan yang lama tidak dibuka kembali.",
            family=candidacy.family.name,
        )
    had_place, candidacy.placed_on = not candidacy.reserve, None
    candidacy.closed_on, candidacy.closed_because = None, ""
    candidacy.save(update_fields=["closed_on", "closed_because", "placed_on"])
    log.record("candidate.reopened", kind="family", subject=candidacy.family_id, why=because)
    if had_place:
        fill_places([candidacy.region_no], on=on)
        candidacy.refresh_from_db(fields=["placed_on"])


def locked(candidacy_id: int) -> Candidacy:
    """An open candidacy under its lock. Raises NotYours outside the scope, Refused where it has ended."""
    found = Candidacy.objects.select_for_update(of=("self",)).select_related("family").filter(pk=candidacy_id).first()
    if found is None:
        raise NotYours(Phrase("Calon"))
    if found.closed_on is not None:
        raise Refused("Pencalonan {family} sudah berakhir, jadi tidak diubah lagi.", family=found.family.name)
    return found


def members_among(families: Iterable[int], *, on: date) -> set[int]:
    """Which of these families are members on the day or later. One query."""
    rows = Enrolment.objects.filter(family__in=list(families))
    return {family for family, spell in rows.values_list("family", "spell") if spell.upper is None or spell.upper > on}


def dead_among(families: Iterable[int]) -> set[int]:
    """Which of these families lost the one who would be paid. One query."""
    dead = Member.objects.filter(family__in=list(families), manager=True, died_on__isnull=False)
    return set(dead.values_list("family", flat=True))
