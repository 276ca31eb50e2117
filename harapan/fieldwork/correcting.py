"""A visit or a first meeting put right: within policy's days, with a reason; what stood before is kept in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.utils import timezone

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic, current
from harapan.fieldwork.candidates import reopen
from harapan.fieldwork.models import Candidacy, EndProposal, FirstMeeting, FoundComponent, HomeVisit, Invitation
from harapan.fieldwork.terrain import tell_terrain
from harapan.fieldwork.visiting import Counted, VisitFacts, check, follow, values_of, write_components
from harapan.policy.reader import default_policy
from harapan.policy.reasons import demand_reason
from harapan.registry.actions import NotYours
from harapan.registry.models import Family

PLAN = ("held_on", "begins", "place")
WAY_OUT = Phrase("Tulis alasan perbaikannya, misalnya: jam selesai tertukar. Auditor akan membacanya.")


def correction_days(what: str, *, on: date) -> int:
    """How many days after it a visit (`visits`) or first meeting (`first_meetings`) may be put right."""
    return int(default_policy().value(f"{what}.correction_days", on=on).value)


def correct_visit(visit_id: int, facts: VisitFacts, *, because: str, by: User, on: date) -> HomeVisit:
    """Put a visit right, as whoever made it; what its result had moved is moved anew. The same again changes nothing.

    Raises NotYours, and Refused: no reason, too late, somebody else's visit, or something has come to rest on it.
    """
    demand_reason(because, WAY_OUT, on=on)
    with atomic():
        visit = _locked_visit(visit_id)
        _demand_visitor(visit, by)
        since = timezone.localdate(visit.recorded_at)
        demand_in_time("visits", since, on=on)
        _refuse_built_upon(visit)
        check(visit.family, facts, on=on, but=visit.pk)
        new, told = values_of(facts), _counted(facts.components)
        old, before = {name: getattr(visit, name) for name in new}, _found(visit)
        if (old, before) == (new, told):
            return visit
        _take_back(visit, because=because, on=on)
        FoundComponent.objects.filter(visit=visit).delete()
        for name, value in new.items():
            setattr(visit, name, value)
        visit.save(update_fields=list(new))
        write_components(visit, visit.family, facts.components)
        follow(visit, facts, by=by, on=on)
        tell_terrain(visit, by=by, on=on)
        changed = differences(old, new)
        if before != told:
            changed["components"] = [sorted(before), sorted(told)]
        body = {"visit": visit.pk, "changed": changed}
        log.record("visit.corrected", kind="family", subject=visit.family_id, why=because.strip(), body=body)
    return visit


def _locked_visit(visit_id: int) -> HomeVisit:
    """With its family and candidacy, family first as everywhere."""
    family = HomeVisit.objects.filter(pk=visit_id).values_list("family", flat=True).first()
    if family is None or not Family.objects.select_for_update(of=("self",)).filter(pk=family).exists():
        raise NotYours(Phrase("Kunjungan"))
    visit = HomeVisit.objects.select_for_update(of=("self",)).select_related("family").get(pk=visit_id)
    if visit.candidacy_id is not None:
        rows = Candidacy.objects.select_for_update(of=("self",)).select_related("family")
        visit.candidacy = rows.get(pk=visit.candidacy_id)
    return visit


def _demand_visitor(visit: HomeVisit, by: User) -> None:
    """Only who was there knows what was found; whoever fills that one's post writes it down for them."""
    scope = current()
    if visit.visited_by_id not in {by.pk, scope.on_behalf if scope else None}:
        raise Refused(
            "Kunjungan ini dicatat {who}. Hanya yang berkunjung yang memperbaikinya; catat kunjungan baru.",
            who=visit.visited_by.name,
        )


def _refuse_built_upon(visit: HomeVisit) -> None:
    candidacy = visit.candidacy
    if candidacy is not None and candidacy.decreed_on is not None:
        raise Refused(
            "{family} sudah ditetapkan pada {day}, jadi kunjungannya tidak diubah lagi. Ajukan pemutakhiran data.",
            family=visit.family.name, day=format_date(candidacy.decreed_on),
        )  # fmt: skip
    if candidacy is not None and candidacy.closed_on is not None and candidacy.closed_because != visit.reason:
        raise Refused("Pencalonan {family} sudah berakhir karena hal lain.", family=visit.family.name)
    if EndProposal.objects.filter(visit=visit).exclude(answer=EndProposal.Answer.OPEN).exists():
        raise Refused("Usulan dari kunjungan ini sudah diputuskan, jadi kunjungannya tidak diubah lagi.")
    later = HomeVisit.objects.filter(family=visit.family, recorded_at__gt=visit.recorded_at).exclude(pk=visit.pk)
    if later.exists():
        raise Refused("Sudah ada kunjungan yang dicatat kemudian. Perbaiki yang terakhir, atau catat kunjungan baru.")


def _take_back(visit: HomeVisit, *, because: str, on: date) -> None:
    """What the result as it stood had moved."""
    if visit.candidacy is None:
        EndProposal.objects.filter(visit=visit).delete()
        return
    if visit.candidacy.closed_on is not None:
        reopen(visit.candidacy, because=because, on=on)
    visit.candidacy.validated_on = None
    visit.candidacy.save(update_fields=["validated_on"])


def _found(visit: HomeVisit) -> set[tuple[int, int, int, str]]:
    rows = FoundComponent.objects.filter(visit=visit)
    return {(row.member_id, row.component, row.facility_id or 0, row.grade) for row in rows}


def _counted(components: Sequence[Counted]) -> set[tuple[int, int, int, str]]:
    return {(each.member_id, int(each.component), each.facility_id or 0, each.grade[:10]) for each in components}


def correct_meeting(
    meeting_id: int, *, held_on: date, begins: time, place: str, because: str, by: User, on: date
) -> FirstMeeting:
    """Another day, hour or place of a first meeting or socialisation. The same again changes nothing.

    Its invitations follow (the database holds their day equal). Raises NotYours, Refused.
    """
    demand_reason(because, WAY_OUT, on=on)
    if not place.strip():
        raise Refused("Tulis tempat pertemuannya, misalnya balai desa.")
    with atomic():
        meeting = FirstMeeting.objects.select_for_update(of=("self",)).filter(pk=meeting_id).first()
        if meeting is None:
            raise NotYours(Phrase("Pertemuan"))
        demand_in_time("first_meetings", meeting.held_on, on=on)
        old, new = {name: getattr(meeting, name) for name in PLAN}, {
            "held_on": held_on, "begins": begins, "place": place.strip()[:120],
        }  # fmt: skip
        if old == new:
            return meeting
        _refuse_plan(meeting, held_on, begins, on=on)
        for name, value in new.items():
            setattr(meeting, name, value)
        meeting.save(update_fields=list(new))
        invitations = Invitation.objects.filter(meeting=meeting)
        invitations.filter(invited_on__gt=held_on).update(invited_on=held_on)
        invitations.filter(consent_on=old["held_on"]).update(consent_on=held_on)  # agreed there
        body = {"meeting": meeting.pk, "changed": differences(old, new)}
        log.record("first_meeting.corrected", kind="group", subject=meeting.group_id, why=because.strip(), body=body)
    return meeting


def _refuse_plan(meeting: FirstMeeting, held_on: date, begins: time, *, on: date) -> None:
    if FirstMeeting.objects.filter(group=meeting.group, held_on=held_on, begins=begins).exclude(pk=meeting.pk).exists():
        raise Refused(
            "Pertemuan pada {day} pukul {at} sudah dicatat untuk desa ini. Buka pertemuan itu.",
            day=format_date(held_on), at=f"{begins:%H.%M}",
        )  # fmt: skip
    answers = Invitation.objects.filter(meeting=meeting)
    heard = answers.exclude(came=Invitation.Came.UNSAID).exists() or bool(meeting.rights)
    if heard and held_on > on:
        raise Refused("Kehadirannya sudah dicatat, jadi pertemuan {day} tidak mungkin.", day=format_date(held_on))
    later = answers.exclude(consent_on=meeting.held_on)  # who agreed at the meeting agrees on its new day
    early = later.filter(consent_on__lt=held_on).order_by("consent_on").first()
    if early is not None and early.consent_on is not None:
        raise Refused(
            "Seorang calon sudah setuju pada {day}, sebelum {held}. Periksa tanggalnya.",
            day=format_date(early.consent_on), held=format_date(held_on),
        )  # fmt: skip


def demand_in_time(what: str, since: date, *, on: date) -> None:
    days = correction_days(what, on=on)
    if (on - since).days > days:
        raise Refused(
            "Catatan {day} hanya dapat diperbaiki dalam {days} hari, dan itu sudah lewat. Catat yang baru.",
            day=format_date(since), days=days,
        )  # fmt: skip


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> what stood before and what stands now, of those that differ."""
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}
