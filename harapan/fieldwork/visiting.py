"""A home visit recorded: what was found moves a candidacy, or proposes that a membership ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.components import Component
from harapan.core.errors import HarapanError, Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.candidates import end_candidacy, members_among
from harapan.fieldwork.models import Candidacy, EndProposal, FoundComponent, HomeVisit, VisitPhotograph
from harapan.fieldwork.terrain import tell_terrain
from harapan.fieldwork.visit_codes import HOUSING, default_codes
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.registry.actions import NotYours
from harapan.registry.models import Facility, Family, Member

FIRST_DAY = date(2007, 1, 1)  # no family was in the programme before
PHOTOGRAPHS_MAX = 12  # of one visit
SCHOOLING = (Component.PRIMARY, Component.JUNIOR, Component.SENIOR)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a member counts for, as seen on the visit."""

    member_id: int
    component: Component
    facility_id: int | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as somebody tells it. eligible None: the family was not found. Position in degrees, accuracy in metres.

    reason: why not found or not eligible, a code of visits.yaml. housing: list name -> code.
    """

    visited_on: date
    begins: time
    ends: time
    found: bool
    eligible: bool | None = None
    reason: str = ""
    housing: Mapping[str, str] = field(default_factory=dict)
    terrain: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: int | None = None
    note: str = ""
    components: Sequence[Counted] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    kind: str
    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    visit: HomeVisit
    refused: list[HarapanError]  # photographs that are none, and the like; the rest was kept


def record_visit(family_id: int, facts: VisitFacts, photos: Sequence[Photo] = (), *, by: User, on: date) -> Recorded:
    """Write a visit down, move the candidacy it validates, or propose the end of a membership.

    The same family, day and hour again is refused, so a form sent twice is one visit. Photographs that cannot be taken
    are refused one by one and the visit is kept. Raises NotYours outside the scope, else Refused.
    """
    with atomic():
        family = _locked(family_id)
        check(family, facts, on=on)
        candidacy = open_candidacy(family, on=facts.visited_on)
        visit = HomeVisit.objects.create(family=family, candidacy=candidacy, visited_by=by, **values_of(facts))
        write_components(visit, family, facts.components)
        body = {"visit": visit.pk, "found": facts.found, "eligible": facts.eligible, "reason": facts.reason}
        log.record("family.visited", kind="family", subject=family.pk, body=body)
        follow(visit, facts, by=by, on=on)
        tell_terrain(visit, by=by, on=on)
        refused = add_photographs(visit, photos, by=by)
    return Recorded(visit, refused)


def values_of(facts: VisitFacts) -> dict[str, Any]:
    """The columns of a visit that its facts fill."""
    return {
        "visited_on": facts.visited_on, "begins": facts.begins, "ends": facts.ends, "found": facts.found,
        "eligible": facts.eligible, "reason": facts.reason, "terrain": facts.terrain, "latitude": facts.latitude,
        "longitude": facts.longitude, "accuracy_m": facts.accuracy_m, "note": facts.note.strip()[:400],
        **{name: facts.housing.get(name, "") for name in HOUSING},
    }  # fmt: skip


def follow(visit: HomeVisit, facts: VisitFacts, *, by: User, on: date) -> None:
    """What the result moves: the candidacy it validates, or a proposal that a membership ends."""
    if visit.candidacy is not None:
        _move(visit.candidacy, facts, by=by, on=on)
    elif speaks_against(facts):
        EndProposal.objects.create(family=visit.family, visit=visit)
        log.record("membership.end_proposed", kind="family", subject=visit.family_id, body={"reason": facts.reason})


def _locked(family_id: int) -> Family:
    family = Family.objects.select_for_update(of=("self",)).filter(pk=family_id).first()
    if family is None:
        raise NotYours(Phrase("Keluarga"))
    return family


def open_candidacy(family: Family, *, on: date) -> Candidacy | None:
    """The candidacy a visit that day would validate: not ended, not decreed, the family no member by another way."""
    if members_among([family.pk], on=on):
        return None
    return Candidacy.objects.open().filter(family=family, decreed_on__isnull=True).first()


def check(family: Family, facts: VisitFacts, *, on: date, but: int | None = None) -> None:
    """Raises Refused where a visit cannot have been so. but: the visit that is put right, no rival of itself."""
    _check_hours(facts, on=on)
    _check_place(facts)
    _check_codes(facts)
    living = Member.objects.filter(family=family, died_on__isnull=True)
    if facts.found and not living.exists():
        raise Refused(
            "Semua anggota keluarga {family} tercatat meninggal, jadi tidak dapat ditemukan di rumah. Periksa "
            "keluarganya, atau catat tidak ditemukan.",
            family=family.name,
        )
    rivals = HomeVisit.objects.filter(family=family, visited_on=facts.visited_on, begins=facts.begins)
    if rivals.exclude(pk=but or 0).exists():
        raise Refused(
            "Kunjungan ke {family} pada {day} pukul {at} sudah dicatat. Buka kunjungan itu.",
            family=family.name, day=format_date(facts.visited_on), at=f"{facts.begins:%H.%M}",
        )  # fmt: skip


def _check_hours(facts: VisitFacts, *, on: date) -> None:
    if facts.visited_on > on:
        raise Refused(
            "Kunjungan {day} belum terjadi; hari ini {today}. Catat sesudah kunjungannya.",
            day=format_date(facts.visited_on), today=format_date(on),
        )  # fmt: skip
    if facts.visited_on < FIRST_DAY:
        raise Refused("Tanggal {day} lebih dahulu daripada PKH. Periksa tahunnya.", day=format_date(facts.visited_on))
    if facts.ends <= facts.begins:
        raise Refused(
            "Jam selesai {ends} tidak sesudah jam mulai {begins}. Periksa kedua jamnya.",
            ends=f"{facts.ends:%H.%M}", begins=f"{facts.begins:%H.%M}",
        )  # fmt: skip


def _check_place(facts: VisitFacts) -> None:
    if (facts.latitude is None) != (facts.longitude is None):
        raise Refused("Posisi perlu lintang dan bujur. Isi keduanya, atau kosongkan keduanya.")
    if facts.latitude is None or facts.longitude is None:
        return
    if not (-90 <= facts.latitude <= 90 and -180 <= facts.longitude <= 180):
        raise Refused(
            "Posisi {latitude}, {longitude} tidak ada di bumi; lintang -90 sampai 90, bujur -180 sampai 180. "
            "Periksa angkanya, mungkin lintang dan bujur tertukar.",
            latitude=facts.latitude, longitude=facts.longitude,
        )  # fmt: skip


def _check_codes(facts: VisitFacts) -> None:
    known = default_codes()
    if facts.found == (facts.eligible is None):
        raise Refused(
            "Keluarga yang ditemukan dinyatakan layak atau tidak; yang tidak ditemukan tidak dinyatakan apa pun."
        )
    if facts.found and facts.eligible:
        if facts.reason:
            raise Refused("Keluarga yang layak tidak perlu alasan. Kosongkan alasannya.")
    else:
        listed = known["ineligible" if facts.found else "not_found"]
        if facts.reason not in listed:
            raise Refused("Pilih alasan mengapa keluarga tidak ditemukan atau tidak layak.")
    for name, code in [*facts.housing.items(), ("terrain", facts.terrain)]:
        if code and code not in known[name]:
            raise Refused("Pilihan “{code}” tidak ada dalam daftarnya. Pilih yang tersedia.", code=code)


def write_components(visit: HomeVisit, family: Family, counted: Sequence[Counted]) -> None:
    members = {member.pk: member for member in Member.objects.filter(family=family)}
    schools = dict(Facility.objects.filter(pk__in=[c.facility_id for c in counted]).values_list("pk", "kind"))
    for each in counted:
        member = members.get(each.member_id)
        if member is None:
            raise NotYours(Phrase("Anggota"))
        if member.died_on or member.left_on:
            raise Refused(
                "{member} tercatat meninggal atau pindah, jadi tidak dihitung. Keluarkan dari daftar komponen.",
                member=member.name,
            )
        if each.component in SCHOOLING and schools.get(each.facility_id or 0) != Facility.Kind.SCHOOL:
            raise Refused(
                "{member} dihitung bersekolah, tetapi sekolahnya belum dipilih. Anak yang tidak terdaftar di sekolah "
                "tidak dihitung.",
                member=member.name,
            )
    FoundComponent.objects.bulk_create(
        FoundComponent(
            visit=visit, family=family, region_no=visit.region_no, group_no=visit.group_no, member=members[c.member_id],
            component=c.component, facility_id=c.facility_id, grade=c.grade[:10],
        )
        for c in counted
    )  # fmt: skip


def _move(candidacy: Candidacy, facts: VisitFacts, *, by: User, on: date) -> None:
    """Eligible: it may be decreed. Otherwise it ends, except where the family was only not at home."""
    if facts.eligible:
        if not facts.components:
            raise Refused("Calon yang layak mempunyai paling sedikit satu komponen. Pilih anggotanya dan komponennya.")
        candidacy.validated_on = facts.visited_on
        candidacy.save(update_fields=["validated_on"])
        log.record("candidate.validated", kind="family", subject=candidacy.family_id)
    elif speaks_against(facts):
        end_candidacy(candidacy, because=facts.reason, by=by, on=on)


def speaks_against(facts: VisitFacts) -> bool:
    if facts.eligible:
        return False
    return default_codes()["ineligible" if facts.found else "not_found"][facts.reason].ends


def add_photographs(visit: HomeVisit, photos: Sequence[Photo], *, by: User) -> list[HarapanError]:
    """Keep photographs of a visit; the same one twice is one. What is refused is answered, the rest kept."""
    refused: list[HarapanError] = []
    for photo in photos:
        try:
            with atomic():
                _keep(visit, photo, by=by)
        except HarapanError as error:
            refused.append(error)
    return refused


def _keep(visit: HomeVisit, photo: Photo, *, by: User) -> None:
    taken = pictures.read(photo.raw, name=photo.name)
    if photo.kind not in default_codes()["photographs"]:
        raise Refused("Jenis foto “{kind}” tidak ada dalam daftarnya. Pilih yang tersedia.", kind=photo.kind)
    original = _store(visit, photo.name, photo.raw, by)
    rows = VisitPhotograph.objects.filter(visit=visit)
    if rows.filter(original=original).exists():
        return
    if rows.count() >= PHOTOGRAPHS_MAX:
        raise Refused("Satu kunjungan menyimpan paling banyak {most} foto. Pilih yang terbaik.", most=PHOTOGRAPHS_MAX)
    VisitPhotograph.objects.create(
        visit=visit, family_id=visit.family_id, region_no=visit.region_no, group_no=visit.group_no, kind=photo.kind,
        original=original, shown=_store(visit, f"kunjungan-{visit.pk}.jpg", taken.shown, by), taken_on=taken.taken_on,
        taken_time=taken.taken_time, latitude=taken.latitude, longitude=taken.longitude, looks=taken.looks,
        looks_known=True, recorded_by=by,
    )  # fmt: skip
    log.record("visit.photographed", kind="family", subject=visit.family_id, body={"visit": visit.pk})


def _store(visit: HomeVisit, name: str, raw: bytes, by: User) -> StoredFile:
    return storage.store(
        name, kind="photograph", contents=raw, owner=by.pk, region_no=visit.region_no, group_no=visit.group_no
    )
