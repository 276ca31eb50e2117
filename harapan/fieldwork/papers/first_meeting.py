"""Papers of a first meeting: one invitation a candidate, and the sheet on which they sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from harapan.core.periods import format_date
from harapan.fieldwork import rights
from harapan.fieldwork.models import FirstMeeting, Invitation
from harapan.files import documents

INVITATION = Path(__file__).with_name("invitation.typ")
SHEET = Path(__file__).with_name("sheet.typ")
CAME = {Invitation.Came.PRESENT: "H", Invitation.Came.REPRESENTED: "W", Invitation.Came.ABSENT: "A"}
CONSENT = {
    Invitation.Consent.SIGNED: "setuju", Invitation.Consent.THUMB: "setuju (jempol)",
    Invitation.Consent.REFUSED: "menolak",
}  # fmt: skip


def render_invitations(
    meeting: FirstMeeting, invited: Iterable[Invitation], *, place: str, printed_by: str, printed_at: datetime
) -> bytes:  # fmt: skip
    """PDF, two invitations a page, by name and address; no number of a person."""
    data = {**_head(meeting, place), "invited": [_person(row) for row in invited]}
    return documents.render(INVITATION, data, printed_by=printed_by, printed_at=printed_at)


def render_sheet(
    meeting: FirstMeeting, invited: Iterable[Invitation], *, place: str, printed_by: str, printed_at: datetime
) -> bytes:  # fmt: skip
    """PDF: rights and duties to read out, then one row a candidate to sign or thumb-print, filled where noted."""
    text = rights.of_version(meeting.rights) or rights.in_force(meeting.held_on)
    data = {
        **_head(meeting, place),
        "read_by": meeting.read_by,
        "version": text.version if text else "",
        "source": text.source if text else "",
        "rights": [str(line) for line in text.rights] if text else [],
        "duties": [str(line) for line in text.duties] if text else [],
        "invited": [_person(row) for row in invited],
    }
    return documents.render(SHEET, data, printed_by=printed_by, printed_at=printed_at)


def _head(meeting: FirstMeeting, place: str) -> dict[str, Any]:
    facilitator = meeting.group.facilitator
    return {
        "kind": str(meeting.get_kind_display()),
        "village": place,
        "day": format_date(meeting.held_on),
        "hour": f"{meeting.begins:%H.%M}",
        "where": meeting.place,
        "facilitator": facilitator.name if facilitator else "",
        "staff_number": facilitator.staff_number if facilitator else "",
    }


def _person(row: Invitation) -> dict[str, str]:
    came, consent = Invitation.Came(row.came), Invitation.Consent(row.consent)
    return {
        "name": row.family.name,
        "address": row.family.street,
        "came": CAME.get(came, ""),
        "consent": CONSENT.get(consent, ""),
    }
