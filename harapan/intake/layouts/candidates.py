"""Candidates for membership: each gets a place of its village, waits in reserve, or is refused in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.fieldwork.candidates import PutForward, members_among, put_forward, rank_anew
from harapan.fieldwork.models import Candidacy
from harapan.intake import elsewhere, finding, places
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.policy.reader import default_policy
from harapan.registry import matching
from harapan.registry.bulk.families import NewFamily, add_families
from harapan.registry.grouping import candidates_groups
from harapan.registry.models import Member, Source

PENGURUS_AGE_MIN = 17  # a NIK's "20" is 1920: nobody younger is paid
TWICE = Phrase("NIK atau nomor KK ini ada pada lebih dari satu baris berkas ini. Sisakan satu baris yang benar.")
MEMBER = Phrase("Keluarga ini sudah menjadi peserta, jadi bukan calon. Keluarkan baris ini.")
DEAD = Phrase("Pemilik NIK ini tercatat meninggal. Ganti dengan anggota keluarga yang akan menjadi pengurus.")
RESERVE = Phrase("Melebihi kuota desanya, menunggu di cadangan sampai ada tempat.")

Row = dict[str, Any]
Rows = dict[int, Row]


def take(errand: Errand) -> None:
    """Put every line's family forward once. Nobody becomes a member by this."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 3, Phrase("Mencari keluarga"))
    _refuse_twice(errand, rows)
    villages = places.resolve(errand, _open(errand, rows))
    known = _known(errand, {line: rows[line] for line in _open(errand, rows)})
    errand.advance(2, 3, Phrase("Mencatat calon"))
    fresh = {line: rows[line] for line in _open(errand, rows) if line not in known}
    standing = _rank_anew(errand, rows, known, villages)
    found = {line: family for line, family in known.items() if errand.answers.open(line) and line not in standing}
    found |= _add(errand, fresh, villages)
    errand.advance(3, 3, Phrase("Membagi kuota"))
    made = put_forward([_said(rows[line], family) for line, family in found.items()], by=errand.by, on=errand.on)
    most = int(default_policy().value("eligibility.desil_max", on=errand.on).value)
    for line, family in found.items():
        errand.answers.settle(line, Verdict.ACCEPTED, family_id=family, region_no=villages[line])
        if made[family].reserve:
            errand.answers.warn(line, RESERVE)
    for line in (*found, *standing):
        if (rows[line]["decile"] or 0) > most:
            errand.answers.warn(line, _DESIL.filled(desil=rows[line]["decile"], most=most))


def _said(row: Row, family: int) -> PutForward:
    return PutForward(family, row["decile"], row["rank"])


def _rank_anew(errand: Errand, rows: Rows, known: dict[int, int], villages: dict[int, int]) -> dict[int, int]:
    """Line -> family of those who are candidates already: this list's desil and rank stand now."""
    asked = {line: family for line, family in known.items() if errand.answers.open(line)}
    rows_of = Candidacy.objects.open().filter(family__in=asked.values())
    listed = dict(rows_of.values_list("family", "listed_on"))
    standing = {line: family for line, family in asked.items() if family in listed}
    changed = rank_anew([_said(rows[line], family) for line, family in standing.items()])
    for line, family in standing.items():
        verdict = Verdict.CHANGED if family in changed else Verdict.UNCHANGED
        errand.answers.settle(line, verdict, family_id=family, region_no=villages[line])
        errand.answers.warn(line, _LISTED.filled(day=format_date(listed[family])))
    return standing


def _open(errand: Errand, rows: Iterable[int]) -> list[int]:
    return [line for line in rows if errand.answers.open(line)]


def _refuse_twice(errand: Errand, rows: Rows) -> None:
    niks = Counter(row["nik"] for row in rows.values())
    kks = Counter(row["kk"] for row in rows.values())
    for line, row in rows.items():
        if niks[row["nik"]] > 1 or kks[row["kk"]] > 1:
            errand.answers.refuse(line, TWICE, "nik" if niks[row["nik"]] > 1 else "kk")


def _known(errand: Errand, rows: Rows) -> dict[int, int]:
    """Line -> its family, where it is registered already and may be a candidate; all other known lines are refused."""
    asked = [finding.keys(line, nik=row["nik"], kk=row["kk"]) for line, row in rows.items()]
    hits = finding.by_line(matching.find(asked, anyone=True))
    elsewhere.refuse(errand, [each for each in asked if each.line not in hits])
    for line, found in hits.items():
        if len(found) > 1:
            errand.answers.refuse(line, finding.several(found))
    families = {line: found[0].family_id for line, found in hits.items() if len(found) == 1}
    members = members_among(families.values(), on=errand.on)
    dead = _dead(families.values())
    for line, family in families.items():
        if family in members:
            errand.answers.refuse(line, MEMBER, "nik")
        elif index("nik", rows[line]["nik"]) in dead:
            errand.answers.refuse(line, DEAD, "nik")
    return families


_DESIL = Phrase("Desil {desil} di atas desil {most} yang didahulukan; periksa sebelum divalidasi.")
_LISTED = Phrase("Sudah menjadi calon sejak {day}; desil dan peringkat mengikuti daftar ini, tempatnya tetap.")


def _dead(families: Iterable[int]) -> set[bytes]:
    rows = Member.objects.filter(family__in=list(families), died_on__isnull=False, nik_ix__isnull=False)
    return {bytes(known) for known in rows.values_list("nik_ix", flat=True) if known}


def _add(errand: Errand, rows: Rows, villages: dict[int, int]) -> dict[int, int]:
    """Families seen for the first time, in the group that holds their village's candidates. Line -> family."""
    groups = candidates_groups({villages[line] for line in rows}, on=errand.on)
    ids = add_families(
        [_new(errand, row, villages[line], groups[villages[line]].pk) for line, row in rows.items()],
        source=Source.DTSEN, since=None, on=errand.on,
    )  # fmt: skip
    errand.new_family_ids |= set(ids)
    return dict(zip(rows, ids, strict=True))


def _new(errand: Errand, row: Row, village: int, group: int) -> NewFamily:
    nik = row["nik"]
    sex = Member.Sex.FEMALE if sex_of(nik) is Sex.FEMALE else Member.Sex.MALE
    return NewFamily(
        region_no=village, group_no=group, name=row["name"], kk=row["kk"], nik=nik, sex=sex,
        born_on=birth_date_of(nik, on=errand.on, years_min=PENGURUS_AGE_MIN), address=row["address"], rt=row["rt"],
        rw=row["rw"],
    )  # fmt: skip
