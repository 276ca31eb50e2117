"""The values of a change in the order of the outside form, to be copied one by one or together."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database import sealing
from harapan.database.fields import Sealed
from harapan.registry.actions import LOOK_REASON_MIN
from harapan.registry.changes import outside
from harapan.registry.changes.asked import values_of
from harapan.registry.changes.fields import FIELDS, NUMBERS, Takes
from harapan.registry.models import Change, Facility, Member
from harapan.web.changes.forms import OpenForm, shown
from harapan.web.changes.views import change_of


@may("change.view", look="change")
def copy_sheet(request: Request, change_id: int) -> HttpResponse:
    """Numbers stay masked until somebody who may says why; that they were opened is written first."""
    row = change_of(request, change_id)
    form = OpenForm(request.POST or None)
    opened = request.method == "POST" and form.is_valid()
    if opened:
        demand(request.post, "family.unmask")
        why = form.cleaned_data["why"].strip()
        if len(why) < LOOK_REASON_MIN:
            raise Refused("Tulis alasan melihat nomor lengkap, misalnya “mengisi usulan di SIKS-NG”.")
        log.record("number.opened", kind="family", subject=row.family_id, why=why, body={"change": row.pk})
    context = {
        "change": row, "family": row.family, "place": row.family.region.path_name(), "rows": _rows(row, opened),
        "form": form if allows(request.post, "family.unmask") and not opened else None, "opened": opened,
        "recorded": True,
    }  # fmt: skip
    return render(request, "changes/sheet.html", context)


def _rows(row: Change, opened: bool) -> list[tuple[Phrase, str, bool]]:
    """(title, value, whether it may be copied as it stands)."""
    values = values_of(row)
    names = dict(Member.objects.filter(family=row.family_id).values_list("pk", "name"))
    places = dict(Facility.objects.filter(pk=values.get("facility") or 0).values_list("pk", "name"))
    told: list[tuple[Phrase, str, bool]] = []
    for title, value, name in outside.sheet(row, row.family):
        if isinstance(value, Sealed):
            full = values[name] if name in NUMBERS else value.open()
            kind = name if name in NUMBERS else value.kind
            told.append((title, full if opened else _masked(kind, full), opened))
        elif not value:
            told.append((title, "", False))
        elif name in FIELDS and FIELDS[name].takes is Takes.DAY:
            told.append((title, date.fromisoformat(value).strftime("%d/%m/%Y"), True))
        else:
            told.append((title, str(shown(name, value, members=names, facilities=places)), True))
    return told


def _masked(kind: str, value: str) -> str:
    return sealing.masked(kind, value)
