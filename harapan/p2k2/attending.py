"""Who was there: marks said one by one, or "semua hadir kecuali", stored per family with who said it and when.

A mark that cannot be is refused in words; the other marks of the same deed are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.day import moment, today
from harapan.database.scope import atomic
from harapan.p2k2.errors import ReasonMissing, clock
from harapan.p2k2.models import Attendance, Mark, Session
from harapan.p2k2.models.attendance import THERE
from harapan.p2k2.recording import locked_session, refuse_closed
from harapan.p2k2.rules import overlaps
from harapan.registry.models import Family, Member
from harapan.registry.models.family import FamilyQuerySet
from harapan.registry.narrowing import enrolled


class Said(NamedTuple):
    """What somebody says of one family. `mark` None takes back what was said: nothing is known again."""

    mark: Mark | None
    represented_by: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the marks: how many are new or changed, and why others were refused (family number, sentence)."""

    saved: int
    refused: tuple[tuple[int, Phrase], ...]


def roster(session: Session) -> FamilyQuerySet:
    """The families of whom the meeting can say something, in the scope that is on: the group's own, enrolled that day,
    and those already marked. Their numbers are asked first: as one condition it would read the whole scope."""
    members = enrolled(Family.objects.filter(group=session.group_id), on=session.held_on)
    marked = Attendance.objects.filter(session=session)
    known = {*members.values_list("pk", flat=True), *marked.values_list("family", flat=True)}
    return Family.objects.filter(pk__in=known)


def mark_attendance(
    session_id: int, said: Mapping[int, Said], *, rest: Mark | None = None, by: User, on: date, why: str = "",
    completes: bool = False,
) -> Outcome:  # fmt: skip
    """Write marks by family number; with `rest`, that mark for every family nobody has spoken of.

    A mark said again as it stands keeps who said it first. why: for marks later than policy allows without a reason.
    A constant number of statements. Raises NotYours, MonthClosed, ReasonMissing.
    """
    with atomic():
        session = locked_session(session_id)
        _refuse_late(session, on=on, why=why, completes=completes)
        # their lock keeps two meetings from marking one family at the same hour
        families = list(roster(session).select_for_update(of=("self",)).order_by("pk"))
        known = {row.family_id: row for row in Attendance.objects.filter(session=session)}
        single = {pk: each for pk, each in said.items() if rest is None or each.mark is not None}
        wanted = {pk: (each, Attendance.Manner.SINGLE) for pk, each in single.items()}
        if rest is not None:  # also of those whose mark is taken back in the same breath
            for family in families:
                if family.pk not in single and (family.pk not in known or family.pk in said):
                    wanted[family.pk] = (Said(rest), Attendance.Manner.REST)
        hindrances = _Hindrances(session, families)
        refused = {pk: found for pk, (each, _how) in wanted.items() if (found := hindrances.of(pk, each))}
        wanted = {pk: pair for pk, pair in wanted.items() if pk not in refused}
        saved = _write(session, {family.pk: family for family in families}, known, wanted, by)
        log.record(
            "attendance.said", kind="group", subject=session.group_id, why=why or None,
            body={"session": session.pk, "saved": saved, "refused": len(refused), "rest": rest},
        )  # fmt: skip
    return Outcome(saved, tuple(refused.items()))


def _refuse_late(session: Session, *, on: date, why: str, completes: bool) -> None:
    entry = refuse_closed(session.held_on, on=on, completes=completes)
    if not entry.late or session.late_because:
        return
    if len(why.strip()) < 5:
        raise ReasonMissing(session.held_on, entry)
    session.late_because = why.strip()[:200]
    session.save(update_fields=["late_because"])


class _Hindrances:
    """Why a family cannot be marked so, found for all of a deed in two queries."""

    def __init__(self, session: Session, families: list[Family]) -> None:
        self.session = session
        self.names = {family.pk: family.name for family in families}
        managers = Member.objects.filter(family__in=self.names, manager=True, died_on__lte=session.held_on)
        self.dead = dict(managers.values_list("family", "died_on"))
        elsewhere = Attendance.objects.filter(family__in=self.names, held_on=session.held_on, mark__in=THERE)
        self.elsewhere: dict[int, list[Attendance]] = {}
        for row in elsewhere.exclude(session=session):
            self.elsewhere.setdefault(row.family_id, []).append(row)

    def of(self, family_id: int, said: Said) -> Phrase | None:
        name = self.names.get(family_id)
        if name is None:
            return Phrase(
                "Keluarga nomor {number} bukan anggota kelompok ini pada {day}. Pindahkan dahulu ke kelompok ini, "
                "atau tandai di kelompoknya.",
                number=family_id,
                day=format_date(self.session.held_on),
            )
        if said.mark is Mark.REPRESENTED and not said.represented_by.strip():
            return Phrase(
                "{name}: ditandai diwakili, tetapi belum disebut oleh siapa. Tulis nama yang datang.", name=name
            )
        died_on = self.dead.get(family_id)
        if said.mark is Mark.PRESENT and died_on is not None:
            return Phrase(
                "{name} meninggal {day}, jadi tidak dapat hadir. Tandai diwakili, dan usulkan pengurus baru.",
                name=name,
                day=format_date(died_on),
            )
        return self._double(name, family_id) if said.mark in THERE else None

    def _double(self, name: str, family_id: int) -> Phrase | None:
        ours = (self.session.begins, self.session.ends)
        for row in self.elsewhere.get(family_id, ()):
            if overlaps(ours, (row.begins, row.ends)):
                return Phrase(
                    "{name} sudah tercatat hadir di pertemuan lain pada {day} pukul {begins} sampai {ends}. "
                    "Periksa jam kedua pertemuan itu.",
                    name=name,
                    day=format_date(row.held_on),
                    begins=clock(row.begins),
                    ends=clock(row.ends),
                )
        return None


def _write(
    session: Session, families: Mapping[int, Family], known: Mapping[int, Attendance],
    wanted: Mapping[int, tuple[Said, Attendance.Manner]], by: User,
) -> int:  # fmt: skip
    now, fresh, changed, gone = moment(today()), [], [], []
    for pk, (said, manner) in wanted.items():
        row, by_whom = known.get(pk), said.represented_by.strip()[:120] if said.mark is Mark.REPRESENTED else ""
        if said.mark is None:
            gone += [row.pk] if row else []
        elif row is None:
            fresh.append(_fresh(session, families[pk], said.mark, by_whom, manner, by, now))
        elif (row.mark, row.represented_by) != (said.mark, by_whom):
            row.mark, row.represented_by, row.manner, row.said_by, row.said_at = said.mark, by_whom, manner, by, now
            changed.append(row)
    Attendance.objects.bulk_create(fresh)
    if changed:
        Attendance.objects.bulk_update(changed, ["mark", "represented_by", "manner", "said_by", "said_at"])
    if gone:
        Attendance.objects.filter(pk__in=gone).delete()
    return len(fresh) + len(changed) + len(gone)


def _fresh(
    session: Session,
    family: Family,
    mark: Mark,
    represented_by: str,
    manner: Attendance.Manner,
    by: User,
    now: datetime,
) -> Attendance:
    return Attendance(
        session=session, family=family, region_no=family.region_id, group_no=family.group_id or 0,
        held_on=session.held_on, begins=session.begins, ends=session.ends, lesson=session.lesson, mark=mark,
        represented_by=represented_by,
        manner=manner, said_by=by, said_at=now,
    )  # fmt: skip
