"""People who serve, also beside PKH: each becomes one record, or fills the blanks of the one that stands."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harapan.core.errors import HarapanError
from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.phrases import Phrase
from harapan.database.fields import draw_ids
from harapan.database.sealing import index
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.models import Person
from harapan.workforce.queries import reaches

WORKER_AGE_MIN = 17  # a NIK's "20" is 1920
TWICE = Phrase("NIK ini ada pada lebih dari satu baris berkas ini. Sisakan satu baris yang benar.")
ELSEWHERE = Phrase("NIK ini sudah tercatat di luar wilayah kerja Anda. Minta tingkat di atasnya memindahkan orangnya.")
_OUTSIDE = Phrase("{place} berada di luar wilayah kerja Anda. Keluarkan baris ini.")
_UNKNOWN = Phrase("Kode wilayah {code} tidak ada dalam daftar Kemendagri. Periksa kodenya.")
_MOVED = Phrase("Tercatat bertugas di {place}. Pindah tugas dicatat di halaman orangnya, bukan lewat berkas.")
_OTHER_KIND = Phrase("Tercatat sebagai {kind}. Perubahan unsur dicatat di halaman orangnya.")

FILLED = ("staff_number", "education", "email", "phone", "cohort")  # a blank of ours is filled by whoever speaks
Rows = dict[int, dict[str, Any]]


def take(errand: Errand) -> None:
    """Everybody once, by NIK. Nobody moves, gets an account or a post by this. A constant number of queries."""
    rows: Rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 2, Phrase("Memeriksa tempat tugas"))
    _refuse_twice(errand, rows)
    places = _places(errand, _open(errand, rows))
    errand.advance(2, 2, Phrase("Mencatat SDM"))
    known = {
        bytes(person.nik_ix): person  # type: ignore[attr-defined]
        for person in Person.objects.filter(nik_ix__in=[row["nik"] for row in _open(errand, rows).values()])
    }
    fresh: Rows = {}
    filled = []
    for line, row in _open(errand, rows).items():
        person = known.get(index("nik", row["nik"]))
        if person is None:
            fresh[line] = row
        elif not reaches(errand.post, person.region_no):
            errand.answers.refuse(line, ELSEWHERE, "nik")
        elif _fill(errand, line, row, person, places[line]):
            filled.append(person)
    Person.objects.bulk_update(filled, FILLED)
    _add(errand, fresh, places)


def _open(errand: Errand, rows: Rows) -> Rows:
    return {line: row for line, row in rows.items() if errand.answers.open(line)}


def _refuse_twice(errand: Errand, rows: Rows) -> None:
    niks = Counter(row["nik"] for row in rows.values())
    for line, row in rows.items():
        if niks[row["nik"]] > 1:
            errand.answers.refuse(line, TWICE, "nik")


def _places(errand: Errand, rows: Rows) -> dict[int, int]:
    """Line -> number of the region, which exists and lies in reach; others are refused. One query."""
    told: dict[int, int] = {}
    for line, row in rows.items():
        try:
            told[line] = codes.parse(row["region_code"])
        except HarapanError as error:
            errand.answers.refuse(line, error.phrase, "region_code")
    known = {region.no: region for region in Region.objects.filter(no__in=set(told.values()))}
    for line, number in told.items():
        if number not in known:
            errand.answers.refuse(line, _UNKNOWN.filled(code=codes.dotted(number)), "region_code")
        elif not reaches(errand.post, number):
            errand.answers.refuse(line, _OUTSIDE.filled(place=known[number].display_name), "region_code")
    return told


def _fill(errand: Errand, line: int, row: dict[str, Any], person: Person, place: int) -> bool:
    """Whether a blank of the record was filled. What differs is told and left as it stands."""
    blanks = [name for name in FILLED if row[name] and not getattr(person, name)]
    for name in blanks:
        setattr(person, name, row[name])
    errand.answers.settle(line, Verdict.CHANGED if blanks else Verdict.UNCHANGED, region_no=person.region_no)
    if place != person.region_no:
        errand.answers.warn(line, _MOVED.filled(place=codes.dotted(person.region_no) if person.region_no else "-"))
    if row["kind"] != person.kind:
        errand.answers.warn(line, _OTHER_KIND.filled(kind=person.get_kind_display()))
    return bool(blanks)


def _add(errand: Errand, rows: Rows, places: dict[int, int]) -> None:
    """New records. Whose NIK stands outside the scope meets it in the database, and is refused: where is not told."""
    ids = dict(zip(rows, draw_ids(Person, len(rows)), strict=True))
    people = [_new(errand, ids[line], row, places[line]) for line, row in rows.items()]
    Person.objects.bulk_create(people, ignore_conflicts=True)
    made = set(Person.objects.filter(pk__in=ids.values()).values_list("pk", flat=True))
    for line, number in ids.items():
        if number in made:
            errand.answers.settle(line, Verdict.ACCEPTED, region_no=places[line])
        else:
            errand.answers.refuse(line, ELSEWHERE, "nik")


def _new(errand: Errand, number: int, row: dict[str, Any], place: int) -> Person:
    nik = row["nik"]
    return Person(
        id=number, kind=row["kind"], name=row["name"], nik=nik, region_no=place, since=row["since"],
        sex=Person.Sex.FEMALE if sex_of(nik) is Sex.FEMALE else Person.Sex.MALE,
        born_on=birth_date_of(nik, on=errand.on, years_min=WORKER_AGE_MIN),
        staff_number=row["staff_number"] or "", education=row["education"] or "", email=row["email"] or "",
        phone=row["phone"] or "", cohort=row["cohort"],
    )  # fmt: skip
