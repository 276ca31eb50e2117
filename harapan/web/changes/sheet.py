"""The values of a change in the order of the outside form, to be copied one by one or together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.audit import log
from harapan.core.phrases import Phrase
from harapan.database import sealing
from harapan.registry.changes.fields import FIELDS, Takes
from harapan.registry.changes.sheets import Line, sheet
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
        log.record("number.opened", kind="family", subject=row.family_id, why=why, body={"change": row.pk})
    context = {
        "change": row, "family": row.family, "place": row.family.region.path_name(), "rows": _rows(row, opened=opened),
        "form": form if allows(request.post, "family.unmask") and not opened else None, "opened": opened,
        "recorded": True,
    }  # fmt: skip
    return render(request, "changes/sheet.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet as it is shown; `whole`: its value may be copied as it stands."""

    title: Phrase
    value: str
    stood: str
    whole: bool


def _rows(change: Change, *, opened: bool) -> list[Row]:
    lines = sheet(change, change.family)
    names = dict(Member.objects.filter(family=change.family_id).values_list("pk", "name"))
    asked = {value for line in lines if line.name == "facility" for value in (line.value, line.stood) if value}
    places = dict(Facility.objects.filter(pk__in=asked).values_list("pk", "name"))

    def said(line: Line, value: str) -> str:
        if not value:
            return ""
        if line.secret:
            return value if opened else sealing.masked(line.secret, value)
        if FIELDS[line.name].takes is Takes.DAY:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        return str(shown(line.name, value, members=names, facilities=places))

    return [
        Row(
            line.title, said(line, line.value), said(line, line.stood), bool(line.value) and (opened or not line.secret)
        )
        for line in lines
    ]
