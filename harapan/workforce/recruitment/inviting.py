"""Sessions of a stage, with place and hour, and who is invited: everybody still in, in order of their number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from harapan.accounts.models import Post, User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import active_alias, atomic
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.models import Application, RecruitmentRound, SelectionStage, StageInvitation, StageSession
from harapan.workforce.recruitment.rounds import locked, rules_of
from harapan.workforce.recruitment.scoring import still_in

State = RecruitmentRound.State
INVITED_TO = (SelectionStage.PSYCHOLOGICAL, SelectionStage.COMPETENCE, SelectionStage.INTERVIEW)


def plan_session(
    round_id: int, stage: str, *, region: Region, place: str, begins_at: datetime, seats: int, note: str = "",
    by: User, post: Post, on: date,
) -> StageSession:  # fmt: skip
    """A session for those who applied in a region; it invites nobody yet. Raises Forbidden, Refused."""
    with atomic():
        found = locked(round_id, State.CLOSED, post=post)
        rules_of(found).stage(stage)
        if found.region_id is not None and not codes.contains(found.region_id, region.no):
            raise Refused("{region} tidak ada di dalam putaran ini. Pilih wilayah lain.", region=region.display_name)
        _refuse_past(begins_at, on)
        made: StageSession = StageSession.objects.create(
            round=found, stage=SelectionStage(stage), region=region, place=" ".join(place.split())[:200],
            begins_at=begins_at, seats=seats, note=" ".join(note.split())[:300], made_by=by,
        )  # fmt: skip
    return made


def move_session(
    session_id: int, *, place: str, begins_at: datetime, note: str, by: User, post: Post, on: date
) -> StageSession:
    """Another place or hour; whoever is invited reads it as a change. Raises Forbidden, Refused."""
    with atomic():
        found: StageSession = StageSession.objects.select_for_update().get(pk=session_id)
        locked(found.round_id, State.CLOSED, post=post)
        _refuse_past(begins_at, on)
        there = " ".join(place.split())[:200]
        if found.invitations.exists() and (there, begins_at) != (found.place, found.begins_at):
            found.moved_on = on
        found.place, found.begins_at, found.note = there, begins_at, " ".join(note.split())[:300]
        found.save(update_fields=["place", "begins_at", "note", "moved_on"])
        log.record("stage_session.moved", kind="stage_session", subject=found.pk)
    return found


def _refuse_past(begins_at: datetime, on: date) -> None:
    if begins_at.date() < on:
        raise Refused("Hari sesi itu sudah lewat. Pilih hari ini atau sesudahnya.")


def uninvited(session: StageSession) -> QuerySet[Application]:
    """Who is still in at this session's stage, applied in its region, and is invited to no session of the stage."""
    low, high = codes.range_of(session.region_id)
    waiting = still_in(session.round_id, session.stage, rules_of(session.round))
    waiting = waiting.filter(region_no__gte=low, region_no__lt=high)
    return waiting.exclude(pk__in=StageInvitation.objects.filter(stage=session.stage).values("application"))


_INVITE = """
    INSERT INTO workforce_stageinvitation (application_id, region_no, session_id, stage, invited_on)
    SELECT id, region_no, %(session)s, %(stage)s, %(on)s FROM workforce_application WHERE id = ANY (%(ids)s)"""


def invite(session_id: int, *, by: User, post: Post, on: date) -> int:
    """Invite everybody of the region who is still in and not invited to this stage, as long as there are seats.

    Returns how many; again, it invites who has come since. Raises Forbidden, Refused.
    """
    with atomic():
        session: StageSession = StageSession.objects.select_for_update(of=("self",)).get(pk=session_id)
        locked(session.round_id, State.CLOSED, post=post)
        free = session.seats - session.invitations.count()
        ids = list(uninvited(session).order_by("participant_no").values_list("pk", flat=True)[: max(free, 0)])
        if not ids:
            raise Refused(
                "Tidak ada yang dapat diundang: kursinya penuh, atau semua yang masih lulus di wilayah ini sudah "
                "diundang."
            )
        with connections[active_alias()].cursor() as cursor:
            told: dict[str, Any] = {"session": session.pk, "stage": session.stage, "on": on, "ids": ids}
            cursor.execute(_INVITE, told)
        log.record("stage.invited", kind="stage_session", subject=session.pk, body={"invited": len(ids)})
    return len(ids)
