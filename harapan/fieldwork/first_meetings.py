"""Socialisation and first meetings: planned, candidates invited, who came, what was read out, who agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import HarapanError, Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork import rights
from harapan.fieldwork.candidates import end_candidacy, locked, reopen
from harapan.fieldwork.correcting import WAY_OUT, demand_in_time
from harapan.fieldwork.models import Candidacy, FirstMeeting, Invitation
from harapan.fieldwork.visit_codes import REFUSED
from harapan.files import pictures, storage
from harapan.files.models import StoredFile
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.registry.models import Group

Came, Consent = Invitation.Came, Invitation.Consent
AGREED = (Consent.SIGNED, Consent.THUMB)
THERE = (Came.PRESENT, Came.REPRESENTED)
ANSWER = ("came", "consent", "paper", "consent_on")


def plan_meeting(
    group_id: int, *, kind: FirstMeeting.Kind, held_on: date, begins: time, place: str, by: User, on: date
) -> FirstMeeting:  # fmt: skip
    """A meeting with the candidates of a village, coming or held. A first meeting invites whoever is not yet invited.

    group_id: the group that holds the village's candidates. Raises NotYours, Refused.
    """
    if not place.strip():
        raise Refused("Tulis tempat pertemuannya, misalnya balai desa.")
    with atomic():
        group = Group.objects.select_for_update(of=("self",)).filter(pk=group_id, candidates=True).first()
        if group is None:
            raise NotYours(Phrase("Desa"))
        if FirstMeeting.objects.filter(group=group, held_on=held_on, begins=begins).exists():
            raise Refused(
                "Pertemuan pada {day} pukul {at} sudah dicatat untuk desa ini. Buka pertemuan itu.",
                day=format_date(held_on), at=f"{begins:%H.%M}",
            )  # fmt: skip
        meeting = FirstMeeting.objects.create(
            group=group, kind=kind, held_on=held_on, begins=begins, place=place.strip()[:120], recorded_by=by
        )
        log.record("first_meeting.planned", kind="group", subject=group.pk, body={"held_on": held_on})
        if kind == FirstMeeting.Kind.FIRST:
            _invite(meeting, _uninvited(group), on=on)
    return meeting


def _uninvited(group: Group) -> list[Candidacy]:
    """Candidates with a place in the quota whom no meeting has reached yet; who missed one is invited again."""
    asked = Invitation.objects.exclude(came=Came.ABSENT).values("candidacy")
    open_now = Candidacy.objects.open().filter(group_no=group.pk, placed_on__isnull=False, decreed_on__isnull=True)
    return list(open_now.exclude(pk__in=asked).order_by("pk"))


def _invite(meeting: FirstMeeting, candidates: Iterable[Candidacy], *, on: date) -> None:
    rows = [
        Invitation(
            meeting=meeting, candidacy=each, family_id=each.family_id, region_no=each.region_no, group_no=each.group_no,
            held_on=meeting.held_on, invited_on=min(on, meeting.held_on),
        )
        for each in candidates
    ]  # fmt: skip
    Invitation.objects.bulk_create(rows)
    log.record_each("candidate.invited", kind="family", bodies={row.family_id: {} for row in rows})


@dataclass(frozen=True, slots=True)
class Answered:
    """What is said of one invited candidate: whether they came, whether they agree, and where the proof is.

    given_on: the day they agreed or refused; None: the day that stands, else that of the meeting.
    """

    came: Invitation.Came
    consent: Invitation.Consent = Invitation.Consent.UNSAID
    paper: str = ""
    photograph: tuple[str, bytes] | None = None  # file name and contents
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    done: int
    refused: dict[int, HarapanError]  # invitation -> why; the others were kept


def note_answers(
    meeting_id: int, said: Mapping[int, Answered], *, by: User, on: date, because: str = ""
) -> Noted:  # fmt: skip
    """Write down who came and who agreed, invitation by invitation: what is refused leaves the others kept.

    because: for answers that stood otherwise before; these are put right within policy's days only. Raises NotYours,
    and Refused for a meeting that has not been held.
    """
    refused: dict[int, HarapanError] = {}
    done = 0
    with atomic():
        meeting = _held(meeting_id, on)
        found = Invitation.objects.select_for_update(of=("self",)).filter(meeting=meeting, pk__in=said)
        for invitation in found.order_by("pk"):
            try:
                with atomic():
                    done += _note(invitation, said[invitation.pk], by=by, on=on, because=because)
            except HarapanError as error:
                refused[invitation.pk] = error
    return Noted(done, refused)


def _held(meeting_id: int, on: date) -> FirstMeeting:
    meeting = FirstMeeting.objects.select_for_update(of=("self",)).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotYours(Phrase("Pertemuan"))
    if meeting.held_on > on:
        raise Refused(
            "Pertemuan {day} belum terjadi; hari ini {today}. Catat sesudah pertemuannya.",
            day=format_date(meeting.held_on), today=format_date(on),
        )  # fmt: skip
    return meeting


def _note(invitation: Invitation, said: Answered, *, by: User, on: date, because: str) -> bool:
    stood, now = {name: getattr(invitation, name) for name in ANSWER}, _answer(invitation, said)
    if stood == now and not said.photograph:
        return False
    before = None
    if any(value and value != now[name] for name, value in stood.items()):  # to add what was unsaid corrects nothing
        demand_reason(because, WAY_OUT, on=on)
        demand_in_time("first_meetings", invitation.held_on, on=on)
        before = stood
    candidacy = _reopened(invitation, said, because, on=on) or locked(invitation.candidacy_id)
    _refuse_contradiction(invitation, said, candidacy.family.name)
    _refuse_day(now["consent_on"], invitation.held_on, candidacy.family.name, on=on)
    for name, value in now.items():
        setattr(invitation, name, value)
    invitation.said_by = by
    if said.photograph:
        invitation.photograph = _kept(invitation, said.photograph, by)
    invitation.save()
    log.record(
        "candidate.answered", kind="family", subject=invitation.family_id, why=because.strip() if before else None,
        body={"came": int(said.came), "consent": int(said.consent)} | ({"before": before} if before else {}),
    )  # fmt: skip
    if said.consent == Consent.REFUSED:
        end_candidacy(candidacy, because=REFUSED, by=by, on=on)
    return True


def _answer(invitation: Invitation, said: Answered) -> dict[str, Any]:
    """ANSWER as it is said now. Agreed is at the meeting, where nobody names another day."""
    given_on = said.given_on or invitation.consent_on or invitation.held_on
    return {
        "came": said.came, "consent": said.consent, "paper": said.paper.strip()[:80],
        "consent_on": None if said.consent == Consent.UNSAID else given_on,
    }  # fmt: skip


def _refuse_day(given_on: date | None, held_on: date, name: str, *, on: date) -> None:
    if given_on is not None and not held_on <= given_on <= on:
        raise Refused(
            "Tanggal jawaban {name}, {day}, di luar masa sejak pertemuan ({held}) sampai hari ini. Periksa tanggalnya.",
            name=name, day=format_date(given_on), held=format_date(held_on),
        )  # fmt: skip


def _reopened(invitation: Invitation, said: Answered, because: str, *, on: date) -> Candidacy | None:
    """The candidacy that a refusal had ended, where the refusal itself was written down wrongly."""
    if invitation.consent != Consent.REFUSED or said.consent == Consent.REFUSED:
        return None
    rows = Candidacy.objects.select_for_update(of=("self",)).select_related("family")
    found = rows.filter(pk=invitation.candidacy_id, closed_because=REFUSED).first()
    if found is not None:
        reopen(found, because=because, on=on)
    return found


def _refuse_contradiction(invitation: Invitation, said: Answered, name: str) -> None:
    if said.consent in AGREED and not (said.paper.strip() or said.photograph or invitation.photograph_id):
        raise Refused(
            "Persetujuan {name} belum ada buktinya. Tambahkan foto lembarnya, atau tulis di mana kertasnya disimpan.",
            name=name,
        )
    if said.consent in AGREED and said.came not in THERE:
        raise Refused(
            "{name} tidak dicatat hadir, jadi persetujuannya belum dapat dicatat. Tandai hadir atau diwakili dahulu.",
            name=name,
        )
    if said.consent in AGREED and not invitation.meeting.rights:
        raise Refused(
            "Hak dan kewajiban belum dicatat dibacakan pada pertemuan ini, jadi persetujuan {name} belum dapat "
            "dicatat. Catat pembacaannya dahulu.",
            name=name,
        )


def _kept(invitation: Invitation, photograph: tuple[str, bytes], by: User) -> StoredFile:
    """Raises Unreadable for a photograph that is none."""
    name, raw = photograph
    taken = pictures.read(raw, name=name)
    return storage.store(
        f"persetujuan-{invitation.pk}.jpg", kind="photograph", contents=taken.shown, owner=by.pk,
        region_no=invitation.region_no, group_no=invitation.group_no,
    )  # fmt: skip


def note_reading(meeting_id: int, *, read_by: str, by: User, on: date) -> FirstMeeting:
    """Rights and duties were read out, in the text of the day, by somebody. Raises NotYours, Refused."""
    if not read_by.strip():
        raise Refused("Tulis siapa yang membacakan hak dan kewajiban.")
    with atomic():
        meeting = _held(meeting_id, on)
        text = rights.in_force(meeting.held_on)
        if text is None:
            raise Refused(
                "Tidak ada naskah hak dan kewajiban yang berlaku pada {day}.", day=format_date(meeting.held_on)
            )
        meeting.rights, meeting.read_by = text.version, read_by.strip()[:120]
        meeting.save()
        log.record("rights.read", kind="group", subject=meeting.group_id, body={"version": text.version})
    return meeting
